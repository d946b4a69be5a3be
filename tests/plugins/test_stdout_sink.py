from __future__ import annotations

import io
import json

import pytest

from kumon_observe import Action, Alert, Severity, Status
from kumon_observe.model.document import alert_to
from kumon_observe.model.phrase import phrase
from kumon_observe.sinks.stdout import StdoutSink
from tests.model.answers import NOW

ALERT = Alert(
    key="k",
    check="handoff",
    severity=Severity.CRITICAL,
    status=Status.CRITICAL,
    title="Lost hand-offs",
    summary=phrase("{n} lost hand-offs in {turns} turns", n=2, turns=812),
    action=Action.ROLLBACK,
    at=NOW,
)


def test_an_alert_is_one_line_for_people(capsys: pytest.CaptureFixture[str]) -> None:
    StdoutSink().send(ALERT)
    line = capsys.readouterr().out
    assert line.endswith("CRITICAL Lost hand-offs: 2 lost hand-offs in 812 turns (rollback)\n")


def test_an_alert_is_one_json_line_for_programs() -> None:
    stream = io.StringIO()
    sink = StdoutSink(stream, form="json")
    sink.send(ALERT)
    sink.send(ALERT)
    assert [json.loads(line) for line in stream.getvalue().splitlines()] == [alert_to(ALERT)] * 2


def test_control_characters_do_not_reach_the_terminal() -> None:
    stream = io.StringIO()
    hostile = Alert(
        key="k",
        check="x",
        severity=Severity.INFO,
        status=Status.OK,
        title="a\x1b[2Jb",
        summary="one\r\ntwo",
        action=Action.NONE,
        at=NOW,
    )
    StdoutSink(stream).send(hostile)
    assert stream.getvalue().endswith("INFO a [2Jb: one  two\n")


def test_a_stream_that_cannot_write_a_letter_gets_its_code() -> None:
    raw = io.BytesIO()
    stream = io.TextIOWrapper(raw, encoding="ascii", newline="\n")
    accented = Alert(
        key="k",
        check="x",
        severity=Severity.MODERATE,
        status=Status.WARNING,
        title="ação",
        summary="…",
        action=Action.INVESTIGATE,
        at=NOW,
    )
    StdoutSink(stream).send(accented)
    assert raw.getvalue().endswith(b"MODERATE a\\xe7\\xe3o: \\u2026 (investigate)\n")


def test_a_closed_pipe_is_an_alert_that_was_not_delivered() -> None:
    class Closed(io.StringIO):
        def flush(self) -> None:
            raise BrokenPipeError

    with pytest.raises(BrokenPipeError):
        StdoutSink(Closed()).send(ALERT)
