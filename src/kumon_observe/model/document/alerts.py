"""The JSON objects of ``alerts``."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from kumon_observe.model.document.values import JsonObject, time_to

if TYPE_CHECKING:
    from kumon_observe.model.alerts import Alerts, ShownIncident, Tried, Undelivered
    from kumon_observe.model.incident import Silence


def alerts_to(alerts: Alerts) -> JsonObject:
    """The incidents and their messages; those that an act was about, for the acts."""
    return {
        "schema": "kumon-observe/alerts/1",
        "generated_at": time_to(alerts.generated_at),
        "incidents": [_incident(shown) for shown in alerts.incidents],
        "silences": [_silence(silence) for silence in alerts.silences],
        "waiting": [_message(message) for message in alerts.waiting],
        "dead": [_message(message) for message in alerts.dead],
        "declined": [_message(message) for message in alerts.declined],
    }


def tried_to(tried: Iterable[Tried]) -> JsonObject:
    """What each sink answered to a test."""
    tried = tuple(tried)
    return {
        "schema": "kumon-observe/tried/1",
        "delivered": all(one.delivered for one in tried),
        "sinks": [
            {"name": one.name, "delivered": one.delivered, "error": one.error or None} for one in tried
        ],
    }


def _incident(shown: ShownIncident) -> JsonObject:
    incident = shown.incident
    return {
        "id": incident.id,
        "rule": incident.rule,
        "check": incident.check,
        "severity": str(incident.severity),
        "state": str(incident.state),
        "silenced_until": time_to(shown.silenced),
        "behind": shown.behind or None,
        "what": str(shown.what),
        "summary": "" if incident.result is None else str(incident.result.summary),
        "since": time_to(incident.since),
        "fired": time_to(incident.fired),
        "ended": time_to(incident.ended),
        "found": incident.found,
        "level": incident.level,
        "flapping": incident.flapping,
        "by": incident.by,
        "comment": incident.comment,
        "messages": incident.messages,
        "told": time_to(incident.told),
    }


def _silence(silence: Silence) -> JsonObject:
    return {
        "id": silence.id,
        "rule": silence.rule or None,
        "since": time_to(silence.since),
        "until": time_to(silence.until),
        "by": silence.by,
        "comment": silence.comment,
    }


def _message(message: Undelivered) -> JsonObject:
    return {
        "number": message.number,
        "sink": message.sink,
        "incident": message.incident or None,
        "title": str(message.title),
        "since": time_to(message.since),
        "attempts": message.attempts,
        "error": str(message.error) or None,
    }
