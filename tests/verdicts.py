"""Reads verdicts the way tests compare them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any

from kumon_observe.model.evidence import CheckResult
from kumon_observe.model.verdict import Verdict

Judge = Callable[..., Verdict]
"""Judges a story: the fixture ``judge`` of the tests of the rules."""

OneCheck = Callable[..., CheckResult]
"""Judges a story by one check."""


def keys(result: CheckResult) -> list[tuple[str | None, str | None]]:
    """The (conv, idem) of every violation, in the order given."""
    return [(violation.key.conv, violation.key.idem) for violation in result.violations]


def number(result: CheckResult, name: str) -> int:
    """One of the counts that is a plain number."""
    count = result.counts[name]
    assert isinstance(count, int)
    return count


def reasons(*results: CheckResult | Verdict) -> str:
    """All reasons as one text in lower case."""
    return " / ".join(str(reason) for result in results for reason in result.reasons).lower()


def said(verdict: Verdict) -> str:
    """The reasons of the run and of every check."""
    return reasons(verdict, *verdict.checks)


def problems(verdict: Verdict) -> Counter[str]:
    """The problems of all sources that are above zero."""
    total: Counter[str] = Counter()
    for source in verdict.sources:
        total.update(source.problems)
    return +total


def judged(verdict: Verdict) -> dict[str, Any]:
    """What must not depend on noise or order: statuses, figures and keys of every check."""
    return {
        check.name: {
            "status": check.status,
            "counts": dict(check.counts),
            "value": check.value,
            "keys": Counter(keys(check)),
            "omitted": check.omitted,
        }
        for check in verdict.checks
    }
