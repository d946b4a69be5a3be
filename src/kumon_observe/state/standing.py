"""How delivery stands, by what the outbox holds: for ``alerts list``, the exit status and the heartbeat."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from attrs import frozen

from kumon_observe.model.evidence import Sentence
from kumon_observe.model.moments import to_datetime, to_microseconds
from kumon_observe.model.status import Severity
from kumon_observe.state.outbox import URGENCY, told

if TYPE_CHECKING:
    import sqlite3

_CRITICAL: Final = URGENCY[Severity.CRITICAL]


@frozen(kw_only=True)
class SinkStanding:
    """How one sink does.

    Attributes:
        name: the sink's.
        waiting: how many alerts wait for it.
        dead: how many could not be delivered.
        undeliverable: how many critical ones are dead, or have waited or failed for too long. A dead one
            counts until its incident is over, or, if it is of none, its sink takes alerts again.
        succeeded: when it last took one, ``None`` if it never did.
        failed: when it last did not.
        error: why, if it has taken none since.
        hanging: a call of it has not come back.
    """

    name: str
    waiting: int = 0
    dead: int = 0
    undeliverable: int = 0
    succeeded: datetime | None = None
    failed: datetime | None = None
    error: Sentence | None = None
    hanging: bool = False


def deliveries(connection: sqlite3.Connection) -> dict[str, datetime]:
    """By sink, when it last took an alert."""
    rows = connection.execute("SELECT sink, succeeded_at FROM outbox_sinks WHERE succeeded_at IS NOT NULL")
    return {sink: to_datetime(at) for sink, at in rows}


def standing(connection: sqlite3.Connection, now: datetime, after: float) -> dict[str, SinkStanding]:
    """Every sink of which the outbox knows, by name.

    *after*: seconds until a critical alert has waited too long.
    """
    rows = connection.execute(
        "SELECT sink, count(*) FILTER (WHERE state = 'waiting'), count(*) FILTER (WHERE state = 'dead'), "
        "count(*) FILTER (WHERE urgency = ? AND CASE state "
        # Nobody waits any more for what could not be told of an incident that is over.
        "WHEN 'dead' THEN incident NOT IN (SELECT id FROM incidents WHERE NOT open) "
        "AND (incident <> key OR succeeded_at IS NULL OR succeeded_at < set_at) "
        "ELSE failing >= ? OR enqueued_at <= ? END) "
        "FROM outbox LEFT JOIN outbox_sinks USING (sink) WHERE state IN ('waiting', 'dead') GROUP BY sink",
        (_CRITICAL, round(after * 1_000_000), to_microseconds(now - timedelta(seconds=after))),
    )
    counted = {sink: counts for sink, *counts in rows}
    lasts = connection.execute("SELECT sink, succeeded_at, failed_at, error FROM outbox_sinks")
    last = {sink: times for sink, *times in lasts}
    return {
        name: _standing(name, counted.get(name, (0, 0, 0)), last.get(name, (None, None, None)))
        for name in sorted({*counted, *last})
    }


def _standing(
    name: str, counts: tuple[int, int, int], last: tuple[int | None, int | None, str | None]
) -> SinkStanding:
    waiting, dead, undeliverable = counts
    succeeded, failed, error = last
    return SinkStanding(
        name=name,
        waiting=waiting,
        dead=dead,
        undeliverable=undeliverable,
        succeeded=None if succeeded is None else to_datetime(succeeded),
        failed=None if failed is None else to_datetime(failed),
        error=told(error),
    )
