"""What is done inside one transaction: cases are loaded, brought on, kept, and told of."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Final

from kumon_observe.alerting.case import Case
from kumon_observe.alerting.findings import Fresh, fresh
from kumon_observe.alerting.holding import Holds
from kumon_observe.alerting.judging import Judgement, Said
from kumon_observe.alerting.record import Record
from kumon_observe.alerting.routing import following, receivers
from kumon_observe.alerting.wording import alert_of, told_once
from kumon_observe.model.alert import Alert, News
from kumon_observe.model.incident import Incident
from kumon_observe.model.status import Status
from kumon_observe.model.zones import named_zone
from kumon_observe.state import incidents, outbox

if TYPE_CHECKING:
    import sqlite3

    from kumon_observe.config.rules import RuleSettings
    from kumon_observe.config.settings import Settings

_MOST_KNOWN: Final = 10_000
"""How many findings of a rule are remembered one by one; an answer lists far fewer."""


class Desk:
    """One transaction at *now*; ``told`` are the alerts that it enqueued."""

    def __init__(
        self, connection: sqlite3.Connection, settings: Settings, sinks: Collection[str], now: datetime
    ) -> None:
        self._connection = connection
        self._settings = settings
        self._sinks = sinks
        self._now = now
        self.told: list[Alert] = []

    @staticmethod
    def case(connection: sqlite3.Connection, settings: Settings, name: str, rule: RuleSettings) -> Case:
        """The rule *name* with what is kept of it."""

        def new_id(now: datetime) -> str:
            return incidents.new_id(connection, settings.alerting.place, name, now)

        return Case(
            name=name,
            rule=rule,
            settings=settings.alerting,
            zone=named_zone(settings.schedule.timezone),
            record=Record.of(kept := incidents.rule_record(connection, name)),
            kept=kept,
            incident=incidents.open_incident(connection, name),
            new_id=new_id,
        )

    def evaluate(self, case: Case, judgement: Judgement) -> None:
        """Bring *case* on by one evaluation."""
        before = case.incident
        case.clock_is(self._now)
        case.take(judgement, self._fresh(case, judgement), self._now)
        self._settle(case, before)

    def tick(self, case: Case) -> None:
        """Bring *case* on by the time that has passed."""
        before = case.incident
        case.clock_is(self._now)
        case.fire_if_due(self._now)
        self._settle(case, before)

    def tell(self, incident: Incident, rule: RuleSettings, news: News) -> Incident:
        """Enqueue *news* of *incident* for those whom it concerns; the incident after that."""
        if news in (News.ACKNOWLEDGED, News.RESOLVED):
            told = outbox.receivers(self._connection, incident.id)
            sinks = following(self._settings, told, end=news is News.RESOLVED)
        else:
            sinks = receivers(self._settings, self._sinks, incident)
        incident = told_once(incident, news, self._now)
        alert = alert_of(incident, rule, news, self._settings.alerting, self._now)
        outbox.enqueue(self._connection, alert, sinks, self._now)
        self.told.append(alert)
        return incident

    def end(self, incident: Incident, rule: RuleSettings) -> None:
        """Keep *incident*, which is over, and tell those who were told of it: no silence holds that back."""
        if incident.messages:
            incident = self.tell(incident, rule, News.RESOLVED)
        incidents.keep_incident(self._connection, incident)
        keep = timedelta(seconds=self._settings.alerting.keep)
        incidents.forget_ended(self._connection, self._now - keep)

    def _fresh(self, case: Case, judgement: Judgement) -> Fresh:
        result = judgement.result
        if judgement.said is not Said.BROKEN or result is None or not judgement.counts_findings:
            return Fresh()
        known = partial(incidents.known, self._connection, case.name)
        late = self._settings.checks.handoff.undelivered == "critical"
        found = fresh(result, Status(case.rule.breach), case.record.mark, known, late=late)
        incidents.remember(self._connection, case.name, found.identities, _MOST_KNOWN)
        return found

    def _settle(self, case: Case, before: Incident | None) -> None:
        """Tell what is to be told of *case*, and keep it."""
        news = case.news(self._now, held=case.incident is not None and self._holds().holds(case.incident))
        if news is not None and case.incident is not None:
            case.incident = self.tell(case.incident, case.rule, news)
        if (text := case.record.text()) != case.kept:
            incidents.keep_rule_record(self._connection, case.name, text)
        if case.incident is None:
            if before is not None:
                incidents.drop_incident(self._connection, before)
        elif not case.incident.is_open:
            self.end(case.incident, case.rule)
        elif case.incident != before:
            incidents.keep_incident(self._connection, case.incident)

    def _holds(self) -> Holds:
        return Holds.of(self._connection, self._settings, self._sinks, self._now)
