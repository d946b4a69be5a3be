"""The sentences of an alert: its news, its facts, its evidence, and what to do."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Final

from kumon_observe.model.alert import Alert, News
from kumon_observe.model.phrase import Phrase, counted, phrase
from kumon_observe.model.status import Action, Severity, Status

if TYPE_CHECKING:
    from kumon_observe.model.evidence import CheckResult, Evidence, Sentence

_SHOWN: Final = 4
"""So many records fit on a phone's screen."""

_LABELS: Final = {
    Severity.INFO: phrase("INFO"),
    Severity.MODERATE: phrase("NOTICE"),
    Severity.HIGH: phrase("URGENT"),
    Severity.CRITICAL: phrase("CRITICAL"),
}
"""The guide's priorities low, normal, high and critical, as a subject begins."""

_ACTIONS: Final = {
    Action.NONE: phrase("find out why"),
    Action.INVESTIGATE: phrase("find out why; no rollback"),
    Action.ROLLBACK: phrase("roll back to the release before, now"),
}

_NO_MATTER: Final = (News.RESOLVED, News.TEST)


def label(alert: Alert) -> Phrase:
    """What a line or a subject begins with."""
    if alert.news is News.TEST:
        return phrase("TEST")
    return phrase("RESOLVED") if alert.news is News.RESOLVED else _LABELS[alert.severity]


def news(alert: Alert) -> Sentence:
    """What an alert tells beside its summary, in the words of the one who reads it."""
    said = {"by": alert.by, "comment": alert.comment}
    match alert.news:
        case News.REPEATED:
            return phrase("It goes on.")
        case News.ESCALATED:
            return phrase("Nobody has acknowledged it: escalation level {level}.", level=alert.level)
        case News.ACKNOWLEDGED if alert.comment:
            return phrase("{by} has acknowledged it: {comment}", **said)
        case News.ACKNOWLEDGED:
            return phrase("{by} has acknowledged it.", by=alert.by)
        case News.FLAPPING:
            return phrase("It comes and goes, and is told again only when it is over for good or stays on.")
        case News.RESOLVED if alert.by and alert.comment:
            return phrase("{by} has resolved it: {comment}", **said)
        case News.RESOLVED if alert.by:
            return phrase("{by} has resolved it.", by=alert.by)
        case News.RESOLVED:
            return phrase("It has ended.")
    return ""


def facts(values: Mapping[str, str], counts: str) -> Iterator[tuple[Phrase, str]]:
    """Labels with their *values*, some of them empty; *counts* is what the check counted."""
    yield phrase("Severity"), values["severity"]
    yield phrase("Check"), values["check"]
    yield phrase("Violations"), values["found"]
    yield phrase("Counts"), counts
    yield phrase("Since"), values["since"] or values["at"]
    yield phrase("Until"), values["until"]
    yield phrase("Rule"), values["rule"]
    yield phrase("Incident"), values["incident"]


def counted_by(result: CheckResult | None) -> str:
    """What the check counted, but what is nothing."""
    found = {} if result is None else result.counts
    return ", ".join(f"{name} {n}" for name, n in found.items() if isinstance(n, int) and n)


def found(alert: Alert) -> int:
    """How many violations the incident has by now."""
    result = alert.result
    return max(alert.found, 0 if result is None else len(result.violations) + result.omitted)


def proof(alert: Alert) -> tuple[list[Evidence], Sentence]:
    """The records of the first violations (or warnings), and how many violations are left out."""
    result = alert.result
    shown: list[Evidence] = []
    told = 0
    for violation in () if result is None else result.violations or result.warnings:
        if shown and len(shown) + len(violation.evidence) > _SHOWN:
            break
        shown += violation.evidence[:_SHOWN]
        told += 1
    rest = found(alert) - told
    return shown, counted(rest, "and 1 more", "and {n} more") if told and rest > 0 else ""


def todo(alert: Alert) -> Phrase:
    """What to do, in a few words."""
    if alert.news in _NO_MATTER or alert.status is Status.OK:
        return phrase("nothing to do")
    return _ACTIONS[alert.action]


def advice(alert: Alert) -> Iterator[Phrase]:
    """What to do now, and how to say that somebody does."""
    if alert.news in _NO_MATTER:
        return
    yield phrase("To do: {action}.", action=todo(alert))
    if alert.incident and alert.news is not News.ACKNOWLEDGED:
        yield phrase(
            "Say that you are on it: {command}", command=f"kumon-observe alerts ack {alert.incident}"
        )
    elif alert.incident and alert.action is Action.ROLLBACK:
        yield phrase("Once it is over: {command}", command=f"kumon-observe alerts resolve {alert.incident}")
