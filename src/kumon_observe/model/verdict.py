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
    """One record that was not used, with its place."""

    kind: str
    evidence: Evidence
    reason: Sentence = ""


@frozen(kw_only=True, eq=False, repr=False)
class SourceReport(Value):
    """What was read of one source: sizes in bytes, ``lines`` and ``traces`` as counts.

    ``size`` is ``None`` where it cannot be known beforehand (standard input, a pipe); ``error`` says what
    was lost, and then nothing of this source counts as healthy.
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
    """How many traces of each kind were seen, and the time that they span."""

    outbox: int = 0
    instance: int = 0
    delivery: int = 0
    guards: int = 0
    first: datetime | None = None
    last: datetime | None = None


@frozen(kw_only=True, eq=False, repr=False)
class Verdict(Value):
    """The answer: the status of every check and of the whole, with its evidence.

    ``status`` is the worst of the checks' (``UNKNOWN`` without any); ``reasons`` are those of the run as a
    whole, such as a source that could not be read.
    """

    command: str
    generated_at: datetime
    checks: tuple[CheckResult, ...]
    sources: tuple[SourceReport, ...] = ()
    coverage: Coverage = Coverage()
    reasons: tuple[Sentence, ...] = ()

    @property
    def status(self) -> Status:
        """The worst status of the checks."""
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
