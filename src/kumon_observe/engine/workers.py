"""Processes of this one's kind (``fork``) that work on their own and send what they find, in order."""

from __future__ import annotations

import gc
import os
import pickle
import signal
from collections.abc import Callable, Iterable
from contextlib import suppress
from typing import Any, BinaryIO, Final, Self, TypeVar

_T = TypeVar("_T")
Send = Callable[[object], None]

_ENOUGH: Final = 1 << 20
_PIPE_SIZE: Final = 1031  # F_SETPIPE_SZ of Linux


class Died(Exception):
    """A process ended before its work was done; ``how`` says how (``signal 9``)."""

    def __init__(self, how: str) -> None:
        super().__init__(how)
        self.how = how


class _Failed:
    """What a process sends when its work raised."""

    def __init__(self, error: BaseException) -> None:
        self.how = f"{type(error).__name__}: {error}"


def can_fork() -> bool:
    """Whether there can be such processes: not on every system."""
    return hasattr(os, "fork")


class Worker:
    """One process. It ends with its work, when it is told to, or when nobody reads what it sends."""

    def __init__(self, number: int, source: BinaryIO) -> None:
        self.dead = False
        self._number = number
        self._source = source

    @classmethod
    def begin(cls, work: Callable[[_T, Send], None], task: _T, others: Iterable[Self] = ()) -> Self:
        """Start ``work(task, send)`` in a new process; it leaves the pipes of *others* alone.

        Raises:
            OSError: there can be no more processes.
        """
        reading, writing = os.pipe()
        number = os.fork()
        if number == 0:
            os.close(reading)
            for other in others:
                other.close()
            _run(work, task, writing)  # never comes back
        os.close(writing)
        return cls(number, os.fdopen(reading, "rb", _ENOUGH))

    def close(self) -> None:
        """Receive no more."""
        self._source.close()

    def receive(self) -> Any:
        """The next thing that the process sends.

        Raises:
            Died: it ended before.
        """
        if self.dead:
            raise Died("it ended")
        try:
            received = pickle.load(self._source)  # noqa: S301 - from a process of our own
        except (EOFError, pickle.UnpicklingError, OSError):
            raise Died(self._ended()) from None
        if isinstance(received, _Failed):
            self.end()
            raise Died(received.how)
        return received

    def end(self) -> None:
        """End the process, whatever it does."""
        if not self.dead:
            with suppress(ProcessLookupError):
                os.kill(self._number, signal.SIGKILL)
            self._ended()

    def _ended(self) -> str:
        self.dead = True
        self.close()
        try:
            _, status = os.waitpid(self._number, 0)
        except ChildProcessError:
            return "it ended"
        code = os.waitstatus_to_exitcode(status)
        return f"signal {-code}" if code < 0 else f"exit status {code}"


def _run(work: Callable[[_T, Send], None], task: _T, writing: int) -> None:
    """What the new process does; it never comes back."""
    status = 1
    gc.disable()  # it ends soon, and collecting would copy every page that is shared with the other process
    try:
        signal.signal(
            signal.SIGINT, signal.SIG_IGN
        )  # the process that waits for this one is told, and ends it
        with suppress(OSError, ImportError):
            import fcntl

            fcntl.fcntl(writing, _PIPE_SIZE, _ENOUGH)
        with os.fdopen(writing, "wb", _ENOUGH) as sink:

            def send(thing: object) -> None:
                pickle.dump(thing, sink, pickle.HIGHEST_PROTOCOL)
                sink.flush()

            try:
                work(task, send)
                status = 0
            except Exception as error:  # noqa: BLE001 - it is told to the process that waits
                send(_Failed(error))
    finally:
        os._exit(status)
