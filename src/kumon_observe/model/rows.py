"""The plain rows that travel in batches from the scan to the checks.

A row is a tuple, because millions of them pass; :mod:`kumon_observe.model.events` gives the same facts
as objects. ``Row`` names the places, the ``Kind`` numbers say what ``a`` to ``d`` hold:

=============  ==================  ================  =============  ==================
kind           a                   b                 c              d
=============  ==================  ================  =============  ==================
PLANNER        count: int          state_id          outbox_id      short line: bool
DELIVERY       count: int          state_id          outbox_id
HANDOFF_GUARD  planner_after: int  delivery_before
OUTBOX_GUARD   type
INSTANCE       source              instance
BAD_INSTANCE   type                value
OTHER_GUARD    type
SEND           instance or None    phone
RESULT         success: bool       http              instance
TURN_RESULT    outcome             turn
HANDED         count: int          state_id          outbox_id      Stretch
SENT           instance                                             Stretch
=============  ==================  ================  =============  ==================

``HANDED`` and ``SENT`` stand for three traces that follow each other with no other trace between: a
planner pass from an empty outbox with the delivery that finds all of it, and a message whose instance is
resolved, that goes out and is taken. Only checks that say ``takes_stretches`` are given such rows.

``conv`` and ``idem`` are ``None`` where the app did not know them. ``at`` is in microseconds since the
epoch (UTC), ``None`` without a time. ``process`` tells whose ``id()`` numbers may be compared. ``text``
is the trace itself for sources that cannot be read again at ``offset``, else ``None``.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final, NamedTuple, TypeAlias

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
HANDED: Final = 10
SENT: Final = 11
STEPS: Final = (0, 1, 1, 1, 2, 2, 2, 3, 4, 4)
"""For each kind, where it stands in a turn: planner, delivery, instance, send, result."""

IN_STRETCH: Final = 3
"""How many traces a ``HANDED`` or ``SENT`` row stands for."""

MICROSECONDS: Final = 1_000_000

PlainRow: TypeAlias = tuple[
    int, int | None, int, int, int, int, str | None, str, str | None, str | None, Any, Any, Any, Any
]


class Row(NamedTuple):
    """A row with names; equal to the plain tuple of the same values."""

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


Batch: TypeAlias = Sequence[PlainRow]
"""Rows in log order."""


class Stretch(NamedTuple):
    """What else is known of several traces in one row: the ids that delivery saw, and when they began.

    ``planner`` is the place of the last planner trace, as in a row. ``singles`` gives the traces one by one.
    """

    first: int | None
    singles: Callable[[], list[PlainRow]]
    state_id: str | None = None
    outbox_id: str | None = None
    planner: tuple[int | None, int, int, int, int, None] = (None, 0, 0, 0, 0, None)


def single(batch: Batch) -> Batch:
    """*batch* with the traces of each stretch one by one."""
    if all(row[0] < HANDED for row in batch):
        return batch
    found: list[PlainRow] = []
    for row in batch:
        if row[0] < HANDED:
            found.append(row)
        else:
            found += row[13].singles()
    return found


class Ref(NamedTuple):
    """Where a row's record stands, so that its line can be shown later without keeping it."""

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
