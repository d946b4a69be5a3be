"""A thread of its own for code that may hang, so that nobody waits for it."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Final

_LINGER: Final = 1.0

OwnThreads = set[int]
"""The threads of one observer in one process: what they log themselves is not judged."""


class Lane:
    """Calls *step* in a daemon thread while it says that there is more to do; idle, the thread ends.

    ``step`` does one piece of work and tells whether it found any. It must not raise.
    """

    def __init__(self, name: str, step: Callable[[], bool], own: OwnThreads) -> None:
        self._name = name
        self._step = step
        self._own = own
        self._lock = threading.Lock()
        self._more = threading.Event()
        self._idle = threading.Event()
        self._idle.set()
        self._running = False
        self._since: float | None = None

    def poke(self) -> bool:
        """There is something to do; false where no thread can be started any more (the interpreter ends)."""
        with self._lock:
            self._idle.clear()
            self._more.set()
            if self._running:
                return True
            self._running = True
        try:
            threading.Thread(target=self._run, name=self._name, daemon=True).start()
        except RuntimeError:
            with self._lock:
                self._running = False
                self._idle.set()
            return False
        return True

    def wait(self, seconds: float) -> bool:
        """Wait until all is done, at most *seconds*; whether it is."""
        return self._idle.wait(max(0.0, seconds))

    @property
    def busy(self) -> float:
        """For how many seconds the present step has run; 0 between steps."""
        since = self._since
        return 0.0 if since is None else time.monotonic() - since

    def _run(self) -> None:
        me = threading.get_ident()
        self._own.add(me)
        try:
            while self._worked() or self._more_within(_LINGER):
                pass
        finally:
            self._own.discard(me)

    def _worked(self) -> bool:
        self._more.clear()
        self._since = time.monotonic()
        try:
            return self._step()
        finally:
            self._since = None

    def _more_within(self, seconds: float) -> bool:
        """Whether there is more to do; else this thread is no longer counted on."""
        with self._lock:
            if not self._more.is_set():
                self._idle.set()
        if self._more.wait(seconds):
            return True
        with self._lock:
            self._running = self._more.is_set()
            return self._running
