"""A compressed log that another process decompresses gives the answer that it gives without."""

from __future__ import annotations

import gzip
import os
import signal
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from kumon_observe.config.settings import Settings
from kumon_observe.engine import decompressing
from kumon_observe.engine.analyze import analyze
from kumon_observe.engine.workers import Worker
from kumon_observe.model.status import Status
from kumon_observe.model.verdict import Verdict
from tests.scenarios import Story

CONTENT = Story().others(30).turn("ana", 2, 0).others(6000, "later").render("dash")
PACKED = gzip.compress(CONTENT, 1)
BENT = PACKED[:200_000] + bytes(byte ^ 0xFF for byte in PACKED[200_000:200_064]) + PACKED[200_064:]


@pytest.fixture
def workers(monkeypatch: pytest.MonkeyPatch) -> list[Worker]:
    """The processes that were begun; the smallest log has one."""
    begun: list[Worker] = []
    begin = Worker.begin.__func__  # type: ignore[attr-defined]

    def told(cls: type[Worker], *given: Any) -> Worker:
        begun.append(begin(cls, *given))
        return begun[-1]

    monkeypatch.setattr(Worker, "begin", classmethod(told))
    monkeypatch.setattr(decompressing, "LEAST", 0)
    return begun


def judged(path: Path, jobs: int) -> Verdict:
    settings = Settings(state_dir=str(path.parent))
    return analyze(str(path), jobs=jobs, settings=settings, clock=lambda: datetime(2025, 1, 15, tzinfo=UTC))


@pytest.mark.parametrize(
    ("data", "status"),
    [
        pytest.param(PACKED, Status.OK, id="whole"),
        pytest.param(PACKED + gzip.compress(CONTENT[-200:]), Status.OK, id="two members"),
        pytest.param(PACKED + bytes(600), Status.OK, id="padded"),
        pytest.param(PACKED[:-2000], Status.UNKNOWN, id="cut"),
        pytest.param(BENT, Status.UNKNOWN, id="damaged"),
        pytest.param(PACKED + b"garbage", Status.UNKNOWN, id="something behind"),
    ],
)
def test_one_process_or_two_give_one_verdict(
    tmp_path: Path, workers: list[Worker], data: bytes, status: Status
) -> None:
    path = tmp_path / "app.log.gz"
    path.write_bytes(data)
    alone = judged(path, jobs=1)
    assert not workers
    assert judged(path, jobs=2) == alone
    assert len(workers) == 1
    assert alone.check("handoff").status is Status.CRITICAL
    assert alone.check("delivery").status is status


def test_a_process_that_is_killed_makes_the_verdict_unknown(
    tmp_path: Path, workers: list[Worker], monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "app.log.gz"
    path.write_bytes(PACKED)
    receive = Worker.receive

    def killed(worker: Worker) -> Any:
        received = receive(worker)
        os.kill(worker._number, signal.SIGKILL)
        return received

    monkeypatch.setattr(Worker, "receive", killed)
    verdict = judged(path, jobs=2)
    assert [str(reason) for reason in verdict.reasons] == [
        f"{path}: the process that decompressed it died (signal 9): run again"
    ]
    assert verdict.check("handoff").status is Status.CRITICAL
    assert verdict.check("delivery").status is Status.UNKNOWN


def test_no_process_is_left_when_the_reading_stops(
    tmp_path: Path, workers: list[Worker], monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "app.log.gz"
    path.write_bytes(PACKED)
    monkeypatch.setattr("kumon_observe.engine.sources.Seen.note", interrupted)
    with pytest.raises(KeyboardInterrupt):
        judged(path, jobs=2)
    (worker,) = workers
    with pytest.raises(ProcessLookupError):
        os.kill(worker._number, 0)


def test_where_no_process_can_be_had_it_is_decompressed_here(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "app.log.gz"
    path.write_bytes(PACKED)
    alone = judged(path, jobs=1)
    monkeypatch.setattr(decompressing, "LEAST", 0)
    monkeypatch.setattr(os, "fork", refused)
    assert judged(path, jobs=2) == alone


def interrupted(*_: object) -> Any:
    raise KeyboardInterrupt


def refused() -> int:
    raise BlockingIOError("no more processes")
