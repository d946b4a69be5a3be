"""The answer of a whole run: its checks, and what was read to reach it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from attrs import field, frozen

from kumon_observe.model.evidence import CheckResult, Evidence, Sentence
from kumon_observe.model.status import Action, Status
from kumon_observe.model.value import Value

PROBLEMS = ("malformed", "embedded", "untrusted", "unsealed", "undecodable", "truncated", "oversized")
"""What can be wrong with a source's records; each is counted (TRACES sections 2 and 3)."""


@frozen(kw_only=True, eq=False, repr=False)
class Problem(Value):
    """One record that was not used.

    ``kind`` is one of :data:`PROBLEMS`, ``evidence`` its place, ``reason`` what is wrong with it.
    """

    kind: str
    evidence: Evidence
    reason: Sentence = ""


@frozen(kw_only=True, eq=False, repr=False)
class SourceReport(Value):
    """What was read of one source.

    Attributes:
        name: as it was given, or found in a folder.
        size: in bytes; ``None`` where it cannot be known beforehand (standard input, a pipe).
        read: how many bytes were read.
        lines: how many lines that were.
        traces: how many traces were found.
        extra_fields: how many fields of traces this release does not know.
        duplicates: how many records were left out as repeats (TRACES section 8).
        layouts: how many records each layout explained.
        first: the earliest time of its traces, aware; ``None`` without times.
        last: the latest one.
        problems: how many records have each of the :data:`PROBLEMS`.
        places: the first records of each problem.
        error: what was lost; then nothing of this source counts as healthy.
        notes: what is worth knowing about how it was read.
    """

    name: str
    size: int | None = None
    read: int = 0
    lines: int = 0
    traces: int = 0
    extra_fields: int = 0
    duplicates: int = 0
    layouts: Mapping[str, int] = field(factory=dict)
    first: datetime | None = None
    last: datetime | None = None
    problems: Mapping[str, int] = field(factory=lambda: dict.fromkeys(PROBLEMS, 0))
    places: tuple[Problem, ...] = ()
    error: Sentence | None = None
    notes: tuple[Sentence, ...] = ()


@frozen(kw_only=True, eq=False, repr=False)
class Coverage(Value):
    """How many traces were seen: a verdict is worth no more than this.

    Attributes:
        outbox: the ``OUTBOX_TRACE`` of both phases.
        instance: the ``INSTANCE_TRACE``.
        delivery: the ``DELIVERY_TRACE`` and ``DELIVERY``.
        guards: the guards of both kinds.
        first: the earliest time of them, aware; ``None`` without times.
        last: the latest one.
    """

    outbox: int = 0
    instance: int = 0
    delivery: int = 0
    guards: int = 0
    first: datetime | None = None
    last: datetime | None = None


@frozen(kw_only=True, eq=False, repr=False)
class Verdict(Value):
    """The answer: the status of every check and of the whole, with its evidence.

    Attributes:
        command: who asked, as in ``health``.
        generated_at: when the answer was made, aware.
        checks: the result of each check.
        sources: what was read of each source.
        coverage: the traces that were seen in all of them.
        reasons: those of the run as a whole, such as a source that could not be read.
    """

    command: str
    generated_at: datetime
    checks: tuple[CheckResult, ...]
    sources: tuple[SourceReport, ...] = ()
    coverage: Coverage = Coverage()
    reasons: tuple[Sentence, ...] = ()

    @property
    def status(self) -> Status:
        """The worst status of the checks, ``UNKNOWN`` without any."""
        return Status.worst(check.status for check in self.checks)

    @property
    def action(self) -> Action:
        """What the gravest check demands: a rollback comes before an investigation."""
        demanded = {c.action for c in self.checks if c.status in (Status.CRITICAL, Status.WARNING)}
        for action in (Action.ROLLBACK, Action.INVESTIGATE):
            if action in demanded:
                return action
        return Action.NONE

    def check(self, name: str) -> CheckResult:
        """The result of the check *name*.

        Raises:
            KeyError: no check of this name took part.
        """
        for result in self.checks:
            if result.name == name:
                return result
        raise KeyError(name)
