"""What the checklist has to know of incidents and their sinks; where it comes from is one function."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from attrs import field, frozen


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
    """The incidents in the state *directory*; ``None``: none are kept there, so nothing can be told.

    Raises:
        NoState: the state cannot be used.
    """
    return None
