"""What keeps an incident from being told for now: a silence, or a graver incident of the same check."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import TYPE_CHECKING

from attrs import frozen

from kumon_observe.alerting.routing import receivers
from kumon_observe.state import incidents

if TYPE_CHECKING:
    import sqlite3

    from kumon_observe.config.settings import Settings
    from kumon_observe.model.incident import Incident, Silence


@frozen
class Holds:
    """The ``silences`` at ``now`` and the incidents that are ``found`` open, for those called ``sinks``."""

    settings: Settings
    sinks: Collection[str]
    silences: Collection[Silence]
    found: Collection[Incident]
    now: datetime

    @classmethod
    def of(
        cls, connection: sqlite3.Connection, settings: Settings, sinks: Collection[str], now: datetime
    ) -> Holds:
        """As they are in the store."""
        return cls(
            settings, sinks, incidents.silences(connection, now), incidents.open_incidents(connection), now
        )

    def holds(self, incident: Incident) -> bool:
        """Whether *incident* is not to be told now."""
        return self.silenced_until(incident) is not None or self.graver(incident) is not None

    def silenced_until(self, incident: Incident) -> datetime | None:
        """When the last of the silences that hold *incident* ends; ``None`` if none does."""
        ends = (
            silence.until
            for silence in self.silences
            if silence.covers(incident.rule, incident.severity, self.now)
        )
        return max(ends, default=None)

    def graver(self, incident: Incident) -> Incident | None:
        """The graver incident of the same check that everybody is told of who would be told of *incident*."""
        told = set(receivers(self.settings, self.sinks, incident))
        for other in self.found:
            outdone = other.check == incident.check and other.severity > incident.severity
            is_told = outdone and other.told is not None and self.silenced_until(other) is None
            if is_told and told <= set(receivers(self.settings, self.sinks, other)):
                return other
        return None
