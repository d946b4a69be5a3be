"""Writing to standard output and error, be it a terminal, a closed pipe or a full disk."""

from __future__ import annotations

import os
import sys
import unicodedata
from collections.abc import Mapping

from kumon_observe.present.page import Look, visible

_USUAL_WIDTH = 80
_WIDEST = 100


class StdoutError(Exception):
    """Standard output cannot take the answer; the message says why."""


def is_terminal() -> bool:
    """Whether a person reads standard output directly."""
    return sys.stdout is not None and sys.stdout.isatty()


def look(environ: Mapping[str, str], *, colour: bool = True, wrap_always: bool = True) -> Look:
    """How standard output is written to.

    Colour only on a terminal that has it, and neither under ``NO_COLOR`` nor without *colour*. Without
    *wrap_always*, lines are wrapped for a terminal alone, so that what is piped keeps a record on one line.
    """
    terminal = is_terminal()
    paint = colour and terminal and not environ.get("NO_COLOR") and environ.get("TERM") != "dumb"
    asked = environ.get("COLUMNS", "")
    width: int | None = int(asked) if asked.isascii() and asked.isdigit() and int(asked) else None
    if width is None and terminal:
        width = _columns()
    if width is None and wrap_always:
        width = _USUAL_WIDTH
    return Look(width=width and min(width, _WIDEST), colour=paint, unicode=_encoding().startswith("utf"))


def _columns() -> int:
    try:
        return os.get_terminal_size(sys.stdout.fileno()).columns or _USUAL_WIDTH
    except (OSError, ValueError):
        return _USUAL_WIDTH


def _encoding() -> str:
    return (getattr(sys.stdout, "encoding", None) or "ascii").lower()


def write(text: str) -> None:
    """Write *text* to standard output, all of it; a reader that has gone away is no error.

    Raises:
        StdoutError: it cannot be written.
    """
    if sys.stdout is None:
        raise StdoutError("it is closed")
    try:
        sys.stdout.write(_encodable(text, _encoding()))
        sys.stdout.flush()
    except BrokenPipeError:
        _to_nowhere()
    except OSError as error:
        _to_nowhere()
        raise StdoutError(error.strerror or str(error)) from error


def complain(text: str) -> None:
    """Write one line about an error to standard error, if there is one."""
    if sys.stderr is None:
        return
    try:
        encoding = (sys.stderr.encoding or "ascii").lower()
        sys.stderr.write(_encodable(f"kumon-observe: {visible(text)}\n", encoding))
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
    for shown in (character, unicodedata.normalize("NFKD", character)[:1]):
        try:
            shown.encode(encoding)
        except UnicodeEncodeError:
            continue
        return shown
    return character.encode("unicode_escape").decode("ascii")
