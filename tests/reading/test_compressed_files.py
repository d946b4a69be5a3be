from __future__ import annotations

import gzip
import subprocess
import sys
import textwrap
import zlib
from pathlib import Path

import pytest

from kumon_observe.reading.compressed import gunzip
from kumon_observe.reading.findings import Findings
from tests.reading.making import notes, only_file, put, records, whole

LINES = records(0, 1000)


def test_gzip_is_read(tmp_path: Path) -> None:
    file = only_file(put(tmp_path / "app.log.gz", gzip.compress(LINES)))
    assert whole(file) == LINES
    assert (file.size, file.seekable, file.path, file.error) == (None, False, None, None)
    assert (file.read_at(0, 10), file.complete_tail, file.notes) == (b"", True, ())


def test_content_decides_not_the_name(tmp_path: Path) -> None:
    packed = only_file(put(tmp_path / "app.log", gzip.compress(LINES)))
    assert whole(packed) == LINES
    assert not packed.seekable
    plain = only_file(put(tmp_path / "other.log.gz", LINES))
    assert whole(plain) == LINES
    assert plain.seekable
    assert notes(plain) == ["it is not compressed in spite of its name, and was read as it is"]


def test_members_follow_each_other(tmp_path: Path) -> None:
    data = b"".join(gzip.compress(records(minute, 1)) for minute in range(1000))
    file = only_file(put(tmp_path / "app.log.gz", data))
    assert whole(file) == LINES
    assert file.error is None


def test_members_may_be_split_anywhere() -> None:
    data = gzip.compress(records(0, 3)) + b"\0\0" + gzip.compress(records(3, 3))
    for size in range(1, 40):
        findings = Findings()
        chunks = [data[at : at + size] for at in range(0, len(data), size)]
        assert b"".join(gunzip(chunks, findings)) == records(0, 6)
        assert findings.error is None


@pytest.mark.parametrize("cut", [1, 4, 8, 9, 100])
def test_a_cut_file_gives_what_it_holds(tmp_path: Path, cut: int) -> None:
    packed = gzip.compress(LINES)
    file = only_file(put(tmp_path / "app.log.gz", packed[:-cut]))
    read = whole(file)
    assert LINES.startswith(read)
    assert len(read) > len(LINES) * (cut < 100) * 0.9
    assert file.truncated
    assert str(file.error) == f"it is cut off: it was read only up to byte {len(read)} of its content"
    assert file.complete_tail == read.endswith(b"\n")


def test_nothing_that_was_unpacked_is_lost_at_any_cut() -> None:
    packed = gzip.compress(b"\0" * 1_000_000)
    for cut in range(1, len(packed) - 8, 7):
        expected = len(zlib.decompressobj(31).decompress(packed[:cut]))
        assert sum(map(len, gunzip([packed[:cut]], Findings()))) == expected


def test_a_file_of_a_mere_header_is_cut(tmp_path: Path) -> None:
    file = only_file(put(tmp_path / "app.log.gz", gzip.compress(LINES)[:5]))
    assert whole(file) == b""
    assert str(file.error) == "it is cut off: it was read only up to byte 0 of its content"


def test_a_wrong_checksum_loses_nothing_and_is_told(tmp_path: Path) -> None:
    packed = bytearray(gzip.compress(LINES))
    packed[-6] ^= 0xFF
    file = only_file(put(tmp_path / "app.log.gz", bytes(packed)))
    assert whole(file) == LINES
    assert not file.truncated
    assert str(file.error) == f"it is damaged: it was read only up to byte {len(LINES)} of its content"


def test_what_stands_before_damage_counts(tmp_path: Path) -> None:
    # A stored block whose length does not match its complement, after three good blocks.
    deflate = zlib.compressobj(6, zlib.DEFLATED, -15)
    packed = b"\x1f\x8b\x08\0\0\0\0\0\0\xff" + deflate.compress(LINES) + deflate.flush(zlib.Z_FULL_FLUSH)
    file = only_file(put(tmp_path / "app.log.gz", packed + b"\0\x05\0\x05\0" + b"x" * 100))
    assert whole(file) == LINES
    assert str(file.error) == f"it is damaged: it was read only up to byte {len(LINES)} of its content"


def test_an_empty_one_is_empty(tmp_path: Path) -> None:
    file = only_file(put(tmp_path / "app.log.gz", gzip.compress(b"")))
    assert whole(file) == b""
    assert str(file.error) == "it is empty"


def test_padding_behind_the_content_is_a_note(tmp_path: Path) -> None:
    file = only_file(put(tmp_path / "app.log.gz", gzip.compress(LINES) + b"\0" * 700))
    assert whole(file) == LINES
    assert (file.error, notes(file)) == (None, ["it ends in padding, which was ignored"])


@pytest.mark.parametrize("rest", [b"2025-01-15 10:00:00,123 - app.x - INFO - unpacked\n", b"g"])
def test_bytes_behind_the_content_are_a_loss(tmp_path: Path, rest: bytes) -> None:
    file = only_file(put(tmp_path / "app.log.gz", gzip.compress(LINES) + rest))
    assert whole(file) == LINES
    assert str(file.error) == "it has bytes after its compressed content, which were not read"


def test_a_bomb_needs_no_more_memory_than_a_log(tmp_path: Path) -> None:
    deflate = zlib.compressobj(9, zlib.DEFLATED, 31)
    zeros = b"\0" * (1 << 20)
    packed = b"".join(deflate.compress(zeros) for _ in range(128)) + deflate.flush()
    bomb = put(tmp_path / "app.log.gz", packed)
    script = """
        import resource, sys
        from kumon_observe.reading import open_sources
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        [chain] = open_sources(sys.argv[1:])
        print(sum(map(len, chain.files[0].blocks())))
        print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)
    """
    command = [sys.executable, "-c", textwrap.dedent(script), str(bomb)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    read, kibibytes = map(int, done.stdout.split())
    assert read == 128 << 20
    assert kibibytes < 16 << 10
