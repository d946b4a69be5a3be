"""The part of a log's time that is judged."""

from __future__ import annotations

from datetime import datetime

from kumon_observe.model.moments import to_microseconds
from kumon_observe.model.rows import PlainRow


class Window:
    """Traces from ``since`` (inclusive) to ``until`` (exclusive), in microseconds; ``None`` is open.

    ``untimed`` counts the traces without a time, which a bounded window must leave out.
    """

    def __init__(self, since: int | None = None, until: int | None = None) -> None:
        self.since = since
        self.until = until
        self.untimed = 0

    @classmethod
    def between(cls, since: datetime | None, until: datetime | None) -> Window:
        """The window between two aware moments."""
        return cls(
            None if since is None else to_microseconds(since),
            None if until is None else to_microseconds(until),
        )

    @property
    def bounded(self) -> bool:
        """Whether anything is left out at all."""
        return self.since is not None or self.until is not None

    def cut(self, batch: list[PlainRow]) -> list[PlainRow]:
        """The rows of *batch* that lie inside."""
        if not self.bounded:
            return batch
        self.untimed += sum(row[1] is None for row in batch)
        return [row for row in batch if row[1] is not None and self.holds(row[1])]

    def holds(self, at: int) -> bool:
        """Whether the moment *at* lies inside."""
        return (self.since is None or at >= self.since) and (self.until is None or at < self.until)

    def clamp(self, now: int | None) -> int | None:
        """The log's own time *now*, no later than the window's end."""
        if now is None or self.until is None:
            return now
        return min(now, self.until)
