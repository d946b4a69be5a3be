"""Saved cursors: kept whole or not at all, whatever is done to their file."""

from __future__ import annotations

import os
import sqlite3
import stat
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from kumon_observe.state.cursors import LONGEST_KEPT, MOST_BYTES, MOST_KEPT, Cursors
from kumon_observe.state.database import DAMAGED, FILE, reading

NOW = datetime(2025, 1, 15, 10, tzinfo=UTC)


@pytest.fixture
def cursors(tmp_path: Path) -> Cursors:
    return Cursors(tmp_path / "state", lambda: NOW, wait=0.05)


def test_what_was_saved_is_loaded(cursors: Cursors) -> None:
    assert cursors.load("k") == (None, None)
    assert cursors.save("k", b"one") is None
    assert cursors.save("k", b"two") is None
    assert cursors.load("k") == (b"two", None)
    assert cursors.load("other") == (None, None)
    assert cursors.drop("k") is None
    assert cursors.load("k") == (None, None)


def test_looking_makes_no_file(cursors: Cursors) -> None:
    cursors.load("k")
    assert not cursors.directory.exists()


def test_only_its_owner_may_read_the_file(cursors: Cursors) -> None:
    old = os.umask(0)
    try:
        cursors.save("k", b"value")
    finally:
        os.umask(old)
    assert stat.S_IMODE(cursors.directory.stat().st_mode) == 0o700
    for path in cursors.directory.iterdir():
        assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_the_latest_few_are_kept(tmp_path: Path) -> None:
    moments = iter(range(MOST_KEPT + 3))
    for number in range(MOST_KEPT + 3):
        Cursors(tmp_path, lambda: NOW + timedelta(seconds=next(moments))).save(f"k{number}", b"x")
    cursors = Cursors(tmp_path)
    held = [number for number in range(MOST_KEPT + 3) if cursors.load(f"k{number}")[0]]
    assert held == list(range(3, MOST_KEPT + 3))


def test_an_old_one_is_given_up(tmp_path: Path) -> None:
    Cursors(tmp_path, lambda: NOW).save("old", b"x")
    Cursors(tmp_path, lambda: NOW + timedelta(seconds=LONGEST_KEPT)).save("edge", b"x")
    assert Cursors(tmp_path).load("old")[0]
    Cursors(tmp_path, lambda: NOW + timedelta(seconds=LONGEST_KEPT + 1)).save("new", b"x")
    assert [Cursors(tmp_path).load(key)[0] for key in ("old", "edge", "new")] == [None, b"x", b"x"]


def test_a_state_beyond_all_bounds_is_not_saved(cursors: Cursors) -> None:
    assert "too large" in str(cursors.save("k", bytes(MOST_BYTES + 1)))
    assert cursors.load("k") == (None, None)


def edit(cursors: Cursors, statement: str) -> None:
    connection = sqlite3.connect(cursors.directory / FILE)
    with connection:
        connection.execute(statement)
    connection.close()


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE cursors SET value = x'00'",
        "UPDATE cursors SET value = 'text'",
        "UPDATE cursors SET digest = x'00'",
        "UPDATE cursors SET key = 'k' WHERE key = 'j'",
    ],
)
def test_a_damaged_value_is_thrown_away(cursors: Cursors, statement: str) -> None:
    cursors.save("j", b"value")
    if "'j'" not in statement:
        cursors.drop("j")
        cursors.save("k", b"value")
    edit(cursors, statement)
    value, why = cursors.load("k")
    assert value is None
    assert "damaged, and was thrown away" in str(why)
    assert cursors.load("k") == (None, None)


def garbage(path: Path) -> None:
    path.write_bytes(b"no database at all " * 1000)


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:5000])


def holes(path: Path) -> None:
    data = path.read_bytes()
    path.write_bytes(data[:100] + bytes(len(data) - 100))


@pytest.mark.parametrize("harm", [garbage, cut, holes])
def test_a_damaged_file_is_put_aside(cursors: Cursors, harm: Callable[[Path], None]) -> None:
    cursors.save("k", b"value" * 1000)
    harm(cursors.directory / FILE)
    value, why = cursors.load("k")
    assert value is None
    assert f"was damaged and is now {DAMAGED}" in str(why)
    assert (cursors.directory / DAMAGED).exists()
    assert cursors.save("k", b"again") is None
    assert cursors.load("k") == (b"again", None)


def test_an_empty_file_is_a_new_one(cursors: Cursors) -> None:
    cursors.directory.mkdir()
    (cursors.directory / FILE).touch()
    assert cursors.load("k") == (None, None)
    assert cursors.save("k", b"value") is None


def test_what_a_newer_release_made_is_left_alone(cursors: Cursors) -> None:
    cursors.save("k", b"value")
    with reading(cursors.directory, 1) as database:
        ((made,),) = database.execute("PRAGMA user_version")
    edit(cursors, "PRAGMA user_version = 99")
    value, why = cursors.load("k")
    assert value is None
    assert "made by a newer release, and is left alone" in str(why)
    assert "newer release" in str(cursors.save("k", b"other"))
    edit(cursors, f"PRAGMA user_version = {made}")
    assert cursors.load("k") == (b"value", None)


def test_the_database_of_another_program_is_left_alone(cursors: Cursors) -> None:
    cursors.directory.mkdir()
    edit(cursors, "CREATE TABLE notes (text)")
    assert "no state of kumon-observe" in str(cursors.load("k")[1])
    assert "no state of kumon-observe" in str(cursors.save("k", b"value"))
    edit(cursors, "SELECT text FROM notes")


def test_a_missing_table_is_told(cursors: Cursors) -> None:
    cursors.save("k", b"value")
    edit(cursors, "DROP TABLE cursors")
    assert "cannot be used: no such table" in str(cursors.load("k")[1])


def test_a_place_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    cursors = Cursors(tmp_path / "file" / "state")
    assert "cannot be used: Not a directory" in str(cursors.save("k", b"value"))


def test_a_run_that_cannot_write_says_so_and_goes_on(cursors: Cursors) -> None:
    cursors.save("k", b"value")
    other = sqlite3.connect(cursors.directory / FILE, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    assert "cannot be used: database is locked" in str(cursors.save("k", b"other"))
    assert cursors.load("k") == (b"value", None)
    other.execute("ROLLBACK")
    other.close()
    assert cursors.save("k", b"other") is None


def test_what_fails_half_way_is_not_kept(cursors: Cursors, monkeypatch: pytest.MonkeyPatch) -> None:
    cursors.save("k", b"value")
    monkeypatch.setattr("kumon_observe.state.cursors.MOST_KEPT", "many")
    assert cursors.save("k", b"other") is not None
    assert cursors.load("k") == (b"value", None)


SAVES = """
import sys
from pathlib import Path
from kumon_observe.state.cursors import Cursors
cursors = Cursors(Path(sys.argv[1]), wait=30)
for n in range(40):
    why = cursors.save(f"k{n % 4}", sys.argv[2].encode() * 20_000)
    value, other = cursors.load(f"k{n % 4}")
    assert why is None and other is None, (why, other)
    assert value is not None and len(set(value)) == 1, value
"""


def test_several_processes_may_save_and_load_at_once(tmp_path: Path) -> None:
    command = [sys.executable, "-c", SAVES, str(tmp_path / "state")]
    runs = [
        subprocess.Popen([*command, letter], stderr=subprocess.PIPE, text=True) for letter in ("a", "b", "c")
    ]
    for run in runs:
        _, told = run.communicate(timeout=60)
        assert run.returncode == 0, told
