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
    """One record as it is shown.

    Attributes:
        source: the name of its file.
        line: its line, from 1.
        offset: where it begins in the file, in bytes.
        text: masked; whole, with newlines, for a traceback.
        at: its time, aware; ``None`` if it has none.
        kind: the trace's (``OUTBOX_TRACE``), a context message's (``TURN_LOCK``) or ``""``.
        level: the log level, if the layout tells it.
        logger: the logger, if the layout tells it.
        conv: its conversation, masked; ``None`` where unknown.
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
    """The last records of a kind.

    Attributes:
        command: who asked.
        generated_at: when the answer was made, aware.
        records: oldest first.
        omitted: how many older ones matched too.
        status: ``UNKNOWN`` when something could not be read.
        sources: what was read of each source.
        coverage: the traces that were seen.
        reasons: why the status is not ok.
    """

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
    """What one ``check`` concluded about a turn: its ``status``, and that as a ``sentence``."""

    check: str
    status: Status
    sentence: Sentence


@frozen(kw_only=True)
class ExplainedTurn:
    """One turn of a conversation: its ``records`` in log order and the checks' ``findings`` about it."""

    records: tuple[ListedRecord, ...]
    findings: tuple[Finding, ...] = ()

    @property
    def status(self) -> Status:
        """The worst finding, ``OK`` without any."""
        return max((finding.status for finding in self.findings), default=Status.OK)


@frozen(kw_only=True)
class Explanation:
    """One conversation's timeline with the verdicts.

    Attributes:
        conv: the conversation, masked.
        generated_at: when the answer was made, aware.
        turns: in log order; empty when it was not seen.
        checks: the results over everything read: a conversation is judged among the others.
        status: the worst of the turns, at least ``UNKNOWN`` when it was not seen or something was lost.
        sources: what was read of each source.
        coverage: the traces that were seen.
        reasons: what was lost in reading.
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
    """Delivery over a window.

    Attributes:
        generated_at: when the answer was made, aware.
        timezone: the zone of ``by_hour``.
        since: the start of the window, inclusive; ``None``: open.
        until: the end of the window, exclusive; ``None``: open.
        delivery: the delivery check's result over the window.
        total: all results.
        by_hour: the results of each hour, by its start.
        by_http: the results by http code.
        by_instance: the results by WhatsApp instance.
        untimed: how many results have no time and stand in no hour.
        sources: what was read of each source.
        coverage: the traces that were seen.
        reasons: what was lost in reading.
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
