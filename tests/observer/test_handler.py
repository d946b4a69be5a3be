"""What the handler takes from a log call, and what a log call gets from it: nothing."""

from __future__ import annotations

import logging
import threading
from pathlib import Path

import pytest

from kumon_observe import Status
from kumon_observe.engine.live import record_of
from kumon_observe.observer.handler import TraceHandler
from kumon_observe.observer.intake import LONGEST, Intake
from tests.observer.app import observer, play
from tests.scenarios import APP, Story
from tests.verdicts import problems, said

PLANNER = "OUTBOX_TRACE|phase=planner|conv=c1|idem=k1|state_id=1|outbox_id=2|count=1"


class Started:
    """Counts how often the thread that judges was to be started."""

    def __init__(self) -> None:
        self.times = 0

    def __call__(self) -> None:
        self.times += 1


@pytest.fixture
def intake() -> Intake:
    return Intake(10, set())


@pytest.fixture
def started() -> Started:
    return Started()


@pytest.fixture
def handler(intake: Intake, started: Started) -> TraceHandler:
    return TraceHandler(intake, started)


def record(message: object, *arguments: object, name: str = APP) -> logging.LogRecord:
    return logging.LogRecord(name, logging.INFO, "app.py", 46, message, arguments, None)


class Text:
    """What some apps log instead of a text."""

    def __init__(self, text: str) -> None:
        self.text = text

    def __str__(self) -> str:
        if not self.text:
            raise RuntimeError("no text")
        return self.text


@pytest.mark.parametrize(
    "made",
    [
        record(PLANNER),
        record("%s", PLANNER),
        record("OUTBOX_TRACE|phase=%s|conv=c1|idem=k1|state_id=%d|outbox_id=2|count=%d", "planner", 1, 1),
        record("%(kind)s" + PLANNER.removeprefix("OUTBOX_TRACE"), {"kind": "OUTBOX_TRACE"}),
        record(Text(PLANNER)),
    ],
    ids=["whole", "in its arguments", "with arguments", "with named arguments", "no text"],
)
def test_a_trace_is_taken_however_it_is_written(
    made: logging.LogRecord, handler: TraceHandler, intake: Intake
) -> None:
    assert handler.handle(made) is True
    (taken,) = intake.take(10)
    assert (taken.message, taken.logger, taken.level) == (PLANNER, APP, "INFO")
    assert (taken.created, taken.process) == (made.created, str(made.process))


@pytest.mark.parametrize(
    "made",
    [
        record("ready"),
        record("%s", "ready"),
        record(Text("ready")),
        record(f"sent: {PLANNER}"),
        record("a|b"),
    ],
)
def test_what_is_no_trace_is_let_go(made: logging.LogRecord, handler: TraceHandler, intake: Intake) -> None:
    assert handler.handle(made) is False
    assert (len(intake), intake.unreadable, intake.latest) == (0, 0, made.created)


def test_context_messages_are_taken_to_explain_with(handler: TraceHandler, intake: Intake) -> None:
    handler.handle(record("TURN_LOCK|acquired|conv=%s", "c1"))
    assert [taken.message for taken in intake.take(1)] == ["TURN_LOCK|acquired|conv=c1"]


@pytest.mark.parametrize("made", [record("OUTBOX_TRACE|count=%d", "x"), record("%s|%s", 1), record(Text(""))])
def test_nothing_that_a_record_does_reaches_the_log_call(
    made: logging.LogRecord, handler: TraceHandler, intake: Intake
) -> None:
    assert handler.handle(made) is False
    assert (len(intake), intake.unreadable) == (0, 1)


def test_filters_of_the_handler_are_asked(handler: TraceHandler, intake: Intake) -> None:
    handler.addFilter(lambda record: record.name != APP)
    handler.handle(record(PLANNER))
    handler.handle(record(PLANNER, name="app.other"))
    assert [taken.logger for taken in intake.take(10)] == ["app.other"]


def test_the_thread_is_started_by_the_first_trace_alone(
    handler: TraceHandler, intake: Intake, started: Started
) -> None:
    handler.handle(record("ready"))
    assert started.times == 0
    handler.handle(record(PLANNER))
    intake.is_watched = True
    handler.handle(record(PLANNER))
    assert started.times == 1


def test_emit_and_flush_are_those_of_any_handler(handler: TraceHandler, intake: Intake) -> None:
    handler.emit(record(PLANNER))
    handler.flush()
    handler.close()
    assert len(intake) == 1


def test_a_full_queue_drops_and_counts(tmp_path: Path) -> None:
    watching = observer(tmp_path, capacity=6)
    with watching:
        with watching._worker.judging():
            play(Story().turn("ana").turn("bia"))
            assert (len(watching._worker.intake), watching._worker.desk.lost) == (6, 6)
        verdict = watching.verdict()
    assert verdict.status is Status.UNKNOWN
    assert "6 records were dropped: the queue of the observer was full" in said(verdict)
    assert verdict.check("handoff").counts["turns"] == 1


def test_a_log_call_does_not_wait_for_those_who_judge(tmp_path: Path) -> None:
    with observer(tmp_path) as watching, watching._worker.judging():
        caller = threading.Thread(target=play, args=[Story().others(20)])
        caller.start()
        caller.join(timeout=5)
        assert not caller.is_alive()
        assert len(watching._worker.intake) > 100


def test_endless_messages_cannot_fill_the_memory(tmp_path: Path, intake: Intake) -> None:
    watching = observer(tmp_path)
    with watching, watching._worker.judging():
        for _ in range(300):
            play(Story().planner("c", 1, note="x" * 2 * LONGEST))
        held = list(watching._worker.intake.take(10_000))
        assert watching._worker.desk.lost == 300 - len(held) > 40
        assert {len(record.message) for record in held} == {LONGEST}


def test_a_message_that_is_too_long_to_be_a_trace_counts_as_oversized(tmp_path: Path) -> None:
    with observer(tmp_path) as watching:
        play(Story().turn("ana").planner("c", 1, note="x" * 2 * LONGEST))
        assert problems(watching.verdict()) == {"oversized": 1}


def test_sleep_ends_when_records_come(intake: Intake, handler: TraceHandler) -> None:
    sleeper = threading.Thread(target=intake.sleep, args=[30])
    sleeper.start()
    handler.handle(record(PLANNER))
    sleeper.join(timeout=10)
    assert not sleeper.is_alive()
    intake.wake()
    intake.wake()


def test_a_record_is_what_record_of_makes_of_it(handler: TraceHandler, intake: Intake) -> None:
    for made in (record(PLANNER), record("%s", PLANNER)):
        handler.handle(made)
        assert intake.take(1) == [record_of(made)]
