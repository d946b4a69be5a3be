"""When a cron line comes true in a zone, right across changes of its clocks."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, tzinfo
from functools import cached_property
from typing import TYPE_CHECKING, Final

from attrs import frozen

from kumon_observe.model.errors import MissingExtraError

if TYPE_CHECKING:
    from cronsim import CronSim

_SECOND: Final = timedelta(seconds=1)
_HOUR: Final = timedelta(hours=1)
_STEP: Final = timedelta(hours=20)
"""No zone changes its clocks twice within this time."""


@frozen(slots=False)
class CronLine:
    """The cron *line* in *zone*: five fields, as ``[jobs.NAME]`` has them.

    A line that names an hour comes true once on every day that it names: at the end of the hours that are
    skipped, if it names one of those; in the first of the hours that come twice. A line that comes true in
    the hour before the change and in the one after it runs by the hour (``*/15 * * * *``, ``0 22-23,0-7 *
    * *``): in each hour that really passes, and in none that does not.
    """

    line: str
    zone: tzinfo

    def after(self, moment: datetime) -> Iterator[datetime]:
        """All moments after *moment* (aware) at which the line comes true, in UTC.

        Raises:
            MissingExtraError: cronsim is not installed.
        """
        at = moment.astimezone(UTC)
        while at.astimezone(self.zone).fold:  # in hours that come a second time: begin before the first
            at -= _HOUR
        for found in self._from(at):
            if found > moment:
                yield found

    def _from(self, at: datetime) -> Iterator[datetime]:
        """The moments after *at*, which is in no hour that comes a second time."""
        local = self._local(at)
        while True:
            offset = self._offset(at)
            for planned in self._planned(local):
                change = self._change(at, (planned - offset).replace(tzinfo=UTC))
                if change is not None:
                    break
                at = (planned - offset).replace(tzinfo=UTC)
                yield at
            else:
                return
            before, after = change.replace(tzinfo=None) + offset, self._local(change)
            at, local = change, after - _SECOND
            hourly = self._is_hourly(min(before, after), max(before, after))
            if after > before and not hourly and self._is_planned(before, after):
                yield change
                local = after
            elif before > after and not hourly:
                local = before - _SECOND

    def _change(self, start: datetime, end: datetime) -> datetime | None:
        """The first moment after *start*, up to *end*, at which the zone has another offset."""
        offset = self._offset(start)
        while start < end:
            step = min(start + _STEP, end)
            if self._offset(step) != offset:
                return self._between(start, step)
            start = step
        return None

    def _between(self, old: datetime, new: datetime) -> datetime:
        """The moment of the change that lies after *old* and not after *new*."""
        offset = self._offset(old)
        while new - old > _SECOND:
            middle = (old + (new - old) / 2).replace(microsecond=0)
            if self._offset(middle) == offset:
                old = middle
            else:
                new = middle
        return new.replace(microsecond=0)

    def _is_hourly(self, begin: datetime, end: datetime) -> bool:
        """Whether the line comes true in the hour before *begin*, and in the one from *end* on."""
        return self._is_planned(begin - _HOUR, begin) and self._is_planned(end, end + _HOUR)

    def _is_planned(self, begin: datetime, end: datetime) -> bool:
        return next(self._planned(begin - _SECOND), end) < end

    def _planned(self, after: datetime) -> Iterator[datetime]:
        """The times on a clock, after that of *after*, without any change of clocks."""
        return self._cron(self.line, after)

    @cached_property
    def _cron(self) -> type[CronSim]:
        try:
            from cronsim import CronSim
        except ImportError:
            raise MissingExtraError("doing things by the clock", "schedule") from None
        return CronSim

    def _local(self, moment: datetime) -> datetime:
        return moment.astimezone(self.zone).replace(tzinfo=None)

    def _offset(self, moment: datetime) -> timedelta:
        return moment.astimezone(self.zone).utcoffset() or timedelta(0)
