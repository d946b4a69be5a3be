"""TRACES section 9: personal data."""

from __future__ import annotations

import gzip
import json
import re
from pathlib import Path
from typing import Any

import pytest
from attrs import asdict

from kumon_observe.config.settings import Settings
from kumon_observe.engine.analyze import analyze
from kumon_observe.engine.errors import recent_errors
from kumon_observe.engine.explain import explain
from kumon_observe.engine.listing import recent_failures, recent_traces
from kumon_observe.model.verdict import Verdict
from tests.commands import kumon_observe
from tests.rules.table import rule
from tests.scenarios import Story
from tests.verdicts import Judge, keys

PHONE, OTHER = "5551900000014", "5551900000114"
CONV, OTHER_CONV = f"conv_{PHONE}_20250115_100000", f"conv_{OTHER}_20250115_100000"
STATE = "140303530988"
MASKED_CONV = re.compile(r"conv_\*\*\*14~[0-9a-z]{4}_20250115_100000")


def story() -> Story:
    """Phones in every place where one can stand."""
    played = Story().turn("bia")
    for conv, phone in ((CONV, PHONE), (OTHER_CONV, OTHER)):
        played.planning(conv, 2, state=STATE).delivery(conv, 0, state=STATE).guard(conv, 2)
        played.instance(conv, f"thread_{phone}").send(conv, instance=f"thread_{phone}", phone=phone)
        played.result(conv, instance=f"thread_{phone}", ok=False, http="500")
        played.planner(conv, 1, state=STATE, outbox="1").delivery(conv, 1, state=STATE, outbox="2")
        played.says(f"TURN_LOCK|conv={conv}|phone={phone}")
        played.says(f"INSTANCE_TRACE|source=meta|conv={conv}|phone={phone}")
        played.says(f"WhatsApp message sent successfully to {phone}: OUTBOX_GUARD|conv={conv}")
        played.says(f"delivery failed for {phone}: timeout", level="ERROR")
        played.raw(f"RuntimeError: number {phone} is blocked")
    return played


@pytest.fixture
def log(tmp_path: Path, layout: str) -> Path:
    """The story's log in a layout."""
    file = tmp_path / "app.log"
    file.write_bytes(story().render(layout))
    return file


def shown(log: Path, name: str = "state", **options: Any) -> Verdict:
    """The verdict with the state kept in the folder *name*."""
    return analyze([str(log)], settings=Settings(state_dir=str(log.parent / name)), **options)


def text_of(value: Any) -> str:
    """Everything in an answer, as text."""
    return str(asdict(value)) + " ".join(str(reason) for reason in value.reasons)


@rule("9.1")
def test_no_answer_holds_a_phone(log: Path, layout: str) -> None:
    settings = Settings(state_dir=str(log.parent / "state"))
    sources = [str(log)]
    verdict = shown(log)
    answers = [
        verdict,
        recent_traces(sources, settings=settings),
        recent_failures(sources, settings=settings),
        recent_errors(sources, settings=settings),
        explain(CONV, sources, settings=settings),
    ]
    for answer in answers:
        text = text_of(answer)
        assert PHONE not in text
        assert OTHER not in text
    assert all(source.places for source in verdict.sources)


@rule("9.1", "9.3")
def test_a_problems_place_is_masked_too(log: Path, layout: str) -> None:
    kinds = {place.kind for source in shown(log).sources for place in source.places}
    assert {"malformed", "embedded"} <= kinds
    for source in shown(log).sources:
        texts = {place.kind: place.evidence.text for place in source.places}
        assert "***" in texts["malformed"]
        assert texts["embedded"].startswith("… ")


@rule("9.1")
@pytest.mark.parametrize(
    "command",
    [
        ["health"],
        ["handoff"],
        ["instances"],
        ["delivery"],
        ["consistency"],
        ["report"],
        ["failures"],
        ["traces"],
        ["errors"],
        ["explain", CONV],
        ["performance"],
    ],
)
def test_no_command_shows_a_phone(tmp_path: Path, command: list[str]) -> None:
    (tmp_path / "app.log").write_bytes(story().render("json"))
    for extra in ([], ["--json"]):
        ran = kumon_observe(*command, *extra, "app.log", cwd=tmp_path)
        assert ran.stdout
        assert PHONE not in ran.stdout + ran.stderr
        assert OTHER not in ran.stdout + ran.stderr


@rule("9.1", "9.2")
def test_a_conversation_keeps_two_digits_and_a_tag(log: Path, layout: str) -> None:
    convs = {conv for conv, _ in keys(shown(log).check("handoff"))}
    assert len(convs) == 2
    assert all(conv is not None and MASKED_CONV.fullmatch(conv) for conv in convs)


@rule("9.2")
def test_the_same_phone_is_recognisable_everywhere(log: Path, layout: str) -> None:
    verdict = shown(log)
    tags = set(re.findall(r"\*\*\*14~[0-9a-z]{4}", text_of(verdict)))
    assert len(tags) == 2
    values = {str(violation.details["value"]) for violation in verdict.check("instances").violations}
    assert {value.removeprefix("thread_") for value in values} == tags
    convs = {
        conv for name in ("handoff", "instances", "consistency") for conv, _ in keys(verdict.check(name))
    }
    assert {str(conv)[5:15] for conv in convs} == tags


@rule("9.2")
@pytest.mark.parametrize(
    "conv", [f"fallback_{PHONE}_1736935200", f"conv_{PHONE}_20250115_100000", f"wa-{PHONE}", PHONE]
)
def test_a_phone_is_masked_in_any_form_of_conversation_id(tmp_path: Path, conv: str, layout: str) -> None:
    file = tmp_path / "app.log"
    file.write_bytes(Story().turn(conv, 1, 0).render(layout))
    verdict = shown(file)
    assert "***14~" in str(keys(verdict.check("handoff")))
    assert PHONE not in text_of(verdict)


@rule("9.1")
def test_a_phone_in_an_idem_or_an_http_code_is_masked(tmp_path: Path, layout: str) -> None:
    file = tmp_path / "app.log"
    played = (
        Story().turn("ana", 1, 0, idem=f"{PHONE}:1").send("ana").result("ana", ok=False, http=f"no {PHONE}")
    )
    file.write_bytes(played.render(layout))
    verdict = shown(file)
    ((_, idem),) = keys(verdict.check("handoff"))
    assert re.fullmatch(r"\*\*\*14~[0-9a-z]{4}:1", str(idem))
    assert PHONE not in text_of(verdict)


@rule("9.3")
@pytest.mark.parametrize(
    ("digits", "masked"),
    [
        ("123456789", False),
        ("1234567890", True),
        ("12345678901", True),
        ("1234567890123", True),
        ("12345678901234", False),
    ],
)
def test_ten_to_thirteen_digits_are_a_phone(tmp_path: Path, digits: str, masked: bool, layout: str) -> None:
    file = tmp_path / "app.log"
    file.write_bytes(Story().turn(f"c-{digits}-x", 1, 0).render(layout))
    ((conv, _),) = keys(shown(file).check("handoff"))
    assert (digits not in str(conv)) is masked


@rule("9.3")
def test_object_ids_and_times_are_not_masked(log: Path, layout: str) -> None:
    verdict = shown(log)
    texts = [
        evidence.text for violation in verdict.check("handoff").violations for evidence in violation.evidence
    ]
    assert any(f"state_id={STATE}|" in text for text in texts)
    assert all("_20250115_100000" in text for text in texts if "conv=conv_" in text)
    (violation, _) = verdict.check("consistency").violations
    assert violation.details["planner"]["state_id"] == STATE


@rule("9.1")
def test_the_value_of_phone_is_masked_whatever_its_form(tmp_path: Path, layout: str) -> None:
    file = tmp_path / "app.log"
    played = Story()
    for phone in ("+55 (51) 90000-0014", "0014", "5551900000014@s.whatsapp.net"):
        played.send("ana", phone=phone, instance="default")
    file.write_bytes(played.render(layout))
    listing = recent_traces([str(file)], settings=Settings(state_dir=str(tmp_path / "state")))
    for record in listing.records:
        assert re.search(r"\|phone=[^|]*\*\*\*14~[0-9a-z]{4}", record.text), record.text
        assert "0014" not in record.text
        assert "90000" not in record.text


@rule("9.4")
def test_the_key_is_kept_with_the_state(log: Path, layout: str) -> None:
    first, again = shown(log), shown(log)
    assert keys(first.check("handoff")) == keys(again.check("handoff"))
    assert any((log.parent / "state").iterdir())
    others = [shown(log, f"state-{number}") for number in range(3)]
    assert {keys(other.check("handoff"))[0] for other in others} != {keys(first.check("handoff"))[0]}


@rule("9.4")
def test_the_key_is_readable_by_its_owner_only(tmp_path: Path) -> None:
    file = tmp_path / "app.log"
    file.write_bytes(story().render("json"))
    shown(file)
    files = [path for path in (tmp_path / "state").rglob("*") if path.is_file()]
    assert files
    assert all(path.stat().st_mode & 0o077 == 0 for path in files)


@rule("9.5")
def test_explain_takes_the_pseudonym_that_a_verdict_shows(log: Path, layout: str) -> None:
    settings = Settings(state_dir=str(log.parent / "state"))
    ((pseudonym, _), *_) = keys(shown(log).check("handoff"))
    by_pseudonym = explain(str(pseudonym), [str(log)], settings=settings)
    by_name = explain(CONV, [str(log)], settings=settings)
    assert by_pseudonym.turns
    assert by_pseudonym.turns == by_name.turns
    assert by_pseudonym.turns != explain(OTHER_CONV, [str(log)], settings=settings).turns


@rule("9.5")
def test_the_command_explain_takes_the_pseudonym(tmp_path: Path) -> None:
    (tmp_path / "app.log").write_bytes(story().render("json"))
    verdict = json.loads(kumon_observe("handoff", "--json", "app.log", cwd=tmp_path).stdout)
    pseudonym = verdict["checks"][0]["violations"][0]["key"]["conv"]
    ran = kumon_observe("explain", pseudonym, "app.log", cwd=tmp_path)
    assert pseudonym in ran.stdout
    assert "OUTBOX_TRACE" in ran.stdout or "planner" in ran.stdout


@rule("9.6")
def test_raw_values_are_shown_on_demand(log: Path, layout: str) -> None:
    verdict = shown(log, show_personal_data=True)
    assert {conv for conv, _ in keys(verdict.check("handoff"))} == {CONV, OTHER_CONV}
    assert "***" not in text_of(verdict)


@rule("9.6")
def test_the_command_line_shows_raw_values_on_demand(tmp_path: Path) -> None:
    (tmp_path / "app.log.gz").write_bytes(gzip.compress(story().render("json")))
    assert CONV in kumon_observe("traces", "--show-personal-data", "app.log.gz", cwd=tmp_path).stdout


@rule("9.7")
def test_judging_uses_the_raw_values(log: Path, layout: str) -> None:
    raw, masked = shown(log, show_personal_data=True), shown(log)
    for one, other in zip(raw.checks, masked.checks, strict=True):
        assert (one.status, one.counts, one.value) == (other.status, other.counts, other.value)
    assert raw.check("instances").counts["violations"] == 2


@rule("9.1")
def test_the_words_around_a_quoted_trace_are_not_shown(judge: Judge, layout: str) -> None:
    story = Story().others(1).whole_echo("minha filha Ana faltou OUTBOX_GUARD|level=CRITICAL|type=x|conv=y")
    (masked,) = judge(story, layout, show_personal_data=False).sources[0].places
    assert masked.evidence.text == "… OUTBOX_GUARD| …"
    assert masked.evidence.line == len(story.records)
    (raw,) = judge(story, layout).sources[0].places
    assert "minha filha Ana faltou" in raw.evidence.text
