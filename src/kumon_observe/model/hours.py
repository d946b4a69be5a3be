"""Hours of the day: ``08:00-22:00``, over midnight ``22:00-06:00``, of some days ``Mon-Sat 08:00-22:00``."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta, tzinfo
from typing import Final, Self

from attrs import field, frozen

from kumon_observe.model.patterns import LatePattern
from kumon_observe.model.value import Value

_DAYS: Final = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_DAY: Final = "|".join(_DAYS)
_FORM: Final = LatePattern(
    rf"(?:({_DAY})(?:-({_DAY}))? )?([01]\d|2[0-3]):([0-5]\d)-([01]\d|2[0-3]):([0-5]\d)"
)
_MINUTE: Final = timedelta(minutes=1)


@frozen(eq=False, repr=False)
class Hours(Value):
    """From ``begin`` up to ``end``, which is not part of it; both in minutes since midnight.

    ``days`` are those on which they begin, from the ``first`` weekday to the ``last`` (0 is Monday).

    >>> str(Hours.parse("Mon-Sat 22:00-06:00"))
    'Mon-Sat 22:00-06:00'
    """

    begin: int = field()
    end: int = field()
    first: int = 0
    last: int = 6

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read ``08:00-22:00``.

        Raises:
            ValueError: *text* is none of that form, or ends where it begins.
        """
        match = _FORM.fullmatch(text)
        begin, end = (0, 0) if match is None else (_minutes(*match.group(3, 4)), _minutes(*match.group(5, 6)))
        if match is None or begin == end:
            raise ValueError(
                f"{text!r} are no hours: write them as in '08:00-22:00' or 'Mon-Sat 08:00-22:00'"
            )
        if match[1] is None:
            return cls(begin, end)
        return cls(begin, end, _DAYS.index(match[1]), _DAYS.index(match[2] or match[1]))

    def includes(self, moment: datetime, zone: tzinfo) -> bool:
        """Whether *moment* lies in these hours by the clocks of *zone*."""
        local = moment.astimezone(zone)
        minute, today = local.hour * 60 + local.minute, local.weekday()
        if self.begin < self.end:
            return self.begin <= minute < self.end and self._begins_on(today)
        if minute >= self.begin:
            return self._begins_on(today)
        return minute < self.end and self._begins_on((today - 1) % 7)

    def holds(self, seconds: float, until: datetime, zone: tzinfo) -> bool:
        """Whether the last *seconds* before *until*, and that moment, lie in these hours."""
        steps = int(seconds // 60) + 1
        return all(self.includes(until - step * _MINUTE, zone) for step in range(steps))

    def _begins_on(self, day: int) -> bool:
        if self.first <= self.last:
            return self.first <= day <= self.last
        return day >= self.first or day <= self.last

    def opens(self, moment: datetime, zone: tzinfo) -> datetime:
        """When these hours next begin after *moment*, which lies outside them; in UTC.

        Where the clocks skip the beginning, that is the first minute after the skipped ones.
        """
        at = time(*divmod(self.begin, 60))
        day = moment.astimezone(zone).date()
        while True:
            naive = datetime.combine(day, at)
            begins = [naive.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1)]
            found = max(min(begins), moment.astimezone(UTC))
            while found <= max(begins):
                if found > moment and self.includes(found, zone):
                    return found
                found = found.replace(second=0, microsecond=0) + _MINUTE
            day += timedelta(days=1)

    def __str__(self) -> str:
        hours = "-".join(f"{minutes // 60:02}:{minutes % 60:02}" for minutes in (self.begin, self.end))
        if (self.first, self.last) == (0, 6):
            return hours
        days = dict.fromkeys((_DAYS[self.first], _DAYS[self.last]))
        return f"{'-'.join(days)} {hours}"


def _minutes(hours: str, minutes: str) -> int:
    return int(hours) * 60 + int(minutes)
