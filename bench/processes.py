"""What a command costs: wall time, processor time and memory, all its processes together."""

from __future__ import annotations

import os
import subprocess
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from attrs import frozen

_PROC: Final = Path("/proc")
_EVERY: Final = 0.002
_PAGE: Final = os.sysconf("SC_PAGE_SIZE")
_SESSION: Final = 3
_FAILED: Final = 64


class CommandFailed(Exception):
    """A command did not give an answer; the text is its last words."""


@frozen
class Cost:
    """One run: seconds of wall and of processor (user and system, children included), and what it printed."""

    wall: float
    cpu: float
    output: str


@frozen
class Memory:
    """The peak of one run over all its processes, in bytes.

    ``proportional`` counts a page that several processes share once (PSS), ``resident`` in each (RSS).
    """

    proportional: int
    resident: int


def cost(command: Sequence[str], env: Mapping[str, str], cwd: Path) -> Cost:
    """Run *command* and measure it.

    Raises:
        CommandFailed: it ended with a code that is no verdict.
    """
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        began = time.perf_counter()
        process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=out, stderr=err, env=env, cwd=cwd
        )
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.perf_counter() - began
        process.returncode = os.waitstatus_to_exitcode(status)
        err.seek(0)
        out.seek(0)
        if process.returncode < 0 or process.returncode >= _FAILED:
            said = err.read().decode(errors="replace").strip().splitlines()
            raise CommandFailed(said[-1] if said else f"it ended with {process.returncode}")
        return Cost(wall, usage.ru_utime + usage.ru_stime, out.read().decode(errors="replace"))


def peak_memory(command: Sequence[str], env: Mapping[str, str], cwd: Path) -> Memory:
    """Run *command* and look at its processes every few milliseconds, which slows it: time another run."""
    proportional = resident = 0
    process = subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env=env,
        cwd=cwd,
        start_new_session=True,
    )
    while process.poll() is None:
        found = [_memory_of(pid) for pid in _session(process.pid)]
        proportional = max(proportional, sum(memory.proportional for memory in found))
        resident = max(resident, sum(memory.resident for memory in found))
        time.sleep(_EVERY)
    return Memory(proportional, resident)


def _session(leader: int) -> list[int]:
    """The processes of the session that *leader* began."""
    found = []
    for entry in _PROC.iterdir():
        if entry.name.isdecimal():
            try:
                fields = (entry / "stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue
            if int(fields[_SESSION]) == leader:
                found.append(int(entry.name))
    return found


def _memory_of(pid: int) -> Memory:
    """What one process holds; nothing once it has ended."""
    try:
        resident = int((_PROC / str(pid) / "statm").read_text().split()[1]) * _PAGE
        for line in (_PROC / str(pid) / "smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return Memory(int(line.split()[1]) * 1024, resident)
    except OSError:
        pass
    return Memory(0, 0)
