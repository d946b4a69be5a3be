"""From JSON objects back to verdicts, as a store or another process needs them."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any, Final

from kumon_observe.model.document.values import JsonObject, threshold_from, time_from
from kumon_observe.model.document.writing import VERDICT
from kumon_observe.model.errors import SchemaError
from kumon_observe.model.evidence import (
    CHECK_MEMBERS,
    VIOLATION_MEMBERS,
    CheckResult,
    Evidence,
    Key,
    Violation,
)
from kumon_observe.model.status import Action, Status
from kumon_observe.model.verdict import Coverage, Problem, SourceReport, Verdict

UNUSABLE: Final = (KeyError, TypeError, ValueError, AttributeError, IndexError)
"""What reading a document that is not as it should be raises."""


def verdict_from_text(text: str | bytes) -> Verdict:
    """The verdict in a JSON text.

    Raises:
        SchemaError: *text* is no JSON, or no verdict of a version that this release reads.
    """
    try:
        document = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise SchemaError(f"cannot read a verdict: this is no JSON ({error})") from error
    return verdict_from(document)


def verdict_from(document: JsonObject) -> Verdict:
    """The verdict that :func:`~kumon_observe.model.document.verdict_to` wrote.

    Members that this release does not know are details of their check or violation, elsewhere ignored.
    Sentences come back as text.

    Raises:
        SchemaError: *document* is no verdict of a version that this release reads.
    """
    try:
        schema = document["schema"]
    except UNUSABLE:
        schema = None
    if schema != VERDICT:
        raise SchemaError(f"cannot read a verdict: the schema is {schema!r}, and must be {VERDICT!r}")
    try:
        return Verdict(
            command=document["command"],
            generated_at=moment_from(document["generated_at"]),
            checks=tuple(check_from(check) for check in document["checks"]),
            sources=tuple(_source(source) for source in document["input"]["sources"]),
            coverage=_coverage(document["input"]["coverage"]),
            reasons=tuple(document.get("reasons", ())),
        )
    except UNUSABLE as error:
        what = f"{type(error).__name__}: {error}"
        raise SchemaError(f"cannot read a verdict: it is not as its schema demands ({what})") from error


def moment_from(text: str) -> datetime:
    """The moment that must be there.

    Raises:
        ValueError: *text* is no time, names no zone, or is ``None``.
    """
    moment = time_from(text)
    if moment is None:
        raise ValueError("a time is needed")
    return moment


def check_from(document: JsonObject) -> CheckResult:
    """The result that :func:`~kumon_observe.model.document.writing.check_to` wrote, its sentences as text."""
    return CheckResult(
        name=document["name"],
        status=Status(document["status"]),
        summary=document["summary"],
        action=Action(document["action"]),
        value=document["value"],
        threshold=threshold_from(document["threshold"]),
        counts=document["counts"],
        violations=tuple(_violation(violation) for violation in document["violations"]),
        omitted=document["omitted"],
        warnings=tuple(_violation(warning) for warning in document["warnings"]),
        reasons=tuple(document["reasons"]),
        details=_details(document, CHECK_MEMBERS),
    )


def _violation(document: JsonObject) -> Violation:
    return Violation(
        key=Key(conv=document["key"]["conv"], idem=document["key"]["idem"]),
        at=time_from(document["at"]),
        evidence=tuple(_evidence(evidence) for evidence in document["evidence"]),
        details=_details(document, VIOLATION_MEMBERS),
    )


def _details(document: JsonObject, known: frozenset[str]) -> dict[str, Any]:
    return {name: value for name, value in document.items() if name not in known}


def _evidence(document: JsonObject) -> Evidence:
    return Evidence(
        source=document["source"],
        line=document["line"],
        offset=document["offset"],
        at=time_from(document.get("at")),
        text=document["text"],
    )


def _source(document: JsonObject) -> SourceReport:
    return SourceReport(
        name=document["name"],
        size=document["bytes"],
        read=document["read"],
        lines=document["lines"],
        traces=document["traces"],
        extra_fields=document.get("extra_fields", 0),
        duplicates=document.get("duplicates", 0),
        layouts=document["layouts"],
        first=time_from(document["from"]),
        last=time_from(document["to"]),
        problems=document["problems"],
        places=tuple(_problem(place) for place in document.get("places", ())),
        error=document["error"],
        notes=tuple(document.get("notes", ())),
    )


def _problem(document: JsonObject) -> Problem:
    return Problem(kind=document["kind"], evidence=_evidence(document["evidence"]), reason=document["reason"])


def _coverage(document: JsonObject) -> Coverage:
    return Coverage(
        outbox=document["outbox"],
        instance=document["instance"],
        delivery=document["delivery"],
        guards=document["guards"],
        first=time_from(document["first"]),
        last=time_from(document["last"]),
    )
