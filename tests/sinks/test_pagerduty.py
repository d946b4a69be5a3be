from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import jsonschema
import pytest
from hypothesis import HealthCheck, given, settings

from kumon_observe.config.channels import PagerDutySettings
from kumon_observe.model.alert import Alert, News
from kumon_observe.model.errors import ConfigError, PermanentSinkError, TemporarySinkError
from kumon_observe.model.protocols import Sink
from kumon_observe.model.status import Severity
from kumon_observe.sinks.pagerduty import URL, PagerDutySink
from kumon_observe.testing import an_alert
from kumon_observe.testing.story import START
from tests.sinks.hostile import a_result, alerts, words
from tests.sinks.http_service import HttpContract, Service, serving

KEY = "0123456789abcdef0123456789abcdef"
TEXT = {"type": "string"}
EVENT = {
    "type": "object",
    "additionalProperties": False,
    "required": ["routing_key", "event_action", "dedup_key", "payload"],
    "properties": {
        "routing_key": {"type": "string", "minLength": 32, "maxLength": 32},
        "event_action": {"enum": ["trigger", "acknowledge", "resolve"]},
        "dedup_key": {"type": "string", "minLength": 1, "maxLength": 255},
        "client": TEXT,
        "client_url": {"type": "string", "pattern": "^https?://"},
        "links": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["href"],
                "additionalProperties": False,
                "properties": {"href": {"type": "string", "pattern": "^https?://"}, "text": TEXT},
            },
        },
        "payload": {
            "type": "object",
            "additionalProperties": False,
            "required": ["summary", "severity", "source"],
            "properties": {
                "summary": {"type": "string", "minLength": 1, "maxLength": 1024},
                "source": {"type": "string", "minLength": 1},
                "severity": {"enum": ["critical", "error", "warning", "info"]},
                "timestamp": {"type": "string", "format": "date-time"},
                "component": TEXT,
                "class": TEXT,
                "custom_details": {"type": "object"},
            },
        },
    },
}
"""What PagerDuty documents of an event (developer.pagerduty.com, Events API v2), and its limits."""


class TestPagerDuty(HttpContract):
    secrets = (KEY,)
    good = 202

    def to(self, url: str, timeout: float = 5.0) -> Sink:
        return PagerDutySink(KEY, words, url=url, timeout=timeout)

    def received(self) -> Sequence[str]:
        for request in self.service.requests:
            jsonschema.validate(request.document, EVENT)
        return super().received()


def event(service: Service, alert: Alert) -> Any:
    PagerDutySink(KEY, words, url=service.answer(202)).send(alert)
    document = service.requests[-1].document
    jsonschema.validate(document, EVENT)
    return document


def test_an_incident_is_triggered_with_what_a_person_needs(service: Service) -> None:
    alert = an_alert(
        incident="7", rule="handoff", place="kumon production", link="https://a.example/x", since=START
    )
    sent = event(service, alert)
    assert (sent["event_action"], sent["dedup_key"], sent["routing_key"]) == ("trigger", "7", KEY)
    assert sent["links"] == [{"href": "https://a.example/x", "text": "lost hand-offs"}]
    payload = sent["payload"]
    assert payload["summary"] == "lost hand-offs: 2 lost hand-offs in 812 turns"
    assert (payload["source"], payload["component"], payload["class"]) == (
        "kumon production",
        "handoff",
        "handoff",
    )
    assert payload["timestamp"] == "2025-01-15T10:00:00.123000Z"
    assert payload["custom_details"]["incident"] == "7"


@pytest.mark.parametrize(
    ("news", "action"),
    [
        (News.FIRED, "trigger"),
        (News.GREW, "trigger"),
        (News.REPEATED, "trigger"),
        (News.ESCALATED, "trigger"),
        (News.FLAPPING, "trigger"),
        (News.TEST, "trigger"),
        (News.ACKNOWLEDGED, "acknowledge"),
        (News.RESOLVED, "resolve"),
    ],
)
def test_the_news_decides_what_happens_to_the_same_incident(
    service: Service, news: News, action: str
) -> None:
    sent = event(service, an_alert(incident="7", news=news, by="ana"))
    assert (sent["event_action"], sent["dedup_key"]) == (action, "7")


@pytest.mark.parametrize(
    ("severity", "said"),
    [
        (Severity.CRITICAL, "critical"),
        (Severity.HIGH, "error"),
        (Severity.MODERATE, "warning"),
        (Severity.INFO, "info"),
    ],
)
def test_severities_are_those_of_pagerduty(service: Service, severity: Severity, said: str) -> None:
    assert event(service, an_alert(severity=severity))["payload"]["severity"] == said


def test_what_is_too_long_is_cut(service: Service) -> None:
    alert = an_alert(title="é" * 5000, incident="i" * 500, result=a_result("x" * 100_000))
    sent = event(service, alert)
    assert sent["payload"]["summary"].endswith("…")
    assert len(service.requests[-1].body) < 100_000


def test_a_link_that_is_no_address_is_left_out(service: Service) -> None:
    assert "links" not in event(service, an_alert(link="see the wiki"))


def test_a_refusal_says_what_pagerduty_says_of_it(service: Service) -> None:
    body = b'{"status":"invalid event","message":"Event object is invalid","errors":["routing_key %s"]}'
    with pytest.raises(PermanentSinkError) as told:
        PagerDutySink(KEY, words, url=service.answer(400, body % KEY.encode())).send(an_alert())
    assert str(told.value) == (
        "PagerDuty answers 400 (Event object is invalid: routing_key ***): "
        "correct sinks.pagerduty.routing_key, that of an Events API v2 integration"
    )


@pytest.mark.parametrize("body", [b"", b"[]", b'{"errors":[1]}', b'{"message":{}}', b"\xff", b'{"errors":3}'])
def test_a_refusal_of_another_form_is_one_all_the_same(service: Service, body: bytes) -> None:
    with pytest.raises(PermanentSinkError, match=r"PagerDuty answers 400(?: \(.*\))?: correct"):
        PagerDutySink(KEY, words, url=service.answer(400, body)).send(an_alert())


@pytest.mark.parametrize("status", [429, 500, 503])
def test_too_many_events_are_sent_later(service: Service, status: int) -> None:
    with pytest.raises(TemporarySinkError, match=f"PagerDuty answers {status}"):
        PagerDutySink(KEY, words, url=service.answer(status)).send(an_alert())


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=60)
@given(alerts())
def test_whatever_a_parent_writes_the_event_keeps_its_form(alert: Alert) -> None:
    with serving() as service:
        event(service, alert)


@pytest.mark.parametrize("key", ["my key", "${KEY}", "ключ"])
def test_what_is_no_key_is_said_at_the_start(key: str) -> None:
    with pytest.raises(ConfigError) as told:
        PagerDutySink.of(PagerDutySettings(routing_key=key), words)
    assert str(told.value) == (
        "sinks.pagerduty.routing_key: this is no key: copy that of an Events API v2 integration"
    )


def test_without_a_key_there_is_none() -> None:
    assert PagerDutySink.of(PagerDutySettings(), words) is None


def test_the_address_is_pagerdutys_own_by_default() -> None:
    assert PagerDutySettings().url == URL
