"""Times as logs write them: ISO 8601 and its relatives, seconds since the epoch, syslog's without a year."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, tzinfo
from typing import Final, NamedTuple

DATE: Final = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"
CLOCK_AND_ZONE: Final = r"[0-9]{2}:[0-9]{2}:[0-9]{2}(?:[.,][0-9]{1,9})?(?:Z|[+-][0-9]{2}:?[0-9]{2})?"
ISO_TIME: Final = rf"{DATE}[T ]{CLOCK_AND_ZONE}"
"""Pattern of a time as ``logging`` and ISO 8601 write it; it has no groups."""

_SECONDS_LENGTH: Final = len("2025-01-15T10:00:00")
_LATEST_SECONDS: Final = 10**11  # the year 5138; as milliseconds, 1973
_LATEST_MILLISECONDS: Final = 10**14
_LEAP_CYCLE: Final = 8  # most years from one 29 February to the next, around 1900 and 2100
_AHEAD: Final = timedelta(days=1)
_MONTHS: Final = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
MONTH: Final = f"(?:{'|'.join(_MONTHS)})"


class Moment(NamedTuple):
    """A time, naive where the log names no zone; ``precise`` if it has a fraction of a second."""

    at: datetime
    precise: bool


def read_iso(text: str) -> Moment | None:
    """The moment that *text* is, if it has the form of :data:`ISO_TIME` and stands in the calendar.

    Digits beyond microseconds are dropped.
    """
    if len(text) < _SECONDS_LENGTH or not (
        text[4] == text[7] == "-" and text[10] in "T " and text[16] == ":"
    ):
        return None  # fromisoformat takes other forms of ISO 8601 too, such as bare digits
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return None
    return Moment(at, len(text) > _SECONDS_LENGTH and text[_SECONDS_LENGTH] in ".,")


def read_epoch(number: float) -> Moment | None:
    """The moment *number* seconds, or milliseconds if it is too large for seconds, after the epoch."""
    if 0 <= number < _LATEST_SECONDS:
        return Moment(datetime.fromtimestamp(number, UTC), isinstance(number, float))
    if _LATEST_SECONDS <= number < _LATEST_MILLISECONDS:
        return Moment(datetime.fromtimestamp(number / 1000, UTC), True)
    return None


def read_yearless(month: str, day: int, clock: str, reference: datetime) -> datetime | None:
    """The latest naive time with this *month* (``Jan``), *day* and *clock* (``10:00:00``) up to *reference*.

    A day ahead of *reference* is allowed, since the log's zone and the reference's may differ; so a record
    of 31 December is last year's when the reference is on 1 January, and the other way round.
    """
    latest = reference.replace(tzinfo=None)
    number = _MONTHS.index(month) + 1
    for year in range(latest.year + 1, latest.year - _LEAP_CYCLE - 1, -1):
        try:
            at = datetime.fromisoformat(f"{year:04}-{number:02}-{day:02}T{clock}")
        except ValueError:
            continue
        if at - latest <= _AHEAD:
            return at
    return None


def in_zone(moment: datetime, zone: tzinfo) -> datetime:
    """*moment* itself if it names its zone, else taken as a time in *zone*."""
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=zone)
