"""The sink ``pagerduty``: incidents of PagerDuty, by its Events API v2."""

from __future__ import annotations

import json
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final, Self

from kumon_observe.clock import utc_now
from kumon_observe.config.secret_files import secret
from kumon_observe.model.alert import Alert, News
from kumon_observe.model.document.values import time_to, to_text
from kumon_observe.model.errors import ConfigError
from kumon_observe.model.status import Severity
from kumon_observe.sinks.http import Poster, address, is_address
from kumon_observe.sinks.message import cut
from kumon_observe.sinks.texts import incident_of, sound

if TYPE_CHECKING:
    from kumon_observe.clock import Clock
    from kumon_observe.config.channels import PagerDutySettings
    from kumon_observe.sinks.message import Compose, Message

URL: Final = "https://events.pagerduty.com/v2/enqueue"
"""Where events are sent, but for accounts in the EU."""

_KEY: Final = "sinks.pagerduty.routing_key"
_ACTIONS: Final = {News.RESOLVED: "resolve", News.ACKNOWLEDGED: "acknowledge"}
_SEVERITIES: Final = {
    Severity.CRITICAL: "critical",
    Severity.HIGH: "error",
    Severity.MODERATE: "warning",
    Severity.INFO: "info",
}
_LONGEST_SUMMARY: Final = 1024
_LONGEST_DEDUP_KEY: Final = 255
_LONGEST_DETAIL: Final = 4000
_MOST_EVIDENCE: Final = 20
"""PagerDuty takes events of 512 KB: the details stay far below that."""


class PagerDutySink:
    """Sends events with the *routing_key* of an Events v2 integration to *url*."""

    name = "pagerduty"

    def __init__(
        self,
        routing_key: str,
        compose: Compose,
        *,
        url: str = URL,
        timeout: float = 10.0,
        clock: Clock = utc_now,
    ) -> None:
        if not routing_key.isascii() or not routing_key.isalnum():
            raise ConfigError(f"{_KEY}: this is no key: copy that of an Events API v2 integration")
        self._routing_key, self._compose = routing_key, compose
        self._poster = Poster(
            "PagerDuty",
            address("sinks.pagerduty.url", url),
            timeout=timeout,
            remedy=f"correct {_KEY}, that of an Events API v2 integration",
            clock=clock,
            secrets=(routing_key,),
            explain=_reason,
        )

    @classmethod
    def of(cls, settings: PagerDutySettings, compose: Compose) -> Self | None:
        """The sink that *settings* describe; ``None`` without a routing key.

        Raises:
            ConfigError: the key or the address is none, or the file of the key cannot be read.
            MissingExtraError: the extra ``http`` is not installed.
        """
        key = secret(_KEY, settings.routing_key, settings.routing_key_file)
        return cls(key, compose, url=settings.url, timeout=settings.timeout) if key else None

    def send(self, alert: Alert) -> None:
        """Trigger, acknowledge or resolve PagerDuty's incident for the one of *alert*.

        Raises:
            TemporarySinkError: PagerDuty does not answer, or asks to come again.
            PermanentSinkError: it refuses.
        """
        event = sound(self._event(alert, self._compose(alert)))
        self._poster.post(to_text(event).encode())

    def _event(self, alert: Alert, message: Message) -> dict[str, Any]:
        event: dict[str, Any] = {
            "routing_key": self._routing_key,
            "event_action": _ACTIONS.get(alert.news, "trigger"),
            "dedup_key": cut(incident_of(alert), _LONGEST_DEDUP_KEY),
            "payload": _payload(alert, message),
            "client": "kumon-observe",
        }
        if is_address(alert.link):
            event |= {"client_url": alert.link, "links": [{"href": alert.link, "text": message.title}]}
        return event


def _payload(alert: Alert, message: Message) -> dict[str, Any]:
    summary = f"{message.title}: {message.lead}" if message.lead else message.title
    return {
        "summary": cut(summary, _LONGEST_SUMMARY),
        "source": message.footer,
        "severity": _SEVERITIES[alert.severity],
        "timestamp": time_to(alert.at),
        "component": alert.check,
        "class": alert.rule or alert.check,
        "custom_details": _details(alert, message),
    }


def _details(alert: Alert, message: Message) -> dict[str, Any]:
    details: dict[str, Any] = {
        "news": str(alert.news),
        "incident": alert.incident,
        "advice": list(message.advice),
        **dict(message.facts),
        "evidence": [cut(line, _LONGEST_DETAIL) for line in message.evidence[:_MOST_EVIDENCE]],
        "more": message.more,
    }
    return {
        name: cut(value, _LONGEST_DETAIL) if isinstance(value, str) else value
        for name, value in details.items()
        if value
    }


def _reason(body: bytes) -> str:
    """What PagerDuty answers to an event that it refuses."""
    with suppress(ValueError, AttributeError, TypeError):
        said = json.loads(body)
        return ": ".join(filter(None, (said.get("message"), ", ".join(said.get("errors", ())))))
    return ""
