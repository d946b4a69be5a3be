from __future__ import annotations

import sys
from pathlib import Path

import pytest

from kumon_observe.reading.findings import Findings
from kumon_observe.reading.zstandard import unzstd, zstd
from tests.reading.making import only_file, put, records, whole

LINES = records(0, 20_000)


def packed(content: bytes = LINES) -> bytes:
    made: bytes = zstd().compress(content)
    return made


def test_zstd_is_read(tmp_path: Path) -> None:
    file = only_file(put(tmp_path / "app.log.zst", packed()))
    assert whole(file) == LINES
    assert (file.size, file.seekable, file.error) == (None, False, None)


def test_content_decides_not_the_name(tmp_path: Path) -> None:
    assert whole(only_file(put(tmp_path / "app.log", packed()))) == LINES


def test_frames_follow_each_other_and_may_be_split_anywhere() -> None:
    data = packed(records(0, 3)) + packed(records(3, 3))
    for size in range(1, 40):
        findings = Findings()
        chunks = [data[at : at + size] for at in range(0, len(data), size)]
        assert b"".join(unzstd(chunks, findings)) == records(0, 6)
        assert findings.error is None


def test_a_cut_file_is_told_and_what_there_is_is_read(tmp_path: Path) -> None:
    file = only_file(put(tmp_path / "app.log.zst", packed()[:-9]))
    read = whole(file)
    assert LINES.startswith(read)
    assert file.truncated
    assert str(file.error) == f"it is cut off: it was read only up to byte {len(read)} of its content"


def test_a_damaged_file_is_told(tmp_path: Path) -> None:
    data = packed()
    file = only_file(put(tmp_path / "app.log.zst", data[:40] + b"\xff" * 40 + data[80:]))
    read = whole(file)
    assert str(file.error) == f"it is damaged: it was read only up to byte {len(read)} of its content"


def test_what_reads_it_is_an_extra(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = put(tmp_path / "app.log.zst", packed())
    for name in ("compression.zstd", "backports.zstd"):
        monkeypatch.setitem(sys.modules, name, None)
    file = only_file(path)
    whole(file)
    assert str(file.error) == "it is compressed with zstd: install kumon-observe[zstd]"
