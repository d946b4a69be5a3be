"""From answers to JSON objects."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Final

from kumon_observe.model.document.values import JsonObject, number_to, plain, threshold_to, time_to
from kumon_observe.model.evidence import CheckResult, Evidence, Sentence, Violation
from kumon_observe.model.status import Status
from kumon_observe.model.verdict import Coverage, SourceReport, Verdict

if TYPE_CHECKING:
    from kumon_observe.model.alert import Alert
    from kumon_observe.model.listing import (
        ExplainedTurn,
        Explanation,
        ListedRecord,
        Listing,
        Performance,
        Rate,
    )
    from kumon_observe.model.tailed import Tailed

VERDICT: Final = "kumon-observe/verdict/1"
"""The schema of a verdict."""


def verdict_to(verdict: Verdict) -> JsonObject:
    """A verdict as INTERFACE.md shows it."""
    return {
        **_head(VERDICT, verdict.command, verdict.generated_at, verdict.status),
        "action": str(verdict.action),
        "checks": [check_to(result) for result in verdict.checks],
        "reasons": _sentences(verdict.reasons),
        "input": _input(verdict.sources, verdict.coverage),
    }


def listing_to(listing: Listing) -> JsonObject:
    """The records that ``failures``, ``traces`` or ``errors`` list."""
    return {
        **_head("kumon-observe/listing/1", listing.command, listing.generated_at, listing.status),
        "records": [_record(record) for record in listing.records],
        "omitted": listing.omitted,
        "reasons": _sentences(listing.reasons),
        "input": _input(listing.sources, listing.coverage),
    }


def explanation_to(explanation: Explanation) -> JsonObject:
    """One conversation, turn by turn."""
    return {
        **_head("kumon-observe/explanation/1", "explain", explanation.generated_at, explanation.status),
        "conv": explanation.conv,
        "turns": [_turn(turn) for turn in explanation.turns],
        "checks": [check_to(result) for result in explanation.checks],
        "reasons": _sentences(explanation.reasons),
        "input": _input(explanation.sources, explanation.coverage),
    }


def performance_to(performance: Performance) -> JsonObject:
    """Delivery over a window; hours are given by the moment at which they start."""
    return {
        **_head("kumon-observe/performance/1", "performance", performance.generated_at, performance.status),
        "timezone": performance.timezone,
        "since": time_to(performance.since),
        "until": time_to(performance.until),
        "delivery": check_to(performance.delivery),
        "total": _rate(performance.total),
        "by_hour": [{"hour": time_to(hour), **_rate(rate)} for hour, rate in performance.by_hour],
        "by_http": _rates(performance.by_http),
        "by_instance": _rates(performance.by_instance),
        "untimed": performance.untimed,
        "reasons": _sentences(performance.reasons),
        "input": _input(performance.sources, performance.coverage),
    }


def tailed_to(tailed: Tailed) -> JsonObject:
    """One line of ``tail``."""
    return {
        "schema": "kumon-observe/tailed/1",
        "status": str(tailed.status),
        "record": None if tailed.record is None else _record(tailed.record),
        "check": tailed.check or None,
        "violation": None if tailed.violation is None else _violation(tailed.violation),
        "said": None if tailed.said is None else str(tailed.said),
    }


def alert_to(alert: Alert) -> JsonObject:
    """One notification."""
    return {
        "schema": "kumon-observe/alert/1",
        "key": alert.key,
        "check": alert.check,
        "severity": str(alert.severity),
        "status": str(alert.status),
        "title": str(alert.title),
        "summary": str(alert.summary),
        "action": str(alert.action),
        "at": time_to(alert.at),
        "incident": alert.incident,
        "rule": alert.rule,
        "news": str(alert.news),
        "since": time_to(alert.since),
        "until": time_to(alert.until),
        "found": alert.found,
        "level": alert.level,
        "by": alert.by,
        "comment": str(alert.comment),
        "place": alert.place,
        "link": alert.link,
        "result": None if alert.result is None else check_to(alert.result),
    }


def _head(schema: str, command: str, generated_at: datetime, status: Status) -> JsonObject:
    return {
        "schema": schema,
        "command": command,
        "generated_at": time_to(generated_at),
        "status": str(status),
    }


def check_to(result: CheckResult) -> JsonObject:
    """The result of one check, as a part of other documents."""
    return {
        "name": result.name,
        "status": str(result.status),
        "summary": str(result.summary),
        "action": str(result.action),
        "value": number_to(result.value),
        "threshold": threshold_to(result.threshold),
        "counts": plain(result.counts),
        **plain(result.details),
        "violations": [_violation(violation) for violation in result.violations],
        "omitted": result.omitted,
        "warnings": [_violation(warning) for warning in result.warnings],
        "reasons": _sentences(result.reasons),
    }


def _violation(violation: Violation) -> JsonObject:
    return {
        "key": {"conv": violation.key.conv, "idem": violation.key.idem},
        **plain(violation.details),
        "at": time_to(violation.at),
        "evidence": [_evidence(evidence) for evidence in violation.evidence],
    }


def _evidence(evidence: Evidence) -> JsonObject:
    return {
        "source": evidence.source,
        "line": evidence.line,
        "offset": evidence.offset,
        "at": time_to(evidence.at),
        "text": evidence.text,
    }


def _record(record: ListedRecord) -> JsonObject:
    return {
        "source": record.source,
        "line": record.line,
        "offset": record.offset,
        "at": time_to(record.at),
        "kind": record.kind,
        "level": record.level,
        "logger": record.logger,
        "conv": record.conv,
        "text": record.text,
    }


def _turn(turn: ExplainedTurn) -> JsonObject:
    findings = [
        {"check": finding.check, "status": str(finding.status), "sentence": str(finding.sentence)}
        for finding in turn.findings
    ]
    records = [_record(record) for record in turn.records]
    return {"status": str(turn.status), "records": records, "findings": findings}


def _rate(rate: Rate) -> JsonObject:
    return {"success": rate.success, "failed": rate.failed}


def _rates(rates: Mapping[str, Rate]) -> JsonObject:
    return {name: _rate(rate) for name, rate in rates.items()}


def _input(sources: Iterable[SourceReport], coverage: Coverage) -> JsonObject:
    return {
        "sources": [_source(source) for source in sources],
        "coverage": {
            "outbox": coverage.outbox,
            "instance": coverage.instance,
            "delivery": coverage.delivery,
            "guards": coverage.guards,
            "first": time_to(coverage.first),
            "last": time_to(coverage.last),
        },
    }


def _source(source: SourceReport) -> JsonObject:
    return {
        "name": source.name,
        "bytes": source.size,
        "read": source.read,
        "lines": source.lines,
        "traces": source.traces,
        "extra_fields": source.extra_fields,
        "duplicates": source.duplicates,
        "layouts": dict(source.layouts),
        "from": time_to(source.first),
        "to": time_to(source.last),
        "problems": dict(source.problems),
        "places": [
            {"kind": place.kind, "reason": str(place.reason), "evidence": _evidence(place.evidence)}
            for place in source.places
        ],
        "error": None if source.error is None else str(source.error),
        "notes": _sentences(source.notes),
    }


def _sentences(sentences: Iterable[Sentence]) -> list[str]:
    return [str(sentence) for sentence in sentences]
