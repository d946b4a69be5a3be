"""Whole lines of a source that are read at once."""

from __future__ import annotations

from typing import Final, NamedTuple

_DOCKER_ENTRY: Final = b'"stream":'
_WHOLE_ENTRY: Final = b'\\n","stream":'
_ESCAPED_ENTRY: Final = b'\\\\n","stream":'


class LongLine(NamedTuple):
    """A line over the limit: where it begins in its block, its bytes, its number."""

    start: int
    length: int
    line: int


class Block:
    """Whole lines, each with its newline; places count in bytes from the block's beginning.

    *line* is the number of the first one; lines over *limit* bytes are ``too_long``.
    """

    def __init__(self, data: bytes, line: int, limit: int) -> None:
        self.data = data
        self.size = len(data)
        self.too_long = self._lines_over(limit, line)
        self._line = line
        self._counted = 0

    @property
    def lines(self) -> int:
        """How many lines there are."""
        return self.count(b"\n")

    @property
    def last_line(self) -> int:
        """The number of its last line; to be asked for last."""
        return self.number(self.size) - 1

    @property
    def undecodable(self) -> int:
        """How many lines are not UTF-8."""
        return 0 if is_utf8(self.data) else sum(not is_utf8(line) for line in self.data.split(b"\n"))

    @property
    def may_hold_chunks(self) -> bool:
        """Whether an entry of docker's may be a part of a record, judged by counting alone."""
        if not self.holds(_DOCKER_ENTRY):
            return False
        return self.count(_WHOLE_ENTRY) != self.lines or self.holds(_ESCAPED_ENTRY)

    def number(self, start: int) -> int:
        """The number of the line that begins at *start*; to be asked for in rising order."""
        self._line += self.data.count(b"\n", self._counted, start)
        self._counted = start
        return self._line

    def raw(self, start: int) -> tuple[bytes, int]:
        """The line that begins at *start*, without its end, and where the next one begins."""
        stop = self.data.index(b"\n", start)
        return self.data[start : stop - (self.data[stop - 1 : stop] == b"\r")], stop + 1

    def holds(self, part: bytes) -> bool:
        """Whether *part* stands anywhere in it."""
        return part in self.data

    def count(self, part: bytes) -> int:
        """How often *part* stands in it."""
        return self.data.count(part)

    def _lines_over(self, limit: int, line: int) -> tuple[LongLine, ...]:
        data, start, found = self.data, 0, list[LongLine]()
        while start + limit < len(data):
            newline = data.rfind(b"\n", start, start + limit + 1)
            if newline < 0:
                newline = data.index(b"\n", start + limit)
                found.append(LongLine(start, newline - start, line + data.count(b"\n", 0, start)))
            start = newline + 1
        return tuple(found)


def is_utf8(data: bytes) -> bool:
    """Whether *data* is UTF-8."""
    if data.isascii():
        return True
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return True
