"""What a sink is given to deliver."""

from __future__ import annotations

from datetime import datetime

from attrs import field, frozen

from kumon_observe.model.evidence import CheckResult, Sentence
from kumon_observe.model.status import Action, Severity, Status


@frozen(kw_only=True)
class Alert:
    """One notification about one check: already pseudonymised, ready for any channel.

    ``key`` stays the same for repeats of the same news, so that a sink can drop a double.
    """

    key: str
    check: str
    severity: Severity
    status: Status
    title: Sentence
    summary: Sentence
    action: Action
    at: datetime
    result: CheckResult | None = field(default=None, repr=False)
