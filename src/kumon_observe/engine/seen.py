"""How many traces of each kind were judged, and the time that they span."""

from __future__ import annotations

from collections import Counter
from operator import itemgetter
from typing import Any

from kumon_observe.model import rows
from kumon_observe.model.moments import to_datetime
from kumon_observe.model.rows import Batch
from kumon_observe.model.verdict import Coverage

_OUTBOX = (rows.PLANNER, rows.DELIVERY)
_DELIVERY = (rows.SEND, rows.RESULT, rows.TURN_RESULT)
_GUARDS = (rows.HANDOFF_GUARD, rows.OUTBOX_GUARD, rows.BAD_INSTANCE, rows.OTHER_GUARD)


class Seen:
    """Counts by kind; ``first`` and ``last`` in microseconds since the epoch."""

    def __init__(self) -> None:
        self.kinds: Counter[int] = Counter()
        self.first: int | None = None
        self.last: int | None = None

    def __bool__(self) -> bool:
        """Whether any trace was judged."""
        return bool(self.kinds)

    def note(self, batch: Batch) -> None:
        """Count the traces of *batch*, folded ones too."""
        self.kinds.update(map(itemgetter(0), batch))
        times = [row[1] for row in batch if row[1] is not None]
        for fold in (row[10] for row in batch if row[0] == rows.FOLDED):
            for kind, n in fold.kinds():
                self.kinds[kind] += n
            if fold.first is not None:
                times += (fold.first, fold.last)
        if times:
            first, last = min(times), max(times)
            self.first = first if self.first is None else min(first, self.first)
            self.last = last if self.last is None else max(last, self.last)

    def coverage(self) -> Coverage:
        """The same as a value."""
        return Coverage(
            outbox=sum(self.kinds[kind] for kind in _OUTBOX),
            instance=self.kinds[rows.INSTANCE],
            delivery=sum(self.kinds[kind] for kind in _DELIVERY),
            guards=sum(self.kinds[kind] for kind in _GUARDS),
            first=None if self.first is None else to_datetime(self.first),
            last=None if self.last is None else to_datetime(self.last),
        )

    def saved(self) -> list[Any]:
        """The same as JSON values."""
        return [list(self.kinds.items()), self.first, self.last]

    def restore(self, saved: Any) -> None:
        """Have seen what was saved.

        Raises:
            TypeError, ValueError: it is no such thing.
        """
        kinds, self.first, self.last = saved
        self.kinds = Counter(dict(kinds))
