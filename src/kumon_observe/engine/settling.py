"""Merges what several logs say as it comes: what is written at nearly the same time is put in order first."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from attrs import Factory, define

from kumon_observe.model import rows
from kumon_observe.model.rows import PlainRow
from kumon_observe.parsing.records import LoggedRecord

Item = PlainRow | LoggedRecord
"""A trace, or a record that is none."""

Moment = tuple[int, int]
"""A time in microseconds that never goes back within one log, and the step of a turn."""

BEGINNING: Final[Moment] = (0, 0)


class Held(NamedTuple):
    """An *item* that came at ``arrived``, of a generation of a log."""

    moment: Moment
    arrived: datetime
    generation: int
    item: Item


@define(eq=False)
class Queue:
    """What one log said and nobody was given yet; ``latest`` is how far its own time has come."""

    latest: Moment = BEGINNING
    held: deque[Held] = Factory(deque)

    def add(self, items: Iterable[Item], generation: int, arrived: datetime) -> None:
        """Hold *items*, in their order."""
        latest, step = self.latest
        for item in items:
            at, own = (item[1], rows.STEPS[item[0]]) if isinstance(item, tuple) else (item.ref.at, 0)
            if at is not None and at > latest:
                latest, step = at, 0
            step = max(step, own)
            self.held.append(Held((latest, step), arrived, generation, item))
        self.latest = latest, step


def released(
    queues: Iterable[Queue], now: datetime, settle: timedelta, behind: Moment | None
) -> list[tuple[Queue, Held]]:
    """What has settled by *now*, in order, each with the queue that it is taken from.

    A log of which more waits to be read has come as far as *behind*: nothing later is given yet.
    """
    found: list[tuple[Queue, Held]] = []
    filled = [queue for queue in queues if queue.held]
    while filled:
        first = min(filled, key=lambda queue: queue.held[0].moment)
        held = first.held[0]
        if behind is not None and held.moment > behind:
            break
        if not (
            now - held.arrived >= settle or held.arrived > now
        ):  # a clock that went back holds nothing up
            break
        found.append((first, first.held.popleft()))
        if not first.held:
            filled.remove(first)
    return found
