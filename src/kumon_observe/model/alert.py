"""What a sink is given to deliver."""

from __future__ import annotations

from datetime import datetime

from attrs import field, frozen

from kumon_observe.model.evidence import CheckResult, Sentence
from kumon_observe.model.status import Action, Severity, Status


@frozen(kw_only=True)
class Alert:
    """One notification about one check: already pseudonymised, ready for any channel.

    Attributes:
        key: stays the same for repeats of the same news, so that a sink can drop a double.
        check: the name of the check that it is about.
        severity: how urgent it is.
        status: what the check said.
        title: the news in a few words, for a subject line.
        summary: the check's own sentence.
        action: what to do.
        at: the time of the news, aware.
        result: the whole result, for channels that have room for its violations.
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
