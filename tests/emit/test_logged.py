"""The functions that log: where to, at which level, as whose record."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from kumon_observe import emit
from kumon_observe.emit import setup, text

TRACES: list[tuple[Callable[[], None], Callable[[], str], int]] = [
    (lambda: emit.planner(count=1), lambda: text.planner(count=1), logging.INFO),
    (lambda: emit.delivery(count=1), lambda: text.delivery(count=1), logging.INFO),
    (lambda: emit.instance(instance="i"), lambda: text.instance(instance="i"), logging.INFO),
    (lambda: emit.send(instance="i"), lambda: text.send(instance="i"), logging.INFO),
    (
        lambda: emit.result(success=True, instance="i"),
        lambda: text.result(success=True, instance="i"),
        logging.INFO,
    ),
    (
        lambda: emit.handoff_violation(planner_after=1),
        lambda: text.handoff_violation(planner_after=1),
        logging.ERROR,
    ),
    (lambda: emit.outbox_guard(type="t"), lambda: text.outbox_guard(type="t"), logging.ERROR),
    (lambda: emit.invalid_instance(value="v"), lambda: text.invalid_instance(value="v"), logging.ERROR),
    (lambda: emit.instance_guard(type="t"), lambda: text.instance_guard(type="t"), logging.ERROR),
]


@pytest.fixture
def records() -> Iterator[list[logging.LogRecord]]:
    """What the logger of the traces was given."""
    kept: list[logging.LogRecord] = []

    class Keeping(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            kept.append(record)

    logger, handler = logging.getLogger("kumon_observe"), Keeping()
    logger.addHandler(handler)
    logger.setLevel(logging.INFO)
    yield kept
    logger.removeHandler(handler)
    logger.setLevel(logging.NOTSET)


@pytest.mark.parametrize(("log", "write", "level"), TRACES)
def test_a_trace_is_logged_under_a_trusted_name_at_its_level(
    log: Callable[[], None], write: Callable[[], str], level: int, records: list[logging.LogRecord]
) -> None:
    log()
    (record,) = records
    assert (record.name, record.levelno, record.getMessage()) == ("kumon_observe.emit", level, write())
    assert Path(record.pathname) == Path(__file__)


def test_every_function_that_writes_has_one_that_logs() -> None:
    writing = {name for name in vars(text) if name.islower() and not name.startswith("_")}
    logging_ones = set(emit.__all__) - {"Sealer", "bound", "configure", "new_turn", "text"}
    assert logging_ones <= writing
    for name in logging_ones:
        assert getattr(emit, name).__doc__ == getattr(text, name).__doc__


def test_a_trace_that_is_filtered_is_not_even_written(records: list[logging.LogRecord]) -> None:
    class Loud:
        def __str__(self) -> str:
            raise AssertionError("it was asked for its text")

    logging.getLogger("kumon_observe").setLevel(logging.WARNING)
    emit.planner(count=1, conv=Loud())  # type: ignore[arg-type]
    assert records == []


def test_the_traces_go_to_the_logger_of_the_app(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "app.core.turns")
    emit.configure(logger=logging.getLogger("app.core.turns"))
    emit.planner(count=1, conv="c1")
    assert [record.name for record in caplog.records] == ["app.core.turns"]


def test_a_process_has_one_name_of_its_own_and_a_forked_one_another() -> None:
    emit.configure()
    mine = setup.process()
    assert mine == setup.process()
    assert mine.startswith(f"{os.getpid()}-")
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.write(writing, setup.process().encode())
        os._exit(0)
    os.waitpid(child, 0)
    its = os.read(reading, 100).decode()
    os.close(reading)
    os.close(writing)
    assert its.startswith(f"{child}-")
    assert its.partition("-")[2] != mine.partition("-")[2]
