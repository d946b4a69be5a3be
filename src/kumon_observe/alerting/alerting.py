"""The rules at work: in each call incidents change and what they cause is enqueued, in one transaction."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from kumon_observe.alerting.case import Case
from kumon_observe.alerting.desk import Desk
from kumon_observe.alerting.holding import Holds
from kumon_observe.alerting.judging import judge
from kumon_observe.alerting.timing import in_hours, planned
from kumon_observe.model.incident import Incident, IncidentState
from kumon_observe.model.status import Severity
from kumon_observe.model.zones import named_zone
from kumon_observe.state import incidents

if TYPE_CHECKING:
    import sqlite3

    from kumon_observe.alerting.answers import Answers
    from kumon_observe.config.rules import RuleSettings
    from kumon_observe.config.settings import Settings
    from kumon_observe.model.alert import Alert
    from kumon_observe.state.book import Book


class Alerting:
    """Incidents by the rules of *settings*, kept in *book*; *sinks* are the names of those that can be told.

    For one thread at a time. Whatever is raised, nothing of that call happened. Other processes may
    acknowledge, resolve and silence in the same book at any time (:mod:`kumon_observe.alerting.acts`).
    """

    def __init__(self, settings: Settings, book: Book, sinks: Collection[str]) -> None:
        self._settings = settings
        self._book = book
        self._sinks = tuple(sinks)
        self._rules = {name: rule for name, rule in settings.rules.items() if rule.enabled}
        self._gravest_first = sorted(
            self._rules, key=lambda name: Severity(self._rules[name].severity), reverse=True
        )
        self._zone = named_zone(settings.schedule.timezone)
        self._evaluated: dict[str, datetime | None] | None = None

    def due(self, now: datetime) -> tuple[str, ...]:
        """The rules that are to be evaluated at *now*: their time has come, or the ``for`` of one is over.

        One whose ``every`` is 0 always is: whenever something was read.

        Raises:
            NoState: the store cannot be read.
        """
        last = self._last()
        ripe = {name for name, at in self._ripening() if at <= now}
        return tuple(
            name
            for name, rule in self._rules.items()
            if in_hours(now, rule, self._zone) == now and (name in ripe or _is_due(rule, last.get(name), now))
        )

    def evaluate(self, now: datetime, answers: Answers, rules: Collection[str]) -> list[Alert]:
        """Judge *rules* by what the checks say; what is told of it, which waits to be sent by then.

        Raises:
            NoState: the store cannot be written; nothing has changed, so that it can be done again.
        """
        wanted = [name for name in self._gravest_first if name in rules]
        judged = {name: judge(self._rules[name], answers) for name in wanted}
        with self._book.changing() as connection:
            desk = self._desk(connection, now)
            for name, judgement in judged.items():
                desk.evaluate(self._case(connection, name), judgement)
        if self._evaluated is not None:
            self._evaluated.update(dict.fromkeys(wanted, now))
        return desk.told

    def tick(self, now: datetime) -> list[Alert]:
        """Tell what only time brings: a ``for`` that is over, growth, repeats, escalations, ended silences.

        To be called after what is due was evaluated, so that what is over by then is not told.

        Raises:
            NoState: the store cannot be written; nothing has changed, so that it can be done again.
        """
        if not self._is_anything_due(now):
            return []
        with self._book.changing() as connection:
            desk = self._desk(connection, now)
            still = {incident.rule for incident in incidents.open_incidents(connection)}
            for name in self._gravest_first:
                if name in still:
                    desk.tick(self._case(connection, name))
        return desk.told

    def next_due(self, now: datetime) -> datetime | None:
        """When to call next at the latest, were nothing read and nothing done by a person; ``None``: never.

        Raises:
            NoState: the store cannot be read.
        """
        moments = [*self._evaluations(now), *self._timers(now)]
        return max(min(moments), now) if moments else None

    def _desk(self, connection: sqlite3.Connection, now: datetime) -> Desk:
        return Desk(connection, self._settings, self._sinks, now)

    def _case(self, connection: sqlite3.Connection, name: str) -> Case:
        return Desk.case(connection, self._settings, name, self._rules[name])

    def _last(self) -> dict[str, datetime | None]:
        """When each rule was last evaluated; nobody but this object does that."""
        if self._evaluated is None:
            with self._book.reading() as connection:
                self._evaluated = {
                    name: self._case(connection, name).record.evaluated for name in self._rules
                }
        return self._evaluated

    def _is_anything_due(self, now: datetime) -> bool:
        """Whether time has brought anything, so that the store need not be written each time."""
        with self._book.reading() as connection:
            if not incidents.is_any_open(connection):
                return False
            found = incidents.open_incidents(connection)
        return any(_lies_after(incident, now) for incident in found) or any(
            at <= now for at in self._timers(now)
        )

    def _ripening(self) -> list[tuple[str, datetime]]:
        """The rules with a pending incident that waits for the end of its ``for``, and when that is."""
        if not any(rule.for_ for rule in self._rules.values()):
            return []
        with self._book.reading() as connection:
            pending = [
                self._case(connection, incident.rule)
                for incident in incidents.open_incidents(connection)
                if incident.state is IncidentState.PENDING and incident.rule in self._rules
            ]
        return [
            (case.name, case.ripe_at(case.incident))
            for case in pending
            if case.incident is not None and case.is_ripe
        ]

    def _evaluations(self, now: datetime) -> Iterator[datetime]:
        last = self._last()
        for name, rule in self._rules.items():
            if not rule.every:
                continue
            at = last.get(name)
            at = now if at is None or at > now else max(now, at + timedelta(seconds=rule.every))
            yield in_hours(at, rule, self._zone)

    def _timers(self, now: datetime) -> Iterator[datetime]:
        with self._book.reading() as connection:
            holds = Holds.of(connection, self._settings, self._sinks, now)
        for incident in holds.found:
            rule = self._rules.get(incident.rule)
            if rule is None or incident.state is IncidentState.PENDING:
                continue
            if holds.holds(incident):
                until = holds.silenced_until(incident)
                if incident.waits is not None:
                    yield now
                elif until is not None:
                    yield until
            elif incident.waits is None:
                yield now
            else:
                yield from (plan.at for plan in planned(incident, rule, self._settings.alerting, self._zone))
        yield from (at for _, at in self._ripening())


def _lies_after(incident: Incident, now: datetime) -> bool:
    """Whether the clock was set back since something of *incident* happened."""
    moments = (incident.broken, incident.fired, incident.told, incident.grew, incident.waits)
    return any(moment is not None and moment > now for moment in moments)


def _is_due(rule: RuleSettings, last: datetime | None, now: datetime) -> bool:
    if not rule.every or last is None or last > now:
        return True
    return now - last >= timedelta(seconds=rule.every)
