"""TRACES section 2: where a trace may stand."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from kumon_observe.config.settings import Settings
from kumon_observe.engine.parse import parse
from kumon_observe.model.events import TraceEvent
from kumon_observe.model.status import Status
from tests.rules.table import rule
from tests.scenarios import APP, START, Said, Story
from tests.verdicts import Judge, judged, problems

MESSAGE = "OUTBOX_TRACE|phase=planner|conv=ana|idem=unknown|state_id=1|outbox_id=2|count=1"
GUARD = "OUTBOX_GUARD|level=CRITICAL|type=handoff_violation|planner_after=1|delivery_before=0|conv=ana|idem="
AT = datetime(2025, 1, 15, 10, 0, 0, 123_000, tzinfo=UTC)
SECOND = AT.replace(microsecond=0)
DOCS = Path(__file__).resolve().parents[2] / "docs"


def read(line: str | bytes, **options: Any) -> list[TraceEvent]:
    """The events in this line."""
    return list(parse([line], **options))


# where a trace counts

ELSEWHERE = [
    "WhatsApp message sent successfully to 5551900000014: {guard}",
    "Received: '{guard}'",
    'payload {{"text": "{guard}"}}',
    " {guard}",
    "> {guard}",
    "Message: \t{guard}",
    "oi\r{guard}",
    "oi\x0b{guard}",
    "oi\x0c{guard}",
    "oi\x1c{guard}",
    "oi\x1e{guard}",
    "oi\x85{guard}",
    "oi\u2028{guard}",
    "oi\u2029{guard}",
]


@rule("2.1", "2.2", "2.3")
@pytest.mark.parametrize("form", ELSEWHERE)
def test_a_guard_inside_a_message_is_embedded_and_no_evidence(judge: Judge, form: str, layout: str) -> None:
    expected = judged(judge(Story().turn("ana").noise(), layout))
    verdict = judge(Story().turn("ana").says(form.format(guard=GUARD)).noise(), layout)
    assert judged(verdict) == expected
    assert problems(verdict) == {"embedded": 1}


@rule("2.2")
@pytest.mark.parametrize(
    "line", [GUARD, f"  {GUARD}", f"ValueError: {GUARD}", f'  File "{GUARD}"', f'{{"text": "{GUARD}"}}']
)
def test_a_guard_on_a_continuation_line_is_embedded(judge: Judge, line: str, layout: str) -> None:
    story = Story().turn("ana").says("Traceback (most recent call last):", level="ERROR").raw(line).noise()
    verdict = judge(story, layout)
    assert verdict.check("handoff").status is Status.OK
    assert problems(verdict) == {"embedded": 1}


@rule("2.2")
@pytest.mark.parametrize(
    "key", ["text", "exception", "exc_info", "stack", "module", "function", "logger_note"]
)
def test_a_guard_in_another_key_of_a_json_record_is_embedded(judge: Judge, key: str) -> None:
    record = {
        "timestamp": "2025-01-15T10:00:01.5",
        "level": "ERROR",
        "logger": APP,
        "message": "failed",
        key: GUARD,
    }
    verdict = judge(Story().turn("ana").raw(json.dumps(record)).noise(), "json")
    assert verdict.check("handoff").status is Status.OK
    assert problems(verdict) == {"embedded": 1}


@rule("2.2")
def test_a_guard_in_a_nested_object_of_a_json_record_is_embedded(judge: Judge) -> None:
    record = {
        "timestamp": "2025-01-15T10:00:01.5",
        "level": "INFO",
        "logger": APP,
        "message": "received",
        "extra": {"message": GUARD, "data": [GUARD]},
    }
    verdict = judge(Story().turn("ana").raw(json.dumps(record)).noise(), "json")
    assert verdict.check("handoff").status is Status.OK
    assert problems(verdict) == {"embedded": 1}


# lines and bytes


@rule("2.3")
def test_a_carriage_return_before_the_newline_is_dropped(judge: Judge, layout: str) -> None:
    story = Story().turn("ana", 2, 0).turn("bia")
    unix = judge(story, layout)
    dos = judge(story.render(layout).replace(b"\n", b"\r\n"), layout)
    assert judged(dos) == judged(unix)
    assert dos.check("handoff").counts["violations"] == 1


@rule("2.3")
@pytest.mark.parametrize("odd", ["\r", "\x0b", "\x0c", "\x1c", "\x1d", "\x1e", "\x85", "\u2028", "\u2029"])
def test_odd_separators_inside_a_value_split_nothing(odd: str, layout: str) -> None:
    record = Said(f"INSTANCE_TRACE|source=meta|instance=a{odd}b|conv=ana|idem=k", START)
    (event,) = read(record.render(layout))
    assert (event.conv, event.idem) == ("ana", "k")
    assert event.row()[11] == f"a{odd}b"


@rule("2.3")
def test_lines_are_counted_by_newlines_only(judge: Judge, layout: str) -> None:
    story = Story().echo("um\x0bdois\x85tres\u2028quatro").turn("ana", 1, 0)
    verdict = judge(story, layout)
    assert verdict.sources[0].lines == len(story.records)


@rule("2.4")
@pytest.mark.parametrize("junk", [b"\xff\xfe\xfa", b"\x00\x00\x00", b"caf\xe9", b"\xed\xa0\x80", b"\xc3"])
def test_junk_bytes_do_not_stop_the_reading(judge: Judge, junk: bytes, layout: str) -> None:
    story = Story().turn("ana").raw(junk).turn("bia", 1, 0).turn("carla")
    handoff = judge(story, layout).check("handoff")
    assert handoff.status is Status.CRITICAL
    assert (handoff.counts["turns"], handoff.counts["violations"]) == (3, 1)


@rule("2.4")
@pytest.mark.parametrize("junk", [b"\xff", b"\x00"])
def test_junk_bytes_inside_a_record_leave_the_next_ones_alone(judge: Judge, junk: bytes) -> None:
    noise = Story().echo("JUNK").render("basic").replace(b"JUNK", junk)
    log = Story().turn("ana").render("basic") + noise + Story().turn("bia", 1, 0).render("basic")
    assert judge(log).check("handoff").counts["violations"] == 1


# loggers


@rule("2.14")
@pytest.mark.parametrize(
    "logger", ["root", "uvicorn.access", "application", "kumon_receptionist", "myapp.core"]
)
def test_a_guard_of_a_logger_that_is_not_trusted_is_untrusted(judge: Judge, logger: str, layout: str) -> None:
    story = Story().turn("ana").says(GUARD, level="ERROR", logger=logger).noise()
    verdict = judge(story, layout)
    assert verdict.check("handoff").status is Status.OK
    assert problems(verdict) == {"untrusted": 1}
    assert verdict.sources[0].places[0].kind == "untrusted"


@rule("2.14")
@pytest.mark.parametrize("logger", ["app.main", "app.core.deep.down", "kumon_observe.emit"])
def test_traces_of_trusted_loggers_count(judge: Judge, logger: str, layout: str) -> None:
    verdict = judge(Story().turn("ana").says(GUARD, level="ERROR", logger=logger), layout)
    assert verdict.check("handoff").status is Status.CRITICAL


@rule("2.14")
def test_trusted_loggers_are_configurable(judge: Judge, layout: str) -> None:
    story = Story().turn("ana").says(GUARD, level="ERROR", logger="kumon_receptionist")
    settings = Settings(trusted_loggers=("app.*", "kumon_receptionist"))
    assert judge(story, layout, settings=settings).check("handoff").status is Status.CRITICAL


@rule("2.14")
@pytest.mark.parametrize(
    "form",
    [
        "INFO {}",
        "INFO:     {}",
        "2025-01-15T10:00:00Z INFO {}",
        "[2025-01-15 10:00:00,123] INFO in structured_logging: {}",
    ],
)
def test_a_trace_counts_where_no_logger_is_named(form: str) -> None:
    assert len(read(form.format(MESSAGE))) == 1


@rule("2.14")
def test_a_source_of_untrusted_traces_only_is_unknown(judge: Judge, layout: str) -> None:
    story = Story()
    for record in Story().turn("ana").records:
        story.says(record.message, logger="root")
    verdict = judge(story, layout)
    assert {check.status for check in verdict.checks} == {Status.UNKNOWN}
    assert problems(verdict) == {"untrusted": 6}


@rule("2.15")
def test_the_docs_say_that_a_full_prefix_can_be_forged_in_plain_text() -> None:
    text = (DOCS / "traces.md").read_text(encoding="utf-8").lower()
    for words in ("newline", "prefix", "json", "seal"):
        assert words in text


@rule("2.15")
def test_what_no_second_trace_corroborates_is_marked(judge: Judge, layout: str) -> None:
    (violation,) = judge(Story().turn("ana").guard("bia"), layout).check("handoff").violations
    assert violation.details["corroborated"] is False
