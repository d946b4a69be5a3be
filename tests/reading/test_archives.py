from __future__ import annotations

import gzip
import os
import subprocess
import tarfile
from pathlib import Path

import pytest

from kumon_observe.reading import open_sources
from kumon_observe.reading.findings import Findings
from kumon_observe.reading.tar import members
from tests.reading.making import (
    backup,
    names,
    notes,
    only_chain,
    only_file,
    put,
    records,
    tar_bytes,
    text,
    whole,
)

LINES = records(0, 1000)


def test_the_guides_night_backup_is_read(tmp_path: Path) -> None:
    put(tmp_path / "app.log", LINES)
    subprocess.run(["tar", "-czf", "app-20250115.tar.gz", "app.log"], cwd=tmp_path, check=True)
    file = only_file(tmp_path / "app-20250115.tar.gz")
    assert file.name == f"{tmp_path}/app-20250115.tar.gz/app.log"
    assert (file.size, file.seekable, file.error) == (len(LINES), False, None)
    assert whole(file) == LINES


def test_only_logs_are_taken_from_an_archive(tmp_path: Path) -> None:
    path = backup(
        tmp_path / "backup.tar.gz",
        {
            "README": b"x",
            "logs/._app.log": b"x",
            "logs/app.log": records(5, 5),
            "logs/app.log.1": records(0, 5),
            "logs/truth.json": b"{}",
        },
    )
    chain = only_chain(path)
    assert [file.name.removeprefix(f"{path}/") for file in chain.files] == ["logs/app.log.1", "logs/app.log"]
    assert text(chain) == records(0, 10)


def test_an_only_member_may_have_any_name(tmp_path: Path) -> None:
    assert whole(only_file(backup(tmp_path / "app.tar.gz", {"output": LINES}))) == LINES


def test_an_archive_of_other_things_says_so(tmp_path: Path) -> None:
    path = backup(tmp_path / "etc.tar.gz", {"hosts": b"x", "passwd": b"y"})
    assert str(only_file(path).error) == "it is an archive without logs: name one that has some"
    put(tmp_path / "app.log", LINES)
    assert names(only_chain(tmp_path)) == ["app.log"]


def test_different_logs_of_an_archive_are_different_sources(tmp_path: Path) -> None:
    path = backup(tmp_path / "logs.tar.gz", {"app.log": records(0, 5), "worker.log": records(9, 5)})
    assert [text(chain) for chain in open_sources([str(path)])] == [records(0, 5), records(9, 5)]


def test_an_uncompressed_archive_is_read(tmp_path: Path) -> None:
    path = put(tmp_path / "app-20250115.tar", tar_bytes({"app.log": LINES}))
    assert whole(only_file(path)) == LINES


@pytest.mark.parametrize("layout", [tarfile.USTAR_FORMAT, tarfile.GNU_FORMAT, tarfile.PAX_FORMAT])
def test_long_names_are_read_in_every_layout(layout: int) -> None:
    long = f"{'a' * 90}/{'b' * 90}.log"
    data = tar_bytes({long: b"one\n", "mãe.log": b"two\n"}, layout)
    findings = Findings()
    found = [(member.name, b"".join(content)) for member, content in members(iter([data]), findings)]
    assert found == [(long, b"one\n"), ("mãe.log", b"two\n")]
    assert findings.error is None


def test_links_and_folders_are_no_files(tmp_path: Path) -> None:
    put(tmp_path / "logs" / "app.log", LINES)
    (tmp_path / "logs" / "current.log").symlink_to("app.log")
    os.link(tmp_path / "logs" / "app.log", tmp_path / "logs" / "zz.log")
    os.mkfifo(tmp_path / "logs" / "pipe.log")
    subprocess.run(["tar", "-czf", "x.tar.gz", "logs"], cwd=tmp_path, check=True)
    assert whole(only_file(tmp_path / "x.tar.gz")) == LINES


@pytest.mark.parametrize("kept", [3000, 512 + 20_000])
def test_a_cut_archive_gives_what_it_holds(tmp_path: Path, kept: int) -> None:
    path = put(tmp_path / "app.tar", tar_bytes({"app.log": LINES})[:kept])
    file = only_file(path)
    assert whole(file) == LINES[: kept - 512]
    assert file.truncated
    why = f"it is cut off: it was read only up to byte {kept} of its content"
    assert str(file.error) == f"its archive cannot be read whole: {why}"


@pytest.mark.parametrize("kept", [1024, 1300])
def test_an_archive_that_ends_without_its_end_is_cut(tmp_path: Path, kept: int) -> None:
    file = only_file(put(tmp_path / "app.tar", tar_bytes({"app.log": b"x\n", "b": b"y"})[:kept]))
    assert whole(file) == b"x\n"
    assert file.truncated


def test_a_cut_archive_without_logs_is_a_loss(tmp_path: Path) -> None:
    file = only_file(put(tmp_path / "x.tar", tar_bytes({"a": b"x", "b": b"y"})[:1800]))
    assert str(file.error) == "it is cut off: it was read only up to byte 1800 of its content"


def test_records_of_other_kinds_are_passed_over() -> None:
    comment = tarfile.TarInfo("g")
    comment.type, comment.size = tarfile.XGLTYPE, 4
    broken = tarfile.TarInfo("x")
    broken.type, broken.size = tarfile.XHDTYPE, 4
    record = b"zz =".ljust(512, b"\0")
    data = comment.tobuf() + record + broken.tobuf() + record + tar_bytes({"app.log": b"x\n"})
    findings = Findings()
    found = [(member.name, b"".join(content)) for member, content in members(iter([data]), findings)]
    assert (found, findings.error) == ([("app.log", b"x\n")], None)


def test_sizes_from_8_gib_are_read() -> None:
    header = tarfile.TarInfo("app.log")
    header.size = 9 << 30
    findings = Findings()
    blocks = iter([header.tobuf(tarfile.GNU_FORMAT)])
    assert [member.size for member, _ in members(blocks, findings)] == [9 << 30]
    assert findings.truncated


def test_a_cut_compressed_archive_gives_what_it_holds(tmp_path: Path) -> None:
    packed = gzip.compress(tar_bytes({"app.log": LINES}))
    file = only_file(put(tmp_path / "app.tar.gz", packed[: len(packed) // 2]))
    read = whole(file)
    assert LINES.startswith(read)
    assert len(read) > 1000
    assert file.truncated


def test_damage_after_the_last_log_is_told(tmp_path: Path) -> None:
    packed = bytearray(gzip.compress(tar_bytes({"app.log": LINES, "zzz": b"x"})))
    packed[-6] ^= 0xFF
    file = only_file(put(tmp_path / "app.tar.gz", bytes(packed)))
    assert whole(file) == LINES
    assert "it is damaged" in str(file.error)


def test_a_damaged_header_is_told(tmp_path: Path) -> None:
    data = bytearray(tar_bytes({"a.log": b"x\n", "b.log": b"y\n"}))
    data[1024 + 150] ^= 0x01
    file = only_file(put(tmp_path / "x.tar.gz", gzip.compress(bytes(data))))
    assert whole(file) == b"x\n"
    why = "it is an archive that cannot be read after byte 1536: it is damaged"
    assert str(file.error) == f"its archive cannot be read whole: {why}"


def test_damage_in_a_copy_is_told_with_what_remains(tmp_path: Path) -> None:
    log = put(tmp_path / "app.log", LINES)
    path = put(tmp_path / "app-20250115.tar", tar_bytes({"app.log": LINES})[:3000])
    file = only_file(log, path)
    assert whole(file) == LINES
    assert file.error is None
    assert notes(file)[1].startswith(f"{path}/app.log: its archive cannot be read whole: it is cut off")


def test_what_is_no_archive_says_so(tmp_path: Path) -> None:
    bad = only_file(put(tmp_path / "bad.tar.gz", gzip.compress(b"\0garbage" * 500)))
    assert str(bad.error) == "it is no archive that can be read: it is damaged"
    log = only_file(put(tmp_path / "app.tar.gz", gzip.compress(LINES)))
    assert whole(log) == LINES
    assert notes(log) == ["it is no archive in spite of its name, and was read as one log"]


def test_a_name_record_of_any_size_is_refused_and_not_loaded() -> None:
    header = tarfile.TarInfo("x")
    header.type = tarfile.GNUTYPE_LONGNAME
    header.size = 1 << 40
    findings = Findings()
    blocks = iter([header.tobuf(tarfile.GNU_FORMAT)])
    assert list(members(blocks, findings)) == []
    assert str(findings.error) == f"it is an archive with a file name of {1 << 40} bytes: it is damaged"


def test_member_names_are_only_shown(tmp_path: Path) -> None:
    file = only_file(backup(tmp_path / "app.tar.gz", {"../../etc/\x1b[2Jcron.log": LINES}))
    assert file.name == f"{tmp_path}/app.tar.gz/../../etc/\\x1b[2Jcron.log"
    assert whole(file) == LINES


def test_an_archive_that_changed_meanwhile_says_so(tmp_path: Path) -> None:
    path = backup(tmp_path / "app.tar.gz", {"app.log": LINES})
    file = only_file(path)
    path.write_bytes(gzip.compress(tar_bytes({})))
    assert whole(file) == b""
    assert str(file.error) == "it is no longer in its archive: run again"
