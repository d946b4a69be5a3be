"""Whether the times in a log are those of the clock: windows, graces and hours go by the log's."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from attrs import define

from kumon_observe.model.evidence import Sentence
from kumon_observe.model.moments import to_datetime
from kumon_observe.model.phrase import phrase
from kumon_observe.model.rows import PlainRow

_MOST: Final = timedelta(minutes=10)
"""More than a log that is copied from elsewhere now and then lags behind."""


@define
class Skew:
    """Looks at the traces that come while nothing older waits to be read."""

    _is_up_to_date: bool = False
    _is_told: bool = False

    def of(self, rows: Sequence[PlainRow], now: datetime, *, behind: bool) -> Sentence | None:
        """What is wrong with the times of *rows*, which came *now*; told once. *behind*: more waits."""
        was_up_to_date, self._is_up_to_date = self._is_up_to_date, not behind
        times = [row[1] for row in rows if row[1] is not None]
        if self._is_told or not times or not was_up_to_date or behind:
            return None
        apart = now - to_datetime(max(times))
        if abs(apart) <= _MOST:
            return None
        self._is_told = True
        minutes = round(abs(apart).total_seconds() / 60)
        return _late(minutes) if apart > timedelta() else _early(minutes)


def _late(minutes: int) -> Sentence:
    return phrase("traces come with times {n} minutes old: is that the log's zone (timezone)?", n=minutes)


def _early(minutes: int) -> Sentence:
    return phrase("traces come with times {n} minutes ahead: is that the log's zone (timezone)?", n=minutes)
