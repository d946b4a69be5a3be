"""The outbox: one row for each alert and sink, from before it is sent until long after.

Whoever judges puts alerts in (:func:`enqueue`), in the transaction that changes the incident; whoever
delivers takes them out (:mod:`kumon_observe.state.claims`). A row is *waiting*, *sent*, *dead* (it could not
be delivered), *obsolete* (a newer message of its incident tells all of it) or *dropped* (by a person).
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from attrs import frozen

from kumon_observe.model.alert import Alert, News
from kumon_observe.model.errors import SchemaError
from kumon_observe.model.evidence import Sentence
from kumon_observe.model.moments import to_datetime, to_microseconds
from kumon_observe.model.status import Severity

if TYPE_CHECKING:
    import sqlite3

URGENCY: Final = {severity: rank for rank, severity in enumerate(Severity)}
"""How severities stand in the table."""

_RETOLD: Final = {
    News.GREW: (News.GREW, News.REPEATED),
    News.REPEATED: (News.GREW, News.REPEATED),
    News.ESCALATED: (News.GREW, News.REPEATED, News.ESCALATED),
    News.ACKNOWLEDGED: (News.GREW, News.REPEATED),
    News.FLAPPING: (News.GREW, News.REPEATED, News.FLAPPING),
    News.RESOLVED: (News.GREW, News.REPEATED, News.ACKNOWLEDGED, News.FLAPPING),
}
"""What of the same incident, if it still waits, each news tells as well: those messages are never sent."""

_ENDED: Final = (News.FIRED, News.ESCALATED)
"""What the end of an incident tells as well where the sink failed to take it, unless it was critical."""


@frozen(kw_only=True)
class Letter:
    """An alert for one sink that waits, or that is dead.

    Attributes:
        id: its number, by which a person names it.
        key: that of the alert.
        sink: the sink that it is for.
        incident: the incident; the alert's key if it is of none.
        alert: what is to be sent, ``None`` if this release cannot read it.
        enqueued: when it was put in.
        changed: when it was last tried or died; as ``enqueued`` before that.
        due: when it is tried next.
        attempts: how often it was tried.
        error: why the last attempt failed; ``None``: there was none.
    """

    id: int
    key: str
    sink: str
    incident: str
    alert: Alert | None
    enqueued: datetime
    changed: datetime
    due: datetime
    attempts: int
    error: Sentence | None


def enqueue(connection: sqlite3.Connection, alert: Alert, sinks: Iterable[str], now: datetime) -> None:
    """Let *alert* be delivered to each of *sinks*, by name; where its key waits or was sent, nothing is done.

    It is kept if the caller's transaction is. Older messages of the incident that it tells as well are not
    sent any more, unless one is on its way.
    """
    from kumon_observe.model.document.stored import stored_alert

    text, at = stored_alert(alert), to_microseconds(now)
    for sink in sinks:
        added = connection.execute(
            "INSERT INTO outbox (key, sink, incident, news, urgency, alert, enqueued_at, set_at, due_at) "
            "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (key, sink) DO NOTHING",
            (
                alert.key,
                sink,
                alert.incident or alert.key,
                str(alert.news),
                URGENCY[alert.severity],
                text,
                at,
                at,
                at,
            ),
        )
        if added.rowcount and alert.incident and added.lastrowid is not None:
            _retell(connection, alert, sink, added.lastrowid, at)


def _retell(connection: sqlite3.Connection, alert: Alert, sink: str, newest: int, at: int) -> None:
    """Mark as obsolete what the row *newest* tells as well."""
    critical = URGENCY[Severity.CRITICAL]
    retold = [(news, 0, critical) for news in _RETOLD.get(alert.news, ())]
    if alert.news is News.RESOLVED:
        retold += [(news, 1, critical - 1) for news in _ENDED]
    connection.executemany(
        "UPDATE outbox SET state = 'obsolete', alert = '', set_at = ? WHERE sink = ? AND incident = ? "
        "AND state = 'waiting' AND owner IS NULL AND id < ? AND news = ? AND attempts >= ? AND urgency <= ?",
        [
            (at, sink, alert.incident, newest, str(news), attempts, urgency)
            for news, attempts, urgency in retold
        ],
    )


def waiting(connection: sqlite3.Connection) -> list[Letter]:
    """What is still to be delivered, the oldest first."""
    return _letters(connection, "waiting")


def dead(connection: sqlite3.Connection) -> list[Letter]:
    """What could not be delivered, the oldest first."""
    return _letters(connection, "dead")


def declined(connection: sqlite3.Connection) -> list[Letter]:
    """What a sink left alone on purpose, the oldest first, as long as it is kept."""
    return _letters(connection, "declined")


def take_all(connection: sqlite3.Connection, now: datetime) -> list[Letter]:
    """What waits, the oldest first, as if each sink had taken it *now*: for a replay, which sends nothing."""
    taken = waiting(connection)
    connection.executemany(
        "UPDATE outbox SET state = 'sent', set_at = ? WHERE id = ?",
        [(to_microseconds(now), letter.id) for letter in taken],
    )
    return taken


def receivers(connection: sqlite3.Connection, incident: str) -> frozenset[str]:
    """The sinks that were told of *incident*, or will be: those that are to hear of its end."""
    rows = connection.execute(
        "SELECT DISTINCT sink FROM outbox WHERE incident = ? AND state IN ('waiting', 'sent')", (incident,)
    )
    return frozenset(sink for (sink,) in rows)


def redeliver(connection: sqlite3.Connection, number: int, now: datetime) -> bool:
    """Try the dead letter *number* again, as if it were new; false if there is none."""
    at = to_microseconds(now)
    return bool(
        connection.execute(
            "UPDATE outbox SET state = 'waiting', attempts = 0, failing = 0, handed = 0, enqueued_at = ?, "
            "set_at = ?, due_at = ? WHERE id = ? AND state = 'dead'",
            (at, at, at, number),
        ).rowcount
    )


def drop(connection: sqlite3.Connection, number: int, now: datetime) -> bool:
    """Give up the dead letter *number* for good; false if there is none."""
    return bool(
        connection.execute(
            "UPDATE outbox SET state = 'dropped', alert = '', set_at = ? WHERE id = ? AND state = 'dead'",
            (to_microseconds(now), number),
        ).rowcount
    )


def prune(connection: sqlite3.Connection, now: datetime, keep: float) -> None:
    """Forget what has not waited any more for *keep* seconds."""
    before = to_microseconds(now - timedelta(seconds=keep))
    connection.execute("DELETE FROM outbox WHERE state != 'waiting' AND set_at < ?", (before,))


def _letters(connection: sqlite3.Connection, state: str) -> list[Letter]:
    rows = connection.execute(
        "SELECT id, key, sink, incident, alert, enqueued_at, set_at, due_at, attempts, error "
        "FROM outbox WHERE state = ? ORDER BY id",
        (state,),
    )
    return [
        Letter(
            id=number,
            key=key,
            sink=sink,
            incident=incident,
            alert=_read(text),
            enqueued=to_datetime(enqueued),
            changed=to_datetime(changed),
            due=to_datetime(due),
            attempts=attempts,
            error=told(error),
        )
        for number, key, sink, incident, text, enqueued, changed, due, attempts, error in rows
    ]


def _read(text: str) -> Alert | None:
    from kumon_observe.model.document.stored import alert_from_stored

    try:
        return alert_from_stored(text)
    except SchemaError:
        return None


def told(error: str | None) -> Sentence | None:
    """The sentence in a row; text that is none is told as it is."""
    import json

    from kumon_observe.model.document.stored import sentence_from

    if error is None:
        return None
    try:
        return sentence_from(json.loads(error))
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return error
