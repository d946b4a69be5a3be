"""What signals ask of the watch; light, so that it listens before anything slow is done."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from attrs import define

_NUMBERS = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)


@define
class Wanted:
    """What was asked for: to end (``interrupted``: by Ctrl-C), or to read the configuration anew.

    ``terminal`` is the descriptor of the terminal that a person looks at, if any: SIGHUP then means that it
    was closed, unless it is still there.
    """

    end: bool = False
    interrupted: bool = False
    reload: bool = False
    terminal: int | None = None

    def asked(self, number: int, _frame: FrameType | None = None) -> None:
        """A signal came."""
        if number != signal.SIGHUP:
            self.end = True
            self.interrupted = number == signal.SIGINT
        elif self.terminal is not None and not os.isatty(self.terminal):
            self.end = True
        else:
            self.reload = True


@contextmanager
def listening(wanted: Wanted) -> Iterator[None]:
    """Note in *wanted* what SIGTERM, SIGINT and SIGHUP ask for, and do nothing else about them."""
    if sys.stderr is not None and sys.stderr.isatty():
        wanted.terminal = sys.stderr.fileno()
    before = {number: signal.signal(number, wanted.asked) for number in _NUMBERS}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
