"""How alerts leave the outbox: one row is claimed, sent by its claimer, and marked with what became of it.

Of each incident only the oldest waiting message is up for a sink, so that they keep their order; a message
that fails holds up no other incident. A claim lasts until its lease runs out or its owner is found dead.

Times that lie ahead of the clock were written before it was set back: what waits for such a time is due now.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Container, Iterator
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from attrs import evolve, frozen

from kumon_observe.model.errors import SchemaError
from kumon_observe.model.evidence import Sentence
from kumon_observe.model.moments import to_microseconds
from kumon_observe.model.phrase import Phrase, phrase
from kumon_observe.model.status import Severity
from kumon_observe.state.outbox import URGENCY, enqueue, told

if TYPE_CHECKING:
    import sqlite3

_SECOND: Final = 1_000_000
_MINUTE: Final = 60 * _SECOND
_AHEAD: Final = 5 * _SECOND
"""A time that lies further ahead than this was written before the clock was set back."""

_SLACK: Final = 120 * _SECOND
"""What may pass beside a planned wait and counts as failing: more is a sleep, a stop or a changed clock."""

_CRITICAL: Final = URGENCY[Severity.CRITICAL]


@frozen(kw_only=True)
class Claimed:
    """A row that its owner is to send: ``alert`` is the stored text; times are microseconds."""

    id: int
    key: str
    sink: str
    alert: str
    attempts: int
    failing: int
    set_at: int
    due_at: int


@frozen(kw_only=True)
class Claimer:
    """Who claims: the *owner*, for *lease* seconds; *lives* tells whether another owner still does."""

    owner: str
    lease: float
    lives: Callable[[str], bool]


def due_sinks(connection: sqlite3.Connection, now: datetime) -> frozenset[str]:
    """The sinks for which something waits that is due."""
    at = to_microseconds(now)
    rows = connection.execute(
        "SELECT DISTINCT sink FROM outbox WHERE state = 'waiting' AND (due_at <= ? OR set_at > ?)",
        (at, at + _AHEAD),
    )
    return frozenset(sink for (sink,) in rows)


def up(
    connection: sqlite3.Connection, sink: str, now: datetime, claimer: Claimer, not_again: Container[int] = ()
) -> Iterator[Claimed]:
    """What *claimer* may send to *sink* now, the most urgent first, but for the rows *not_again*."""
    at = to_microseconds(now)
    rows = connection.execute(
        "SELECT id, key, attempts, failing, set_at, due_at, owner, until FROM outbox AS one "
        "WHERE sink = ? AND state = 'waiting' AND (due_at <= ? OR set_at > ?) AND NOT EXISTS ("
        "SELECT 1 FROM outbox AS older WHERE older.sink = one.sink AND older.incident = one.incident "
        "AND older.state = 'waiting' AND older.id < one.id) ORDER BY urgency DESC, id",
        (sink, at, at + _AHEAD),
    )
    for number, key, attempts, failing, set_at, due_at, owner, until in rows:
        held = owner is not None and until > at and claimer.lives(owner)
        if not held and number not in not_again:
            ((alert,),) = connection.execute("SELECT alert FROM outbox WHERE id = ?", (number,))
            yield Claimed(
                id=number,
                key=key,
                sink=sink,
                alert=alert,
                attempts=attempts,
                failing=failing,
                set_at=set_at,
                due_at=due_at,
            )


def may_send(connection: sqlite3.Connection, sink: str, now: datetime, per_minute: int) -> bool:
    """Whether *sink* does not rest, and less than *per_minute* (0: any number) were tried in a minute.

    Both are in the file, so that a restart does not forget them.
    """
    at = to_microseconds(now)
    resting = connection.execute(
        "SELECT 1 FROM outbox_sinks WHERE sink = ? AND asked_at <= ? AND rest_until > ?",
        (sink, at + _AHEAD, at),
    ).fetchone()
    if resting or not per_minute:
        return not resting
    ((tried,),) = connection.execute(
        "SELECT count(*) FROM outbox WHERE sink = ? AND tried_at > ? AND tried_at <= ?",
        (sink, at - _MINUTE, at + _AHEAD),
    )
    return bool(tried < per_minute)


def claim(connection: sqlite3.Connection, one: Claimed, now: datetime, claimer: Claimer) -> Claimed:
    """Make *one* that of *claimer*."""
    at = to_microseconds(now)
    connection.execute(
        "UPDATE outbox SET owner = ?, until = ?, tried_at = ?, attempts = attempts + 1 WHERE id = ?",
        (claimer.owner, at + round(claimer.lease * _SECOND), at, one.id),
    )
    return evolve(one, attempts=one.attempts + 1)


def sent(connection: sqlite3.Connection, one: Claimed, now: datetime) -> None:
    """The sink took it: what is kept is the receipt. One that was given up before may turn out to be sent."""
    at = to_microseconds(now)
    connection.execute(
        "UPDATE outbox SET state = 'sent', alert = '', owner = NULL, until = NULL, error = NULL, set_at = ? "
        "WHERE id = ? AND state IN ('waiting', 'dead')",
        (at, one.id),
    )
    connection.execute(
        "INSERT INTO outbox_sinks (sink, succeeded_at) VALUES (?, ?) ON CONFLICT (sink) DO UPDATE "
        "SET succeeded_at = excluded.succeeded_at, asked_at = NULL, rest_until = NULL, error = NULL",
        (one.sink, at),
    )


@frozen(kw_only=True)
class Failure:
    """Why a sink did not take an alert.

    Attributes:
        sentence: that, for people.
        lasting: trying again cannot help.
        declined: nothing failed: the sink is told to leave such an alert alone.
        rest: the seconds for which the channel asks to be left alone.
    """

    sentence: Sentence
    lasting: bool = False
    declined: bool = False
    rest: float | None = None


def failed(
    connection: sqlite3.Connection, one: Claimed, now: datetime, failure: Failure, wait: float, give_up: float
) -> None:
    """The sink did not take it: it is tried again in *wait* seconds, unless it has failed for *give_up*.

    What counts is the time in which it was tried as planned: a machine that slept, a watch that was stopped
    and a clock that was changed make nothing dead. If the channel asks for a rest, the whole sink rests.
    """
    at = to_microseconds(now)
    if failure.declined:
        connection.execute(
            "UPDATE outbox SET state = 'declined', owner = NULL, until = NULL, error = ?, set_at = ? "
            "WHERE id = ? AND state = 'waiting'",
            (_stored(failure.sentence), at, one.id),
        )
        return
    planned = max(0, one.due_at - one.set_at)
    failing = one.failing + max(0, min(at - one.set_at, planned + _SLACK))
    rest = None if failure.rest is None else min(failure.rest, give_up)
    dead = failure.lasting or failing >= give_up * _SECOND
    connection.execute(
        "UPDATE outbox SET state = ?, owner = NULL, until = NULL, error = ?, failing = ?, set_at = ?, "
        "due_at = ? WHERE id = ? AND state = 'waiting'",
        (
            "dead" if dead else "waiting",
            _stored(failure.sentence),
            failing,
            at,
            at + round(max(wait, rest or 0.0) * _SECOND),
            one.id,
        ),
    )
    connection.execute(
        "INSERT INTO outbox_sinks (sink, failed_at, error, asked_at, rest_until) VALUES (?, ?, ?, ?, ?) "
        "ON CONFLICT (sink) DO UPDATE SET failed_at = excluded.failed_at, error = excluded.error, "
        "asked_at = excluded.asked_at, rest_until = excluded.rest_until",
        (
            one.sink,
            at,
            _stored(failure.sentence),
            None if rest is None else at,
            None if rest is None else at + round(rest * _SECOND),
        ),
    )


def orphaned(connection: sqlite3.Connection, sinks: Collection[str], now: datetime, give_up: float) -> None:
    """Make dead what has waited for *give_up* seconds for a sink that is none of *sinks*."""
    at = to_microseconds(now)
    before = to_microseconds(now - timedelta(seconds=give_up))
    rows = connection.execute(
        "SELECT DISTINCT sink FROM outbox WHERE state = 'waiting' AND owner IS NULL AND enqueued_at < ?",
        (before,),
    ).fetchall()
    for (sink,) in rows:
        if sink not in sinks:
            connection.execute(
                "UPDATE outbox SET state = 'dead', error = ?, set_at = ? "
                "WHERE sink = ? AND state = 'waiting' AND owner IS NULL AND enqueued_at < ?",
                (_stored(phrase("there is no sink {sink} any more", sink=sink)), at, sink, before),
            )


def hand_over(connection: sqlite3.Connection, sinks: Collection[str], now: datetime, after: float) -> bool:
    """Give the critical alerts that a sink does not take to those of *sinks* that have them not.

    That is a dead one at once, and one that waits when it has done so for *after* seconds. True if some other
    sink got one.
    """
    rows = connection.execute(
        "SELECT id, sink, alert, error FROM outbox WHERE handed = 0 AND urgency = ? AND ("
        "state = 'dead' OR state = 'waiting' AND (failing >= ? OR enqueued_at <= ?)) ORDER BY id",
        (_CRITICAL, round(after * _SECOND), to_microseconds(now - timedelta(seconds=after))),
    ).fetchall()
    before = connection.total_changes
    for _, sink, text, error in rows:
        _hand(connection, text, sink, told(error), [name for name in sinks if name != sink], now)
    added = connection.total_changes > before
    connection.executemany("UPDATE outbox SET handed = 1 WHERE id = ?", [(row[0],) for row in rows])
    return added


def _hand(
    connection: sqlite3.Connection,
    text: str,
    sink: str,
    error: Sentence | None,
    others: Collection[str],
    now: datetime,
) -> None:
    from kumon_observe.model.document.stored import alert_from_stored

    try:
        alert = alert_from_stored(text)
    except SchemaError:
        return  # it is a dead letter, and listed as such
    enqueue(connection, evolve(alert, summary=_undelivered(alert.summary, sink, error)), others, now)


def _undelivered(summary: Sentence, sink: str, error: Sentence | None) -> Phrase:
    if error is None:
        return phrase("{summary} (not delivered by {sink})", summary=summary, sink=sink)
    return phrase("{summary} (not delivered by {sink}: {error})", summary=summary, sink=sink, error=error)


def _stored(sentence: Sentence) -> str:
    from kumon_observe.model.document.stored import sentence_to

    return json.dumps(sentence_to(sentence))
