"""Who else has a log open, and who archives it right now: asked of the kernel."""

from __future__ import annotations

import fcntl
import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final, NamedTuple

from kumon_observe.archiving.refused import Refused
from kumon_observe.model.evidence import Sentence
from kumon_observe.model.phrase import phrase
from kumon_observe.reading.files import identity

_PROC: Final = Path("/proc")
_HARMLESS: Final = signal.SIGURG
"""Whom the lease's breaking is told by: ignored unless somebody handles it, where SIGIO would end us."""


class Writer(NamedTuple):
    """A process that has the log open for writing; ``appends``: each write goes to the end (``O_APPEND``)."""

    pid: int
    name: str
    appends: bool


@contextmanager
def locked(descriptor: int) -> Iterator[None]:
    """Hold the lock of the open log, which one run can have.

    Raises:
        Refused: another run holds it; the sentence says which.
    """
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise Refused(_held(descriptor)) from None
    try:
        yield
    finally:
        fcntl.flock(descriptor, fcntl.LOCK_UN)


def _held(descriptor: int) -> Sentence:
    holder = _holder(descriptor)
    if holder is None:
        return phrase("another run archives it right now: wait until that has ended")
    return phrase("process {pid} archives it right now: wait until that has ended", pid=holder)


def _holder(descriptor: int) -> int | None:
    """The process that holds the lock (``/proc/locks``); ``None`` if it cannot be seen from here."""
    inode = str(os.fstat(descriptor).st_ino)
    try:
        lines = (_PROC / "locks").read_text().splitlines()
    except OSError:
        return None
    for line in lines:
        words = line.split()
        if len(words) >= 6 and words[1] == "FLOCK" and words[5].rpartition(":")[2] == inode:
            return int(words[4]) if int(words[4]) > 0 else None
    return None


def only_opener(descriptor: int) -> bool:
    """Whether nobody else has the file open; while it is so, everybody who opens it waits until we close it.

    This is a write lease (``F_SETLEASE``, fcntl(2)): the kernel gives it only on a file that nobody else has
    open, holds up each new opener, and takes it back after 45 seconds at the earliest. It needs a filesystem
    of this machine, and the file's owner or root.
    """
    if not hasattr(fcntl, "F_SETLEASE"):
        return False
    try:
        fcntl.fcntl(descriptor, fcntl.F_SETSIG, _HARMLESS)
        fcntl.fcntl(descriptor, fcntl.F_SETLEASE, fcntl.F_WRLCK)
    except OSError:
        return False
    return True


def open_to_others(descriptor: int) -> None:
    """Let those go on who wait for :func:`only_opener`'s lease."""
    if hasattr(fcntl, "F_SETLEASE"):
        fcntl.fcntl(descriptor, fcntl.F_SETLEASE, fcntl.F_UNLCK)


def writers_of(status: os.stat_result) -> list[Writer]:
    """The processes that have the file of *status* open for writing, as far as this user may see them."""
    found = []
    for process in _PROC.glob("[0-9]*"):
        pid = int(process.name)
        flags = [] if pid == os.getpid() else list(_flags(process, status))
        writing = [each for each in flags if each & os.O_ACCMODE != os.O_RDONLY]
        if writing:
            found.append(Writer(pid, _name(process), all(each & os.O_APPEND for each in writing)))
    return found


def _flags(process: Path, status: os.stat_result) -> Iterator[int]:
    """How *process* opened the file, for each time that it has."""
    try:
        opened = list((process / "fd").iterdir())
    except OSError:
        return
    for each in opened:
        try:
            if identity(each.stat()) == identity(status):
                told = (process / "fdinfo" / each.name).read_text()
                yield int(told.partition("flags:")[2].split(maxsplit=1)[0], 8)
        except (OSError, ValueError, IndexError):
            continue


def _name(process: Path) -> str:
    try:
        return (process / "comm").read_text().strip()
    except OSError:
        return "?"
