"""``INFO message``, uvicorn's ``INFO:     message``, pytest's ``INFO     app.core.x:module.py:46 message``.

None has a time; only pytest names the logger.
"""

from __future__ import annotations

import re
from functools import cache

from kumon_observe.model.protocols import Explained
from kumon_observe.parsing.layouts.prefix import LEVEL, LEVEL_STARTS, LOGGER, PrefixLayout, is_padding


@cache
def _prefix() -> re.Pattern[str]:
    return re.compile(rf"({LEVEL})(?: +({LOGGER}):[^\s:]++:[0-9]++ |(:?)( ++))")


class LevelLayout(PrefixLayout):
    """The ``level`` layout."""

    name = "level"
    starts = LEVEL_STARTS

    def read(self, record: str) -> Explained | None:
        """A level and spaces, or what pytest puts between them and the message."""
        prefix = _prefix().match(record)
        if prefix is None:
            return None
        level, logger, colon, gap = prefix.groups()
        if logger is not None:
            return Explained(message=record[prefix.end() :], level=level, logger=logger)
        padding = len(gap) if is_padding(level, len(gap), colon=bool(colon)) else 1
        return Explained(message=record[prefix.start(4) + padding :], level=level)
