"""Blocks with folded turns: where they stand, and how their traces are had once more, one by one."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any, Protocol

from attrs import define, field, frozen

from kumon_observe.model.apart import Apart
from kumon_observe.model.rows import PLANNER, PlainRow
from kumon_observe.parsing.lines import Previous


@frozen
class BlockPlace:
    """Where a block begins: its offset and length in bytes, the lines before it, the record before it."""

    offset: int
    length: int
    lines: int
    previous: Previous


class Again(Protocol):
    """Reads a block once more."""

    def __call__(self, place: BlockPlace, apart: Apart | None = None) -> list[PlainRow]:
        """All its rows; settled turns folded if *apart* is given, but for those."""


@define(eq=False)
class FoldedBlock:
    """A block of a source; *names* tells how many traces of a conversation were folded, its first ones.

    ``outboxes`` are the hashes of conversation and outbox of the folded turns, 8 bytes each; ``vague`` the
    conversations that had traces beside which no turn may be open, ``going_on`` those that had a send before
    a new turn, ``still`` those that had no new turn. ``most_open`` is how many turns, or messages on their
    way, may be open at a time in it, ``last`` its latest time in microseconds; ``numbers`` is given where
    the folded traces came in one row, and tells by the offset of any other how many planner traces of the
    block there are up to it; ``exact`` says that a pair among them shares its idem. ``again_by`` must be
    given anew to a block from another process.
    """

    place: BlockPlace
    names: Mapping[str, int] = field(factory=dict)
    vague: Collection[str] = ()
    going_on: Collection[str] = ()
    still: Collection[str] = ()
    outboxes: bytes = b""
    most_open: int = 0
    numbers: Mapping[int, int] | None = None
    exact: bool = False
    last: int | None = None
    again_by: Again | None = field(default=None, repr=False, kw_only=True)
    _told: dict[str, list[tuple[int, PlainRow]]] = field(factory=dict, init=False, repr=False)

    def holds(self, name: str) -> bool:
        """Whether settled turns of *name* are in it."""
        return name in self.names

    def begins(self, name: str) -> bool:
        """Whether a new turn of *name* is in it."""
        return name in self.names and name not in self.still

    def again(self, names: Collection[str]) -> list[tuple[int, PlainRow]]:
        """The folded traces of *names*, each with its number among the block's planner traces."""
        wanted = tuple(names)
        if len(wanted) > 1:
            return self._read_again(wanted)
        for name in wanted:  # several checks ask for the same one
            if name not in self._told:
                self._told[name] = self._read_again(wanted)
            return self._told[name]
        return []

    def _read_again(self, names: Collection[str]) -> list[tuple[int, PlainRow]]:
        found: list[tuple[int, PlainRow]] = []
        planners = 0
        left = {name: self.names[name] for name in names if name in self.names}
        for row in self.rows():
            planners += row[0] == PLANNER
            if left.get(row[8] or "", 0):
                left[row[8] or ""] -= 1
                found.append((planners, row))
        return found

    def rows(self, apart: Apart | None = None) -> list[PlainRow]:
        """All its rows once more."""
        if self.again_by is None:
            raise RuntimeError("a folded block of another process must be told how it is read again")
        return self.again_by(self.place, apart)

    def suits(self, apart: Apart) -> bool:
        """Whether nothing of what was folded is *apart*."""
        folded = self.names
        if self.numbers is not None and (
            (self.last is not None and self.last > apart.until) or (self.exact and not apart.exact)
        ):
            return False
        if self.most_open > apart.room or any(name in folded for names in apart.names for name in names):
            return False
        if any(conv in convs for convs in apart.convs for conv in self.vague):
            return False
        if any(conv in convs for convs in apart.sending for conv in self.going_on):
            return False
        hashes = memoryview(self.outboxes).cast("q")
        return all(held.isdisjoint(hashes) for held in apart.held)

    def __getstate__(self) -> tuple[object, ...]:
        told = self.names, self.vague, self.going_on, self.still, self.outboxes
        return self.place, told, self.most_open, self.numbers, self.exact, self.last

    def __setstate__(self, state: tuple[Any, ...]) -> None:
        self.place, told, self.most_open, self.numbers, self.exact, self.last = state
        self.names, self.vague, self.going_on, self.still, self.outboxes = told
        self.again_by = None
        self._told = {}
