"""Writing to standard output and error, be it a terminal, a closed pipe or a full disk."""

from __future__ import annotations

import os
import select
import sys
from collections.abc import Mapping
from typing import TYPE_CHECKING, TextIO

if TYPE_CHECKING:
    from kumon_observe.present.page import Look

_USUAL_WIDTH = 80
_WIDEST = 100


class StdoutError(Exception):
    """Standard output cannot take the answer; the message says why."""


def is_terminal() -> bool:
    """Whether a person reads standard output directly."""
    return sys.stdout is not None and sys.stdout.isatty()


def is_live(environ: Mapping[str, str]) -> bool:
    """Whether standard output is a terminal on which what was written can be written over."""
    return is_terminal() and environ.get("TERM", "dumb") != "dumb"


def is_watched() -> bool:
    """Whether a person reads standard error directly."""
    return sys.stderr is not None and sys.stderr.isatty()


def look(environ: Mapping[str, str], *, colour: bool = True, wrap_always: bool = True) -> Look:
    """How standard output is written to.

    Colour only on a terminal that has it, and neither under ``NO_COLOR`` nor without *colour*. Without
    *wrap_always*, lines are wrapped for a terminal alone, so that what is piped keeps a record on one line.
    """
    from kumon_observe.present.page import Look

    terminal = is_terminal()
    paint = colour and terminal and not environ.get("NO_COLOR") and environ.get("TERM") != "dumb"
    asked = environ.get("COLUMNS", "")
    width: int | None = int(asked) if asked.isascii() and asked.isdigit() and int(asked) else None
    if width is None and terminal:
        width = _columns(sys.stdout)
    if width is None and wrap_always:
        width = _USUAL_WIDTH
    return Look(
        width=width and min(width, _WIDEST), colour=paint, unicode=_encoding(sys.stdout).startswith("utf")
    )


def _columns(stream: TextIO) -> int:
    try:
        return os.get_terminal_size(stream.fileno()).columns or _USUAL_WIDTH
    except (OSError, ValueError):
        return _USUAL_WIDTH


def _encoding(stream: TextIO | None) -> str:
    return (getattr(stream, "encoding", None) or "ascii").lower()


class PassingLine:
    """A line on standard error, at a terminal, that stands there until something else is written."""

    def __init__(self) -> None:
        self._shown = 0

    def columns(self) -> int:
        """The terminal's, as they are now."""
        return _columns(sys.stderr)

    def unicode(self) -> bool:
        """Whether block characters can be shown."""
        return _encoding(sys.stderr).startswith("utf")

    def show(self, text: str) -> None:
        """Put *text* in the place of what was shown before."""
        from kumon_observe.present.page import cells

        covering = " " * (self._shown - cells(text))
        self._shown = cells(text)
        self._write(f"\r{text}{covering}")

    def erase(self) -> None:
        """Leave nothing behind."""
        if self._shown:
            self._write(f"\r{' ' * self._shown}\r")
            self._shown = 0

    def _write(self, text: str) -> None:
        if sys.stderr is None:
            return
        try:
            sys.stderr.write(_encodable(text, _encoding(sys.stderr)))
            sys.stderr.flush()
        except OSError:
            return


passing = PassingLine()
"""The one line of this process; :func:`write` and :func:`complain` take it away first."""


def is_read() -> bool:
    """Whether standard output has a reader: that of a pipe can go away while nothing is written."""
    if sys.stdout is None:
        return False
    poller = select.poll()
    try:
        poller.register(sys.stdout.fileno(), 0)
        return not any(event & (select.POLLERR | select.POLLNVAL) for _, event in poller.poll(0))
    except (OSError, ValueError):
        return True


def write(text: str) -> bool:
    """Write *text* to standard output, all of it; a reader that has gone away is no error, but told.

    Raises:
        StdoutError: it cannot be written.
    """
    passing.erase()
    if sys.stdout is None:
        raise StdoutError("it is closed")
    try:
        sys.stdout.write(_encodable(text, _encoding(sys.stdout)))
        sys.stdout.flush()
    except BrokenPipeError:
        _to_nowhere()
        return False
    except OSError as error:
        _to_nowhere()
        raise StdoutError(error.strerror or str(error)) from error
    return True


def complain(text: str) -> None:
    """Write one line about an error, or beside the answer, to standard error, if there is one."""
    passing.erase()
    if sys.stderr is None:
        return
    from kumon_observe.present.page import visible

    try:
        sys.stderr.write(_encodable(f"kumon-observe: {visible(text)}\n", _encoding(sys.stderr)))
        sys.stderr.flush()
    except OSError:
        return


def _to_nowhere() -> None:
    """Send what is still buffered to the null device, or the interpreter would fail on it at exit."""
    null = os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(null, sys.stdout.fileno())
    finally:
        os.close(null)


def _encodable(text: str, encoding: str) -> str:
    """*text* with letters that *encoding* lacks shown without their accent, others as an escape."""
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        return "".join(_nearest(character, encoding) for character in text)
    return text


def _nearest(character: str, encoding: str) -> str:
    import unicodedata

    for shown in (character, unicodedata.normalize("NFKD", character)[:1]):
        try:
            shown.encode(encoding)
        except UnicodeEncodeError:
            continue
        return shown
    return character.encode("unicode_escape").decode("ascii")
