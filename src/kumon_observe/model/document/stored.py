"""Alerts as they wait to be delivered: all that a document holds, with sentences still to be translated.

A document's sentences are English text; here a phrase keeps its template and its values, so that the
language is chosen when the alert is sent, whichever release sends it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from fractions import Fraction
from typing import Any, Final

from attrs import evolve

from kumon_observe.model.alert import Alert, News
from kumon_observe.model.document.reading import UNUSABLE, check_from, moment_from
from kumon_observe.model.document.values import JsonObject, time_from, time_to
from kumon_observe.model.document.writing import alert_to, check_to
from kumon_observe.model.errors import SchemaError
from kumon_observe.model.evidence import CheckResult, Sentence
from kumon_observe.model.phrase import Phrase
from kumon_observe.model.status import Action, Severity, Status
from kumon_observe.model.threshold import Threshold

STORED: Final = "kumon-observe/stored-alert/1"
"""The schema of a stored alert; members that a release does not know are ignored."""


def stored_alert(alert: Alert) -> str:
    """*alert* as JSON text, from which :func:`alert_from_stored` makes it again."""
    document = {
        **alert_to(alert),
        "schema": STORED,
        "title": sentence_to(alert.title),
        "summary": sentence_to(alert.summary),
        "comment": sentence_to(alert.comment),
        "result": None if alert.result is None else result_to(alert.result),
    }
    return json.dumps(document, separators=(",", ":"))


def alert_from_stored(text: str) -> Alert:
    """The alert that :func:`stored_alert` wrote, in this release or an earlier one.

    Raises:
        SchemaError: *text* is no stored alert of a version that this release reads.
    """
    try:
        document = json.loads(text)
        schema = document["schema"]
    except (*UNUSABLE, RecursionError) as error:
        raise SchemaError(f"cannot read a stored alert: {type(error).__name__}: {error}") from error
    if schema != STORED:
        raise SchemaError(f"cannot read a stored alert: its schema is {schema!r}, and must be {STORED!r}")
    try:
        return _alert(document)
    except UNUSABLE as error:
        raise SchemaError(f"cannot read a stored alert: {type(error).__name__}: {error}") from error


def sentence_to(sentence: Sentence) -> Any:
    """A text as it is, a phrase as an object with its template and values."""
    return _value_to(sentence)


def sentence_from(stored: Any) -> Sentence:
    """The sentence that :func:`sentence_to` wrote.

    Raises:
        ValueError: *stored* is none.
    """
    sentence = _value_from(stored)
    if not isinstance(sentence, (str, Phrase)):
        raise ValueError(f"{stored!r} is no sentence")
    return sentence


def _value_to(value: object) -> Any:
    """A value of a phrase; what has no form of its own becomes the text as which it would be shown."""
    if value is None or isinstance(value, (bool, int, float, str)):
        return value
    if isinstance(value, Phrase):
        return {"phrase": value.template, "values": {k: _value_to(v) for k, v in value.values.items()}}
    if isinstance(value, tuple):
        return {"parts": [_value_to(part) for part in value]}
    if isinstance(value, Fraction):
        return {"ratio": [value.numerator, value.denominator]}
    if isinstance(value, datetime) and value.tzinfo is not None:
        return {"time": time_to(value)}
    return str(value)


def _value_from(stored: Any) -> object:
    if not isinstance(stored, Mapping):
        return stored
    if "phrase" in stored:
        template = str(stored["phrase"])
        return Phrase(template, {name: _value_from(value) for name, value in stored["values"].items()})
    if "parts" in stored:
        return tuple(_value_from(part) for part in stored["parts"])
    if "ratio" in stored:
        return Fraction(*stored["ratio"])
    return moment_from(stored["time"])


def result_to(result: CheckResult) -> JsonObject:
    """A check's answer as a part of what is stored."""
    return {
        **check_to(result),
        "summary": sentence_to(result.summary),
        "reasons": [sentence_to(reason) for reason in result.reasons],
        "threshold": _threshold_to(result.threshold),
    }


def result_from(document: JsonObject) -> CheckResult:
    """The answer that :func:`result_to` wrote.

    Raises:
        KeyError, TypeError, ValueError, AttributeError, IndexError: *document* is none.
    """
    return evolve(
        check_from({**document, "threshold": None}),
        summary=sentence_from(document["summary"]),
        reasons=tuple(sentence_from(reason) for reason in document["reasons"]),
        threshold=_threshold_from(document["threshold"]),
    )


def _threshold_to(threshold: Threshold | None) -> JsonObject | None:
    """Exact, and with how it is shown, which a document leaves out."""
    if threshold is None:
        return None
    limits = {"min": threshold.min, "max": threshold.max}
    return {
        **{name: None if limit is None else str(limit) for name, limit in limits.items()},
        "percent": threshold.percent,
    }


def _threshold_from(stored: JsonObject | None) -> Threshold | None:
    if stored is None:
        return None
    return Threshold(min=stored["min"], max=stored["max"], percent=bool(stored["percent"]))


def _alert(document: JsonObject) -> Alert:
    result = document["result"]
    return Alert(
        key=document["key"],
        check=document["check"],
        severity=Severity(document["severity"]),
        status=Status(document["status"]),
        title=sentence_from(document["title"]),
        summary=sentence_from(document["summary"]),
        action=Action(document["action"]),
        at=moment_from(document["at"]),
        result=None if result is None else result_from(result),
        incident=document["incident"],
        rule=document["rule"],
        news=News(document["news"]),
        since=time_from(document["since"]),
        until=time_from(document["until"]),
        found=document["found"],
        level=document["level"],
        by=document["by"],
        comment=sentence_from(document["comment"]),
        place=document["place"],
        link=document["link"],
    )
