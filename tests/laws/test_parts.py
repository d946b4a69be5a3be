"""Several processes that read parts of a file find what one finds, wherever it is divided."""

from __future__ import annotations

import json
import os
import signal
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings, strategies as st

from kumon_observe.config.settings import Settings
from kumon_observe.engine import parts, sources
from kumon_observe.engine.analyze import analyze
from kumon_observe.engine.parts import parts_of
from kumon_observe.engine.workers import Died, Worker
from kumon_observe.model.document import verdict_to
from kumon_observe.model.verdict import Verdict
from kumon_observe.parsing import compiled
from kumon_observe.reading.files import OpenFile
from tests.laws.test_folding import LAYOUTS, a_story, learnt
from tests.laws.test_scan import a_log_of_few_forms
from tests.scans import pure_scan
from tests.scenarios import Story

LIMIT = timedelta(seconds=30)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("parts")


def judged(
    path: Path, *, jobs: int = 1, size: int = 1 << 24, max_record: int = 1 << 20, **native: int
) -> dict[str, Any]:
    """The verdict as JSON, the file read in parts of *size* bytes; *native* sizes of the compiled scan."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(parts, "PART", size)
        patch.setattr(sources, "_LEAST_DIVIDED", 0)
        for name, value in native.items():
            patch.setattr(compiled, name, value)
        verdict = analyze(
            str(path),
            jobs=jobs,
            show_personal_data=True,
            settings=Settings(state_dir=str(path.parent), max_record=max_record),
        )
    document: dict[str, Any] = json.loads(json.dumps(verdict_to(verdict)))
    del document["generated_at"]
    return document


@given(
    story=a_story(),
    layout=st.sampled_from(LAYOUTS),
    jobs=st.integers(2, 4),
    size=st.sampled_from((400, 3_000, 40_000)),
    pure=st.booleans(),
)
@settings(max_examples=150, deadline=LIMIT)
def test_any_number_of_processes_gives_one_verdict(
    folder: Path, story: Story, layout: str, jobs: int, size: int, pure: bool
) -> None:
    path = folder / "app.log"
    path.write_bytes(learnt(layout)[-20_000:] + story.render(layout))
    expected = judged(path)
    if pure:
        with pure_scan():
            assert judged(path, jobs=jobs, size=size) == expected
    else:
        assert judged(path, jobs=jobs, size=size) == expected


@given(data=a_log_of_few_forms(), size=st.sampled_from((60, 200, 700)))
@settings(max_examples=150, deadline=LIMIT)
def test_records_of_several_lines_and_repeats_may_be_divided(folder: Path, data: bytes, size: int) -> None:
    path = folder / "odd.log"
    path.write_bytes(data)
    assert judged(path, jobs=3, size=size) == judged(path)


@given(
    story=a_story(),
    layout=st.sampled_from(LAYOUTS),
    odd=a_log_of_few_forms(),
    long=st.integers(0, 20_000),
    block=st.sampled_from((1, 12_000, 1 << 20)),
    traces=st.sampled_from((1, 30, 100_000)),
    jobs=st.integers(1, 3),
)
@settings(max_examples=100, deadline=LIMIT)
def test_blocks_may_be_read_in_pieces(
    folder: Path, story: Story, layout: str, odd: bytes, long: int, block: int, traces: int, jobs: int
) -> None:
    """Pieces of 8 KiB, in which lines and turns are cut, and a line that is longer than a record may be."""
    path = folder / "pieces.log"
    records = learnt(layout)[-9_000:] + story.render(layout)
    path.write_bytes(records + b"x" * long + b"\n" + odd + records)
    with pure_scan():
        expected = judged(path, max_record=4096)
    sizes = {"_PIECE": 1, "_BLOCK": block, "_TRACES": traces}
    assert judged(path, jobs=jobs, size=30_000, max_record=4096, **sizes) == expected


def chunked(story: Story) -> bytes:
    """Docker's entries, each record cut into three."""
    found = []
    for record in story.records:
        line = record.render("basic").decode()
        third = len(line) // 3
        for piece in (line[:third], line[third : 2 * third], line[2 * third :]):
            entry = {"log": piece, "stream": "stdout", "time": record.at.isoformat().replace("+00:00", "Z")}
            found.append(json.dumps(entry, separators=(",", ":")))
    return ("\n".join(found) + "\n").encode()


@pytest.mark.parametrize("size", [100, 333, 1000])
def test_records_in_chunks_may_be_divided(tmp_path: Path, size: int) -> None:
    path = tmp_path / "app.log"
    path.write_bytes(chunked(Story().others(5).turn("ana", 2, 0).others(3)))
    expected = judged(path)
    assert judged(path, jobs=3, size=size) == expected
    assert expected["checks"][0]["counts"]["violations"] == 1


def test_parts_begin_at_lines(tmp_path: Path) -> None:
    path = tmp_path / "app.log"
    path.write_bytes(b"".join(b"x" * (n % 50) + b"\n" for n in range(500)) + b"no end")
    descriptor = os.open(path, os.O_RDONLY)
    try:
        file = OpenFile(descriptor, path.stat().st_size)
        found = parts_of(file, 0, 1000)
        assert [part.start for part in found[1:]] == [part.end for part in found[:-1]]
        assert (found[0].start, found[-1].end) == (0, file.end)
        assert len(found) > 5
        assert all(file.at(part.start - 1, 1) == b"\n" for part in found[1:])
    finally:
        os.close(descriptor)


@pytest.mark.parametrize("length", [40 << 20, 50_000_000, 100_000_000, 450_000_000])
@pytest.mark.parametrize("jobs", [2, 3, 8])
def test_every_process_has_as_many_parts(length: int, jobs: int) -> None:
    size = parts.even(length, jobs)
    assert -(-length // size) % jobs == 0
    assert size < 2 * parts.PART
    assert size > parts.PART / 2 or length < parts.PART * jobs


# -- what goes wrong ---------------------------------------------------------------------------------------


@pytest.fixture
def log(tmp_path: Path) -> Path:
    path = tmp_path / "app.log"
    path.write_bytes(Story().others(200).turn("ana", 2, 0).others(200, "later").render("dash"))
    return path


def divided(log: Path) -> Verdict:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(parts, "PART", 20_000)
        patch.setattr(sources, "_LEAST_DIVIDED", 0)
        return analyze(str(log), jobs=3, settings=Settings(state_dir=str(log.parent)))


def test_a_process_that_is_killed_makes_the_verdict_unknown_and_names_the_part(
    log: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    receive = Worker.receive
    received = iter(range(1000))

    def killed(worker: Worker) -> Any:
        if next(received) == 5:
            os.kill(worker._number, signal.SIGKILL)
            os.waitpid(worker._number, os.WNOHANG)
        return receive(worker)

    whole = analyze(str(log), settings=Settings(state_dir=str(log.parent)))
    monkeypatch.setattr(Worker, "receive", killed)
    verdict = divided(log)
    said = [str(reason) for reason in verdict.reasons]
    assert any("the process that read it from byte" in sentence and "died" in sentence for sentence in said)
    assert verdict.check("delivery").status.name == "UNKNOWN"
    assert verdict.check("handoff").status.name == "CRITICAL"
    assert [check.counts for check in verdict.checks] == [check.counts for check in whole.checks]


def test_a_process_that_fails_says_how(log: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def failing(*_: object) -> Iterator[object]:
        raise MemoryError("no more")

    monkeypatch.setattr(parts.Divided, "_work", failing)
    verdict = divided(log)
    assert any("MemoryError: no more" in str(reason) for reason in verdict.reasons)


def test_no_process_is_left_behind(log: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    numbers = []
    begin = Worker.begin.__func__  # type: ignore[attr-defined]

    def begun(cls: type[Worker], *given: Any) -> Worker:
        worker: Worker = begin(cls, *given)
        numbers.append(worker._number)
        return worker

    def interrupted(*_: object) -> Any:
        raise KeyboardInterrupt

    monkeypatch.setattr(Worker, "begin", classmethod(begun))
    monkeypatch.setattr(parts.Divided, "_taken", interrupted)
    with pytest.raises(KeyboardInterrupt):
        divided(log)
    assert len(numbers) == 3
    for number in numbers:
        with pytest.raises(ProcessLookupError):
            os.kill(number, 0)


def test_a_worker_that_ended_says_so_again(tmp_path: Path) -> None:
    worker = Worker.begin(lambda _task, send: send("one"), None)
    assert worker.receive() == "one"
    with pytest.raises(Died, match="exit status 0"):
        worker.receive()
    with pytest.raises(Died, match="it ended"):
        worker.receive()
