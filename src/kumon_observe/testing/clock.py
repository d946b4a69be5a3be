"""A clock that stands still until a test moves it."""

from __future__ import annotations

from datetime import datetime, timedelta

from kumon_observe.testing.story import START


class FakeClock:
    """Goes where a :data:`kumon_observe.clock.Clock` goes: ``clock()`` is its moment, ``now``.

    It begins at *now*, an aware datetime; without one, when every :class:`~kumon_observe.testing.Story`
    begins.

    Raises:
        ValueError: *now* names no zone.
    """

    def __init__(self, now: datetime = START) -> None:
        self.now = _aware(now)

    def __call__(self) -> datetime:
        """The moment at which it stands."""
        return self.now

    def advance(self, seconds: float) -> datetime:
        """Go on by *seconds* (back, as a corrected clock does, if negative) and tell the new moment."""
        self.now += timedelta(seconds=seconds)
        return self.now

    def set(self, now: datetime) -> None:
        """Stand at *now*.

        Raises:
            ValueError: *now* names no zone.
        """
        self.now = _aware(now)


def _aware(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        raise ValueError(f"the time {moment} names no zone: give an aware datetime, as datetime.now(UTC)")
    return moment
