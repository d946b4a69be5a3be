"""Whether traces may be evidence of a critical violation, told without asking any check for its answer."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Final

from attrs import Factory, define

from kumon_observe.model import rows
from kumon_observe.model.apart import Apart
from kumon_observe.model.rows import PlainRow

_GUARDS: Final = (rows.HANDOFF_GUARD, rows.BAD_INSTANCE)
_ERROR: Final = "error"
_KNOWN: Final = 1000


@define(eq=False)
class Gravity:
    """Tells which traces may show a lost hand-off or a wrong instance.

    ``apart`` tells what the checks hold open, and is asked only where that matters. What other checks call
    critical cannot be told from traces alone.
    """

    apart: Callable[[], Apart]
    _vouched: set[str] = Factory(set)

    def may_be_grave(self, batch: Iterable[PlainRow]) -> bool:
        """Whether the traces of *batch*, which no check has seen yet, may be such."""
        planned: set[str] = set()
        asked: Apart | None = None
        for row in batch:
            kind = row[0]
            if kind in _GUARDS:
                return True
            if kind == rows.PLANNER and row[10]:
                planned.update(_names(row))
            elif kind == rows.DELIVERY and not row[10]:
                asked = asked or self.apart()
                if not planned.isdisjoint(_names(row)) or _is_open(row, asked):
                    return True
            name = _instance_in(row)
            if name is not None and name not in self._vouched and not self._vouch(name):
                return True
        return False

    def _vouch(self, name: str) -> bool:
        if not self.apart().vouches(name):
            return False
        if len(self._vouched) < _KNOWN:
            self._vouched.add(name)
        return True


def _instance_in(row: PlainRow) -> str | None:
    """The instance that *row* shows in use, if any."""
    kind = row[0]
    name: str | None = None
    if kind == rows.INSTANCE and row[10] != _ERROR:
        name = row[11]
    elif kind == rows.SEND:
        name = row[10]
    elif kind == rows.RESULT:
        name = row[12]
    return name


def _names(row: PlainRow) -> list[str]:
    return [name for name in (row[8], row[9]) if name is not None]


def _is_open(delivery: PlainRow, apart: Apart) -> bool:
    open_of = (*apart.names, *apart.convs)
    return any(name in names for name in _names(delivery) for names in open_of)
