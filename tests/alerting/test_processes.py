"""Two processes on one store, and a process that is killed at any moment."""

from __future__ import annotations

import signal
import sqlite3
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from kumon_observe.alerting import acts
from kumon_observe.model.incident import IncidentState
from kumon_observe.state import incidents, outbox
from kumon_observe.state.book import Book
from kumon_observe.state.database import FILE, NoState
from tests.alerting.world import World, losses, rule

_ROOT = Path(__file__).resolve().parents[2]

_GROWING = """\
import sys
from pathlib import Path
from kumon_observe.state.book import Book
from tests.alerting.world import World, losses, rule
world = World(rule(), book=Book(Path(sys.argv[1])), quiet_between=0)
for n in range(1, 100_000):
    world.later(1).says(losses(*range(1, n + 1)))
    print(n, flush=True)
"""


def test_somebody_acknowledges_while_the_watch_runs(tmp_path: Path) -> None:
    world = World(rule(), book=Book(tmp_path), quiet_between=0)
    world.says(losses(1))
    elsewhere = Book(tmp_path)
    name = world.one().id
    acts.acknowledge(world.settings, elsewhere, world.now, name[:2], by="ana", comment="on it")
    assert world.one().state is IncidentState.ACKNOWLEDGED
    assert world.after(3000) == []


def test_many_writers_at_once_lose_nothing(tmp_path: Path) -> None:
    world = World(rule(escalate=False), book=Book(tmp_path), quiet_between=0)
    world.says(losses(1))
    name = world.one().id

    def acknowledging() -> None:
        book = Book(tmp_path)
        for n in range(25):
            acts.acknowledge(world.settings, book, world.now, name, by=f"ana{n}")
        book.close()

    threads = [threading.Thread(target=acknowledging) for _ in range(3)]
    for thread in threads:
        thread.start()
    for n in range(2, 40):
        world.says(losses(*range(1, n + 1)))
    for thread in threads:
        thread.join()
    incident = world.one()
    assert (incident.found, incident.by) == (39, "ana24")
    with world.book.reading() as connection:
        keys = [key for (key,) in connection.execute("SELECT key FROM outbox ORDER BY id")]
    assert len(keys) == len(set(keys)) == incident.messages


def test_a_store_that_is_held_too_long_is_said_and_can_be_tried_again(tmp_path: Path) -> None:
    world = World(rule(), book=Book(tmp_path, wait=0.05))
    world.says(losses())
    holder = sqlite3.connect(tmp_path / FILE, isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    with pytest.raises(NoState, match="cannot be used: database is locked"):
        world.says(losses(1))
    holder.execute("ROLLBACK")
    holder.close()
    assert world.says(losses(1)) == ["fired"]


def test_a_store_that_was_taken_away_is_made_anew(tmp_path: Path) -> None:
    world = World(rule(), book=Book(tmp_path))
    world.says(losses(1))
    for path in tmp_path.iterdir():
        path.unlink()
    assert world.open() == []
    assert world.says(losses(1)) == ["fired"]


def test_a_damaged_store_is_put_aside_and_said(tmp_path: Path) -> None:
    world = World(rule(), book=Book(tmp_path))
    world.says(losses(1))
    world.book.close()
    (tmp_path / FILE).write_bytes(b"no database at all " * 1000)
    with pytest.raises(NoState, match=r"was damaged and is now state\.db\.damaged"):
        world.says(losses(1))
    assert world.says(losses(1)) == ["fired"]


@pytest.mark.parametrize("lines", [1, 7, 20])
def test_a_kill_leaves_incident_and_messages_together(tmp_path: Path, lines: int) -> None:
    state = tmp_path / "state"
    running = subprocess.Popen(
        [sys.executable, "-c", _GROWING, str(state)], cwd=_ROOT, stdout=subprocess.PIPE, text=True
    )
    assert running.stdout is not None
    for _ in range(lines):
        running.stdout.readline()
    running.send_signal(signal.SIGKILL)
    running.wait()
    running.stdout.close()
    with Book(state).reading() as connection:
        (incident,) = incidents.open_incidents(connection)
        rows = connection.execute(
            "SELECT count(*), max(json_extract(nullif(alert, ''), '$.found')) FROM outbox"
        )
        messages, found = rows.fetchone()
    assert (incident.messages, incident.found) == (messages, found)
    assert incident.found >= lines
    assert incident.told is not None
    world = World(rule(escalate=False), book=Book(state), quiet_between=0, now=incident.told)
    assert world.says(losses(*range(1, incident.found + 1))) == []
    assert world.says(losses(*range(1, incident.found + 2))) == ["grew"]


def test_an_error_in_the_middle_leaves_neither_incident_nor_message(monkeypatch: pytest.MonkeyPatch) -> None:
    world = World(rule())
    with monkeypatch.context() as broken:
        broken.setattr(outbox, "enqueue", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            world.says(losses(1))
    assert (world.open(), world.waiting()) == ([], [])
    assert world.says(losses(1)) == ["fired"]


def test_on_a_full_disk_the_watch_goes_on_with_a_copy(tmp_path: Path) -> None:
    world = World(rule(), book=Book(tmp_path), quiet_between=0)
    world.says(losses(1, 2))
    full(world.book)
    with pytest.raises(NoState, match="cannot be used: database or disk is full"):
        world.says(losses(*range(1, 2000)))
    going_on = World(rule(), book=world.book.copied(), quiet_between=0)
    assert going_on.says(losses(1, 2)) == []
    assert going_on.says(losses(1, 2, 3)) == ["grew"]
    assert going_on.one().id == world.one().id


def full(book: Book) -> None:
    """Let the database take no further page, as on a full disk."""
    with book.reading() as connection:
        ((pages,),) = connection.execute("PRAGMA page_count")
    book._open().execute(f"PRAGMA max_page_count = {pages}")


def test_a_copy_of_what_cannot_be_read_is_empty(tmp_path: Path) -> None:
    (tmp_path / "state").write_text("a file in its place")
    world = World(rule(), book=Book(tmp_path / "state").copied())
    assert world.says(losses(1)) == ["fired"]
