"""One rule with its record and its incident, while it is judged: how an incident begins, grows and ends."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta, tzinfo
from typing import TYPE_CHECKING, Final

from attrs import define, evolve

from kumon_observe.alerting.findings import Fresh
from kumon_observe.alerting.judging import Judgement, Said
from kumon_observe.alerting.record import Record
from kumon_observe.alerting.timing import in_hours, planned
from kumon_observe.model.alert import News
from kumon_observe.model.incident import Incident, IncidentState
from kumon_observe.model.status import Severity

if TYPE_CHECKING:
    from kumon_observe.config.alerting import AlertingSettings
    from kumon_observe.config.rules import RuleSettings
    from kumon_observe.model.evidence import CheckResult

_SHOWN: Final = 10
"""How many findings an alert shows: the newest ones that are listed."""


@define(eq=False)
class Case:
    """The rule *name* as it stands; ``incident`` is the one that is open.

    ``zone`` is that of the rule's hours, ``new_id`` gives the id of an incident that begins now, ``kept`` is
    the record as it was kept.
    """

    name: str
    rule: RuleSettings
    settings: AlertingSettings
    record: Record
    incident: Incident | None
    zone: tzinfo
    new_id: Callable[[datetime], str]
    kept: str | None = None

    def clock_is(self, now: datetime) -> None:
        """Let nothing lie in the future, where a clock that was set back would leave it waiting."""
        self.record.not_after(now)
        incident = self.incident
        if incident is None:
            return
        self.incident = evolve(
            incident,
            broken=min(incident.broken, now),
            fired=incident.fired and min(incident.fired, now),
            told=incident.told and min(incident.told, now),
            grew=incident.grew and min(incident.grew, now),
            waits=incident.waits and min(incident.waits, now),
        )

    def take(self, judgement: Judgement, fresh: Fresh, now: datetime) -> None:
        """Bring the case on by one evaluation."""
        if self.rule.every:
            self.record.evaluated = now
        if judgement.said is Said.HELD or judgement.result is None:
            return
        if judgement.said is not Said.BROKEN:
            self._kept(judgement.result, now, ends=judgement.said is Said.KEPT)
        elif self.incident is None and self._was_dealt_with(judgement, fresh):
            self.record.breaches, self.record.broken = 0, None
        else:
            self._broken(judgement.result, fresh, now)

    def _was_dealt_with(self, judgement: Judgement, fresh: Fresh) -> bool:
        """Whether all that stands in an answer about the whole log belongs to incidents that are over."""
        return not fresh.n if fresh.of else self.record.dealt and judgement.counts_findings

    def _broken(self, result: CheckResult, fresh: Fresh, now: datetime) -> None:
        record = self.record
        record.breaches = min(record.breaches + 1, self.rule.times)
        record.clears, record.kept = 0, None
        record.broken = record.broken or now
        incident = self.incident or self._begun(fresh, now)
        self.incident = self._grown(incident, result, fresh, now)
        self.fire_if_due(now)

    def _begun(self, fresh: Fresh, now: datetime) -> Incident:
        times = [violation.at for violation in fresh.listed if violation.at is not None]
        return Incident(
            id=self.new_id(now),
            rule=self.name,
            check=self.rule.check,
            severity=Severity(self.rule.severity),
            since=min([*times, now]),
            broken=now,
        )

    def _grown(self, incident: Incident, result: CheckResult, fresh: Fresh, now: datetime) -> Incident:
        """The incident with what the evaluation added."""
        if incident.flapping and now - (self.record.broken or now) >= self._flap_window:
            incident = evolve(incident, flapping=False)
        if not fresh.of:
            found = len(result.violations) + result.omitted
            return evolve(incident, found=max(found, incident.found), result=_shown(result, result.omitted))
        found = incident.found + fresh.n
        if fresh.listed or incident.result is None:
            result = evolve(result, violations=fresh.listed[-_SHOWN:] or result.violations)
        else:
            result = evolve(result, violations=incident.result.violations)
        shown = _shown(result, 0)
        shown = evolve(shown, omitted=max(0, found - len(shown.violations)))
        incident = evolve(incident, found=found, result=shown)
        if not fresh.n:
            return incident
        incident = self._again(incident, now)
        return evolve(incident, untold=incident.untold + fresh.n, grew=now)

    def _again(self, incident: Incident, now: datetime) -> Incident:
        """What grows after it had been quiet for a whole ``repeat`` is no longer what somebody has."""
        quiet = self.rule.repeat
        last = incident.grew or incident.broken
        if incident.told is not None:
            last = max(last, incident.told)
        if incident.state is not IncidentState.ACKNOWLEDGED or not quiet or now - last < _seconds(quiet):
            return incident
        return evolve(incident, state=IncidentState.FIRING, by="", comment="", level=0, waits=now)

    def fire_if_due(self, now: datetime) -> None:
        """Let a pending incident fire once it was broken often enough and for long enough."""
        incident, record = self.incident, self.record
        if incident is None or not self.is_ripe or now < self.ripe_at(incident):
            return
        flapping = False
        if not self.rule.latch:
            record.begins = [moment for moment in record.begins if now - moment < self._flap_window]
            record.begins = [*record.begins, now][-self.settings.flap_changes :]
            flapping = len(record.begins) >= self.settings.flap_changes
        self.incident = evolve(
            incident, state=IncidentState.FIRING, fired=now, waits=now, untold=0, flapping=flapping
        )

    @property
    def is_ripe(self) -> bool:
        """Whether a pending incident waits for nothing but ``for``."""
        incident = self.incident
        pending = incident is not None and incident.state is IncidentState.PENDING
        return pending and self.record.breaches >= self.rule.times

    def ripe_at(self, incident: Incident) -> datetime:
        """When ``for`` is over, and the rule judged at all."""
        return in_hours(incident.broken + _seconds(self.rule.for_), self.rule, self.zone)

    def _kept(self, result: CheckResult, now: datetime, *, ends: bool) -> None:
        record, incident = self.record, self.incident
        record.breaches, record.broken, record.dealt = 0, None, False
        record.kept = (record.kept or now) if ends else None
        record.clears = min(record.clears + 1, self.rule.clear_times) if ends else 0
        if incident is None:
            return
        if incident.state is IncidentState.PENDING:
            self.incident = None
        elif self._is_over(incident, now):
            ended = evolve(incident, state=IncidentState.RESOLVED, ended=now, by="", comment="")
            self.incident = evolve(ended, flapping=False, result=_shown(result, result.omitted))

    def _is_over(self, incident: Incident, now: datetime) -> bool:
        """Whether it ends by itself: one that comes and goes must have stayed away for long."""
        kept = self.record.kept
        if self.rule.latch or kept is None or self.record.clears < self.rule.clear_times:
            return False
        return not incident.flapping or now - kept >= self._flap_window

    def news(self, now: datetime, *, held: bool) -> News | None:
        """What is to be told of the incident now, with the incident brought on by that.

        While something holds it nobody is waited for; at the end of that what still goes on is told.
        """
        incident = self.incident
        if incident is None or incident.fired is None or not incident.is_open:
            return None
        if held:
            self.incident = evolve(incident, waits=None)
            return None
        ended = incident.waits is None
        if ended:
            self.incident = incident = evolve(incident, waits=now)
        due = [plan for plan in planned(incident, self.rule, self.settings, self.zone) if plan.at <= now]
        if due:
            self.incident = evolve(incident, level=due[0].level)
            return due[0].news
        if ended and incident.state is IncidentState.FIRING:
            return News.GREW if incident.untold else News.REPEATED
        return None

    @property
    def _flap_window(self) -> timedelta:
        return _seconds(self.settings.flap_window)


def _shown(result: CheckResult, omitted: int) -> CheckResult:
    """*result* with as many findings as an alert shows, *omitted* more being known of."""
    violations = result.violations[-_SHOWN:]
    omitted += len(result.violations) - len(violations)
    return evolve(result, violations=violations, omitted=omitted, warnings=result.warnings[-_SHOWN:])


def _seconds(seconds: float) -> timedelta:
    return timedelta(seconds=seconds)
