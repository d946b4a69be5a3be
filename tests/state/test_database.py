"""The state file while several threads and processes use it."""

from __future__ import annotations

import os
import sqlite3
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from kumon_observe.state.database import FILE, reading, writing

SAVES = """
import sys
from pathlib import Path
from kumon_observe.state.database import writing
for name in sys.argv[2:]:
    with writing(Path(sys.argv[1]), 10) as connection:
        connection.execute("INSERT INTO cursors VALUES (?, 1, 1, 1)", (name,))
"""


def saving(folder: Path, *names: str) -> subprocess.Popen[bytes]:
    """Another process that saves *names*."""
    return subprocess.Popen([sys.executable, "-c", SAVES, str(folder), *names])


def saved(folder: Path) -> list[str]:
    with reading(folder, 10) as connection:
        return [name for (name,) in connection.execute("SELECT key FROM cursors ORDER BY key")]


def test_nothing_is_lost_when_one_thread_ends_its_use_while_another_goes_on(tmp_path: Path) -> None:
    """The system drops all locks of a process on a file as soon as it closes any descriptor of it.

    Another process would then take itself for the last one that uses the file, and remove its log.
    """
    with writing(tmp_path, 1):
        pass
    held = sqlite3.connect(tmp_path / FILE, isolation_level=None)
    assert held.execute("SELECT count(*) FROM cursors").fetchone() == (0,)
    with writing(tmp_path, 1) as connection:
        connection.execute("INSERT INTO cursors VALUES ('a', 1, 1, 1)")
    assert saving(tmp_path, "b").wait(60) == 0
    held.execute("INSERT INTO cursors VALUES ('c', 1, 1, 1)")
    assert saving(tmp_path, "d").wait(60) == 0
    held.close()
    assert saved(tmp_path) == ["a", "b", "c", "d"]


def test_processes_that_make_it_at_once_make_one(tmp_path: Path) -> None:
    assert [process.wait(60) for process in [saving(tmp_path, name) for name in "abcd"]] == [0, 0, 0, 0]
    assert saved(tmp_path) == ["a", "b", "c", "d"]
    assert [path.name for path in tmp_path.iterdir()] == [FILE]


def test_a_filesystem_without_links_will_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(os, "link", refuse)
    with writing(tmp_path, 1) as connection:
        connection.execute("INSERT INTO cursors VALUES ('a', 1, 1, 1)")
    assert saved(tmp_path) == ["a"]
    assert [path.name for path in tmp_path.iterdir()] == [FILE]
    assert stat.S_IMODE((tmp_path / FILE).stat().st_mode) == 0o600


def test_a_file_that_another_process_has_just_made_is_used(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    link = os.link

    def slow(source: Path, target: Path) -> None:
        link(source, target)
        link(source, target)

    monkeypatch.setattr(os, "link", slow)
    with writing(tmp_path, 1) as connection:
        connection.execute("INSERT INTO cursors VALUES ('a', 1, 1, 1)")
    assert saved(tmp_path) == ["a"]
