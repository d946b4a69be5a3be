"""What in a verdict must fail a test, and the text that says so to the developer who reads it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from typing import Final

from attrs import frozen

from kumon_observe.model.evidence import CheckResult, Violation
from kumon_observe.model.listing import Explanation, ListedRecord
from kumon_observe.model.status import Status
from kumon_observe.model.verdict import Verdict
from kumon_observe.present import findings

_SHOWN: Final = 3
_BEFORE: Final = 3
_AROUND: Final = 14
_COULD_NOT_ANSWER: Final = CheckResult.failed("any", "").summary

Explain = Callable[[str], Explanation]
"""Gives the timeline of a conversation."""


@frozen
class Faults:
    """What is wrong with a verdict.

    Attributes:
        found: the results of checks that found something.
        failed: those of checks that could not answer.
        lost: what was not read whole, a sentence each.
        traces: how many were seen.
    """

    found: tuple[CheckResult, ...]
    failed: tuple[CheckResult, ...]
    lost: tuple[str, ...]
    traces: int

    @classmethod
    def of(cls, verdict: Verdict) -> Faults:
        """Those of *verdict*. A check that had too little to go on is no fault: a test plays a part only."""
        return cls(
            found=tuple(c for c in verdict.checks if c.status in (Status.WARNING, Status.CRITICAL)),
            failed=tuple(c for c in verdict.checks if c.summary == _COULD_NOT_ANSWER),
            lost=tuple(f"{s.name}: {s.error}" for s in verdict.sources if s.error is not None),
            traces=sum(source.traces for source in verdict.sources),
        )

    def without(self, names: Iterable[str]) -> Faults:
        """The same, but for what the checks of these *names* found."""
        allowed = set(names)
        found = tuple(check for check in self.found if check.name not in allowed)
        return Faults(found, self.failed, self.lost, self.traces)

    def lines(self, explain: Explain | None = None, refused: Sequence[str] = ()) -> Iterator[str]:
        """What is wrong, line by line, the gravest first.

        *explain* gives the traces around a finding, *refused* are the traces of failed sends.
        """
        for check in sorted(self.found, key=lambda result: result.status, reverse=True):
            yield from _check(check, explain, refused)
        for check in self.failed:
            yield f"{check.name} could not answer: {'; '.join(map(str, check.reasons))}"
        for lost in self.lost:
            yield f"not read whole: {lost}"


NO_FAULTS: Final = Faults((), (), (), 0)
"""Nothing is wrong, and nothing was seen."""


def _check(check: CheckResult, explain: Explain | None, refused: Sequence[str]) -> Iterator[str]:
    yield f"{check.name} is {check.status}: {check.summary}"
    for reason in check.reasons:
        yield f"  - {reason}"
    shown = (*check.violations, *check.warnings)
    for finding in shown[:_SHOWN]:
        yield from _finding(check.name, finding, explain)
    left = len(shown) - len(shown[:_SHOWN]) + check.omitted
    if left:
        yield f"  {findings.left_out(left)}"
    if not shown and check.name == "delivery":
        yield from (f"    {_clipped(text)}" for text in refused[:_AROUND])


def _finding(check: str, finding: Violation, explain: Explain | None) -> Iterator[str]:
    key = finding.key
    whose = " ".join(f"{name} {value}" for name, value in (("conv", key.conv), ("idem", key.idem)) if value)
    notes = "; ".join(map(str, findings.notes(finding)))
    said = f"{whose or 'unknown conversation'}: {findings.what(check, finding)}"
    yield f"  {said} ({notes})" if notes else f"  {said}"
    here = {(evidence.source, evidence.line) for evidence in finding.evidence}
    records = [] if explain is None or key.conv is None else _around(explain(key.conv), here)
    if not any(_is_at(record, here) for record in records):
        yield from (f"    > {_clock(e.at)}{_clipped(e.text)}" for e in finding.evidence)
        return
    for record in records:
        mark = ">" if _is_at(record, here) else " "
        yield f"    {mark} {_clock(record.at)}{_clipped(record.text)}"


def _around(explanation: Explanation, here: set[tuple[str, int]]) -> list[ListedRecord]:
    """The conversation's records from shortly before the finding's first one."""
    records = [record for turn in explanation.turns for record in turn.records]
    places = [place for place, record in enumerate(records) if _is_at(record, here)]
    begin = max(0, places[0] - _BEFORE) if places else 0
    return records[begin : begin + _AROUND]


def _is_at(record: ListedRecord, here: set[tuple[str, int]]) -> bool:
    return (record.source, record.line) in here


def _clock(at: datetime | None) -> str:
    return "" if at is None else f"{at.astimezone():%H:%M:%S.%f}"[:-3] + "  "


def _clipped(text: str) -> str:
    line = text.replace("\n", "\\n")
    return line if len(line) <= 400 else f"{line[:399]}…"
