"""``2025-01-15T10:00:00.123456Z INFO app.core.x message``.

The logger may be missing; `` | `` may stand between the parts instead of spaces.
"""

from __future__ import annotations

import re
from functools import cache

from kumon_observe.model.protocols import Explained
from kumon_observe.parsing.layouts.prefix import DIGITS, LEVEL, PrefixLayout, is_padding, optional_logger
from kumon_observe.parsing.times import ISO_TIME, read_iso

_PIPE = r" +\| "
_PIPED = rf" +\| +((?i:{LEVEL})){_PIPE}{optional_logger(_PIPE)}"
_SPACED = rf" +((?i:{LEVEL}))( ++){optional_logger(':? ')}"


@cache
def _prefix() -> re.Pattern[str]:
    return re.compile(rf"({ISO_TIME})(?:{_PIPED}|{_SPACED})")


class IsoLayout(PrefixLayout):
    """The ``iso`` layout."""

    name = "iso"
    starts = DIGITS

    def read(self, record: str) -> Explained | None:
        """Time, level and perhaps a logger, all separated in the same way."""
        prefix = _prefix().match(record)
        moment = read_iso(prefix[1]) if prefix else None
        if prefix is None or moment is None:
            return None
        level, start = prefix[2] or prefix[4], prefix.end()
        logger = prefix[3] or prefix[6]
        if prefix[5] and not is_padding(level, len(prefix[5])):
            logger, start = None, prefix.start(5) + 1
        return Explained(
            message=record[start:], at=moment.at, precise=moment.precise, level=level.upper(), logger=logger
        )
