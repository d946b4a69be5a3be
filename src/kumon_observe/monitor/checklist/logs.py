"""Items about the logs: the night's verdict, whether traces still come, delivery and where it goes."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from fractions import Fraction
from typing import Final

from kumon_observe.model.ages import age
from kumon_observe.model.checklist import Item
from kumon_observe.model.listing import Rate
from kumon_observe.model.phrase import phrase
from kumon_observe.model.status import Status
from kumon_observe.model.threshold import percentage
from kumon_observe.monitor.checklist.look import Look, attention, ok, unknown

RECENT: Final = timedelta(hours=2)
"""What the day before it is compared with."""

FALL: Final = Fraction(5, 100)
"""A success rate that fell by more than this wants attention, though it may still be met."""

QUIET: Final = timedelta(hours=1)
"""A log in which no trace came for longer is not fresh."""


def night(look: Look) -> Item:
    """All checks over the night."""
    name, title = "night", phrase("what the checks say of the night")
    verdict = look.verdict
    command = f"kumon-observe health --since {look.when(look.night.begin)}"
    if verdict.status is Status.OK:
        summaries = tuple(result.summary for result in verdict.checks)
        return ok(name, title, phrase("{what}", what=summaries), command=command)
    bad = [result for result in verdict.checks if result.status is not Status.OK]
    found = phrase("{what}", what=tuple(result.summary for result in bad) or verdict.reasons)
    if verdict.status is Status.UNKNOWN:
        return unknown(name, title, found, command=command)
    return attention(name, title, found, gravity=verdict.status, command=command)


def fresh(look: Look) -> Item:
    """Whether the logs can be read, and traces still come."""
    name, title = "log", phrase("the log can be read, and is fresh")
    verdict = look.verdict
    lost = [report for report in verdict.sources if report.error is not None]
    files = ", ".join(report.name for report in lost or verdict.sources)
    if lost:
        sentences = tuple(phrase("{name}: {error}", name=one.name, error=one.error) for one in lost)
        found = phrase("{what}", what=sentences)
        return attention(
            name, title, found, gravity=Status.CRITICAL, file=files, command="kumon-observe doctor"
        )
    last = verdict.coverage.last
    if last is None:
        found = phrase("no trace with a time since {time}", time=look.said(look.night.begin))
        return unknown(name, title, found, file=files, command="kumon-observe doctor")
    found = phrase("the newest trace is {age} old", age=age(look.now - last))
    if look.now - last > QUIET:
        return attention(name, title, found, file=files, command="kumon-observe traces")
    return ok(name, title, found, file=files)


def delivery(look: Look) -> Item:
    """The success rate of the day."""
    name, title = "delivery", phrase("the delivery rate of the day")
    result = look.performance.delivery
    command = f"kumon-observe performance --since {look.when(look.day)}"
    if result.status is Status.OK:
        return ok(name, title, result.summary, command=command)
    if result.status is Status.UNKNOWN:
        return unknown(name, title, result.summary, command=command)
    return attention(name, title, result.summary, gravity=result.status, command=command)


def trend(look: Look) -> Item:
    """The success rate of the last hours against that of the day before them."""
    name, title = "trend", phrase("where delivery goes")
    begin = look.now - RECENT
    recent = _total(rate for hour, rate in look.performance.by_hour if hour >= begin)
    earlier = _total(rate for hour, rate in look.performance.by_hour if hour < begin)
    command = f"kumon-observe performance --since {look.when(look.day)}"
    if not recent.total or not earlier.total:
        found = phrase(
            "too few results to compare: {recent} lately, {earlier} before",
            recent=recent.total,
            earlier=earlier.total,
        )
        return unknown(name, title, found, command=command)
    threshold = look.settings.checks.delivery.threshold
    found = phrase(
        "{recent} lately, {earlier} before",
        recent=percentage(recent.success, recent.total, threshold),
        earlier=percentage(earlier.success, earlier.total, threshold),
    )
    fell = Fraction(earlier.success, earlier.total) - Fraction(recent.success, recent.total)
    if fell > FALL or not threshold.allows(recent.success, recent.total):
        return attention(name, title, found, command=command)
    return ok(name, title, found, command=command)


def _total(rates: Iterable[Rate]) -> Rate:
    rates = list(rates)
    return Rate(success=sum(r.success for r in rates), failed=sum(r.failed for r in rates))
