"""A file that only grew has the fingerprint that it had; any other change is noticed, as far as is said."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from kumon_observe.reading import open_sources
from kumon_observe.reading.files import read_at
from kumon_observe.reading.fingerprint import Fingerprint, reopened

SIZE = 10 << 20


@pytest.fixture
def log(tmp_path: Path) -> Path:
    path = tmp_path / "app.log"
    path.write_bytes(b"".join(b"%019d\n" % number for number in range(SIZE // 20)))
    return path


def taken(path: Path, offset: int, known: Fingerprint | None = None) -> Fingerprint:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        found = Fingerprint.of(descriptor, offset, known)
    finally:
        os.close(descriptor)
    assert Fingerprint.restored(found.saved()) == found
    return found


def misfit(fingerprint: Fingerprint, path: Path) -> str:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        return str(fingerprint.misfit(descriptor) or "")
    finally:
        os.close(descriptor)


def append(path: Path, data: bytes = b"more\n") -> None:
    with path.open("ab") as file:
        file.write(data)


def overwrite(path: Path, offset: int, data: bytes = b"X") -> None:
    with path.open("r+b") as file:
        file.seek(offset)
        file.write(data)


@pytest.mark.parametrize("offset", [0, 5, 4096, 65_536, 65_537, 70_000, 1 << 20, SIZE - 20, SIZE])
def test_a_file_that_only_grew_fits(log: Path, offset: int) -> None:
    fingerprint = taken(log, offset)
    assert misfit(fingerprint, log) == ""
    append(log)
    assert misfit(fingerprint, log) == ""


@pytest.mark.parametrize("place", [0, 65_535, SIZE - 4096, SIZE - 1, 65_536 * 2, 65_536 * 2 + 4095])
def test_another_byte_in_what_is_looked_at_is_noticed(log: Path, place: int) -> None:
    fingerprint = taken(log, SIZE)
    overwrite(log, place)
    append(log)
    assert "is not what stands in it now" in misfit(fingerprint, log)


def test_an_edit_that_changes_a_length_is_noticed_anywhere(log: Path) -> None:
    fingerprint = taken(log, SIZE)
    data = log.read_bytes()
    log.write_bytes(data[:100_000] + b"!" + data[100_000:])
    assert "is not what stands in it now" in misfit(fingerprint, log)


def test_writing_without_growing_is_noticed_anywhere(log: Path) -> None:
    fingerprint = taken(log, SIZE)
    overwrite(log, 100_001)
    os.utime(log, ns=(0, fingerprint.modified + 1))
    assert "written to without growing" in misfit(fingerprint, log)


def test_an_edit_between_what_is_looked_at_in_a_file_that_grew_goes_unnoticed(log: Path) -> None:
    fingerprint = taken(log, SIZE)
    overwrite(log, 65_536 * 3 + 5000)
    append(log)
    assert misfit(fingerprint, log) == ""  # as the module says


@pytest.mark.parametrize("size", [0, 100, SIZE - 1])
def test_a_shorter_file_is_noticed(log: Path, size: int) -> None:
    fingerprint = taken(log, SIZE // 2)
    os.truncate(log, size)
    assert "became shorter" in misfit(fingerprint, log)


def test_a_file_that_was_cut_and_grew_past_its_size_is_noticed(log: Path) -> None:
    fingerprint = taken(log, SIZE)
    log.write_bytes(b"another log\n" * (SIZE // 10))
    assert "is not what stands in it now" in misfit(fingerprint, log)


def test_the_number_of_blocks_is_bounded_and_what_is_known_is_not_read_again(
    log: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = taken(log, SIZE // 2)
    os.truncate(log, 40 << 20)
    append(log)
    reads: list[int] = []

    def counting(descriptor: int, offset: int, length: int) -> bytes:
        reads.append(offset)
        return read_at(descriptor, offset, length)

    monkeypatch.setattr("kumon_observe.reading.fingerprint.read_at", counting)
    second = taken(log, 40 << 20, first)
    assert len(first.blocks) == 79
    assert len(second.blocks) == 79
    assert not set(range(second.step, SIZE // 2 - 4096, second.step)).intersection(reads)
    monkeypatch.undo()
    assert second == taken(log, 40 << 20)


@pytest.mark.parametrize(
    "change",
    [
        lambda saved: [*saved[:5], saved[5] * 3, *saved[6:]],
        lambda saved: [saved[1] + 1, *saved[1:]],
        lambda saved: saved[:3],
        lambda saved: [None, *saved[1:]],
    ],
)
def test_what_is_no_fingerprint_is_refused(log: Path, change: Callable[[list[object]], object]) -> None:
    saved = taken(log, SIZE).saved()
    with pytest.raises((TypeError, ValueError)):
        Fingerprint.restored(change(saved))


def test_a_replaced_file_is_not_opened_again(log: Path) -> None:
    (chain,) = open_sources([log])
    (file,) = chain.files
    with reopened(file) as descriptor:
        assert descriptor is not None
    log.rename(log.with_suffix(".1"))
    log.write_bytes(b"new\n")
    with reopened(file) as descriptor:
        assert descriptor is None


def test_standard_input_is_not_opened_again() -> None:
    (chain,) = open_sources(["-"])
    with reopened(chain.files[0]) as descriptor:
        assert descriptor is None
