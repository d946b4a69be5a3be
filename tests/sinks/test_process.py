"""A program's time and output are bounded, and its end takes along what it started."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Event
from time import monotonic

import pytest

from kumon_observe.model.errors import PermanentSinkError
from kumon_observe.sinks import process
from kumon_observe.sinks.process import KEPT, run
from kumon_observe.testing import an_alert
from tests.sinks.scripts import hook, python, script

CHILD = """\
import os, signal, subprocess, sys, time
{ignoring}
child = subprocess.Popen([sys.executable, "-c", '''{child}'''])
print("started", flush=True)
open({pids!r}, "w").write(f"{{os.getpid()}} {{child.pid}}")
time.sleep(60)
"""
SLEEPS = "import time; time.sleep(60)"
DEAF = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); time.sleep(60)"


def here(seconds: float, *command: str, given: bytes = b"") -> process.Ended:
    return run(command, given, os.environ, seconds)


def is_alive(pid: int) -> bool:
    """Whether the process runs; one that has ended and that nobody waits for does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def eventually(happens: Callable[[], bool]) -> bool:
    waiting = Event()
    return any(happens() or waiting.wait(0.02) for _ in range(250))


@pytest.fixture(autouse=True)
def _short(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(process, "GRACE", 0.4)


@pytest.mark.parametrize("child", [SLEEPS, DEAF], ids=["obeying", "deaf"])
@pytest.mark.parametrize("deaf", [False, True], ids=["obeying-program", "deaf-program"])
def test_what_does_not_end_is_killed_with_all_that_it_started(
    tmp_path: Path, child: str, *, deaf: bool
) -> None:
    ignoring = "signal.signal(signal.SIGTERM, signal.SIG_IGN)" if deaf else ""
    program = python(tmp_path, CHILD.format(ignoring=ignoring, child=child, pids=str(tmp_path / "pids")))
    ended = here(1.0, program)
    assert (ended.status, ended.output) == (None, b"started\n")
    pids = [int(pid) for pid in (tmp_path / "pids").read_text().split()]
    assert len(pids) == 2
    assert eventually(lambda: not any(map(is_alive, pids)))


def test_the_hook_says_that_it_was_killed_and_does_not_run_it_again(tmp_path: Path) -> None:
    program = script(tmp_path, f"echo run >> {tmp_path}/runs; echo restoring; sleep 60")
    sink = hook(tmp_path, program, timeout=0.3)
    for _ in range(2):
        with pytest.raises(PermanentSinkError) as told:
            sink.send(an_alert(incident="7"))
        assert str(told.value) == f"{program} did not end within 0.3 s and was killed: restoring"
    assert (tmp_path / "runs").read_text() == "run\n"


def test_it_is_given_time_to_end_well(tmp_path: Path) -> None:
    program = script(tmp_path, "trap 'echo tidy; exit 0' TERM; sleep 60 & wait")
    assert here(0.3, program).output == b"tidy\n"


def test_the_end_of_endless_output_is_kept(tmp_path: Path) -> None:
    begun = monotonic()
    ended = here(0.5, script(tmp_path, "exec yes abcdefg"))
    assert ended.status is None
    assert len(ended.output) == KEPT
    assert ended.left_out > 0
    assert monotonic() - begun < 5


def test_all_of_a_short_output_is_kept(tmp_path: Path) -> None:
    ended = here(5, script(tmp_path, "seq 1 5000"))
    assert ended.output.splitlines()[0::4999] == [b"1", b"5000"]
    assert ended.left_out == 0


def test_input_that_is_not_read_holds_nothing_up(tmp_path: Path) -> None:
    assert here(5, script(tmp_path, "exit 4"), given=b"x" * 10_000_000).status == 4


def test_input_larger_than_a_pipe_arrives_whole(tmp_path: Path) -> None:
    assert here(5, script(tmp_path, "cat | wc -c"), given=b"x" * 1_000_000).output.strip() == b"1000000"


@pytest.fixture
def left(tmp_path: Path) -> Iterator[Path]:
    """Where the number of a process stands that must be ended after the test."""
    path = tmp_path / "pid"
    yield path
    os.kill(int(path.read_text()), signal.SIGKILL)


def test_what_it_leaves_running_is_left_alone_and_not_waited_for(tmp_path: Path, left: Path) -> None:
    begun = monotonic()
    ended = here(20, script(tmp_path, f"sleep 30 & echo $! > {left}; echo back"))
    assert (ended.status, ended.output) == (0, b"back\n")
    assert monotonic() - begun < 10
    assert is_alive(int(left.read_text()))


def test_it_has_a_session_of_its_own(tmp_path: Path) -> None:
    text = "import os; print(os.getsid(0) == os.getpid(), os.getpgrp() == os.getpid())"
    assert here(5, python(tmp_path, text)).output == b"True True\n"
