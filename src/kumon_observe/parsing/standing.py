"""Where a scan of a source stands: what another one must know to go on there."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from kumon_observe.model.rows import PlainRow
from kumon_observe.parsing.block import Block
from kumon_observe.parsing.lines import Previous

Reread = Callable[[int, int], bytes]
"""Gives *length* bytes from *offset* of a source once more."""


class Beginning(NamedTuple):
    """What a source's first bytes tell of all of it: whether bare lines may be traces; and the bytes."""

    plain: bool
    head: bytes


class Standing(NamedTuple):
    """Where a scan stands: at an offset, after so many lines and a record, with what is unfinished."""

    offset: int
    lines: int
    previous: Previous
    pending: object = None

    def follows(self, before: Standing) -> bool:
        """Whether a scan that began here goes on where the one *before* stands."""
        if before.pending is not None or before.offset != self.offset:
            return False
        return before.repeatable == self.repeatable

    @property
    def repeatable(self) -> object:
        """What the next line would have to be to repeat the one before it, if that was a trace."""
        end, at, message, record = self.previous
        return (at, message, record.writer) if end == self.offset else None


class Reading:
    """A block that is read now, with the rows so far.

    Lines that begin at ``too_long`` are not used; ``forgiving``: its last line may be cut off.
    """

    def __init__(self, block: Block, too_long: frozenset[int], forgiving: bool) -> None:
        self.block = block
        self.too_long = too_long
        self.forgiving = forgiving
        self.found: list[PlainRow] = []
