"""The generations of one log that are followed at the same time, and those that were before."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from contextlib import suppress
from typing import Final

from attrs import evolve

from kumon_observe.clock import Clock
from kumon_observe.reading.following.beside import Beside
from kumon_observe.reading.following.generation import Generation
from kumon_observe.reading.following.piece import Place
from kumon_observe.reading.following.succession import newer_than

REMEMBERED: Final = 32
"""How many files that are over are known by what was read of them, should they come back."""

MOST_OPEN: Final = 16
"""How many renamed files are kept open for late lines."""


class Lives:
    """``all`` that are not over, oldest first, the last one being what the log's name leads to.

    ``ended`` are the places of those that were over, ``number`` is that of the newest.
    """

    def __init__(self, clock: Clock, ended: Sequence[Place], number: int) -> None:
        self.all: list[Generation] = []
        self.ended = deque(ended, REMEMBERED)
        self.number = number
        self._clock = clock

    def place(self, generation: int, offset: int) -> Place | None:
        """Where to go on from *offset* of a *generation*; ``None`` if it was over too long ago."""
        for life in self.all:
            if life.number == generation:
                return life.place(offset)
        for place in self.ended:
            if place.generation == generation:
                return evolve(place, offset=offset)
        return None

    def end(self, life: Generation) -> None:
        """It is over."""
        self.all.remove(life)
        self.ended.append(life.place(life.offset))
        life.close()

    def succeed(self, newer: Sequence[Beside], offset: int = 0) -> None:
        """Go on with *newer* files, oldest first, the first one at *offset*.

        What was followed up to now may still get late lines.
        """
        last = self.all[-1] if self.all else None
        for one in newer:
            again = one is newer[-1] or (last is not None and one.identity == last.identity)
            if again or not self.is_followed(one):
                first = offset if one is newer[0] else 0
                self.all.append((not first and self._known(one)) or self._new(one, first))
        for life in self.all[:-1]:
            life.superseded = life.superseded or self._clock()
        if self.all:
            self.all[-1].superseded = None

    def newer(self, own: Beside | None, place: Place, files: Sequence[Beside]) -> list[Beside]:
        """What came after *own*; where only times tell that, no file that holds what was read already."""
        newer = newer_than(own, place, files)
        return newer if own is not None else [one for one in newer if not self._was_read(one)]

    def _was_read(self, one: Beside) -> bool:
        """Whether *one* holds what was read of some generation, under another name or compressed."""
        marks = [life.known for life in self.all] + [place.mark for place in self.ended]
        return any(mark.telling and one.holds(mark) for mark in marks)

    def is_followed(self, one: Beside) -> bool:
        """Whether *one* is read already, as one of the generations."""
        return one.plain is not None and any(
            life.identity == one.identity and not life.gone for life in self.all
        )

    def _known(self, one: Beside) -> Generation | None:
        """The generation that *one* is, if it was followed before: renamed back, or the link leads back."""
        for life in self.all:
            if life.identity == one.identity and not life.gone and one.plain is not None:
                self.all.remove(life)
                return life
        for place in self.ended:
            if place.identity == one.identity and place.mark.length and one.holds(place.mark):
                self.number += 1
                return Generation.beside(self.number, one, place.mark.length)
        return None

    def _new(self, one: Beside, offset: int) -> Generation:
        self.number += 1
        life = Generation.beside(self.number, one, offset)
        if one.plain is not None and len(self.all) < MOST_OPEN:
            with suppress(OSError):  # it is tried again when it is read
                life.read(0)
        return life
