"""The same bytes count once: two names, two copies, and repeats where a file was rotated."""

from __future__ import annotations

import gzip
import os
from pathlib import Path

import pytest

from kumon_observe.reading import open_sources
from kumon_observe.reading.overlap import TAIL, repeated_bytes
from tests.reading.making import backup, names, notes, only_chain, only_file, put, records, text, whole

LINES = records(0, 1000)


@pytest.fixture
def log(tmp_path: Path) -> Path:
    return put(tmp_path / "app.log", LINES)


def test_a_file_named_twice_is_read_once(log: Path) -> None:
    file = only_file(log, log)
    assert whole(file) == LINES
    assert notes(file) == [f"{log} was named twice and was read once"]


def test_two_spellings_are_one_file(log: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(log.parent)
    file = only_file("app.log", "./app.log")
    assert (file.name, notes(file)) == ("app.log", ["./app.log is the same file and was read once"])


@pytest.mark.parametrize("link", ["symlink_to", "hardlink_to"])
def test_a_link_is_the_same_file(log: Path, link: str) -> None:
    other = log.with_name("current.log")
    getattr(other, link)(log)
    for file in (only_file(log, other), only_file(log.parent)):
        assert file.name == str(log)
        assert notes(file) == [f"{other} is the same file and was read once"]


def test_a_file_keeps_its_own_name_before_a_link_to_it(log: Path) -> None:
    log.with_name("aa.log").symlink_to("app.log")
    assert only_file(log.parent).name == str(log)


def test_a_folder_and_its_file_are_read_once(log: Path) -> None:
    file = only_file(log.parent, log)
    assert (whole(file), notes(file)) == (LINES, [])


def test_an_archive_named_twice_is_read_once(tmp_path: Path) -> None:
    path = backup(tmp_path / "app.tar.gz", {"app.log": LINES})
    assert whole(only_file(path, path)) == LINES


def test_a_copy_is_counted_once(log: Path) -> None:
    copy = put(log.with_name("copy.log"), LINES)
    file = only_file(log, copy)
    assert (file.name, whole(file)) == (str(log), LINES)
    assert notes(file) == [f"{copy} has the same content and was counted once"]


@pytest.mark.parametrize("order", [1, -1])
def test_a_compressed_copy_gives_way_to_the_plain_file(log: Path, order: int) -> None:
    packed = put(log.with_name("other.log.gz"), gzip.compress(LINES))
    file = only_file(*[log, packed][::order])
    assert file.name == str(log)
    assert notes(file) == [f"{packed} has the same content and was counted once"]


@pytest.mark.parametrize("order", [1, -1])
def test_a_copy_of_the_beginning_gives_way_to_the_whole(log: Path, order: int) -> None:
    copy = put(log.with_name("copy.log"), LINES[:30_000])
    file = only_file(*[log, copy][::order])
    assert (file.name, whole(file)) == (str(log), LINES)
    assert notes(file) == [f"{copy} has the beginning of the same content and was counted once"]


def test_a_backup_of_the_log_that_goes_on_is_counted_once(log: Path) -> None:
    backup(log.with_name("app-20250115.tar.gz"), {"app.log": LINES[:58_00]})
    chain = only_chain(log, rotated=True)
    assert names(chain) == ["app.log"]
    assert text(chain) == LINES


def test_a_half_written_compression_beside_its_file_is_counted_once(tmp_path: Path) -> None:
    put(tmp_path / "app.log", records(1000, 10))
    put(tmp_path / "app.log.1", LINES)
    put(tmp_path / "app.log.1.gz", gzip.compress(LINES)[:3000])
    chain = only_chain(tmp_path / "app.log", rotated=True)
    assert text(chain) == LINES + records(1000, 10)
    assert [file.error for file in chain.files] == [None, None]


def test_many_copies_are_all_told(log: Path) -> None:
    copies = [put(log.with_name(f"{name}.log"), LINES[: 58 * count]) for count, name in enumerate("abc", 5)]
    file = only_file(*copies, log)
    assert file.name == str(log)
    assert [str(copy) in "".join(notes(file)) for copy in copies] == [True] * 3


def test_files_that_begin_alike_are_different(tmp_path: Path) -> None:
    for name in "ab":
        put(tmp_path / f"{name}.log", LINES * 30 + name.encode() + b"\n")
    chains = open_sources([str(tmp_path)])
    assert [whole(chain.files[0])[-2:] for chain in chains] == [b"a\n", b"b\n"]


def test_a_few_equal_bytes_are_no_copy(tmp_path: Path) -> None:
    put(tmp_path / "a.log", b"start\n")
    put(tmp_path / "b.log", b"start\nmore\n")
    put(tmp_path / "c.log", b"start\n" * 5)
    put(tmp_path / "d.log", b"start\n" * 6)
    assert len(open_sources([str(tmp_path)])) == 4


def test_empty_files_are_no_copies(tmp_path: Path) -> None:
    chains = open_sources([str(put(tmp_path / "a.log", b"")), str(put(tmp_path / "b.log", b""))])
    assert [whole(chain.files[0]) for chain in chains] == [b"", b""]
    assert all(str(chain.files[0].error) == "it is empty" for chain in chains)


# --- repeats at a rotation ---------------------------------------------------------------------------


def _rotated(folder: Path, older: bytes, newer: bytes, *, packed: bool = False) -> list[bytes]:
    """What the two files give once rotated; lines that were blanked left out."""
    if packed:
        put(folder / "app.log.1.gz", gzip.compress(older))
    else:
        put(folder / "app.log.1", older)
    put(folder / "app.log", newer)
    chain = only_chain(folder / "app.log", rotated=True)
    read = [whole(file) for file in chain.files]
    assert list(map(len, read)) == [len(older), len(newer)]
    assert [data.count(b"\n") for data in read] == [older.count(b"\n"), newer.count(b"\n")]
    assert len(notes(chain.files[1])) == (read[1] != newer)
    return [b"".join(line for line in data.splitlines(keepends=True) if line.strip()) for data in read]


@pytest.mark.parametrize("packed", [False, True])
@pytest.mark.parametrize("repeats", [1, 2, 50])
def test_records_repeated_at_a_rotation_are_counted_once(tmp_path: Path, repeats: int, packed: bool) -> None:
    older, newer = records(0, 100), records(100 - repeats, 100)
    assert b"".join(_rotated(tmp_path, older, newer, packed=packed)) == records(0, 200 - repeats)


def test_the_note_says_how_many_bytes(tmp_path: Path) -> None:
    put(tmp_path / "app.log.1", records(0, 10))
    chain = only_chain(put(tmp_path / "app.log", records(8, 10)), rotated=True)
    text(chain)
    assert notes(chain.files[1]) == [
        f"its first 116 bytes stand at the end of {tmp_path}/app.log.1 too, and were counted once"
    ]


def test_the_newer_file_alone_knows_what_the_older_ends_with(tmp_path: Path) -> None:
    for older in ("app.log.1", "app.log.1.gz"):
        data = records(0, 10_000)
        path = put(tmp_path / older, gzip.compress(data) if older.endswith("gz") else data)
        chain = only_chain(put(tmp_path / "app.log", records(9_990, 20)), rotated=True)
        assert whole(chain.files[1]).strip() == records(10_000, 10).strip()
        path.unlink()


def test_a_repeat_that_does_not_reach_the_end_is_none(tmp_path: Path) -> None:
    older = records(0, 100)
    newer = records(90, 5) + records(200, 5)
    assert _rotated(tmp_path, older, newer) == [older, newer]


def test_a_short_record_proves_nothing(tmp_path: Path) -> None:
    older, newer = records(0, 9) + b"10:00:00 ok\n", b"10:00:00 ok\n" + records(20, 5)
    assert _rotated(tmp_path, older, newer) == [older, newer]


def test_records_without_times_repeat_by_nature(tmp_path: Path) -> None:
    pair = records(0, 2, timed=False)
    older, newer = records(50, 9, timed=False) + pair, pair + records(90, 9, timed=False)
    assert _rotated(tmp_path, older, newer) == [older, newer]
    many = records(0, 8, timed=False)
    older, newer = records(50, 9, timed=False) + many, many + records(90, 9, timed=False)
    assert b"".join(_rotated(tmp_path, older, newer)) == older + newer[len(many) :]


def test_a_last_line_that_was_cut_stays_whole_in_the_newer_file(tmp_path: Path) -> None:
    older = records(0, 10)[:-20]
    kept = _rotated(tmp_path, older, records(8, 10))
    assert kept[1] == records(9, 9)


def test_an_emptied_file_does_not_hide_the_repeat(tmp_path: Path) -> None:
    put(tmp_path / "app.log.2", records(0, 10))
    put(tmp_path / "app.log.1", b"")
    chain = only_chain(put(tmp_path / "app.log", records(8, 10)), rotated=True)
    assert text(chain).replace(b" " * 57 + b"\n", b"") == records(0, 18)


def test_many_like_lines_end_the_search_soon() -> None:
    line = b"2025-01-15 10:00:00,123 the same\n"
    tail = (line * (TAIL // len(line))) + b"and another\n"
    assert repeated_bytes(tail, line * 8000) == 0


def test_a_head_without_a_whole_line_repeats_nothing() -> None:
    assert repeated_bytes(b"x\ny\n", b"y") == 0


def test_a_hard_link_to_a_rotated_file_is_not_its_copy(tmp_path: Path) -> None:
    put(tmp_path / "app.log.1", LINES)
    os.link(tmp_path / "app.log.1", tmp_path / "app.log.2")
    chain = only_chain(put(tmp_path / "app.log", records(1000, 5)), rotated=True)
    assert text(chain) == records(0, 1005)
