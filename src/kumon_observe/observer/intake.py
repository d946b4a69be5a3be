"""Where log records wait to be judged: bounded, and no log call ever waits here."""

from __future__ import annotations

import threading
from collections import deque
from contextlib import suppress
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from kumon_observe.engine.live import LiveRecord
    from kumon_observe.observer.lane import OwnThreads

LONGEST: Final = (64 << 10) + 1
"""How much of a message is kept: one character more than a trace may have."""

_LONG: Final = 4 << 10
_MOST_LONG: Final = 256


class Intake:
    """A queue of at most *capacity* records, 256 of which may be longer than 4 KiB.

    What does not fit is dropped and counted. Any thread puts records in; one at a time takes them out. No
    lock is needed: single operations of a deque are atomic, and no thread loses its turn between the load
    and the store of ``+=`` on an attribute.
    """

    def __init__(self, capacity: int, own: OwnThreads) -> None:
        self.own = own
        self.dropped = 0
        self.unreadable = 0
        self.latest = 0.0
        self.is_watched = False
        self._capacity = capacity
        self._waiting: deque[LiveRecord] = deque()
        self._long: deque[None] = deque()
        self._sleeping = False
        self._wake = threading.Lock()
        self._wake.acquire()

    def __len__(self) -> int:
        return len(self._waiting)

    def put(self, record: LiveRecord) -> None:
        """Let *record* wait, or drop it; wakes the thread that judges if it sleeps."""
        if len(self._waiting) >= self._capacity:
            self.dropped += 1
            return
        if len(record.message) > _LONG:
            if len(self._long) >= _MOST_LONG:
                self.dropped += 1
                return
            self._long.append(None)
            record = record._replace(message=record.message[:LONGEST])
        self._waiting.append(record)
        if self._sleeping:
            self.wake()

    def take(self, most: int) -> list[LiveRecord]:
        """The next records, at most so many."""
        waiting = self._waiting
        taken = [waiting.popleft() for _ in range(min(most, len(waiting)))]
        for record in taken:
            if len(record.message) > _LONG:
                self._long.popleft()
        return taken

    def sleep(self, seconds: float) -> None:
        """Return when records wait, or :meth:`wake` is called, or after so many *seconds*."""
        self._sleeping = True
        try:
            if not self._waiting:
                self._wake.acquire(timeout=seconds)
        finally:
            self._sleeping = False

    def wake(self) -> None:
        """End the present or the next :meth:`sleep`; safe in a signal handler."""
        with suppress(RuntimeError):  # it is awake already
            self._wake.release()
