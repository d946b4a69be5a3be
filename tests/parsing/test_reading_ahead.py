"""A thread of the compiled scan reads ahead: the same rows, and nothing of it stays."""

from __future__ import annotations

import os
import warnings
from collections.abc import Generator, Iterator
from pathlib import Path

import pytest

from kumon_observe.model.rows import PlainRow
from kumon_observe.parsing import compiled
from kumon_observe.parsing.compiled import CompiledScanner
from kumon_observe.parsing.head import HEAD_BYTES
from kumon_observe.parsing.layouts import built_in_layouts
from kumon_observe.parsing.options import ScanOptions
from tests.scenarios import Story

OPTIONS = ScanOptions(parsers=built_in_layouts(), max_record=4096)
SMALL = 8192


@pytest.fixture(autouse=True)
def small_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compiled, "_PIECE", SMALL)
    monkeypatch.setattr(compiled, "_BLOCK", 2 * SMALL)


@pytest.fixture
def log(tmp_path: Path) -> Iterator[int]:
    path = tmp_path / "app.log"
    path.write_bytes(Story().others(300).noise(2000).others(300, "later").render("dash"))
    descriptor = os.open(path, os.O_RDONLY)
    yield descriptor
    os.close(descriptor)


def threads() -> int:
    return len(list(Path("/proc/self/task").iterdir()))


def scanner(descriptor: int, *, ahead: bool = True) -> CompiledScanner:
    made = CompiledScanner(OPTIONS)
    made.begin(os.pread(descriptor, HEAD_BYTES, 0))
    made.ahead = ahead
    return made


def batches(descriptor: int, *, ahead: bool = True) -> Generator[list[PlainRow]]:
    yield from scanner(descriptor, ahead=ahead).read(descriptor, os.fstat(descriptor).st_size)


def rows(descriptor: int, *, ahead: bool = True) -> list[PlainRow]:
    return [row for batch in batches(descriptor, ahead=ahead) for row in batch]


def test_it_reads_what_is_read_without_it(log: int) -> None:
    before = threads()
    found = rows(log)
    assert len(found) > 1000
    assert found == rows(log, ahead=False)
    assert threads() == before


def test_a_reading_that_is_given_up_leaves_no_thread(log: int) -> None:
    before = threads()
    begun = batches(log)
    next(begun)
    assert threads() == before + 1
    begun.close()
    del begun
    assert threads() == before


def test_a_line_that_is_too_long_is_passed_over(tmp_path: Path) -> None:
    path = tmp_path / "long.log"
    part = Story().others(100).render("dash")
    path.write_bytes(part + b"x" * (5 * SMALL) + b"\n" + Story().at(3600).others(100, "later").render("dash"))
    descriptor = os.open(path, os.O_RDONLY)
    try:
        assert rows(descriptor) == rows(descriptor, ahead=False)
        assert len(rows(descriptor)) > len(rows_of(part, tmp_path))
    finally:
        os.close(descriptor)


def rows_of(data: bytes, folder: Path) -> list[PlainRow]:
    path = folder / "part.log"
    path.write_bytes(data)
    descriptor = os.open(path, os.O_RDONLY)
    try:
        return rows(descriptor, ahead=False)
    finally:
        os.close(descriptor)


def test_a_file_that_is_cut_meanwhile_ends_there(tmp_path: Path) -> None:
    path = tmp_path / "cut.log"
    path.write_bytes(Story().others(600).render("dash"))
    size = path.stat().st_size
    descriptor = os.open(path, os.O_RDWR)
    try:
        reading = scanner(descriptor)
        begun = reading.read(descriptor, size)
        found = next(begun)
        os.ftruncate(descriptor, 0)
        found += [row for batch in begun for row in batch]
        assert 0 < len(found) < 600 * 6
        assert reading.bytes_read < size
    finally:
        os.close(descriptor)


def test_what_cannot_be_read_is_an_error_and_leaves_no_thread(tmp_path: Path) -> None:
    descriptor = os.open(tmp_path, os.O_RDONLY)  # a folder
    before = threads()
    made = CompiledScanner(OPTIONS)
    made.begin(b"")
    made.ahead = True
    try:
        with pytest.raises(IsADirectoryError):
            list(made.read(descriptor, 100_000))
    finally:
        os.close(descriptor)
    assert threads() == before


def test_a_fork_reads_on_without_the_thread(log: int) -> None:
    expected = len(rows(log))
    begun = batches(log)
    found = len(next(begun))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # newer Pythons warn of threads
        child = os.fork()
    if child == 0:
        code = 1
        try:
            code = int(found + sum(map(len, begun)) != expected)
        finally:
            os._exit(code)
    _, status = os.waitpid(child, 0)
    assert os.waitstatus_to_exitcode(status) == 0
    assert found + sum(map(len, begun)) == expected
