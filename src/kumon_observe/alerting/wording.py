"""The words of an alert: its news in a few words, and what the check said."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Final

from attrs import evolve

from kumon_observe.model.alert import Alert, News
from kumon_observe.model.phrase import Phrase, phrase
from kumon_observe.model.status import Action, Status

if TYPE_CHECKING:
    from kumon_observe.config.alerting import AlertingSettings
    from kumon_observe.config.rules import RuleSettings
    from kumon_observe.model.evidence import Sentence
    from kumon_observe.model.incident import Incident

_WHAT: Final = {
    "handoff": phrase("replies are lost between planner and delivery"),
    "instances": phrase("a wrong WhatsApp instance is in use"),
    "delivery": phrase("too few messages reach WhatsApp"),
    "consistency": phrase("planner and delivery do not share one state"),
    "data": phrase("the log cannot be judged"),
    "traces": phrase("no traces come in"),
}
_OVER: Final = (News.ACKNOWLEDGED, News.RESOLVED)


def alert_of(
    incident: Incident, rule: RuleSettings, news: News, settings: AlertingSettings, now: datetime
) -> Alert:
    """The alert that tells *news* of *incident*; its key stays that of this telling."""
    result = incident.result
    status = result.status if result is not None else Status.UNKNOWN
    return Alert(
        key=f"{incident.id}/{incident.messages}/{news}",
        check=incident.check,
        severity=incident.severity,
        status=status,
        title=_title(incident, rule, news),
        summary=_summary(incident, rule),
        action=Action.NONE if news is News.RESOLVED else _action(incident),
        at=now,
        result=result,
        incident=incident.id,
        rule=incident.rule,
        news=news,
        since=incident.since,
        until=incident.ended,
        found=incident.found,
        level=incident.level,
        by=incident.by,
        comment=incident.comment,
        place=settings.place,
        link=settings.link,
    )


def test_alert(settings: AlertingSettings, key: str, now: datetime) -> Alert:
    """An alert by which somebody tries whether alerts arrive."""
    from kumon_observe.model.status import Severity

    return Alert(
        key=key,
        check="test",
        severity=Severity.INFO,
        status=Status.OK,
        title=phrase("a test of the alerts"),
        summary=phrase("nothing happened: somebody tried whether alerts arrive here"),
        action=Action.NONE,
        at=now,
        news=News.TEST,
        place=settings.place,
        link=settings.link,
    )


def what(check: str, rule: RuleSettings | None) -> Phrase:
    """What an incident of the *check* is about, in a few words."""
    if rule is not None and rule.burn_rate:
        return phrase("messages fail so often that the error budget runs out")
    return _WHAT.get(check) or phrase("the check {check} is not met", check=check)


def _action(incident: Incident) -> Action:
    return Action.NONE if incident.result is None else incident.result.action


def _title(incident: Incident, rule: RuleSettings, news: News) -> Phrase:
    told = _told(incident, what(incident.check, rule), news)
    if news not in _OVER and _action(incident) is Action.ROLLBACK:
        return phrase("ROLL BACK NOW: {told}", told=told)
    return told


def _told(incident: Incident, about: Phrase, news: News) -> Phrase:
    if news is News.GREW:
        return phrase("{found} by now: {what}", found=incident.found, what=about)
    if news is News.REPEATED:
        return phrase("still so: {what}", what=about)
    if news is News.ESCALATED:
        return phrase("nobody has it yet (level {level}): {what}", level=incident.level, what=about)
    if news is News.FLAPPING:
        return phrase("comes and goes: {what}", what=about)
    if news is News.ACKNOWLEDGED:
        return phrase("{by} has it: {what}", by=incident.by, what=about)
    if news is News.RESOLVED:
        return phrase("over: {what}", what=about)
    return about


def _summary(incident: Incident, rule: RuleSettings) -> Sentence:
    """The check's own sentence: what else is to be said, each channel says by its own means."""
    return incident.result.summary if incident.result is not None else what(incident.check, rule)


def told_once(incident: Incident, news: News, now: datetime) -> Incident:
    """*incident* after *news* of it was told."""
    changed = evolve(incident, messages=incident.messages + 1, told=now)
    return changed if news in _OVER else evolve(changed, untold=0)
