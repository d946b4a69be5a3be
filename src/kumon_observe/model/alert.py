"""What a sink is given to deliver."""

from __future__ import annotations

from datetime import datetime
from enum import Enum

from attrs import field, frozen

from kumon_observe.model.evidence import CheckResult, Sentence
from kumon_observe.model.status import Action, Severity, Status


class News(Enum):
    """What an alert tells of its incident.

    ``FIRED`` (it began), ``GREW`` (more of the same), ``REPEATED`` (it goes on), ``ESCALATED`` (nobody
    acknowledged it), ``ACKNOWLEDGED`` (somebody did), ``FLAPPING`` (it comes and goes, and is told less
    often now), ``RESOLVED`` (it ended), ``TEST`` (somebody tries the way that alerts take).
    """

    FIRED = "fired"
    GREW = "grew"
    REPEATED = "repeated"
    ESCALATED = "escalated"
    ACKNOWLEDGED = "acknowledged"
    FLAPPING = "flapping"
    RESOLVED = "resolved"
    TEST = "test"

    def __str__(self) -> str:
        return self.value


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
        incident: the id of the incident, which stays the same from its beginning to its end.
        rule: the name of the rule that made it an incident.
        news: what is told of it.
        since: when it began, aware.
        until: when it ended, aware; ``None`` while it goes on.
        found: how many violations it has by now.
        level: the escalation: 0, and 1 or 2 when nobody acknowledged it in time.
        by: who acknowledged or resolved it; empty: nobody.
        comment: what that person said.
        place: what it is about, as in ``kumon-assistant production``.
        link: an address to look at; empty: none.
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
    incident: str = ""
    rule: str = ""
    news: News = News.FIRED
    since: datetime | None = None
    until: datetime | None = None
    found: int = 0
    level: int = 0
    by: str = ""
    comment: Sentence = ""
    place: str = ""
    link: str = ""
