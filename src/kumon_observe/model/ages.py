"""How long ago something was, as people say it."""

from __future__ import annotations

from datetime import timedelta

_UNITS = (("d", 172_800, 86_400), ("h", 7200, 3600), ("min", 100, 60))
"""Each unit with the seconds from which on it is used, and its own."""


def age(span: timedelta) -> str:
    """*span* in one unit, rounded down, which both languages write alike: ``99 s``, ``47 h``, ``2 d``.

    What lies ahead is no time ago.
    """
    seconds = max(0, int(span.total_seconds()))
    for unit, least, length in _UNITS:
        if seconds >= least:
            return f"{seconds // length} {unit}"
    return f"{seconds} s"
