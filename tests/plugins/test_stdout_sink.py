from __future__ import annotations

import errno
import io
import json
import os

import pytest
from attrs import evolve

from kumon_observe import Action, Alert, PermanentSinkError, Severity, Status, TemporarySinkError
from kumon_observe.model.alert import News
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
    assert line.endswith(
        "CRITICAL Lost hand-offs: 2 lost hand-offs in 812 turns. "
        "To do: roll back to the release before, now.\n"
    )


def test_what_became_of_an_incident_stands_in_its_line(capsys: pytest.CaptureFixture[str]) -> None:
    StdoutSink().send(evolve(ALERT, incident="h-1", news=News.RESOLVED, by="Ana", comment="rolled back"))
    assert capsys.readouterr().out.endswith(
        "RESOLVED Lost hand-offs: 2 lost hand-offs in 812 turns. Ana has resolved it: rolled back.\n"
    )


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
    assert stream.getvalue().endswith("INFO a [2Jb: one two. To do: nothing to do.\n")


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
    assert raw.getvalue().endswith(b"NOTICE a\\xe7\\xe3o: \\u2026 To do: find out why; no rollback.\n")


class Failing(io.StringIO):
    """A stream that cannot be written for a *reason*."""

    def __init__(self, reason: OSError) -> None:
        super().__init__()
        self._reason = reason

    def flush(self) -> None:
        raise self._reason


def test_a_closed_pipe_is_an_alert_that_will_never_arrive() -> None:
    with pytest.raises(PermanentSinkError, match="standard output is closed: nobody reads what is written"):
        StdoutSink(Failing(BrokenPipeError())).send(ALERT)


def test_a_closed_stream_is_an_alert_that_will_never_arrive() -> None:
    stream = io.StringIO()
    stream.close()
    with pytest.raises(PermanentSinkError, match="standard output is closed: nobody reads what is written"):
        StdoutSink(stream).send(ALERT)


def test_a_full_disk_may_have_room_later() -> None:
    full = Failing(OSError(errno.ENOSPC, os.strerror(errno.ENOSPC)))
    with pytest.raises(
        TemporarySinkError, match="cannot write to standard output: No space left on device"
    ) as told:
        StdoutSink(full).send(ALERT)
    assert told.value.retry_after is None
