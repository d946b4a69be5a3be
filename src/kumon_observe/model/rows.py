"""The plain rows that travel in batches from the scan to the checks.

A row is a tuple, because millions of them pass; :mod:`kumon_observe.model.events` gives the same facts
as objects. ``Row`` names the places, the number of the kind says what ``a`` to ``d`` hold:

| kind              | a                  | b               | c         | d                         |
|-------------------|--------------------|-----------------|-----------|---------------------------|
| ``PLANNER``       | count: int         | state_id        | outbox_id | short line: bool; or turn |
| ``DELIVERY``      | count: int         | state_id        | outbox_id | turn or None              |
| ``HANDOFF_GUARD`` | planner_after: int | delivery_before |           | turn or None              |
| ``OUTBOX_GUARD``  | type               |                 |           |                           |
| ``INSTANCE``      | source             | instance        |           |                           |
| ``BAD_INSTANCE``  | type               | value           |           |                           |
| ``OTHER_GUARD``   | type               |                 |           |                           |
| ``SEND``          | instance or None   | phone           |           |                           |
| ``RESULT``        | success: bool      | http            | instance  |                           |
| ``TURN_RESULT``   | outcome            | turn            |           |                           |
| ``FOLDED``        | Fold               | Block           |           |                           |

``FOLDED`` stands for traces that follow each other and belong to *settled* turns: nothing in them needs a
second look, so they only add up. The rows between keep their places. ``at`` is then the latest time at
which one of these turns began. Only checks that say ``takes_folds`` are given such rows.

A turn is the id that an escaped trace gives; only long lines have one.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any, Final, NamedTuple, Protocol, TypeAlias

PLANNER: Final = 0
DELIVERY: Final = 1
HANDOFF_GUARD: Final = 2
OUTBOX_GUARD: Final = 3
INSTANCE: Final = 4
BAD_INSTANCE: Final = 5
OTHER_GUARD: Final = 6
SEND: Final = 7
RESULT: Final = 8
TURN_RESULT: Final = 9
FOLDED: Final = 10
STEPS: Final = (0, 1, 1, 1, 2, 2, 2, 3, 4, 4)
"""For each kind, where it stands in a turn: planner, delivery, instance, send, result."""

MICROSECONDS: Final = 1_000_000
"""How many of them are a second."""

PlainRow: TypeAlias = tuple[
    int, int | None, int, int, int, int, str | None, str, str | None, str | None, Any, Any, Any, Any
]
"""A row as the scan gives it; ``Row`` has the same values, with names."""


class Row(NamedTuple):
    """A row with names; equal to the plain tuple of the same values.

    Attributes:
        kind: the number of its kind.
        at: in microseconds since the epoch (UTC), ``None`` without a time.
        source: the number of the source.
        line: from 1.
        offset: where its record begins, in bytes.
        length: of its record, in bytes.
        text: the trace itself for sources that cannot be read again at ``offset``, else ``None``.
        process: tells whose ``id()`` numbers may be compared.
        conv: the conversation, ``None`` where the app did not know it.
        idem: the idempotency key, ``None`` where the app did not know it.
        a: what the table above says.
        b: what the table above says.
        c: what the table above says.
        d: what the table above says.
    """

    kind: int
    at: int | None
    source: int
    line: int
    offset: int
    length: int
    text: str | None
    process: str
    conv: str | None
    idem: str | None
    a: Any = None
    b: Any = None
    c: Any = None
    d: Any = None


def turn_of(row: PlainRow) -> str | None:
    """The id of the turn that a row of planner, delivery or hand-off guard names."""
    return row[13] if isinstance(row[13], str) else None


def is_short(row: PlainRow) -> bool:
    """Whether a planner row is that of a short line."""
    return row[13] is True


Batch: TypeAlias = Sequence[PlainRow]
"""Rows in log order."""


Outcome = tuple[bool | None, bool | None]
"""For the state and the outbox of a pair: does it differ? ``None`` where a side has no id."""


class Fold(NamedTuple):
    """What traces of settled turns add up to: counts of traces by kind, of turns, and of what they told.

    Attributes:
        planners: planner traces.
        before: planner traces of the block before these.
        deliveries: delivery traces.
        instances: instance traces.
        sends: sends.
        success: results of messages that the provider took.
        refused: the http code of each failed result.
        turns: turns.
        exact: whether a pair shared its idem.
        pairs: how many pairs had each outcome.
        messages: the conversation, idem and success of each result with a known idem.
        first: the earliest time of the traces, in microseconds since the epoch.
        last: the latest one.
    """

    planners: int
    before: int
    deliveries: int
    instances: int
    sends: int
    success: int
    refused: tuple[str | None, ...]
    turns: int
    exact: bool
    pairs: tuple[tuple[Outcome, int], ...]
    messages: tuple[tuple[str, str, bool], ...]
    first: int | None
    last: int | None

    @property
    def results(self) -> int:
        """How many results there are."""
        return self.success + len(self.refused)

    @property
    def traces(self) -> int:
        """How many traces there are."""
        return sum(n for _, n in self.kinds())

    def kinds(self) -> tuple[tuple[int, int], ...]:
        """How many traces there are of each kind."""
        return (
            (PLANNER, self.planners),
            (DELIVERY, self.deliveries),
            (INSTANCE, self.instances),
            (SEND, self.sends),
            (RESULT, self.results),
        )


class Block(Protocol):
    """Where folded traces stand, so that those of a conversation can be had once more, one by one."""

    @property
    def names(self) -> Collection[str]:
        """The conversations of all settled turns among them."""

    @property
    def numbers(self) -> Mapping[int, int] | None:
        """Where its folded traces came ahead of all others: the number of each other row, by its offset."""

    def holds(self, name: str) -> bool:
        """Whether traces of the conversation *name* are among them."""

    def begins(self, name: str) -> bool:
        """Whether a new turn of the conversation *name* is among them."""

    def again(self, names: Collection[str]) -> list[tuple[int, PlainRow]]:
        """The folded traces of these conversations, each with its number among the block's planner traces."""


class Ref(NamedTuple):
    """Where a row's record stands, so that its line can be shown later without keeping it.

    ``at``, ``source``, ``line``, ``offset``, ``length`` and ``text`` are those of the row.
    """

    at: int | None
    source: int
    line: int
    offset: int
    length: int
    text: str | None

    @classmethod
    def of(cls, row: PlainRow) -> Ref:
        """The place of *row*."""
        return cls._make(row[1:7])
