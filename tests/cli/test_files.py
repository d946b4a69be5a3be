from __future__ import annotations

import os
from pathlib import Path

import pytest

from kumon_observe.cli.errors import CommandLineError
from kumon_observe.cli.files import create, write_whole


def test_a_write_that_breaks_off_leaves_the_older_file_and_no_rest(tmp_path: Path) -> None:
    path = tmp_path / "report.md"
    path.write_text("an older report")
    with pytest.raises(UnicodeEncodeError):
        write_whole(path, "a new report " * 10_000 + "\udcff")
    assert path.read_text() == "an older report"
    assert [found.name for found in tmp_path.iterdir()] == ["report.md"]


def test_a_new_file_has_the_mode_of_the_users_mask(tmp_path: Path) -> None:
    before = os.umask(0o027)
    try:
        write_whole(tmp_path / "report.md", "new")
    finally:
        os.umask(before)
    assert (tmp_path / "report.md").stat().st_mode & 0o777 == 0o640


def test_a_folder_in_the_way_is_named(tmp_path: Path) -> None:
    (tmp_path / "report.md").mkdir()
    with pytest.raises(CommandLineError, match=r"cannot write .*report\.md: Is a directory"):
        write_whole(tmp_path / "report.md", "new")
    with pytest.raises(CommandLineError, match="exists already"):
        create(tmp_path / "report.md", "new")
