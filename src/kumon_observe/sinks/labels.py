"""An alert as Alertmanager has alerts: labels that tell them apart, annotations for people."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from kumon_observe.model.alert import Alert, News
from kumon_observe.model.document.values import time_to
from kumon_observe.model.status import Action
from kumon_observe.sinks.http import is_address
from kumon_observe.sinks.message import cut
from kumon_observe.sinks.texts import incident_of, sound

if TYPE_CHECKING:
    from kumon_observe.sinks.message import Message

LASTS: Final = timedelta(days=7)
"""For how long an alert is told to go on if nothing more is heard of it."""

TRIAL_LASTS: Final = timedelta(minutes=5)
"""The same for a test."""

_LONGEST: Final = 4000
"""Characters of an annotation."""


def labels_of(alert: Alert) -> dict[str, str]:
    """What makes the alert another one than any other; the same from the beginning to the end of an incident.

    Labels that would be empty are left out, as Alertmanager does itself.
    """
    camel = "".join(part.capitalize() for part in alert.check.replace("_", "-").split("-"))
    labels = {
        "alertname": f"Kumon{camel}",
        "check": alert.check,
        "rule": alert.rule,
        "severity": str(alert.severity),
        "incident": incident_of(alert),
        "place": alert.place,
        "trial": "true" if alert.news is News.TEST else "",
    }
    return {name: sound(value) for name, value in labels.items() if value}


def annotations_of(alert: Alert, message: Message) -> dict[str, str]:
    """What people read of it, in their language; those that would be empty are left out."""
    notes = {
        "title": message.title,
        "summary": message.lead,
        "action": "" if alert.action is Action.NONE else str(alert.action),
        "news": str(alert.news),
        "found": str(alert.found) if alert.found else "",
        "level": str(alert.level) if alert.level else "",
        "by": alert.by,
        "comment": str(alert.comment),
        "link": alert.link,
    }
    return {name: cut(sound(value), _LONGEST) for name, value in notes.items() if value}


def lifetime(alert: Alert, now: datetime) -> tuple[datetime, datetime]:
    """When the alert began and when it ends, for a reader whose clock is *now*.

    What goes on ends so far ahead that nothing but the news of its end resolves it (:data:`LASTS`). No
    time of a resolved one is ahead, whatever the log's own clock said: Alertmanager would let it go on.
    """
    begun = min(alert.since or alert.at, now)
    if alert.news is News.RESOLVED:
        return begun, max(begun, min(alert.until or alert.at, now))
    return begun, now + (TRIAL_LASTS if alert.news is News.TEST else LASTS)


def posted(alert: Alert, message: Message, now: datetime) -> dict[str, Any]:
    """The alert as its API v2 takes it."""
    begun, ends = lifetime(alert, now)
    posted = {
        "labels": labels_of(alert),
        "annotations": annotations_of(alert, message),
        "startsAt": time_to(begun),
        "endsAt": time_to(ends),
    }
    return {**posted, "generatorURL": alert.link} if is_address(alert.link) else posted
