"""No bytes whatever raise or hang, and damage never invents or reorders what stands before it."""

from __future__ import annotations

import gzip
import io
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from hypothesis import given, settings, strategies as st

from kumon_observe.reading import open_sources
from tests.reading.making import only_file, put, records, tar_bytes, text, whole

NAMES = ["app.log", "app.log.gz", "app.log.1", "app-20250115.tar.gz", "app.tar"]
STARTS = [
    b"",
    b"\x1f\x8b",
    gzip.compress(b"x\n"),
    gzip.compress(b"x" * 99)[:-9],
    tar_bytes({"a.log": b"x\n"}),
]
LINES = records(0, 200)
PACKED = gzip.compress(LINES)
ARCHIVED = gzip.compress(tar_bytes({"app.log": LINES, "app.log.1": LINES[:2900], "other": b"x"}))


@contextmanager
def _folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory() as name:
        yield Path(name)


@settings(deadline=None)
@given(st.lists(st.tuples(st.sampled_from(NAMES), st.sampled_from(STARTS), st.binary()), min_size=1))
def test_any_files_can_be_read(files: list[tuple[str, bytes, bytes]]) -> None:
    with _folder() as folder:
        for name, start, rest in files:
            put(folder / name, start + rest)
        chains = open_sources([str(folder), str(folder / "app.log")], rotated=True)
        for chain in chains:
            text(chain)
        for file in (file for chain in chains for file in chain.files):
            assert file.error is None or str(file.error).startswith("it ")


@settings(deadline=None)
@given(st.binary(), st.sampled_from(STARTS))
def test_any_stream_can_be_read(data: bytes, start: bytes) -> None:
    whole(only_file("-", stdin=io.BytesIO(start + data)))


@settings(deadline=None)
@given(st.integers(2, len(PACKED) - 1))
def test_a_cut_gives_a_beginning_and_an_error(cut: int) -> None:
    with _folder() as folder:
        file = only_file(put(folder / "app.log.gz", PACKED[:cut]))
        read = whole(file)
        assert LINES.startswith(read)
        assert file.error is not None


@settings(deadline=None)
@given(st.integers(0, len(ARCHIVED) - 1), st.integers(1, 255))
def test_damage_in_an_archive_is_never_silent(place: int, change: int) -> None:
    damaged = bytearray(ARCHIVED)
    damaged[place] ^= change
    with _folder() as folder:
        chains = open_sources([str(put(folder / "app-20250115.tar.gz", bytes(damaged)))])
        read = b"".join(map(text, chains))
        unharmed = read.endswith(LINES)
        assert unharmed or any(file.error for chain in chains for file in chain.files)


@given(st.text())
def test_any_name_can_be_asked_for(name: str) -> None:
    for chain in open_sources([f"/nowhere/{name}"], rotated=True):
        text(chain)
        assert all(file.error is not None for file in chain.files)
        assert chain.name.isprintable()
