"""Figures beside a check's value that help to act on it, as sentences."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction

from kumon_observe.model.evidence import CheckResult, Sentence
from kumon_observe.model.phrase import phrase
from kumon_observe.model.status import Status
from kumon_observe.model.threshold import percentage
from kumon_observe.present import figures


def sentences(check: CheckResult, *, all_of_them: bool) -> Iterator[Sentence]:
    """What the counts and details of *check* add to its summary; the less important ones if asked."""
    if check.name == "delivery":
        yield from _delivery(check, all_of_them)
    elif all_of_them and check.counts:
        yield phrase("counts: {counts}", counts=_listed(check.counts))


def _delivery(check: CheckResult, all_of_them: bool) -> Iterator[Sentence]:
    counts = check.counts
    codes = counts.get("by_http")
    if isinstance(codes, Mapping) and codes and (all_of_them or check.status is not Status.OK):
        yield phrase("failures by http code: {codes}", codes=_listed(codes))
    if not all_of_them:
        return
    messages, delivered = figures.number(counts, "messages"), figures.number(counts, "messages_delivered")
    if messages:
        rate = percentage(delivered, messages)
        yield phrase(
            "messages delivered: {delivered} of {n} ({rate})", delivered=delivered, n=messages, rate=rate
        )
    interval = check.details.get("interval")
    if isinstance(interval, (tuple, list)) and len(interval) == 2:
        low, high = (_percent(bound) for bound in interval)
        yield phrase(
            "so many results support a rate between {low} and {high} (95% confidence)", low=low, high=high
        )


def _percent(bound: float) -> str:
    return f"{float(Fraction(str(bound)) * 100):.1f}%"


def _listed(counts: Mapping[str, object]) -> str:
    shown = []
    for name, n in counts.items():
        shown.append(
            f"{name} {'/'.join(map(str, n.values())) or 0}" if isinstance(n, Mapping) else f"{name} {n}"
        )
    return ", ".join(shown)
