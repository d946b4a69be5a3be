"""What single options may hold beyond their type: hours, cron lines, addresses, ports, thresholds."""

from __future__ import annotations

from datetime import time
from typing import Any, Final

from attrs import validators

from kumon_observe.model.patterns import LatePattern
from kumon_observe.model.threshold import Threshold

_HOURS: Final = LatePattern(r"([01]\d|2[0-3]):([0-5]\d)-([01]\d|2[0-3]):([0-5]\d)")
_ADDRESS: Final = LatePattern(r"[^\s@<>,;]+@[^\s@<>,;]+")
_CRON_FIELD: Final = LatePattern(r"[0-9A-Z*/,#-]+")
_CRON_FIELDS: Final = 5
_CRON_EXAMPLE: Final = "write five fields (minute, hour, day, month, weekday), as in '0 2 * * *'"

PORT: Final[Any] = validators.and_(validators.ge(0), validators.le(65_535))
"""A port, or 0 for the usual one."""


def hours_of(text: str) -> tuple[time, time]:
    """The first moment of the hours *text*, as in ``08:00-22:00``, and the first after them.

    Hours may go on over midnight: ``22:00-08:00``.

    Raises:
        ValueError: it is none of that form, or ends where it begins.
    """
    found = _HOURS.fullmatch(text)
    if found is None or found[1] + found[2] == found[3] + found[4]:
        raise ValueError(f"{text!r} are no hours: write them as in '08:00-22:00'")
    first, after = time(int(found[1]), int(found[2])), time(int(found[3]), int(found[4]))
    return first, after


def within(hours: tuple[time, time], moment: time) -> bool:
    """Whether *moment*, in the zone of the hours, is one of them."""
    first, after = hours
    return first <= moment < after if first < after else moment >= first or moment < after


def hours(_settings: object, _attribute: object, value: str) -> None:
    """The option holds hours, or nothing."""
    if value:
        hours_of(value)


def threshold(_settings: object, _attribute: object, value: str) -> None:
    """The option holds a threshold as text, or nothing."""
    if value:
        Threshold.parse(value)


def address(_settings: object, _attribute: object, value: str) -> None:
    """The option holds one mail address, without a name and without anything after it, or nothing."""
    if value and not _ADDRESS.fullmatch(value):
        raise ValueError(f"{value!r} is no mail address: write it alone, as in 'name@example.org'")


def addresses(_settings: object, _attribute: object, value: tuple[str, ...]) -> None:
    """The option holds mail addresses."""
    for one in value:
        address(None, None, one or " ")


def cron(_settings: object, _attribute: object, value: str) -> None:
    """The option holds a cron line that comes true some day, or nothing.

    Without the extra ``schedule`` only its form is looked at; what needs the line asks for the extra.
    """
    if not value:
        return
    fields = [field for field in value.replace("\t", " ").split(" ") if field]
    if len(fields) != _CRON_FIELDS or not all(_CRON_FIELD.fullmatch(field.upper()) for field in fields):
        raise ValueError(f"{value!r} is no cron line: {_CRON_EXAMPLE}")
    try:
        from cronsim import CronSim, CronSimError
    except ImportError:
        return
    from datetime import UTC, datetime

    try:
        next(CronSim(value, datetime(2024, 1, 1, tzinfo=UTC)))
    except CronSimError as error:
        raise ValueError(f"{value!r} is no cron line ({error}): {_CRON_EXAMPLE}") from None
    except StopIteration:
        raise ValueError(f"{value!r} is a cron line that never comes true: {_CRON_EXAMPLE}") from None
