"""Records judged inside the program that logs them get the verdict of a log file of the same records."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings, strategies as st

from kumon_observe.config.settings import Settings
from kumon_observe.engine.analyze import analyze
from kumon_observe.engine.explain import explain
from kumon_observe.model.document import verdict_to
from kumon_observe.model.listing import Explanation
from kumon_observe.model.verdict import Verdict
from tests.engine.logged import LATER, live, records
from tests.laws.logs import CONVS as NAMED, a_conversation, a_written_event, message_of
from tests.laws.played import CONVS, Booked, a_day
from tests.laws.test_order_and_noise import interleaved
from tests.scenarios import APP, Said, Story, rendered


def checks(verdict: Verdict) -> list[dict[str, Any]]:
    """All that the checks say, but for where evidence stands: a record is no line of a file."""
    found = verdict_to(verdict)["checks"]
    for check in found:
        for finding in (*check["violations"], *check["warnings"]):
            for evidence in finding["evidence"]:
                del evidence["source"], evidence["offset"]
    return list(found)


def turns(explanation: Explanation) -> list[Any]:
    return [
        ([(record.at, record.line, record.text) for record in turn.records], turn.findings)
        for turn in explanation.turns
    ]


@pytest.mark.parametrize("shown", [False, True], ids=["masked", "raw"])
@given(day=a_day(), data=st.data())
@settings(max_examples=60, deadline=None)
def test_a_played_day_is_judged_as_its_file_is(
    shown: bool, day: tuple[list[Said], Booked], data: st.DataObject
) -> None:
    said, _ = day
    same(said, shown, data)


@given(data=st.data())
@settings(max_examples=60, deadline=None)
def test_any_conversations_are_judged_as_their_file_is(data: st.DataObject) -> None:
    same(interleaved(data, [data.draw(a_conversation(conv)) for conv in NAMED]), False, data)


@st.composite
def any_records(draw: st.DrawFn) -> list[Said]:
    """Records that nobody thought of: traces that are cut, coloured, forged, repeated, said by anybody."""
    story = Story()
    for _ in range(draw(st.integers(1, 12))):
        message = draw(st.one_of(st.builds(message_of, a_written_event()), st.text(max_size=40)))
        message = message[: draw(st.sampled_from((None, None, 30, 60)))]
        before = draw(st.sampled_from(("", "", "", "\x1b[32m", " ", "said: ")))
        after = draw(st.sampled_from(("", "", "\x1b[0m", "\n", "|conv=eva|new=1")))
        times = draw(st.sampled_from((1, 1, 2)))
        logger = draw(st.sampled_from((APP, APP, "root", "kumon_observe.emit")))
        story.says(f"{before}{message}{after}", logger=logger)
        story.records += story.records[-1:] * (times - 1)
    return story.records


@given(said=any_records(), data=st.data())
@settings(max_examples=60, deadline=None)
def test_any_records_are_judged_as_their_file_is(said: list[Said], data: st.DataObject) -> None:
    same(said, data.draw(st.booleans()), data)


@given(data=st.data())
@settings(max_examples=25, deadline=None)
def test_what_demands_a_rollback_never_comes_without_a_hint(data: st.DataObject) -> None:
    day = data.draw(a_day())[0]
    said = interleaved(data, [Story(day), *(data.draw(a_conversation(conv)) for conv in NAMED)])
    with tempfile.TemporaryDirectory() as folder:
        judge, known = live(Path(folder)), 0
        for one in records(said):
            grave = judge.take([one])
            verdict = judge.verdict()
            found = sum(len(verdict.check(name).violations) for name in ("handoff", "instances"))
            assert grave or found == known
            known = found


def same(said: list[Said], shown: bool, data: st.DataObject) -> None:
    """Holds that *said* is judged the same both ways, however it is cut, and whoever asked in between."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "app.log"
        file.write_bytes(rendered(said, "json"))
        options: dict[str, Any] = {
            "settings": Settings(state_dir=str(Path(folder, "state"))),
            "show_personal_data": shown,
            "clock": lambda: LATER,
        }
        of_file = analyze([str(file)], **options)
        judge = live(Path(folder), show_personal_data=shown)
        taken = records(said)
        while taken:
            size = data.draw(st.integers(1, len(taken)))
            grave = judge.take(taken[:size])
            taken = taken[size:]
            if data.draw(st.booleans()):
                judge.verdict()
            assert isinstance(grave, bool)
        verdict = judge.verdict()
        assert checks(verdict) == checks(of_file)
        assert verdict.coverage == of_file.coverage
        assert verdict.reasons == of_file.reasons
        report, other = verdict.sources[0], of_file.sources[0]
        for told in ("traces", "problems", "extra_fields", "duplicates", "first", "last"):
            assert getattr(report, told) == getattr(other, told), told
        assert [place.evidence.text for place in report.places] == [
            place.evidence.text for place in other.places
        ]
        conv = data.draw(st.sampled_from((*CONVS, *NAMED)))
        assert turns(judge.explain(conv)) == turns(explain(conv, [str(file)], **options))
