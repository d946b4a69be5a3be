"""Reads a length of time as people type it: ``90s``, ``30min``, ``1h30m``."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from kumon_observe.model.patterns import LatePattern

_UNITS: Final = {"w": "weeks", "d": "days", "h": "hours", "m": "minutes", "min": "minutes", "s": "seconds"}
_FORM: Final = LatePattern(r"(?:[0-9]{1,6}(?:w|d|h|min|m|s) ?)+")
_PART: Final = LatePattern(r"([0-9]+)(min|[wdhms])")


def is_length(text: str) -> bool:
    """Whether *text* is written as a length of time."""
    return _FORM.fullmatch(text) is not None


def length_of(text: str) -> timedelta:
    """How long *text* is.

    >>> str(length_of("1h30m"))
    '1:30:00'

    Raises:
        ValueError: *text* is no length of time, or longer than can be counted.
    """
    text = text.strip()
    if not is_length(text):
        raise ValueError(f"{text!r} is no length of time: write 90s, 30min, 2h or 1h30m")
    parts = (timedelta(**{_UNITS[part[2]]: int(part[1])}) for part in _PART.finditer(text))
    try:
        return sum(parts, timedelta())
    except OverflowError:
        raise ValueError(f"{text!r} is too long a time") from None
