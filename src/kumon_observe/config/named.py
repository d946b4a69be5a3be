"""Named tables: what is written lies over the default of its name; a new name says what it needs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, Final

import attrs

from kumon_observe.config.late import Named
from kumon_observe.config.options import attribute_of, dotted
from kumon_observe.model.patterns import LatePattern

_NAME: Final = LatePattern(r"[A-Za-z0-9]+(?:[-_][A-Za-z0-9]+)*")
_EXAMPLES: Final = {"check": 'check = "delivery"', "cron": 'cron = "0 2 * * *"'}


def laid_over(named: Named, name: str, table: Any, written: Iterable[str]) -> Any:
    """The default of *name*, if there is one, with those values of *table* whose keys were *written*."""
    if name not in named.defaults:
        return table
    values = {attribute_of(key): getattr(table, attribute_of(key)) for key in written}
    return attrs.evolve(named.defaults[name], **values)


def misnamed(named: Named, names: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Each of *names* that cannot be used, with the rest of a sentence that says why."""
    seen = {_alike(name): name for name in named.defaults}
    for name in names:
        if not _NAME.fullmatch(name):
            yield name, "is no name for a table: use letters and digits, with - or _ between them"
        elif (other := seen.setdefault(_alike(name), name)) != name:
            yield name, f"is too like {other}, since the environment has one variable for both: rename it"


def _alike(name: str) -> str:
    return name.lower().replace("-", "_")


def lack(key: str, named: Named, name: str, table: Any) -> str:
    """What a table of *named* under *key* needs and has not, as the rest of a sentence; empty: nothing."""
    if not named.needs or getattr(table, attribute_of(named.needs)):
        return ""
    import difflib

    close = difflib.get_close_matches(name, named.defaults, n=1)
    meant = f"; or did you mean {dotted((key, close[0]))}?" if close and name not in named.defaults else ""
    return f"needs {_EXAMPLES[named.needs].split(' ')[0]}, as in {_EXAMPLES[named.needs]}{meant}"


def is_nothing(named: Named, name: str, table: Any) -> bool:
    """Whether *table* adds nothing: one that may be left out, and says what its absence says."""
    return not named.needs and name not in named.defaults and bool(table == named.cls())
