from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
from attrs import evolve

from kumon_observe.config.settings import Settings
from kumon_observe.config.watching import WatchSettings
from kumon_observe.model.incident import Incident, IncidentState
from kumon_observe.monitor.onlooker import Onlooker, told
from kumon_observe.state.book import Book
from kumon_observe.state.incidents import keep_incident
from tests.present.boards import incident

APPLICATION = 0x6B756D6F


@pytest.fixture
def state(tmp_path: Path) -> Path:
    return tmp_path / "state"


def onlooker(state: Path) -> Onlooker:
    return Onlooker.of(Settings(state_dir=str(state)))


def keep(state: Path, *incidents: Incident) -> None:
    book = Book(state)
    with book.changing() as connection:
        for one in incidents:
            keep_incident(connection, one)
    book.close()


@contextmanager
def database(state: Path) -> Iterator[sqlite3.Connection]:
    state.mkdir(exist_ok=True)
    with closing(sqlite3.connect(state / "state.db", isolation_level=None)) as connection:
        yield connection


def test_where_no_watch_ran_nothing_is_made(state: Path) -> None:
    looking = onlooker(state)
    assert told(looking) == ((), None)
    assert looking.beat() is None
    assert not state.exists()


def test_the_open_incidents_are_told(state: Path) -> None:
    over = incident(2, rule="quiet", state=IncidentState.RESOLVED, ended=datetime(2025, 1, 15, tzinfo=UTC))
    keep(state, incident(1), over)
    assert told(onlooker(state)) == ((incident(1),), None)


def test_what_the_watch_changes_is_seen(state: Path) -> None:
    keep(state, incident(1))
    looking = onlooker(state)
    before = looking.incidents()
    taken = evolve(incident(1), state=IncidentState.ACKNOWLEDGED, by="ana")
    keep(state, taken)
    assert (before, looking.incidents()) == ((incident(1),), (taken,))


def test_an_unchanged_state_is_not_read_again(state: Path) -> None:
    keep(state, incident(1))
    looking = onlooker(state)
    assert looking.incidents() is looking.incidents()


def test_looking_leaves_nothing_behind(state: Path) -> None:
    keep(state, incident(1))
    before = {path.name: path.read_bytes() for path in state.iterdir()}
    onlooker(state).incidents()
    assert {path.name: path.read_bytes() for path in state.iterdir()} == before


def test_a_watch_that_writes_hinders_nobody(state: Path) -> None:
    keep(state, incident(1))
    with database(state) as connection:
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("DELETE FROM incidents")
        assert told(onlooker(state)) == ((incident(1),), None)


def test_what_an_open_watch_wrote_is_seen(state: Path) -> None:
    book = Book(state)
    with book.changing() as connection:
        keep_incident(connection, incident(1))
    assert (state / "state.db-wal").exists()
    assert told(onlooker(state)) == ((incident(1),), None)
    book.close()


def test_who_only_looks_hinders_no_watch(state: Path) -> None:
    keep(state, incident(1))
    looking = onlooker(state)
    looking.incidents()
    keep(state, incident(2, rule="quiet"))
    assert len(looking.incidents()) == 2


def test_a_state_of_an_earlier_release_has_no_incidents(state: Path) -> None:
    with database(state) as connection:
        connection.execute("CREATE TABLE cursors (key TEXT)")
        connection.execute(f"PRAGMA application_id = {APPLICATION}")
        connection.execute("PRAGMA user_version = 1")
    before = (state / "state.db").read_bytes()
    assert told(onlooker(state)) == ((), None)
    assert (state / "state.db").read_bytes() == before


def test_a_state_of_a_newer_release_is_said(state: Path) -> None:
    with database(state) as connection:
        connection.execute(f"PRAGMA application_id = {APPLICATION}")
        connection.execute("PRAGMA user_version = 9999")
    known, why = told(onlooker(state))
    assert known == ()
    assert str(why) == f"{state / 'state.db'} was made by a newer release, and is left alone"


def test_a_damaged_state_is_said_and_left_where_it_is(state: Path) -> None:
    state.mkdir()
    (state / "state.db").write_bytes(b"no database" * 1000)
    known, why = told(onlooker(state))
    assert known == ()
    assert str(why) == f"{state / 'state.db'} cannot be used: file is not a database"
    assert [path.name for path in state.iterdir()] == ["state.db"]


def test_a_state_that_may_not_be_looked_into_is_not_taken_for_none(state: Path) -> None:
    state.write_text("a file where a folder should be")
    known, why = told(onlooker(state))
    assert known == ()
    assert str(why) == f"{state / 'state.db'} cannot be used: Not a directory"


def test_a_state_with_a_strange_name_is_found(tmp_path: Path) -> None:
    state = tmp_path / "a?b#c %20"
    keep(state, incident(1))
    assert told(onlooker(state)) == ((incident(1),), None)


@pytest.mark.parametrize("named", [False, True])
def test_the_heartbeat_is_the_time_of_its_file(state: Path, tmp_path: Path, named: bool) -> None:
    state.mkdir()
    path = tmp_path / "beat" if named else state / "heartbeat"
    path.write_text("{}")
    os.utime(path, (1_736_935_200, 1_736_935_200))
    watch = WatchSettings(heartbeat=str(path) if named else "")
    looking = Onlooker.of(Settings(state_dir=str(state), watch=watch))
    assert looking.beat() == datetime(2025, 1, 15, 10, tzinfo=UTC)
