"""Moments as whole microseconds since the epoch, which is how rows carry them, and back."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
"""Where the microseconds of rows count from."""

_MICROSECOND = timedelta(microseconds=1)


def to_microseconds(moment: datetime) -> int:
    """Whole microseconds since the epoch of an aware *moment*."""
    return (moment - EPOCH) // _MICROSECOND


def to_datetime(microseconds: int) -> datetime:
    """The moment in UTC that lies *microseconds* after the epoch."""
    return EPOCH + timedelta(microseconds=microseconds)
