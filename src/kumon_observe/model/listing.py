"""Answers of the commands that list or explain records rather than judge a whole log."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from attrs import field, frozen

from kumon_observe.model.evidence import CheckResult, Sentence
from kumon_observe.model.status import Status
from kumon_observe.model.verdict import Coverage, SourceReport


@frozen(kw_only=True)
class ListedRecord:
    """One record as it is shown: masked ``text`` (whole, with newlines, for a traceback).

    ``kind`` is the trace's (``OUTBOX_TRACE``), a context message's (``TURN_LOCK``) or ``""``.
    """

    source: str
    line: int
    offset: int
    text: str
    at: datetime | None = None
    kind: str = ""
    level: str | None = None
    logger: str | None = None
    conv: str | None = None


@frozen(kw_only=True)
class Listing:
    """The last records of a kind, oldest first; ``omitted`` older ones matched too."""

    command: str
    generated_at: datetime
    records: tuple[ListedRecord, ...]
    omitted: int = 0
    status: Status = Status.OK
    sources: tuple[SourceReport, ...] = ()
    coverage: Coverage = Coverage()
    reasons: tuple[Sentence, ...] = ()


@frozen(kw_only=True)
class Finding:
    """What one check concluded about a turn."""

    check: str
    status: Status
    sentence: Sentence


@frozen(kw_only=True)
class ExplainedTurn:
    """One turn of a conversation: its records in log order and what the checks say of it."""

    records: tuple[ListedRecord, ...]
    findings: tuple[Finding, ...] = ()

    @property
    def status(self) -> Status:
        """The worst finding, ``OK`` without any."""
        return max((finding.status for finding in self.findings), default=Status.OK)


@frozen(kw_only=True)
class Explanation:
    """One conversation's timeline with the verdicts; ``turns`` is empty when it was not seen.

    ``checks`` are the results over everything read: a conversation is judged among the others.
    """

    conv: str
    generated_at: datetime
    turns: tuple[ExplainedTurn, ...]
    checks: tuple[CheckResult, ...] = ()
    status: Status = Status.UNKNOWN
    sources: tuple[SourceReport, ...] = ()
    coverage: Coverage = Coverage()
    reasons: tuple[Sentence, ...] = ()


@frozen(kw_only=True)
class Rate:
    """Results counted: ``success`` and ``failed`` messages."""

    success: int = 0
    failed: int = 0

    @property
    def total(self) -> int:
        """Results in all."""
        return self.success + self.failed


@frozen(kw_only=True)
class Performance:
    """Delivery over a window: ``since`` inclusive, ``until`` exclusive (``None``: open).

    ``by_hour`` starts hours in the zone ``timezone``; ``by_http`` counts the codes of all results.
    """

    generated_at: datetime
    timezone: str
    since: datetime | None
    until: datetime | None
    delivery: CheckResult
    total: Rate
    by_hour: tuple[tuple[datetime, Rate], ...] = ()
    by_http: Mapping[str, Rate] = field(factory=dict)
    by_instance: Mapping[str, Rate] = field(factory=dict)
    untimed: int = 0
    sources: tuple[SourceReport, ...] = ()
    coverage: Coverage = Coverage()
    reasons: tuple[Sentence, ...] = ()

    @property
    def status(self) -> Status:
        """That of the delivery check over the window."""
        return self.delivery.status
