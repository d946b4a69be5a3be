"""What there is to be seen: incidents, silences, messages on their way and those that failed."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import TYPE_CHECKING

from kumon_observe.alerting.holding import Holds
from kumon_observe.alerting.wording import what
from kumon_observe.model.alerts import Alerts, ShownIncident, Undelivered
from kumon_observe.state import incidents, outbox

if TYPE_CHECKING:
    from kumon_observe.config.settings import Settings
    from kumon_observe.model.incident import Incident
    from kumon_observe.state.book import Book
    from kumon_observe.state.outbox import Letter

ENDED: int = 5
"""How many incidents that are over are shown unless more are wanted."""


def report(
    settings: Settings, book: Book, sinks: Collection[str], now: datetime, ended: int = ENDED
) -> Alerts:
    """All that is open, and the last *ended* incidents; *sinks* are those that can be told, by name.

    Raises:
        NoState: the store cannot be read.
    """
    with book.reading() as connection:
        holds = Holds.of(connection, settings, sinks, now)
        still = sorted(holds.found, key=lambda incident: incident.severity, reverse=True)
        over = incidents.ended_incidents(connection, ended)
        waiting, dead = outbox.waiting(connection), outbox.dead(connection)
        declined = outbox.declined(connection)[-ended:] if ended else []
    return Alerts(
        generated_at=now,
        incidents=tuple(
            shown(settings, incident, holds if incident.is_open else None) for incident in (*still, *over)
        ),
        silences=tuple(holds.silences),
        waiting=tuple(map(message, waiting)),
        dead=tuple(map(message, dead)),
        declined=tuple(map(message, declined)),
    )


def shown(settings: Settings, incident: Incident, holds: Holds | None = None) -> ShownIncident:
    """The *incident* as people see it, with what *holds* it back."""
    about = what(incident.check, settings.rules.get(incident.rule))
    if holds is None:
        return ShownIncident(incident=incident, what=about)
    graver = holds.graver(incident)
    return ShownIncident(
        incident=incident,
        what=about,
        silenced=holds.silenced_until(incident),
        behind="" if graver is None else graver.id,
    )


def message(letter: Letter) -> Undelivered:
    """The *letter* as people see it."""
    return Undelivered(
        number=letter.id,
        sink=letter.sink,
        incident=letter.incident if letter.incident != letter.key else "",
        title="" if letter.alert is None else letter.alert.title,
        since=letter.enqueued,
        attempts=letter.attempts,
        error=letter.error or "",
    )
