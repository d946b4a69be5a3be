"""The zone of the times that people are told."""

from __future__ import annotations

from datetime import UTC, tzinfo
from typing import TYPE_CHECKING

from kumon_observe.model.zones import named_zone

if TYPE_CHECKING:
    from kumon_observe.config.settings import Settings


def told_zone(settings: Settings) -> tzinfo:
    """The zone of times in alerts and of what the watch says: the one to show, else that of the schedule."""
    try:
        return named_zone(settings.display_timezone or settings.schedule.timezone)
    except ValueError:  # a machine without time zone data, as doctor tells: the alert is more urgent
        return UTC
