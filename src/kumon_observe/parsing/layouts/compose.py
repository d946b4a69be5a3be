"""``app-1  | …``, as ``docker compose logs`` writes each line of a container; wraps any layout."""

from __future__ import annotations

import re
from functools import cache

from kumon_observe.model.protocols import Explained
from kumon_observe.parsing.layouts.prefix import DIGITS, LETTERS, LEVEL, PrefixLayout


@cache
def _prefix() -> re.Pattern[str]:
    return re.compile(rf"(?!{LEVEL} )([A-Za-z0-9][A-Za-z0-9_.-]*+) +\| ")


class ComposeLayout(PrefixLayout):
    """The ``compose`` layout; the container's name is the process."""

    name = "compose"
    wraps = True
    starts = LETTERS | DIGITS

    def read(self, record: str) -> Explained | None:
        """A name, padded with at least one space, and a bar; a level's name is none of a container."""
        prefix = _prefix().match(record)
        return None if prefix is None else Explained(process=prefix[1], inner=record[prefix.end() :])
