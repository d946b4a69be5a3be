"""A full disk, a damaged file, a held one: said, survived, tried again; alerts go out meanwhile."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest

from kumon_observe.model.errors import TemporarySinkError
from kumon_observe.state.database import DAMAGED, FILE
from kumon_observe.testing import CapturingSink
from tests.alerting.outboxes import Post, message
from tests.cli.processes import environment
from tests.shell import ROOT

ON_A_FULL_DISK = """
import resource, sqlite3, sys
from pathlib import Path
from kumon_observe.model.errors import PermanentSinkError, TemporarySinkError
from kumon_observe.testing import CapturingSink
from tests.alerting.outboxes import Post, ScriptedSink, message

def limit(size):
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))

def answer(alert):
    if not pager.took and alert.incident == "i1" and len(pager.asked) < 3:
        raise TemporarySinkError("busy")
    if alert.incident == "i2":
        raise PermanentSinkError("refused")

post = Post(Path(sys.argv[1]))
pager = ScriptedSink("pager", answer)
post.put(message("i1"), message("i2"), message("i3"))
watch = sqlite3.connect(post.folder / "state.db")  # as the rest of the watch has it open
watch.execute("SELECT count(*) FROM outbox").fetchone()
delivery = post.delivery(pager)
limit(0)
print(delivery.run_due(), pager.asked)
print(delivery.outcome().trouble)
print(delivery.run_due(), pager.asked)
post.clock.advance(1)
print(delivery.run_due(), pager.asked)
print(delivery.run_due(), pager.asked)
print([letter.key for letter in post.waiting()])
limit(resource.RLIM_INFINITY)
print(delivery.run_due(), pager.asked)
print([letter.key for letter in post.waiting()], [letter.key for letter in post.dead()])
post.clock.advance(301)
print(delivery.outcome().trouble)
"""


def test_on_a_full_disk_what_waits_is_sent_once_and_written_down_when_there_is_room(tmp_path: Path) -> None:
    folder, measured = tmp_path / "state", environment(tmp_path)
    measured["PYTHONPATH"] += f":{ROOT}"
    ran = subprocess.run(
        [sys.executable, "-c", ON_A_FULL_DISK, str(folder)],
        env=measured,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert ran.returncode == 0, ran.stderr
    first, trouble, *others = ran.stdout.splitlines()
    assert first == "1 ['i1/0', 'i2/0', 'i3/0']"
    assert trouble.startswith(f"{folder / FILE} cannot be used: ")
    asked = "['i1/0', 'i2/0', 'i3/0', 'i1/0']"
    assert others == [
        "0 ['i1/0', 'i2/0', 'i3/0']",
        f"1 {asked}",
        f"0 {asked}",
        "['i1/0', 'i2/0', 'i3/0']",
        f"0 {asked}",
        "[] ['i2/0']",
        "None",
    ]


def test_a_damaged_file_is_said_and_what_comes_later_is_delivered(post: Post) -> None:
    pager = CapturingSink("pager")
    post.put(message("i1"))
    (post.folder / FILE).write_bytes(b"no database at all " * 1000)
    delivery = post.delivery(pager)
    assert delivery.run_due() == 0
    assert str(delivery.outcome().trouble).endswith(f"was damaged and is now {DAMAGED}")
    post.put(message("i2"))
    assert delivery.run_due() == 1
    assert str(delivery.outcome().trouble).endswith(f"was damaged and is now {DAMAGED}")
    post.clock.advance(301)
    assert delivery.outcome().trouble is None


def test_a_file_that_another_process_holds_is_waited_for_and_nothing_is_sent_unclaimed(
    post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kumon_observe.alerting.postbag._WAIT", 0.01)
    pager = CapturingSink("pager")
    post.put(message())
    delivery = post.delivery(pager)
    other = sqlite3.connect(post.folder / FILE, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    assert delivery.run_due() == 0
    assert str(delivery.outcome().trouble).endswith("cannot be used: database is locked")
    other.execute("ROLLBACK")
    other.close()
    assert delivery.run_due() == 1


def test_what_became_of_an_alert_is_remembered_until_it_can_be_written(
    post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The file is held by another process from the moment of sending."""
    monkeypatch.setattr("kumon_observe.alerting.postbag._WAIT", 0.01)
    other: list[sqlite3.Connection] = []

    def step(name: str) -> None:
        if name == "called" and not other:
            path = post.folder / FILE
            other.append(sqlite3.connect(path, isolation_level=None, check_same_thread=False))
            other[0].execute("BEGIN IMMEDIATE")

    pager = CapturingSink("pager")
    post.put(message("i1"))
    delivery = post.delivery(pager, step=step)
    assert delivery.run_due() == 1
    assert [letter.attempts for letter in post.waiting()] == [1]
    other[0].execute("ROLLBACK")
    other[0].close()
    post.clock.advance(3600)
    assert delivery.run_due() == 0
    assert (post.waiting(), len(pager.alerts)) == ([], 1)


def test_a_place_that_cannot_be_made_is_said_and_alerts_go_out_directly(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    pager = CapturingSink("pager")
    delivery = Post(tmp_path / "file" / "state").delivery(pager)
    assert delivery.run_due() == 0
    assert delivery.send_now(message()) == {"pager": None}
    assert (len(pager.alerts), delivery.outcome().is_undeliverable) == (1, False)


def test_trouble_is_said_for_some_minutes_after_it_ended(post: Post) -> None:
    delivery = post.delivery(CapturingSink("pager", failure=TemporarySinkError("busy")))
    post.put(message())
    (post.folder / FILE).write_bytes(b"x" * 5000)
    delivery.run_due()
    post.put(message())
    delivery.run_due()
    post.clock.advance(timedelta(minutes=5).total_seconds())
    assert delivery.outcome().trouble is not None
    post.clock.advance(1)
    assert delivery.outcome().trouble is None


def test_without_room_for_a_lock_what_waits_is_sent_all_the_same(
    post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> int:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("kumon_observe.state.owners._locked", full)
    pager = CapturingSink("pager")
    post.put(message())
    delivery = post.delivery(pager)
    assert (delivery.run_due(), delivery.run_due()) == (1, 0)
    assert len(pager.alerts) == 1
    assert post.waiting() == []


def test_only_so_many_direct_alerts_are_remembered(post: Post, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kumon_observe.alerting.postbag._MOST_DIRECT", 1)
    pager = CapturingSink("pager")
    delivery = post.delivery(pager)
    for incident in ("i1", "i2"):
        delivery.send_now(message(incident))
        post.put(message(incident))
    assert delivery.run_due() == 1
    assert [alert.incident for alert in pager.alerts] == ["i1", "i2", "i1"]
