"""What ``archive`` makes of a log, what it refuses, and what it removes."""

from __future__ import annotations

import gzip
import os
import shutil
import stat
import sys
from datetime import timedelta
from pathlib import Path

import pytest

from kumon_observe.archiving import copying
from kumon_observe.archiving.archive import archive, archive_all
from kumon_observe.config.archiving import ArchiveSettings
from kumon_observe.model.errors import MissingExtraError
from kumon_observe.model.status import Status
from kumon_observe.reading import open_sources
from kumon_observe.reading.rotation import parse_name
from tests.archiving.logs import NIGHT, Log, lines


@pytest.fixture
def log(tmp_path: Path) -> Log:
    made = Log(tmp_path)
    made.path.write_bytes(lines(0, 3000))
    return made


def more(log: Log, first: int = 3000) -> None:
    with log.path.open("ab") as file:
        file.write(lines(first, first + 3000))


def test_a_log_that_nobody_writes_is_empty_afterwards(log: Log) -> None:
    done = log.archived()
    assert done.status is Status.OK
    assert str(done.sentence) == f"{len(lines(0, 3000))} bytes went into app-20250115-020000.log.gz"
    assert log.path.read_bytes() == b""
    assert log.whole() == lines(0, 3000)


def test_an_archive_has_the_mode_of_its_log(log: Log) -> None:
    log.path.chmod(0o640)
    log.archived()
    [made] = log.archives()
    assert stat.S_IMODE(made.stat().st_mode) == 0o640


def test_several_of_one_second_do_not_collide_and_keep_their_order(log: Log) -> None:
    for number in range(3):
        log.archived()
        more(log, 3000 * (number + 1))
    assert [path.name for path in log.archives()] == [
        "app-20250115-020000.log.gz",
        "app-20250115-020001.log.gz",
        "app-20250115-020002.log.gz",
    ]
    assert log.whole() == lines(0, 12_000)


def test_the_order_holds_where_the_clock_went_back(log: Log) -> None:
    log.archived(days=2)
    more(log)
    log.archived(days=1)
    assert [path.name for path in log.archives()] == [
        "app-20250117-020000.log.gz",
        "app-20250117-020001.log.gz",
    ]
    assert log.whole() == lines(0, 6000)


def test_a_file_of_another_program_with_that_name_is_not_replaced(log: Log) -> None:
    other = log.folder / "app-20250115-020000.log.gz"
    other.write_bytes(b"of another program")
    assert str(log.archived().archive).endswith("app-20250115-020001.log.gz")
    assert other.read_bytes() == b"of another program"


@pytest.mark.parametrize(
    ("name", "made"),
    [
        ("app.jsonl", "app-20250115-020000.jsonl.gz"),
        ("output", "output-20250115-020000.gz"),
        ("my.app.log", "my.app-20250115-020000.log.gz"),
    ],
)
def test_the_name_is_that_of_a_rotated_sibling(tmp_path: Path, name: str, made: str) -> None:
    (tmp_path / name).write_bytes(lines(0, 3000))
    done = archive(tmp_path / name, clock=lambda: NIGHT)
    assert done.archive == str(tmp_path / made)
    assert parse_name(made).family == name
    [chain] = open_sources([tmp_path / name], rotated=True)
    assert [Path(file.name).name for file in chain.files] == [made, name]


@pytest.mark.parametrize("name", ["app.log.1", "app-20250115.log", "app.log.2.gz"])
def test_a_rotated_part_is_refused(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(lines(0, 3000))
    done = archive(tmp_path / name)
    assert done.status is Status.WARNING
    assert str(done.sentence) == "its name is that of a rotated log: name the one that is being written"


def test_a_name_whose_archives_could_be_anothers_is_refused(tmp_path: Path) -> None:
    (tmp_path / "app.gone").write_bytes(lines(0, 3000))
    assert str(archive(tmp_path / "app.gone").sentence) == (
        "its archives could not be told from others by their name: give it the ending .log"
    )


def test_a_link_is_followed_and_said(log: Log, tmp_path: Path) -> None:
    link = tmp_path / "current"
    link.symlink_to(log.path)
    done = archive(link, clock=lambda: NIGHT)
    assert [str(note) for note in done.notes] == [
        f"it is a link, and what it leads to is archived: {log.path.resolve()}"
    ]
    assert done.archive == str(tmp_path / "app-20250115-020000.log.gz")
    assert link.is_symlink()


def test_too_little_is_left_alone_and_no_fault(tmp_path: Path) -> None:
    log = Log(tmp_path)
    log.path.write_bytes(lines(0, 10))
    done = log.archived()
    assert done.status is Status.OK
    assert (
        str(done.sentence)
        == f"nothing to do: it has {len(lines(0, 10))} bytes of whole lines, and 8192 are worth it"
    )
    assert log.path.read_bytes() == lines(0, 10)
    assert log.archives() == []


def test_one_endless_line_is_no_whole_line(tmp_path: Path) -> None:
    log = Log(tmp_path)
    log.path.write_bytes(b"x" * 600_000)
    assert "it has 0 bytes of whole lines" in str(log.archived().sentence)


def test_a_log_that_is_not_there_is_told(tmp_path: Path) -> None:
    done = Log(tmp_path).archived()
    assert done.status is Status.UNKNOWN
    assert str(done.sentence) == "it does not exist: check the path"


def test_what_is_no_regular_file_is_refused(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "app.log")
    done = Log(tmp_path).archived()
    assert done.status is Status.UNKNOWN
    assert str(done.sentence) == "it is no regular file: name the log itself"


def test_a_log_that_may_not_be_written_is_refused(log: Log, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_arguments: object) -> int:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(os, "open", refuse)
    done = log.archived()
    assert str(done.sentence) == "it may not be read and written by this user: permission denied"


def test_a_folder_that_may_not_be_written_is_refused(log: Log, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "access", lambda *_arguments: False)
    done = log.archived()
    assert done.status is Status.WARNING
    assert str(done.sentence) == f"{log.folder} may not be written by this user: set archive.directory"
    assert log.path.read_bytes() == lines(0, 3000)


def test_without_room_nothing_is_begun(log: Log) -> None:
    done = log.archived(least_free=1 << 60)
    assert done.status is Status.WARNING
    assert f"{log.folder} has " in str(done.sentence)
    assert "make room there, or set archive.directory" in str(done.sentence)
    assert log.path.read_bytes() == lines(0, 3000)
    assert log.left_behind() == []


def test_a_disk_that_gets_full_meanwhile_loses_nothing(log: Log, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(copying, "_EXPECTED_SHARE", 1)
    usage = iter([1 << 40, 10])
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: _Usage(next(usage)))
    done = log.archived(least_free=1000)
    assert f"{log.folder} has 10 bytes free, and 1000 are needed" in str(done.sentence)
    assert log.path.read_bytes() == lines(0, 3000)
    assert log.is_settled()


class _Usage:
    def __init__(self, free: int) -> None:
        self.free = free


def test_a_disk_that_refuses_is_told_in_its_own_words(log: Log, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_arguments: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(copying, "copy", refuse)
    done = log.archived()
    assert str(done.sentence) == "it is not archived, and nothing was cut: No space left on device"
    assert log.path.read_bytes() == lines(0, 3000)
    assert log.is_settled()


def test_another_folder_is_made_and_used(log: Log, tmp_path: Path) -> None:
    folder = tmp_path / "old" / "logs"
    done = log.archived(directory=str(folder))
    assert done.archive == str(folder / "app-20250115-020000.log.gz")
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_two_logs_of_one_name_do_not_share_a_folder(log: Log, tmp_path: Path) -> None:
    folder = tmp_path / "old"
    log.archived(directory=str(folder))
    other = Log(tmp_path / "other")
    other.folder.mkdir()
    other.path.write_bytes(lines(0, 3000))
    done = other.archived(directory=str(folder))
    assert str(done.sentence) == (
        f"{folder} has the archives of {log.path.resolve()}: choose another archive.directory"
    )


def test_old_archives_are_removed_but_never_the_newest(log: Log) -> None:
    for day in range(3):
        assert log.archived(days=day, keep_days=2).removed == ()
        more(log)
    assert log.archived(days=3, keep_days=2).removed == (str(log.folder / "app-20250115-020000.log.gz"),)
    assert [path.name for path in log.archives()] == [
        "app-20250116-020000.log.gz",
        "app-20250117-020000.log.gz",
        "app-20250118-020000.log.gz",
    ]
    more(log)
    log.archived(days=400, keep_days=2)
    log.archived(days=900, keep_days=2)
    assert [path.name for path in log.archives()] == ["app-20260219-020000.log.gz"]


def test_the_oldest_are_removed_where_all_are_too_large(log: Log) -> None:
    log.archived(days=0)
    [first] = log.archives()
    most = int(first.stat().st_size * 2.5)
    for day in range(1, 4):
        more(log, 3000 * day)
        log.archived(days=day, keep_bytes=most)
    assert [path.name for path in log.archives()] == [
        "app-20250117-020000.log.gz",
        "app-20250118-020000.log.gz",
    ]
    more(log)
    log.archived(days=5, keep_bytes=1)
    assert [path.name for path in log.archives()] == ["app-20250120-020000.log.gz"]


def test_files_that_archive_did_not_make_are_never_removed(log: Log) -> None:
    others = [
        log.folder / name for name in ("app-20200101.log.gz", "app-20200101-020000.log.gz", "app.log.1")
    ]
    for other in others:
        other.write_bytes(gzip.compress(b"old\n"))
        os.utime(other, (0, 0))
    log.archived(keep_days=1, keep_bytes=1)
    more(log)
    log.archived(days=100, keep_days=1, keep_bytes=1)
    assert all(other.exists() for other in others)


def test_an_archive_that_somebody_changed_is_kept_and_said(log: Log) -> None:
    log.archived()
    [first] = log.archives()
    first.write_bytes(b"something else")
    more(log)
    done = log.archived(days=10, keep_days=1)
    assert [str(note) for note in done.notes] == [f"{first.name} is not as it was made, and is kept"]
    assert first.read_bytes() == b"something else"


def test_an_archive_that_somebody_moved_away_is_forgotten(log: Log) -> None:
    log.archived()
    [first] = log.archives()
    first.rename(log.folder / "elsewhere")
    more(log)
    assert log.archived(days=10, keep_days=1).removed == ()


def test_a_dry_run_says_all_and_changes_nothing(log: Log) -> None:
    log.archived()
    more(log)
    before = {path.name: path.read_bytes() for path in log.folder.iterdir()}
    done = log.archived(days=10, keep_days=1, dry_run=True)
    size = len(lines(0, 3000))
    assert str(done.sentence).endswith(" bytes would go into app-20250125-020000.log.gz")
    assert done.cut >= size
    assert done.removed == (str(log.folder / "app-20250115-020000.log.gz"),)
    assert {path.name: path.read_bytes() for path in log.folder.iterdir()} == before


def test_a_dry_run_makes_no_folder(log: Log, tmp_path: Path) -> None:
    done = log.archived(directory=str(tmp_path / "old" / "logs"), dry_run=True)
    assert done.status is Status.OK
    assert not (tmp_path / "old").exists()


def test_zstd_is_read_back_by_rotated(log: Log) -> None:
    done = log.archived(compression="zstd")
    assert done.archive == str(log.folder / "app-20250115-020000.log.zst")
    [chain] = open_sources([log.path], rotated=True)
    assert b"".join(chain.files[0].blocks()) == lines(0, 3000)


def test_zstd_needs_its_package(log: Log, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("compression.zstd", "backports.zstd"):
        monkeypatch.setitem(sys.modules, name, None)
    with pytest.raises(MissingExtraError, match=r"zstd needs an extra: install kumon-observe\[zstd\]"):
        log.archived(compression="zstd")
    assert log.path.read_bytes() == lines(0, 3000)


def test_of_a_folder_those_are_taken_that_are_being_written(log: Log, tmp_path: Path) -> None:
    (tmp_path / "other.log").write_bytes(lines(0, 3000))
    (tmp_path / "app.log.1").write_bytes(lines(0, 3000))
    done = archive_all([str(tmp_path)], ArchiveSettings(), clock=lambda: NIGHT)
    assert sorted(Path(each.log).name for each in done) == ["app.log", "other.log"]
    done = archive_all([str(tmp_path / "*.log*")], ArchiveSettings(), clock=lambda: NIGHT + timedelta(days=1))
    assert sorted(Path(each.log).name for each in done) == ["app.log", "other.log"]


def test_a_pattern_without_logs_is_told(tmp_path: Path) -> None:
    [done] = archive_all([str(tmp_path / "*.log")], ArchiveSettings())
    assert done.status is Status.UNKNOWN
    assert str(done.sentence) == "no log matches it: check the pattern"
