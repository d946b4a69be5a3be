"""``[2025-01-15 10:00:00,123] INFO in module: message`` (Flask's) and ``[…] [INFO] app.core.x: message``.

The former names a module, which is not a logger; the latter may lack the logger.
"""

from __future__ import annotations

import re
from functools import cache

from kumon_observe.model.protocols import Explained
from kumon_observe.parsing.layouts.prefix import LEVEL, PrefixLayout, optional_logger
from kumon_observe.parsing.times import ISO_TIME, read_iso

_IN_MODULE = rf"({LEVEL}) +in [A-Za-z0-9_.-]++: "
_BRACKETED = rf"\[({LEVEL}) *\] {optional_logger(': ')}"


@cache
def _prefix() -> re.Pattern[str]:
    return re.compile(rf"\[({ISO_TIME})\] (?:{_IN_MODULE}|{_BRACKETED})")


class BracketLayout(PrefixLayout):
    """The ``bracket`` layout."""

    name = "bracket"
    starts = frozenset("[")

    def read(self, record: str) -> Explained | None:
        """A time in brackets, then either form of the level."""
        prefix = _prefix().match(record)
        moment = read_iso(prefix[1]) if prefix else None
        if prefix is None or moment is None:
            return None
        return Explained(
            message=record[prefix.end() :],
            at=moment.at,
            precise=moment.precise,
            level=prefix[2] or prefix[3],
            logger=prefix[4],
        )
