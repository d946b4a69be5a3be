from __future__ import annotations

import errno
import os
import subprocess
import sys
import tempfile
import textwrap
from collections.abc import Iterator
from pathlib import Path

import pytest

from kumon_observe.reading.findings import BLOCK, gathered
from tests.reading.making import RECORD, notes, only_file, put, records, whole


@pytest.fixture
def log(tmp_path: Path) -> Path:
    return put(tmp_path / "app.log", records(0, 100))


def test_a_file_is_read_whole(log: Path) -> None:
    file = only_file(log)
    assert (file.name, file.size, file.seekable, file.path) == (str(log), 100 * RECORD, True, str(log))
    assert whole(file) == log.read_bytes()
    assert (file.error, file.truncated, file.notes, file.complete_tail) == (None, False, (), True)


def test_blocks_are_given_once(log: Path) -> None:
    file = only_file(log)
    whole(file)
    with pytest.raises(RuntimeError, match="were read before"):
        file.blocks()


def test_blocks_are_large_whatever_the_source_gives(tmp_path: Path) -> None:
    log = put(tmp_path / "app.log", records(0, 1000) * 50)
    *full, last = [len(block) for block in only_file(log).blocks()]
    assert all(length >= 256 * 1024 for length in full)
    assert sum(full) + last == log.stat().st_size


@pytest.mark.parametrize("size", [1, 3, 7, 100])
def test_gathering_keeps_every_byte(size: int) -> None:
    data = bytes(range(256))
    pieces = [data[at : at + size] for at in range(0, 256, size)]
    blocks = list(gathered(pieces, least=50))
    assert b"".join(blocks) == data
    assert all(len(block) >= 50 for block in blocks[:-1])


def test_parts_can_be_read_again(log: Path) -> None:
    file = only_file(log)
    assert file.read_at(RECORD, RECORD) == records(1, 1)
    assert file.read_at(100 * RECORD - 9, 50) == log.read_bytes()[-9:]
    assert file.read_at(9000, 50) == file.read_at(-1, 5) == b""


def test_parts_of_a_replaced_file_are_not_taken_for_the_old_ones(log: Path) -> None:
    file = only_file(log)
    log.rename(log.with_suffix(".old"))
    assert file.read_at(0, 50) == b""
    put(log, b"x" * 5000)
    assert file.read_at(0, 50) == b""


def test_every_byte_value_comes_through(tmp_path: Path) -> None:
    data = bytes(range(256)) * 10 + "\x85\u2028\r\n".encode() + b"\0" * 600
    assert whole(only_file(put(tmp_path / "app.log", data))) == data


def test_an_empty_file_says_so(tmp_path: Path) -> None:
    file = only_file(put(tmp_path / "app.log", b""))
    assert whole(file) == b""
    assert str(file.error) == "it is empty"


def test_an_empty_file_beside_rotated_ones_says_what_to_do(tmp_path: Path) -> None:
    put(tmp_path / "app.log.1", records(0, 3))
    file = only_file(put(tmp_path / "app.log", b""))
    assert whole(file) == b""
    assert str(file.error) == "it is empty and has rotated logs beside it: run again with --rotated"


def test_the_null_device_is_empty() -> None:
    file = only_file("/dev/null")
    assert whole(file) == b""
    assert (file.name, str(file.error)) == ("/dev/null", "it is empty")


def test_a_missing_file_says_so(tmp_path: Path) -> None:
    file = only_file(tmp_path / "app.log")
    assert whole(file) == b""
    assert (file.size, file.seekable, file.read_at(0, 1)) == (None, False, b"")
    assert str(file.error) == "it does not exist: check the path"


def test_a_link_that_leads_nowhere_says_so(tmp_path: Path) -> None:
    (tmp_path / "app.log").symlink_to("gone.log")
    assert str(only_file(tmp_path / "app.log").error) == "it does not exist: check the path"
    assert str(only_file(tmp_path).error) == "it does not exist: check the path"


def test_a_link_to_itself_says_so(tmp_path: Path) -> None:
    (tmp_path / "app.log").symlink_to("app.log")
    error = str(only_file(tmp_path / "app.log").error)
    assert error.startswith("it cannot be opened: ")
    assert "symbolic links" in error


@pytest.mark.parametrize("name", ["a\0b", "a\0/b", "a" * 5000, "app.log/x"])
def test_a_name_that_cannot_be_one_says_so(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    put(tmp_path / "app.log", b"x\n")
    assert str(only_file(name).error).startswith("it cannot be opened: ")


def test_an_empty_name_says_so() -> None:
    assert str(only_file("").error) == "the name is empty: name a file, a folder or -"


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that every user may enter, as pytest's own is not."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)
        yield folder


def test_a_file_without_permission_says_so(open_folder: Path) -> None:
    log = put(open_folder / "app.log", records(0, 3))
    log.chmod(0)
    closed = open_folder / "closed"
    put(closed / "app.log", records(0, 3))
    (open_folder / "links").mkdir()
    (open_folder / "links" / "app.log").symlink_to(closed / "app.log")
    readable = put(open_folder / "readable.log", records(0, 3))
    closed.chmod(0)
    errors = _as_nobody(
        str(readable), str(log), str(closed), str(closed / "app.log"), str(open_folder / "links")
    )
    closed.chmod(0o755)
    assert errors == ["None", *["it may not be read by this user: permission denied"] * 4]


def test_siblings_in_a_folder_without_permission_are_a_loss(open_folder: Path) -> None:
    log = put(open_folder / "logs" / "app.log", records(0, 3))
    empty = put(open_folder / "logs" / "empty.log", b"")
    log.parent.chmod(0o311)
    errors = _as_nobody(str(log), rotated=True) + _as_nobody(str(empty))
    log.parent.chmod(0o755)
    assert errors == ["None", "it cannot be searched for rotated logs: Permission denied", "it is empty"]


def _as_nobody(*specs: str, rotated: bool = False) -> list[str]:
    """The errors that a user without rights gets (root may read everything)."""
    script = """
        import os, sys
        from kumon_observe.reading import open_sources
        me = os.geteuid()
        if me == 0:
            os.seteuid(65534)
        for chain in open_sources(sys.argv[2:], rotated=sys.argv[1] == "True"):
            for file in chain.files:
                list(file.blocks())
                print(file.error)
        os.seteuid(me)
    """
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(script), str(rotated), *specs],
        check=True,
        capture_output=True,
        text=True,
    )
    return done.stdout.splitlines()


def test_a_file_that_grows_is_read_to_the_end_of_the_line_being_written(tmp_path: Path) -> None:
    start = records(0, 1000) * 60
    log = put(tmp_path / "app.log", start + b"half a rec")
    file = only_file(log)
    blocks = file.blocks()
    read = next(blocks)
    with log.open("ab") as writer:
        writer.write(b"ord\nnext record\nand ano")
    read += b"".join(blocks)
    assert read == start + b"half a record\n"
    assert (file.error, file.complete_tail) == (None, True)


def test_a_line_that_is_being_written_is_said_to_be_incomplete(tmp_path: Path) -> None:
    file = only_file(put(tmp_path / "app.log", records(0, 2) + b"half a rec"))
    assert whole(file).endswith(b"half a rec")
    assert (file.error, file.truncated, file.complete_tail) == (None, False, False)


def test_a_rotated_file_gets_no_more_bytes_so_its_last_line_is_complete(tmp_path: Path) -> None:
    put(tmp_path / "app.log.2", records(0, 2) + b"last")
    put(tmp_path / "app.log.1", records(2, 2) + b"last")
    for number in (1, 2):
        file = only_file(tmp_path / f"app.log.{number}")
        whole(file)
        assert file.complete_tail


def test_a_file_that_shrinks_is_truncated(tmp_path: Path) -> None:
    log = put(tmp_path / "app.log", records(0, 1000) * 60)
    size = log.stat().st_size
    file = only_file(log)
    blocks = file.blocks()
    read = next(blocks)
    os.truncate(log, 10)
    assert b"".join(blocks) == b""
    assert len(read) == BLOCK
    assert file.truncated
    assert (
        str(file.error) == f"it shrank while it was read, from {size} to 10 bytes: run again with --rotated"
    )


def test_a_file_cut_after_its_last_block_was_read_is_truncated_too(tmp_path: Path) -> None:
    log = put(tmp_path / "app.log", b"x" * (BLOCK - 1) + b"\n")
    file = only_file(log)
    blocks = file.blocks()
    assert len(next(blocks)) == BLOCK
    os.truncate(log, 0)
    assert list(blocks) == []
    assert file.truncated


def test_of_two_losses_the_second_is_a_note(tmp_path: Path) -> None:
    log = put(tmp_path / "app.log", records(0, 1000) * 60)
    file = only_file(log)
    blocks = file.blocks()
    next(blocks)
    os.truncate(log, 0)
    log.unlink()
    assert list(blocks) == []
    assert str(file.error).startswith("it shrank while it was read")
    assert notes(file) == ["it was replaced while it was read: run again with --rotated"]


@pytest.mark.parametrize("again", [True, False])
def test_a_file_that_is_replaced_while_read_says_so(tmp_path: Path, again: bool) -> None:
    content = records(0, 1000) * 60
    log = put(tmp_path / "app.log", content)
    file = only_file(log)
    blocks = file.blocks()
    read = next(blocks)
    log.rename(log.with_name("app.log.1"))
    if again:
        put(log, b"new\n")
    read += b"".join(blocks)
    assert read == content
    assert str(file.error) == "it was replaced while it was read: run again with --rotated"


def test_a_file_that_is_replaced_before_it_is_opened_says_so(log: Path) -> None:
    file = only_file(log)
    log.rename(log.with_name("app.log.1"))
    put(log, b"new\n")
    assert whole(file) == b"new\n"
    assert str(file.error) == "it was replaced while it was read: run again with --rotated"


def test_one_loss_is_told_once(tmp_path: Path) -> None:
    log = put(tmp_path / "app.log", records(0, 3))
    file = only_file(log)
    log.rename(tmp_path / "app.log.2")
    put(log, records(0, 1000) * 60)
    blocks = file.blocks()
    next(blocks)
    log.rename(tmp_path / "app.log.1")
    list(blocks)
    assert str(file.error) == "it was replaced while it was read: run again with --rotated"
    assert notes(file) == []


def test_a_fifo_in_the_place_of_a_file_does_not_block(log: Path) -> None:
    file = only_file(log)
    log.unlink()
    os.mkfifo(log)
    assert whole(file) == b""
    assert str(file.error) == "it was replaced while it was read: run again with --rotated"


def test_a_file_that_vanishes_before_it_is_opened_says_so(log: Path) -> None:
    file = only_file(log)
    log.unlink()
    assert whole(file) == b""
    assert str(file.error) == "it does not exist: check the path"


def test_what_stood_before_a_read_error_counts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    log = put(tmp_path / "app.log", records(0, 1000) * 60)
    file = only_file(log)
    blocks = file.blocks()
    read = next(blocks)

    def broken(_descriptor: int, _length: int, _offset: int) -> bytes:
        raise OSError(errno.EIO, os.strerror(errno.EIO))

    monkeypatch.setattr("os.pread", broken)
    read += b"".join(blocks)
    monkeypatch.undo()
    assert read == log.read_bytes()[:BLOCK]
    assert str(file.error) == f"it could be read only up to byte {BLOCK}: Input/output error"
    assert (file.truncated, file.complete_tail) == (False, False)


def test_reading_can_be_left_early(log: Path) -> None:
    before = len(list(Path("/proc/self/fd").iterdir()))
    for _ in only_file(log).blocks():
        break
    assert len(list(Path("/proc/self/fd").iterdir())) == before


def test_formats_that_are_not_read_are_named(tmp_path: Path) -> None:
    for magic, method in [
        (b"BZh91AY", "bzip2"),
        (b"\xfd7zXZ\x00\x00", "xz"),
        (b"PK\x03\x04", "zip"),
    ]:
        file = only_file(put(tmp_path / "app.log", magic + b"rest"))
        assert str(file.error) == f"it is compressed with {method}: decompress it first"


def test_hostile_names_are_plain_names(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    raw = b"$(touch pwned)\n\x1b[31m;`id`|\xff.log"
    name = os.fsdecode(raw)
    put(tmp_path / name, records(0, 2))
    file = only_file(name)
    assert whole(file) == records(0, 2)
    assert file.name == "$(touch pwned)\\n\\x1b[31m;`id`|\\xff.log"
    assert [path.name for path in tmp_path.iterdir()] == [name]
    assert only_file(".").name == "./" + file.name
    assert notes(file) == []


def test_an_emoji_stays_and_a_direction_mark_does_not(tmp_path: Path) -> None:
    log = put(tmp_path / "mãe👩‍👧\u202egol.\u2028log", records(0, 1))
    assert only_file(log).name == f"{tmp_path}/mãe👩\\u200d👧\\u202egol.\\u2028log"
