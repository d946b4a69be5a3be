"""The terminal as a screen of its own, which stands as it was before when this is over."""

from __future__ import annotations

import os
import select
import signal
import sys
import time
from collections.abc import Sequence
from contextlib import ExitStack, suppress
from types import FrameType
from typing import TYPE_CHECKING, Any, Final, Self

from rich.console import Console, Group
from rich.live import Live
from rich.text import Text

from kumon_observe.present.dashboard import Size

if TYPE_CHECKING:
    from kumon_observe.present.rows import Row
    from kumon_observe.present.view import View

_STYLES: Final = {
    "critical": "bold red",
    "warning": "bold yellow",
    "unknown": "bold magenta",
    "ok": "green",
    "bold": "bold",
    "dim": "dim",
}
_TERMINATED: Final = 128 + signal.SIGTERM


class Screen:
    """Shows rows in the place of those before, on the terminal's other screen.

    A SIGTERM ends it like any other end, so that the terminal is not left behind.
    """

    def __init__(self, view: View) -> None:
        self.view = view
        self._console = Console(highlight=False, markup=False, emoji=False, no_color=not view.look.colour)
        self._live = Live(console=self._console, screen=True, auto_refresh=False)
        self._left = ExitStack()

    def __enter__(self) -> Self:
        before = signal.signal(signal.SIGTERM, _end)
        self._left.callback(signal.signal, signal.SIGTERM, before)
        self._left.enter_context(self._live)
        return self

    def __exit__(self, *error: object) -> None:
        self._left.close()

    @property
    def size(self) -> Size:
        """The terminal's, as it is now."""
        width, height = self._console.size
        return Size(width, height)

    def show(self, rows: Sequence[Row]) -> None:
        """Show *rows*."""
        self._live.update(Group(*map(self._text, rows)), refresh=True)

    def _text(self, row: Row) -> Text:
        text = Text(no_wrap=True, overflow="crop")
        for span in row:
            text.append(span.text, _STYLES.get(span.style, "") if self.view.look.colour else "")
        return text


def _end(_number: int, _frame: FrameType | None) -> None:
    raise SystemExit(_TERMINATED)


class Keys:
    """The keys that are pressed, if they are *wanted* and standard input is a terminal."""

    def __init__(self, *, wanted: bool) -> None:
        self._descriptor: int | None = None
        if wanted and sys.stdin is not None and sys.stdin.isatty():
            self._descriptor = sys.stdin.fileno()
        self._before: list[Any] | None = None

    def __enter__(self) -> Self:
        if self._descriptor is not None:
            import termios
            import tty

            with suppress(termios.error):
                self._before = termios.tcgetattr(self._descriptor)
                tty.setcbreak(self._descriptor)
        return self

    def __exit__(self, *error: object) -> None:
        if self._descriptor is not None and self._before is not None:
            import termios

            termios.tcsetattr(self._descriptor, termios.TCSADRAIN, self._before)

    def quits(self, seconds: float) -> bool:
        """Wait so long; whether ``q`` was pressed, or nobody can press a key any more."""
        if self._descriptor is None:
            time.sleep(seconds)
            return False
        ready, _, _ = select.select([self._descriptor], [], [], seconds)
        if not ready:
            return False
        keys = os.read(self._descriptor, 64)
        return b"q" in keys.lower() or not keys
