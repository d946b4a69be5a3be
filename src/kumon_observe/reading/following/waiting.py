"""Waits until one of several logs has something new.

They are looked at every quarter of a second, on every file system alike: for ten logs that takes less than
0.1% of a core, so that what the kernel could tell (inotify, and not of network file systems) would spare
nothing.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from typing import Final, Protocol

INTERVAL: Final = 0.25
"""Seconds between two looks."""


class Followed(Protocol):
    """What can be waited for."""

    def changed(self) -> bool:
        """Whether there may be something to read."""


class Waiter:
    """Looks every *interval* seconds, and sleeps between with *sleep*, which gets seconds."""

    def __init__(self, interval: float = INTERVAL, sleep: Callable[[float], None] | None = None) -> None:
        self._interval = interval
        self._sleep = sleep or time.sleep

    def wait(self, logs: Iterable[Followed], seconds: float) -> bool:
        """Wait for at most *seconds*; whether one of *logs* has something new, which ends it early."""
        logs = list(logs)
        left = seconds
        while not any(log.changed() for log in logs):
            if left <= 0:
                return False
            pause = min(self._interval, left)
            self._sleep(pause)
            left -= pause
        return True
