"""The tables that :class:`Settings` loads when they are first asked for, by their key in the file."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, NamedTuple

from kumon_observe.config.table import Table

_ONE_OF_A_KIND: Final = {
    "watch": ("watching", "WatchSettings"),
    "alerting": ("alerting", "AlertingSettings"),
    "sinks": ("channels", "SinkSettings"),
    "schedule": ("watching", "ScheduleSettings"),
    "archive": ("archiving", "ArchiveSettings"),
}
_BY_NAME: Final = {
    "rules": ("rules", "RuleSettings", "RULES", "check"),
    "routes": ("alerting", "RouteSettings", "", ""),
    "jobs": ("watching", "JobSettings", "JOBS", "cron"),
}
STAND_INS: Final = dict.fromkeys(
    (cls for _, cls, *_ in (*_ONE_OF_A_KIND.values(), *_BY_NAME.values())), object
)
"""Classes by whose names annotations can be read before the real ones are loaded."""


class Named(NamedTuple):
    """Tables of the class ``cls`` by names that people choose: ``[rules.NAME]``.

    ``defaults`` are there without being written; what is written lies over the default of its name.
    ``needs`` is the option that a table cannot be without; empty: none.
    """

    cls: type[Table]
    defaults: Mapping[str, Any]
    needs: str


def late_table(key: str) -> type[Table] | Named:
    """What stands under *key*, which is one of the keys of this module."""
    from importlib import import_module

    module, cls, *more = _ONE_OF_A_KIND.get(key) or _BY_NAME[key]
    room = import_module(f"kumon_observe.config.{module}")
    kind: type[Table] = getattr(room, cls)
    if not more:
        return kind
    defaults, needs = more
    return Named(kind, getattr(room, defaults) if defaults else {}, needs)
