"""Answers made by hand, as the engine gives them, for looking at what people see."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from kumon_observe.model.evidence import CheckResult, Evidence, Key, Violation
from kumon_observe.model.phrase import counted, phrase
from kumon_observe.model.status import Action, Status
from kumon_observe.model.threshold import Threshold, percentage
from kumon_observe.model.verdict import PROBLEMS, Coverage, Problem, SourceReport, Verdict

TEN = datetime(2025, 1, 15, 10, 0, tzinfo=UTC)
ELEVEN = TEN + timedelta(hours=1)
NOW = ELEVEN + timedelta(minutes=2)
CONV = "conv_***14~3fa9_20250115_100000"
OTHER = "conv_***21~77aa_20250115_102900"
TRACE = f"OUTBOX_TRACE|phase=delivery|conv={CONV}|idem=unknown|state_id=140|outbox_id=150|count=0"


def source(name: str = "app.log", **changes: Any) -> SourceReport:
    """A source that was read whole, with *changes*."""
    values: dict[str, Any] = {
        "name": name,
        "size": 1_204_000,
        "read": 1_204_000,
        "lines": 8123,
        "traces": 3201,
        "layouts": {"json": 7800, "basic": 323},
        "first": TEN,
        "last": ELEVEN,
    }
    return SourceReport(**(values | changes))


def problems(**counts: int) -> dict[str, int]:
    """The problem counts of a source, the others zero."""
    return dict.fromkeys(PROBLEMS, 0) | counts


def evidence(line: int, text: str = TRACE, name: str = "app.log") -> Evidence:
    """The record at *line*."""
    return Evidence(source=name, line=line, offset=line * 130, at=TEN, text=text)


def loss(conv: str | None, minutes: float, line: int, *by: str, planned: int = 1) -> Violation:
    """A lost hand-off."""
    details = {
        "identity": "conversation",
        "planned": planned,
        "delivered": 0,
        "corroborated": len(by) > 1,
        "by": list(by),
    }
    at = TEN + timedelta(minutes=minutes)
    return Violation(
        key=Key(conv=conv), at=at, evidence=(evidence(line), evidence(line + 4)), details=details
    )


def handoff(*violations: Violation, omitted: int = 0, **changes: Any) -> CheckResult:
    """The hand-off check over 812 turns."""
    lost = len(violations) + omitted
    turns = counted(812, "1 turn", "{n} turns")
    summary = (
        counted(lost, "1 lost hand-off in {turns}", "{n} lost hand-offs in {turns}", turns=turns)
        if lost
        else phrase("no lost hand-off in {turns}", turns=turns)
    )
    values: dict[str, Any] = {
        "name": "handoff",
        "status": Status.CRITICAL if lost else Status.OK,
        "summary": summary,
        "value": lost,
        "threshold": Threshold(max=0),
        "action": Action.ROLLBACK if lost else Action.NONE,
        "counts": {"turns": 812, "violations": lost},
        "violations": violations,
        "omitted": omitted,
    }
    return CheckResult(**(values | changes))


def instances(*violations: Violation, **changes: Any) -> CheckResult:
    """The instance check over 812 names."""
    traces = counted(812, "1 instance trace", "{n} instance traces")
    values: dict[str, Any] = {
        "name": "instances",
        "status": Status.CRITICAL if violations else Status.OK,
        "summary": (
            counted(
                len(violations),
                "1 wrong instance in {traces}",
                "{n} wrong instances in {traces}",
                traces=traces,
            )
            if violations
            else phrase("no wrong instance in {traces}", traces=traces)
        ),
        "value": len(violations),
        "threshold": Threshold(max=0),
        "action": Action.ROLLBACK if violations else Action.NONE,
        "counts": {"seen": 812, "violations": len(violations)},
        "violations": violations,
    }
    return CheckResult(**(values | changes))


def delivery(success: int = 1447, failed: int = 40, **changes: Any) -> CheckResult:
    """The delivery check over these results."""
    threshold = Threshold.parse(">= 95%")
    good = threshold.allows(success, success + failed)
    values: dict[str, Any] = {
        "name": "delivery",
        "status": Status.OK if good else Status.WARNING,
        "summary": phrase(
            "{share} delivered ({success} of {total})",
            share=percentage(success, success + failed, threshold),
            success=success,
            total=success + failed,
        ),
        "value": success / (success + failed),
        "threshold": threshold,
        "action": Action.NONE if good else Action.INVESTIGATE,
        "counts": {"success": success, "failed": failed, "by_http": {"unknown": failed}},
        "details": {
            "rate": [success, success + failed],
            "worst_case": [success, success + failed + 2],
            "interval": [0.93, 0.97],
        },
    }
    return CheckResult(**(values | changes))


def consistency(**changes: Any) -> CheckResult:
    """The consistency check over 812 pairs."""
    values: dict[str, Any] = {
        "name": "consistency",
        "status": Status.OK,
        "summary": counted(
            812, "{share} of 1 pair consistent", "{share} of {n} pairs consistent", share="100%"
        ),
        "value": 1.0,
        "threshold": Threshold.parse(">= 100%"),
        "counts": {"pairs": 812},
    }
    return CheckResult(**(values | changes))


def unknown(name: str, reason: str) -> CheckResult:
    """A check that saw none of its traces."""
    return CheckResult(
        name=name,
        status=Status.UNKNOWN,
        summary=phrase("no turns"),
        threshold=Threshold(max=0),
        reasons=(phrase(reason),),
    )


def verdict(*checks: CheckResult, **changes: Any) -> Verdict:
    """A verdict over one log from ten to eleven, asked for at two past eleven."""
    values: dict[str, Any] = {
        "command": "health",
        "generated_at": NOW,
        "checks": checks,
        "sources": (source(),),
        "coverage": Coverage(outbox=1624, instance=812, delivery=1600, guards=2, first=TEN, last=ELEVEN),
    }
    return Verdict(**(values | changes))


def lost_and_failing() -> Verdict:
    """Everything at once: losses, a wrong instance, failing sends, a copied state, a damaged log."""
    wrong = Violation(
        key=Key(conv=OTHER, idem=None),
        at=TEN + timedelta(minutes=31),
        evidence=(evidence(4410, "DELIVERY_TRACE|action=send|instance=thread_7|phone=***21~77aa"),),
        details={"value": "thread_7", "repeats": 2, "guarded": False},
    )
    places = tuple(
        Problem(kind="malformed", evidence=evidence(n), reason=phrase("{field} is no count", field="count"))
        for n in (17, 918, 2200)
    )
    return verdict(
        handoff(
            loss(CONV, 2.2, 17, "traces", "guard"),
            loss(OTHER, 29.5, 4398, "traces", planned=2),
            loss(None, 40, 5121, "guard"),
            loss(CONV, 44, 6003, "traces"),
            omitted=3,
            reasons=(
                counted(
                    6,
                    "1 loss was not reported by the app's own guard",
                    "{n} losses were not reported by the app's own guard",
                ),
            ),
        ),
        instances(wrong),
        delivery(9499, 501),
        consistency(
            status=Status.UNKNOWN,
            value=None,
            summary=phrase("no comparable pairs"),
            reasons=(
                phrase(
                    "{id} is not comparable here: it differs in {differing} of {both} pairs, so this "
                    "release copies or replaces that object between planner and delivery",
                    id="outbox_id",
                    differing=812,
                    both=812,
                ),
            ),
        ),
        sources=(
            source(problems=problems(malformed=3, embedded=1), places=places),
            source("app-2.log.gz", traces=12, error=phrase("it is empty"), problems=problems(truncated=1)),
        ),
    )


def healthy() -> Verdict:
    """All four checks ok."""
    return verdict(handoff(), instances(), delivery(), consistency())


def failing_sends() -> Verdict:
    """Too many sends fail, and the instance check saw nothing."""
    return verdict(
        handoff(),
        unknown("instances", "no trace named a WhatsApp instance"),
        delivery(9499, 501),
        consistency(),
    )


def without_traces() -> Verdict:
    """A log of something else."""
    reason = "no trace was seen"
    return verdict(
        *(unknown(name, reason) for name in ("handoff", "instances", "delivery", "consistency")),
        sources=(source(traces=0, layouts={}, first=None, last=None),),
        coverage=Coverage(),
    )


def unreadable() -> Verdict:
    """The log cannot be read at all."""
    error = phrase("it may not be read by this user: permission denied")
    return verdict(
        *(unknown(name, "no trace was seen") for name in ("handoff", "instances", "delivery", "consistency")),
        sources=(
            source(size=None, read=0, lines=0, traces=0, layouts={}, first=None, last=None, error=error),
        ),
        coverage=Coverage(),
    )
