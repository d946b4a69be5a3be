"""One watch for each state: the second one is told who was first, and can take its place."""

from __future__ import annotations

import shutil
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from kumon_observe.monitor.lock import FILE, REQUEST, Lock, WatchIsRunning

NOW = datetime(2025, 1, 15, 10, tzinfo=UTC)

HOLDER = """\
import sys, time
from datetime import UTC, datetime
from pathlib import Path
from kumon_observe.monitor.lock import Lock
lock = Lock(Path(sys.argv[1]))
lock.take(datetime.now(UTC))
print("held", flush=True)
while not (sys.argv[2] == "kind" and lock.is_wanted):
    time.sleep(0.01)
lock.release()
"""


def holder(folder: Path, manner: str) -> subprocess.Popen[str]:
    """A process that holds the lock; a ``kind`` one lets it go when it is asked to."""
    process = subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(folder), manner], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "held\n"
    return process


def end(process: subprocess.Popen[str]) -> None:
    process.kill()
    process.wait()
    assert process.stdout is not None
    process.stdout.close()


def test_the_second_watch_is_told_who_holds_the_state(tmp_path: Path) -> None:
    process = holder(tmp_path, "stubborn")
    try:
        with pytest.raises(WatchIsRunning, match=rf"process {process.pid} on \S+, since 20.*--takeover"):
            Lock(tmp_path).take(NOW)
    finally:
        end(process)


def test_a_killed_watch_leaves_no_lock(tmp_path: Path) -> None:
    end(holder(tmp_path, "stubborn"))
    lock = Lock(tmp_path)
    lock.take(NOW)
    lock.release()


def test_a_watch_that_is_asked_ends_and_the_new_one_takes_its_place(tmp_path: Path) -> None:
    process = holder(tmp_path, "kind")
    try:
        lock = Lock(tmp_path)
        lock.take_over(NOW, patience=10)
        assert not lock.is_wanted
        assert process.wait(timeout=10) == 0
        lock.release()
    finally:
        end(process)


def test_a_watch_that_does_not_end_is_named_and_no_longer_asked(tmp_path: Path) -> None:
    process = holder(tmp_path, "stubborn")
    try:
        with pytest.raises(WatchIsRunning, match=rf"0.3 seconds: process {process.pid} .*end it by hand"):
            Lock(tmp_path).take_over(NOW, patience=0.3)
        assert not (tmp_path / REQUEST).exists()
    finally:
        end(process)


def test_a_lock_file_that_says_nothing_hinders_nobody(tmp_path: Path) -> None:
    first = Lock(tmp_path)
    first.take(NOW)
    (tmp_path / FILE).write_bytes(b"\xff")
    with pytest.raises(WatchIsRunning, match="a process that did not say which"):
        Lock(tmp_path).take(NOW)
    first.release()


def test_a_state_folder_that_cannot_be_made_is_said_and_tried_again(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    lock = Lock(tmp_path / "file" / "state")
    lock.take(NOW)
    assert str(lock.fault) == (
        "no lock keeps a second watch from this state, "
        f"{tmp_path}/file/state/watch.lock cannot be used: Not a directory"
    )
    (tmp_path / "file").unlink()
    lock.hold_on(NOW)
    assert lock.fault is None
    with pytest.raises(WatchIsRunning):
        Lock(tmp_path / "file" / "state").take(NOW)
    lock.release()


def test_a_lock_whose_file_was_taken_away_is_taken_anew(tmp_path: Path) -> None:
    first, second = Lock(tmp_path / "state"), Lock(tmp_path / "state")
    first.take(NOW)
    shutil.rmtree(tmp_path / "state")
    first.hold_on(NOW)
    with pytest.raises(WatchIsRunning):
        second.take(NOW)
    shutil.rmtree(tmp_path / "state")
    second.take(NOW)
    with pytest.raises(WatchIsRunning):
        first.hold_on(NOW)
    second.release()


def test_one_who_is_told_to_end_meanwhile_waits_no_longer(tmp_path: Path) -> None:
    first = Lock(tmp_path)
    first.take(NOW)
    with pytest.raises(WatchIsRunning):
        Lock(tmp_path).take_over(NOW, patience=60, is_over=lambda: True)
    assert not first.is_wanted
    first.release()
