"""``INFO:app.core.x:message``, what ``logging.basicConfig()`` writes; it has no time."""

from __future__ import annotations

import re
from functools import cache

from kumon_observe.model.protocols import Explained
from kumon_observe.parsing.layouts.prefix import LEVEL, LEVEL_STARTS, LOGGER, PrefixLayout


@cache
def _prefix() -> re.Pattern[str]:
    return re.compile(rf"({LEVEL}):({LOGGER}):")


class BasicLayout(PrefixLayout):
    """The ``basic`` layout."""

    name = "basic"
    starts = LEVEL_STARTS

    def read(self, record: str) -> Explained | None:
        """Level and logger, each before a colon."""
        prefix = _prefix().match(record)
        if prefix is None:
            return None
        return Explained(message=record[prefix.end() :], level=prefix[1], logger=prefix[2])
