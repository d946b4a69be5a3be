"""A program that is run with a bound on its time and on what is kept of its output."""

from __future__ import annotations

import os
import signal
import subprocess
import threading
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from typing import IO, Final

from attrs import frozen

KEPT: Final = 65_536
"""Bytes: so much of the end of a program's output is kept."""

GRACE: Final = 2.0
"""Seconds between SIGTERM and SIGKILL."""

_LAST_WORDS: Final = 1.0
"""Seconds for what stands in the pipe when the program has ended: a child of it may hold it open for days."""

_LOOK_AGAIN: Final = 0.02


@frozen(kw_only=True)
class Ended:
    """How it ended.

    Attributes:
        status: as ``subprocess`` has it (negative: the signal that ended it); ``None``: its time was up and
            it was killed.
        output: the end of what it wrote to standard output and standard error.
        left_out: how many bytes before that were not kept.
    """

    status: int | None
    output: bytes
    left_out: int = 0


def run(command: Sequence[str], given: bytes, environ: Mapping[str, str], seconds: float) -> Ended:
    """Run *command* with *given* on its standard input, and wait *seconds* for it at most.

    It leads a session of its own. When its time is up, it and all that it started in that session gets
    SIGTERM, then SIGKILL. What it leaves running when it ends in time is left alone.

    Raises:
        OSError: it cannot be started.
    """
    process = subprocess.Popen(  # noqa: S603 - no shell reads it
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        env=dict(environ),
        start_new_session=True,
    )
    assert process.stdin is not None  # noqa: S101 - both were asked for
    assert process.stdout is not None  # noqa: S101
    tail = _Tail()
    _in_a_thread(_feed, process.stdin, given)
    reader = _in_a_thread(tail.read, process.stdout)
    status: int | None
    try:
        status = process.wait(seconds)
    except subprocess.TimeoutExpired:
        _kill(process)
        status = None
    reader.join(_LAST_WORDS)
    return Ended(status=status, output=bytes(tail.kept), left_out=tail.left_out)


class _Tail:
    """Keeps the end of a stream, and reads on whatever it is, so that nobody who writes has to wait."""

    def __init__(self) -> None:
        self.kept = bytearray()
        self.left_out = 0

    def read(self, stream: IO[bytes]) -> None:
        with stream:
            while chunk := os.read(stream.fileno(), KEPT):
                self.kept += chunk
                over = len(self.kept) - KEPT
                if over > 0:
                    del self.kept[:over]
                    self.left_out += over


def _feed(stream: IO[bytes], given: bytes) -> None:
    with suppress(OSError), stream:  # it need not read what it is given
        stream.write(given)


def _in_a_thread(work: Callable[..., None], *given: object) -> threading.Thread:
    thread = threading.Thread(target=work, args=given, name="kumon-observe-hook", daemon=True)
    thread.start()
    return thread


def _kill(process: subprocess.Popen[bytes]) -> None:
    """End *process* and its group; as long as it is not waited for, no other group can have its number."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGTERM)
    waiting = threading.Event()
    for _ in range(round(GRACE / _LOOK_AGAIN)):
        if os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT):
            break
        waiting.wait(_LOOK_AGAIN)
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
