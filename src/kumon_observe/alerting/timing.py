"""When something of an incident is to be told again: growth, repeats, escalations."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta, tzinfo
from typing import TYPE_CHECKING, NamedTuple

from kumon_observe.model.alert import News
from kumon_observe.model.hours import Hours
from kumon_observe.model.incident import Incident, IncidentState

if TYPE_CHECKING:
    from kumon_observe.config.alerting import AlertingSettings
    from kumon_observe.config.rules import RuleSettings


class Planned(NamedTuple):
    """``news`` that will be told ``at`` a moment if nothing comes between, at an escalation ``level``."""

    at: datetime
    news: News
    level: int


def planned(
    incident: Incident, rule: RuleSettings, settings: AlertingSettings, zone: tzinfo
) -> Iterator[Planned]:
    """What is to be told of *incident*, which no silence holds, the most urgent first.

    It is repeated in the rule's hours alone, which are those of *zone*.
    """
    told = incident.told
    if incident.state is IncidentState.ACKNOWLEDGED:
        if incident.untold and told is not None and not incident.flapping:
            yield Planned(_after(told, max(settings.quiet_between, rule.repeat)), News.GREW, incident.level)
        return
    if incident.state is not IncidentState.FIRING or incident.fired is None:
        return
    if told is None:
        news = News.FLAPPING if incident.flapping else News.FIRED
        yield Planned(incident.fired, news, incident.level)
        return
    if rule.escalate and incident.waits is not None:
        for level, seconds in ((2, settings.escalate_2), (1, settings.escalate_1)):
            if incident.level < level:
                yield Planned(_after(incident.waits, seconds), News.ESCALATED, level)
    if incident.flapping:
        return
    if incident.untold:
        yield Planned(_after(told, settings.quiet_between), News.GREW, incident.level)
    if rule.repeat:
        yield Planned(in_hours(_after(told, rule.repeat), rule, zone), News.REPEATED, incident.level)


def in_hours(moment: datetime, rule: RuleSettings, zone: tzinfo) -> datetime:
    """*moment*, or when the rule's hours begin after it."""
    if not rule.hours:
        return moment
    hours = Hours.parse(rule.hours)
    return moment if hours.includes(moment, zone) else hours.opens(moment, zone)


def _after(moment: datetime, seconds: float) -> datetime:
    return moment + timedelta(seconds=seconds)
