"""Finds its way in a log whose beginning ``archive`` took out: what was read stands in two files by now.

The archive has the first bytes, up to a whole line. The log has one blank line in their place, and then what
followed.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from itertools import pairwise
from typing import Final, NamedTuple

from attrs import frozen

from kumon_observe.reading.findings import Blocks, Content, Findings
from kumon_observe.reading.following.beside import Beside, bytes_of
from kumon_observe.reading.following.mark import END, Mark
from kumon_observe.reading.following.piece import Place

_SHORTEST: Final = 64
_LONGEST: Final = 64 << 10


@frozen
class Joined:
    """The content of an archive, and the *length* bytes from *start* of the *log* that followed."""

    archive: Content
    log: Content
    start: int
    length: int

    @property
    def repeatable(self) -> bool:
        """As files are."""
        return True

    def read(self, findings: Findings) -> Blocks:
        """The bytes of both."""
        with closing(self.archive.read(findings)) as blocks:
            yield from blocks
        yield bytes_of(self.log, self.start, self.length)


class Front(NamedTuple):
    """``whole`` holds what was read; the log goes on in ``log`` at ``offset``, where a line begins."""

    whole: Beside
    log: Beside
    offset: int


def front_of(place: Place, files: Sequence[Beside]) -> Front | None:
    """Where what was read at *place* stands, if its beginning was taken out; *files* are oldest first."""
    for archive, log in pairwise(files):
        start = _blank(log)
        if archive.plain is not None or not start or not archive.begins_with(place.mark):
            continue
        length, end = _end(archive.content)
        kept = place.mark.length - length
        if kept < 0:
            continue
        after = bytes_of(log.content, start + max(0, kept - END), min(kept, END))
        tail = (end + after)[-END:]
        if len(after) == min(kept, END) and Mark.of(place.mark.length, b"", tail).tail == place.mark.tail:
            unfinished = len(after) - (after.rfind(b"\n") + 1)
            whole = archive._replace(content=Joined(archive.content, log.content, start, kept))
            return Front(whole, log, start + kept - (0 if unfinished == END else unfinished))
    return None


def _blank(log: Beside) -> int:
    """The length of the blank line that a log begins with, 0 without one."""
    head = bytes_of(log.content, 0, _LONGEST)
    line = head[: head.find(b"\n") + 1]
    return len(line) if len(line) > _SHORTEST and not line.strip(b" \t\n") else 0


def _end(content: Content) -> tuple[int, bytes]:
    """How long *content* is, and its last bytes."""
    length, end = 0, b""
    with closing(content.read(Findings())) as blocks:
        for block in blocks:
            length += len(block)
            end = (end + block[-END:])[-END:]
    return length, end
