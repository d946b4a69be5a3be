"""What the checklist has to know of incidents and their sinks."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Final

from attrs import field, frozen

from kumon_observe.model.incident import IncidentState
from kumon_observe.model.status import Severity
from kumon_observe.state.database import FILE, reading
from kumon_observe.state.incidents import open_incidents
from kumon_observe.state.standing import deliveries

_WAIT: Final = 2.0


@frozen(kw_only=True)
class IncidentsNow:
    """The incidents that are not over.

    Attributes:
        open: how many there are.
        critical: how many of them are critical.
        unacknowledged: how many of them nobody has acknowledged.
        since: when the oldest began; ``None``: there is none.
        delivered: by sink, when an alert was last delivered to it.
    """

    open: int = 0
    critical: int = 0
    unacknowledged: int = 0
    since: datetime | None = None
    delivered: Mapping[str, datetime] = field(factory=dict)


def incidents_now(directory: Path) -> IncidentsNow | None:
    """The incidents in the state *directory*; ``None``: no state is there, so nothing can be told.

    Raises:
        NoState: the state cannot be used.
    """
    if not (directory / FILE).exists():
        return None
    with reading(directory, _WAIT) as connection:
        fired = [one for one in open_incidents(connection) if one.fired is not None]
        return IncidentsNow(
            open=len(fired),
            critical=sum(one.severity is Severity.CRITICAL for one in fired),
            unacknowledged=sum(one.state is IncidentState.FIRING for one in fired),
            since=min((one.since for one in fired), default=None),
            delivered=deliveries(connection),
        )
