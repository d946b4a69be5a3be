"""Hours of the day, as ``08:00-22:00`` or over midnight: ``22:00-06:00``."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta, tzinfo
from typing import Final, Self

from attrs import field, frozen

from kumon_observe.model.patterns import LatePattern
from kumon_observe.model.value import Value

_FORM: Final = LatePattern(r"([01]\d|2[0-3]):([0-5]\d)-([01]\d|2[0-3]):([0-5]\d)")
_MINUTE: Final = timedelta(minutes=1)


@frozen(eq=False, repr=False)
class Hours(Value):
    """From ``begin`` up to ``end``, which is not part of it; both in minutes since midnight.

    >>> str(Hours.parse("22:00-06:00"))
    '22:00-06:00'
    """

    begin: int = field()
    end: int = field()

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read ``08:00-22:00``.

        Raises:
            ValueError: *text* is none of that form, or ends where it begins.
        """
        match = _FORM.fullmatch(text)
        begin, end = (0, 0) if match is None else (_minutes(*match.group(1, 2)), _minutes(*match.group(3, 4)))
        if begin == end:
            raise ValueError(f"{text!r} are no hours: write them as in '08:00-22:00'")
        return cls(begin, end)

    def includes(self, moment: datetime, zone: tzinfo) -> bool:
        """Whether *moment* lies in these hours by the clocks of *zone*."""
        local = moment.astimezone(zone)
        minute = local.hour * 60 + local.minute
        if self.begin < self.end:
            return self.begin <= minute < self.end
        return minute >= self.begin or minute < self.end

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

    def began(self, moment: datetime, zone: tzinfo) -> datetime:
        """When these hours last began at or before *moment*; in UTC.

        Where the clocks skip the beginning, they began by *moment* at the latest.
        """
        local = moment.astimezone(zone)
        begins = datetime.combine(local.date(), time(*divmod(self.begin, 60)), zone)
        if begins > local:
            begins = datetime.combine(local.date() - timedelta(days=1), begins.time(), zone)
        return min(begins.astimezone(UTC), moment.astimezone(UTC))

    def __str__(self) -> str:
        return "-".join(f"{minutes // 60:02}:{minutes % 60:02}" for minutes in (self.begin, self.end))


def _minutes(hours: str, minutes: str) -> int:
    return int(hours) * 60 + int(minutes)
