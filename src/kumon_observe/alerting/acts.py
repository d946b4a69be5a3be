"""What a person does about incidents and messages, from any process."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from attrs import evolve

from kumon_observe.alerting.desk import Desk
from kumon_observe.alerting.record import Record
from kumon_observe.config.rules import RuleSettings
from kumon_observe.model.alert import News
from kumon_observe.model.incident import Incident, IncidentState, Silence
from kumon_observe.model.phrase import phrase
from kumon_observe.state import incidents, outbox

if TYPE_CHECKING:
    import sqlite3

    from kumon_observe.config.settings import Settings
    from kumon_observe.model.evidence import Sentence
    from kumon_observe.state.book import Book
    from kumon_observe.state.outbox import Letter


class Refused(Exception):
    """It cannot be done; ``sentence`` says why, and what to do."""

    def __init__(self, sentence: Sentence) -> None:
        super().__init__(str(sentence))
        self.sentence = sentence


def acknowledge(
    settings: Settings, book: Book, now: datetime, name: str, *, by: str, comment: str = ""
) -> Incident:
    """Say that *by* has the incident whose id begins with *name*; those who were told of it hear that.

    Who acknowledges what somebody has already takes it over.

    Raises:
        Refused: there is no such incident, or it is over.
        NoState: the store cannot be written.
    """
    with book.changing() as connection:
        incident = _found(connection, name)
        if not incident.is_open:
            raise Refused(phrase("the incident {id} is over: nobody has to acknowledge it", id=incident.id))
        if incident.fired is None:
            raise Refused(phrase("the incident {id} is pending: nobody was told of it yet", id=incident.id))
        incident = evolve(incident, state=IncidentState.ACKNOWLEDGED, by=by, comment=comment)
        desk = Desk(connection, settings, (), now)
        incident = desk.tell(incident, _rule(settings, incident), News.ACKNOWLEDGED)
        incidents.keep_incident(connection, incident)
    return incident


def resolve(
    settings: Settings, book: Book, now: datetime, name: str, *, by: str, comment: str = ""
) -> Incident:
    """Say that the incident whose id begins with *name* is over; those who were told of it hear that.

    What was found before does not begin it anew; what is still so, or comes after this, begins another one.

    Raises:
        Refused: there is no such incident, or it is over already.
        NoState: the store cannot be written.
    """
    with book.changing() as connection:
        incident = _found(connection, name)
        if not incident.is_open:
            raise Refused(phrase("the incident {id} is over already", id=incident.id))
        incident = evolve(incident, state=IncidentState.RESOLVED, ended=now, by=by, comment=comment)
        old = Record.of(incidents.rule_record(connection, incident.rule))
        record = Record(evaluated=old.evaluated, mark=old.mark, dealt=not incident.found)
        incidents.keep_rule_record(connection, incident.rule, record.text())
        Desk(connection, settings, (), now).end(incident, _rule(settings, incident))
        return incident


def silence(
    settings: Settings, book: Book, now: datetime, rule: str, until: datetime, *, by: str, comment: str = ""
) -> Silence:
    """Tell nothing of incidents of *rule* up to *until*; with none, of those of all but critical rules.

    Raises:
        Refused: there is no such rule, or *until* lies in the past.
        NoState: the store cannot be written.
    """
    if rule and rule not in settings.rules:
        known = ", ".join(settings.rules)
        raise Refused(phrase("there is no rule {rule!r}: use one of {known}", rule=rule, known=known))
    if until <= now:
        raise Refused(phrase("a silence cannot end before it begins: give a later time"))
    with book.changing() as connection:
        made = Silence(
            id=incidents.new_id(connection, "silence", rule, now),
            rule=rule,
            since=now,
            until=until,
            by=by,
            comment=comment,
        )
        incidents.keep_silence(connection, made)
    return made


def end_silence(book: Book, now: datetime, name: str) -> Silence:
    """End the silence whose id begins with *name*, before its time.

    Raises:
        Refused: there is no such silence now, or several.
        NoState: the store cannot be written.
    """
    with book.changing() as connection:
        found = [one for one in incidents.silences(connection, now) if one.id.startswith(name)]
        if not found:
            raise Refused(phrase("no silence has the id {id!r}: kumon-observe alerts list", id=name))
        if len(found) > 1:
            raise _ambiguous(name, [one.id for one in found])
        ended = evolve(found[0], until=now)
        incidents.keep_silence(connection, ended)
    return ended


def resend(book: Book, now: datetime, number: int | None = None) -> list[Letter]:
    """Let the dead message *number* be tried again as if it were new; without one, all of them.

    Raises:
        Refused: no such message is dead.
        NoState: the store cannot be written.
    """
    with book.changing() as connection:
        found = _dead(connection, number)
        for letter in found:
            outbox.redeliver(connection, letter.id, now)
    return found


def drop(book: Book, now: datetime, number: int) -> list[Letter]:
    """Give up the dead message *number* for good.

    Raises:
        Refused: no such message is dead.
        NoState: the store cannot be written.
    """
    with book.changing() as connection:
        found = _dead(connection, number)
        outbox.drop(connection, number, now)
    return found


def _dead(connection: sqlite3.Connection, number: int | None) -> list[Letter]:
    found = [letter for letter in outbox.dead(connection) if number in (None, letter.id)]
    if not found and number is not None:
        raise Refused(phrase("no undelivered message is number {n}: kumon-observe alerts list", n=number))
    return found


def _found(connection: sqlite3.Connection, name: str) -> Incident:
    found = incidents.incidents_by_prefix(connection, name.strip().lower())
    if not found or not name.strip():
        raise Refused(phrase("no incident has the id {id!r}: kumon-observe alerts list", id=name))
    exact = [incident for incident in found if incident.id == name]
    if len(found) > 1 and not exact:
        raise _ambiguous(name, [incident.id for incident in found])
    return (exact or found)[0]


def _ambiguous(name: str, ids: list[str]) -> Refused:
    return Refused(phrase("{id!r} may be {ids}: write more of it", id=name, ids=", ".join(ids)))


def _rule(settings: Settings, incident: Incident) -> RuleSettings:
    """The incident's rule; one that was taken out of the configuration has no options left."""
    return settings.rules.get(incident.rule) or RuleSettings(check=incident.check)
