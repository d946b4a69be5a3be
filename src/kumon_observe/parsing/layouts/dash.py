"""``2025-01-15 10:00:00,123 - app.core.x - INFO - message``.

The logger may also be missing, or stand after the level.
"""

from __future__ import annotations

import re
from functools import cache

from kumon_observe.model.protocols import Explained
from kumon_observe.parsing.layouts.prefix import DIGITS, LEVEL, LOGGER, PrefixLayout, optional_logger
from kumon_observe.parsing.times import ISO_TIME, read_iso

_DASH = " +- "
_LEVEL_FIRST = rf"({LEVEL}){_DASH}{optional_logger(_DASH)}"
_LOGGER_FIRST = rf"({LOGGER}){_DASH}({LEVEL}){_DASH}"


@cache
def _prefix() -> re.Pattern[str]:
    return re.compile(rf"({ISO_TIME}){_DASH}(?:{_LEVEL_FIRST}|{_LOGGER_FIRST})")


class DashLayout(PrefixLayout):
    """The ``dash`` layout."""

    name = "dash"
    starts = DIGITS

    def read(self, record: str) -> Explained | None:
        """Time, logger and level, each before a dash between spaces."""
        prefix = _prefix().match(record)
        moment = read_iso(prefix[1]) if prefix else None
        if prefix is None or moment is None:
            return None
        return Explained(
            message=record[prefix.end() :],
            at=moment.at,
            precise=moment.precise,
            level=prefix[2] or prefix[5],
            logger=prefix[3] or prefix[4],
        )
