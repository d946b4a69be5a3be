"""What there is to be seen: incidents, silences, messages on their way and those that failed."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from kumon_observe.alerting.alerting import held_until
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


def report(settings: Settings, book: Book, now: datetime, ended: int = ENDED) -> Alerts:
    """All that is open, and the last *ended* incidents.

    Raises:
        NoState: the store cannot be read.
    """
    with book.reading() as connection:
        silences = incidents.silences(connection, now)
        found = [*incidents.open_incidents(connection), *incidents.ended_incidents(connection, ended)]
        waiting, dead = outbox.waiting(connection), outbox.dead(connection)
        declined = outbox.declined(connection)[-ended:] if ended else []
    return Alerts(
        generated_at=now,
        incidents=tuple(
            shown(settings, incident, held_until(incident, silences, now) if incident.is_open else None)
            for incident in found
        ),
        silences=tuple(silences),
        waiting=tuple(map(_undelivered, waiting)),
        dead=tuple(map(_undelivered, dead)),
        declined=tuple(map(_undelivered, declined)),
    )


def shown(settings: Settings, incident: Incident, silenced: datetime | None = None) -> ShownIncident:
    """The *incident* as people see it."""
    about = what(incident.check, settings.rules.get(incident.rule))
    return ShownIncident(incident=incident, what=about, silenced=silenced)


def _undelivered(letter: Letter) -> Undelivered:
    return Undelivered(
        number=letter.id,
        sink=letter.sink,
        incident=letter.incident if letter.incident != letter.key else "",
        title="" if letter.alert is None else letter.alert.title,
        since=letter.enqueued,
        attempts=letter.attempts,
        error=letter.error or "",
    )
