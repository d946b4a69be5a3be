"""Lines for a terminal: wrapped on words, coloured by meaning, and free of other people's control codes."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator
from typing import NamedTuple

_CODES = {
    "critical": "1;31",
    "warning": "1;33",
    "unknown": "1;35",
    "ok": "32",
    "bold": "1",
    "dim": "2",
}
_BREAK_AFTER = frozenset("|/_-,;:=.&?")
_NARROWEST = 20
_LEAST_ROOM = 20


class Span(NamedTuple):
    """Text in one style (``critical``, ``warning``, ``unknown``, ``ok``, ``bold``, ``dim`` or none)."""

    text: str
    style: str = ""


Part = str | Span
_Piece = tuple[str, str]


class Look(NamedTuple):
    """How a terminal is written to: ``width`` in columns (``None``: lines are never wrapped).

    ``unicode`` tells whether block characters can be shown; ASCII stands in for them otherwise.
    """

    width: int | None = 80
    colour: bool = False
    unicode: bool = True


def visible(text: str) -> str:
    """*text* with everything that could drive a terminal or hide written as an escape (``\\x1b``)."""
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode("ascii") for c in text)


def cells(text: str) -> int:
    """How many columns *text* takes: wide characters two, combining marks none."""
    if text.isascii():
        return len(text)
    return sum(_cell(character) for character in text)


def _cell(character: str) -> int:
    if unicodedata.combining(character):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


class Page:
    """Collects lines; :meth:`text` gives them all, each ended by a newline."""

    def __init__(self, look: Look | None = None) -> None:
        self.look = look or Look()
        self._lines: list[str] = []

    def blank(self) -> None:
        """An empty line, but never two, nor one at the top."""
        if self._lines and self._lines[-1]:
            self._lines.append("")

    def line(self, *parts: Part, indent: int = 0, hang: int | None = None) -> None:
        """Write *parts* as one line, wrapped between words to the width.

        ``indent`` columns stand before the first row, ``hang`` (default: as many) before the others.
        """
        spans = [part if isinstance(part, Span) else Span(part) for part in parts]
        hang = indent if hang is None else hang
        width = self.look.width
        if width is None:
            self._lines.append(
                " " * indent + "".join(self._painted((visible(s.text), s.style) for s in spans))
            )
            return
        width = max(width, _NARROWEST)
        if width - max(indent, hang) < _LEAST_ROOM:
            indent, hang = min(indent, 2), min(hang, 4)
        for number, row in enumerate(_wrapped(spans, width, indent, hang)):
            margin = " " * (hang if number else indent)
            self._lines.append((margin + "".join(self._painted(row))).rstrip())

    def verbatim(self, text: str) -> None:
        """A line that the terminal itself may wrap, so that it can be copied whole."""
        self._lines.append(visible(text))

    def text(self) -> str:
        """Everything written, ended by one newline."""
        while self._lines and not self._lines[-1]:
            self._lines.pop()
        return "".join(f"{line}\n" for line in self._lines)

    def _painted(self, pieces: Iterable[_Piece]) -> Iterator[str]:
        for text, style in pieces:
            if style and self.look.colour and text.strip():
                yield f"\x1b[{_CODES[style]}m{text}\x1b[0m"
            else:
                yield text


def _words(spans: Iterable[Span]) -> Iterator[tuple[int, list[_Piece]]]:
    """Each word with the spaces before it; a word may run through several spans."""
    gap, word = 0, list[_Piece]()
    for span in spans:
        for number, text in enumerate(visible(span.text).split(" ")):
            if number:
                if word:
                    yield gap, word
                    gap, word = 0, []
                gap += 1
            if text:
                word.append((text, span.style))
    if word:
        yield gap, word


def _wrapped(spans: Iterable[Span], width: int, indent: int, hang: int) -> list[list[_Piece]]:
    rows: list[list[_Piece]] = [[]]
    used, room = 0, width - indent
    for space, word in _words(spans):
        gap = space
        length = sum(cells(text) for text, _ in word)
        breaks_anyway = length > width - hang and room - used - gap >= _LEAST_ROOM
        if rows[-1] and used + gap + length > room and not breaks_anyway:
            rows.append([])
            used, gap, room = 0, 0, width - hang
        if gap:
            rows[-1].append((" " * gap, ""))
            used += gap
        for text, style in word:
            rest = text
            while used + cells(rest) > room:
                head = _head(rest, room - used)
                if head:
                    rows[-1].append((head, style))
                rest = rest[len(head) :]
                rows.append([])
                used, room = 0, width - hang
            if rest:
                rows[-1].append((rest, style))
                used += cells(rest)
    return rows


def _head(text: str, room: int) -> str:
    """As much of an overlong word as fits, cut after a ``|`` or another joint where there is one."""
    used = end = joint = bar = 0
    for character in text:
        used += _cell(character)
        if used > room:
            break
        end += 1
        if character in _BREAK_AFTER:
            joint = end
            bar = end if character == "|" else bar
    for cut in (bar, joint):
        if cut * 3 > end:
            return text[:cut]
    return text[:end]
