"""The outbox: what is put in, what a newer message makes obsolete, what people do with dead letters."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from kumon_observe.model.alert import Alert, News
from kumon_observe.model.phrase import phrase
from kumon_observe.model.status import Severity
from kumon_observe.state.database import writing
from kumon_observe.state.outbox import dead, drop, enqueue, prune, receivers, redeliver, waiting
from kumon_observe.testing import an_alert

NOW = datetime(2025, 1, 15, 10, tzinfo=UTC)
LATER = NOW + timedelta(seconds=60)


@pytest.fixture
def database(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    with writing(tmp_path, 1) as connection:
        yield connection


def message(
    news: News, number: int = 0, *, incident: str = "i1", severity: Severity = Severity.CRITICAL
) -> Alert:
    return an_alert(key=f"{incident}/{news}/{number}", incident=incident, news=news, severity=severity)


def told(connection: sqlite3.Connection, sink: str = "slack") -> list[str]:
    """The keys that wait for *sink*, in their order."""
    return [letter.key for letter in waiting(connection) if letter.sink == sink]


def kill(connection: sqlite3.Connection, error: str = '"refused"') -> None:
    connection.execute("UPDATE outbox SET state = 'dead', attempts = 3, error = ?", (error,))


def test_an_alert_waits_once_for_each_sink(database: sqlite3.Connection) -> None:
    alert = an_alert(summary=phrase("{n} turns", n=3))
    enqueue(database, alert, ["slack", "email"], NOW)
    enqueue(database, alert, ["slack", "log"], LATER)
    assert [(letter.sink, letter.enqueued, letter.due) for letter in waiting(database)] == [
        ("slack", NOW, NOW),
        ("email", NOW, NOW),
        ("log", LATER, LATER),
    ]
    assert [letter.alert for letter in waiting(database)] == [alert] * 3
    assert dead(database) == []


def test_what_was_sent_is_not_put_in_again(database: sqlite3.Connection) -> None:
    enqueue(database, an_alert(), ["slack"], NOW)
    database.execute("UPDATE outbox SET state = 'sent'")
    enqueue(database, an_alert(), ["slack"], LATER)
    assert told(database) == []


def test_what_only_says_how_it_goes_on_gives_way_to_anything_newer(database: sqlite3.Connection) -> None:
    for number, news in enumerate((News.FIRED, News.GREW, News.REPEATED, News.GREW)):
        enqueue(database, message(news, number), ["slack"], NOW)
    assert told(database) == ["i1/fired/0", "i1/grew/3"]
    enqueue(database, message(News.ACKNOWLEDGED), ["slack"], NOW)
    assert told(database) == ["i1/fired/0", "i1/acknowledged/0"]
    enqueue(database, message(News.RESOLVED), ["slack"], NOW)
    assert told(database) == ["i1/fired/0", "i1/resolved/0"]


def test_a_higher_escalation_tells_the_lower_one(database: sqlite3.Connection) -> None:
    for number in (1, 2):
        enqueue(database, message(News.ESCALATED, number), ["slack"], NOW)
    assert told(database) == ["i1/escalated/2"]


def test_another_incident_and_another_sink_make_nothing_obsolete(database: sqlite3.Connection) -> None:
    enqueue(database, message(News.GREW), ["slack", "email"], NOW)
    enqueue(database, message(News.GREW, incident="i2"), ["slack"], NOW)
    enqueue(database, message(News.RESOLVED), ["email"], NOW)
    assert told(database) == ["i1/grew/0", "i2/grew/0"]
    assert told(database, "email") == ["i1/resolved/0"]


def test_what_is_on_its_way_is_not_called_back(database: sqlite3.Connection) -> None:
    enqueue(database, message(News.GREW, 1), ["slack"], NOW)
    database.execute("UPDATE outbox SET owner = 'somebody'")
    enqueue(database, message(News.GREW, 2), ["slack"], NOW)
    assert told(database) == ["i1/grew/1", "i1/grew/2"]


@pytest.mark.parametrize(
    ("severity", "attempts", "told_then"),
    [
        (Severity.CRITICAL, 5, ["i1/fired/0", "i1/resolved/0"]),
        (Severity.HIGH, 0, ["i1/fired/0", "i1/resolved/0"]),
        (Severity.HIGH, 1, ["i1/resolved/0"]),
    ],
)
def test_the_end_alone_is_told_where_the_sink_was_down_all_the_time_unless_it_was_critical(
    database: sqlite3.Connection, severity: Severity, attempts: int, told_then: list[str]
) -> None:
    enqueue(database, message(News.FIRED, severity=severity), ["slack"], NOW)
    database.execute("UPDATE outbox SET attempts = ?", (attempts,))
    enqueue(database, message(News.RESOLVED, severity=severity), ["slack"], NOW)
    assert told(database) == told_then


def test_alerts_of_no_incident_are_independent(database: sqlite3.Connection) -> None:
    for number in range(2):
        enqueue(database, an_alert(key=f"test/{number}", news=News.GREW), ["slack"], NOW)
    assert told(database) == ["test/0", "test/1"]


def test_the_end_is_for_those_who_were_told_or_will_be(database: sqlite3.Connection) -> None:
    enqueue(database, message(News.FIRED), ["slack", "email", "log"], NOW)
    database.execute("UPDATE outbox SET state = 'sent' WHERE sink = 'email'")
    database.execute("UPDATE outbox SET state = 'dead' WHERE sink = 'log'")
    assert receivers(database, "i1") == {"slack", "email"}
    assert receivers(database, "i2") == frozenset()


def test_a_dead_letter_is_tried_again_as_if_it_were_new(database: sqlite3.Connection) -> None:
    enqueue(database, an_alert(), ["slack"], NOW)
    kill(database)
    (letter,) = dead(database)
    assert (letter.attempts, letter.error) == (3, "refused")
    assert redeliver(database, letter.id, LATER)
    assert not redeliver(database, letter.id, LATER)
    (again,) = waiting(database)
    assert (again.alert, again.attempts, again.enqueued, again.due) == (an_alert(), 0, LATER, LATER)
    assert dead(database) == []


def test_a_dead_letter_can_be_dropped(database: sqlite3.Connection) -> None:
    enqueue(database, an_alert(), ["slack"], NOW)
    assert not drop(database, waiting(database)[0].id, NOW)
    kill(database)
    (letter,) = dead(database)
    assert drop(database, letter.id, LATER)
    assert not drop(database, letter.id, LATER)
    assert (dead(database), waiting(database)) == ([], [])


def test_a_letter_that_cannot_be_read_is_listed_all_the_same(database: sqlite3.Connection) -> None:
    enqueue(database, an_alert(), ["slack"], NOW)
    database.execute("UPDATE outbox SET alert = '{'")
    kill(database, "no JSON")
    (letter,) = dead(database)
    assert (letter.alert, letter.error) == (None, "no JSON")


def test_what_ended_long_ago_is_forgotten_and_what_waits_is_not(database: sqlite3.Connection) -> None:
    for number, state in enumerate(("waiting", "sent", "dead", "obsolete", "dropped")):
        enqueue(database, an_alert(key=str(number)), ["slack"], NOW)
        database.execute("UPDATE outbox SET state = ? WHERE key = ?", (state, str(number)))
    prune(database, NOW + timedelta(seconds=100), 100)
    assert database.execute("SELECT count(*) FROM outbox").fetchone() == (5,)
    prune(database, NOW + timedelta(seconds=101), 100)
    assert [letter.key for letter in waiting(database)] == ["0"]
    assert database.execute("SELECT count(*) FROM outbox").fetchone() == (1,)
