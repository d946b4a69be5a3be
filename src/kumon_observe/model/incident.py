"""An incident, from its first sign to its end, and a silence that keeps incidents from being told."""

from __future__ import annotations

from datetime import datetime
from enum import Enum

from attrs import field, frozen

from kumon_observe.model.evidence import CheckResult
from kumon_observe.model.status import Severity
from kumon_observe.model.value import Value


class IncidentState(Enum):
    """Where an incident stands.

    ``PENDING`` (its rule is broken, but not for long enough), ``FIRING`` (it is told), ``ACKNOWLEDGED``
    (somebody has it), ``RESOLVED`` (it is over). An incident in any of them may be silenced.
    """

    PENDING = "pending"
    FIRING = "firing"
    ACKNOWLEDGED = "acknowledged"
    RESOLVED = "resolved"

    def __str__(self) -> str:
        return self.value


@frozen(kw_only=True, eq=False, repr=False)
class Incident(Value):
    """What one rule found, once, however often it was found.

    Attributes:
        id: short, and never given twice.
        rule: the rule's name.
        check: the check whose answers it judges.
        severity: how urgent it is.
        state: where it stands.
        since: when it began, by the log where that tells, aware.
        broken: when the rule was first seen to be broken.
        fired: when it became more than pending; ``None`` before.
        ended: when it was over; ``None`` before.
        found: how many findings it has.
        level: the escalation: 0, 1 or 2.
        by: who acknowledged or resolved it; empty: nobody.
        comment: what that person said.
        flapping: it comes and goes, so only its beginning and its end are told.
        result: the check's answer, with at most a few of the newest findings.
        messages: how many times something of it was told.
        told: when that was last; ``None`` before.
        untold: how many findings were not told yet.
        grew: when the latest finding came.
        waits: since when it waits for an acknowledgement; ``None`` while a silence holds it.
    """

    id: str
    rule: str
    check: str
    severity: Severity
    since: datetime
    broken: datetime
    state: IncidentState = IncidentState.PENDING
    fired: datetime | None = None
    ended: datetime | None = None
    found: int = 0
    level: int = 0
    by: str = ""
    comment: str = ""
    flapping: bool = False
    result: CheckResult | None = field(default=None, repr=False)
    messages: int = 0
    told: datetime | None = None
    untold: int = 0
    grew: datetime | None = None
    waits: datetime | None = None

    @property
    def is_open(self) -> bool:
        """Whether it is not over."""
        return self.state is not IncidentState.RESOLVED


@frozen(kw_only=True, eq=False, repr=False)
class Silence(Value):
    """Incidents are not told while it lasts; what still goes on is told at its end.

    Attributes:
        id: short, and never given twice.
        rule: whose incidents; empty: those of all rules that are not critical.
        since: when it began, aware.
        until: when it ends, aware.
        by: who wanted it.
        comment: why.
    """

    id: str
    rule: str = ""
    since: datetime
    until: datetime
    by: str = ""
    comment: str = ""

    def covers(self, rule: str, severity: Severity, now: datetime) -> bool:
        """Whether it holds back incidents of *rule* at *now*: a critical one must be named."""
        if not self.since <= now < self.until:
            return False
        return self.rule == rule or (not self.rule and severity is not Severity.CRITICAL)
