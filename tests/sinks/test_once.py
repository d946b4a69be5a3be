"""A program is run at most once for an incident, whenever the watch is killed."""

from __future__ import annotations

import errno
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, strategies as st

from kumon_observe.model.errors import PermanentSinkError, TemporarySinkError
from kumon_observe.sinks.once import InUse, Mark, Marks
from kumon_observe.testing import an_alert
from tests.shell import ROOT
from tests.sinks.scripts import hook, script

WATCH = """\
import os, sys
from pathlib import Path
from kumon_observe.sinks import once, shell
from tests.sinks.scripts import hook
from kumon_observe.testing import an_alert
die = lambda *_: os.kill(os.getpid(), 9)
{dying}
hook(Path(sys.argv[1]), sys.argv[2]).send(an_alert(incident="7"))
"""
DYING = {
    "before the mark": "once.Marks.begin = die",
    "after the mark": "shell.run = die",
    "in the run": "",
    "after the run": "once.Marks.end = die",
}


def killed(folder: Path, program: str, dying: str) -> None:
    """Another process sends the alert, and is killed on the way."""
    ran = subprocess.run(
        [sys.executable, "-c", WATCH.format(dying=dying), folder, program],
        check=False,
        cwd=ROOT,
        capture_output=True,
    )
    assert ran.returncode == -signal.SIGKILL, ran.stderr


@pytest.mark.parametrize("when", DYING)
def test_a_watch_that_is_killed_runs_nothing_twice(tmp_path: Path, when: str) -> None:
    text = f"echo run >> {tmp_path}/runs"
    program = script(tmp_path, f"{text}; kill -9 $PPID; sleep 1" if when == "in the run" else text)
    killed(tmp_path, program, DYING[when])
    script(tmp_path, text)
    sink = hook(tmp_path, program)
    if when == "before the mark":
        sink.send(an_alert(incident="7"))
    else:
        with pytest.raises(PermanentSinkError) as told:
            sink.send(an_alert(incident="7"))
        assert str(told.value) == (
            f"{program} was to be run at 2025-01-15T10:00:00Z, and it is not known whether it was: the watch "
            "was stopped then. It is not run again: look what it did, and run it by hand if need be"
        )
    runs = tmp_path / "runs"
    assert (runs.read_text() if runs.exists() else "") == ("" if when == "after the mark" else "run\n")


def test_a_mark_is_on_the_disk_before_it_counts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    synced: list[str] = []
    real = os.fsync

    def fsync(descriptor: int) -> None:
        synced.append(Path(os.readlink(f"/proc/self/fd/{descriptor}")).name)  # noqa: PTH115
        real(descriptor)

    monkeypatch.setattr(os, "fsync", fsync)
    marks = Marks(tmp_path / "marks")
    with marks.alone():
        marks.begin("7", "7/fired", "now")
    assert synced[0].endswith(".json")
    assert synced[1] == "marks"


def test_two_processes_do_not_run_it_at_once(tmp_path: Path) -> None:
    program = script(tmp_path, f"echo run >> {tmp_path}/runs")
    with Marks(tmp_path / "state" / "shell-runs").alone(), pytest.raises(TemporarySinkError) as told:
        hook(tmp_path, program).send(an_alert(incident="7"))
    assert str(told.value) == f"{program} is being run by another process"
    assert not (tmp_path / "runs").exists()


def test_whoever_comes_second_is_told(tmp_path: Path) -> None:
    marks = Marks(tmp_path)
    with marks.alone(), pytest.raises(InUse), marks.alone():
        raise AssertionError
    with marks.alone():
        assert marks.of("7") is None


@given(st.text(), st.text(), st.text())
def test_what_is_kept_is_read_again(
    tmp_path_factory: pytest.TempPathFactory, incident: str, key: str, fault: str
) -> None:
    marks = Marks(tmp_path_factory.mktemp("marks"))
    with marks.alone():
        marks.begin(incident, key, "now")
        assert marks.of(incident) == Mark(key=key, begun="now")
        marks.end(incident, fault)
        assert marks.of(incident) == Mark(key=key, begun="now", ended=True, fault=fault)
        with pytest.raises(FileExistsError):
            marks.begin(incident, key, "later")
        marks.forget(incident)
        assert marks.of(incident) is None


@pytest.mark.parametrize("text", ["", "{", "[]\n", '{"key": "k"}\n{"fau', "\xff\n{}\n", '{"key": "k"}\n[]\n'])
def test_a_mark_of_which_half_is_there_is_one(tmp_path: Path, text: str) -> None:
    marks = Marks(tmp_path)
    with marks.alone():
        marks.begin("7", "k", "now")
    (path,) = tmp_path.glob("*.json")
    path.write_text(text, encoding="latin-1")
    mark = marks.of("7")
    assert mark is not None
    assert not mark.ended


def full(*_: Any) -> int:
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def short(_descriptor: int, _text: bytes) -> int:
    return 1


@pytest.mark.parametrize(("write", "said"), [(full, "No space left on device"), (short, "the disk is full")])
def test_a_mark_that_does_not_fit_on_the_disk_is_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, write: Callable[..., int], said: str
) -> None:
    program = script(tmp_path, f"echo run >> {tmp_path}/runs")
    with monkeypatch.context() as patched:
        patched.setattr(os, "write", write)
        with pytest.raises(TemporarySinkError, match=f"cannot be kept in the state folder .{said}"):
            hook(tmp_path, program).send(an_alert(incident="7"))
    assert not (tmp_path / "runs").exists()
    hook(tmp_path, program).send(an_alert(incident="7"))
    assert (tmp_path / "runs").read_text() == "run\n"


def test_an_end_that_cannot_be_kept_changes_nothing_now(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Marks, "end", full)
    program = script(tmp_path, f"echo run >> {tmp_path}/runs")
    sink = hook(tmp_path, program)
    sink.send(an_alert(incident="7"))
    with pytest.raises(PermanentSinkError, match="it is not known whether it was"):
        sink.send(an_alert(incident="7"))
    assert (tmp_path / "runs").read_text() == "run\n"


@pytest.mark.parametrize("code", [errno.EAGAIN, errno.ENOMEM])
def test_a_machine_that_can_start_nothing_now_is_asked_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: int
) -> None:
    def refuse(*_: object) -> None:
        raise OSError(code, os.strerror(code))

    program = script(tmp_path, f"echo run >> {tmp_path}/runs")
    with monkeypatch.context() as patched:
        patched.setattr("kumon_observe.sinks.shell.run", refuse)
        with pytest.raises(TemporarySinkError, match="could not be started: "):
            hook(tmp_path, program).send(an_alert(incident="7"))
    hook(tmp_path, program).send(an_alert(incident="7"))
    assert (tmp_path / "runs").read_text() == "run\n"
