from __future__ import annotations

import hashlib
import hmac
import json
import re
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import HealthCheck, given, settings

from kumon_observe.config.channels import WebhookSettings
from kumon_observe.model.alert import Alert, News
from kumon_observe.model.document import alert_to
from kumon_observe.model.errors import ConfigError, PermanentSinkError
from kumon_observe.model.protocols import Sink
from kumon_observe.model.schema import load_schema
from kumon_observe.model.status import Severity
from kumon_observe.sinks.webhook import Form, WebhookSink
from kumon_observe.testing import an_alert
from kumon_observe.testing.clock import FakeClock
from kumon_observe.testing.story import START
from tests.shell import ROOT
from tests.sinks.hostile import alerts, words
from tests.sinks.http_service import HttpContract, Request, Service, serving

KEY = "s1gning-key-of-a-test"


class TestWebhook(HttpContract):
    secrets = (KEY, "/p4th-of-a-test", "t0ken=")

    def to(self, url: str, timeout: float = 5.0) -> Sink:
        path = "" if "/silent" in url else "/p4th-of-a-test"
        return WebhookSink(f"{url}{path}?t0ken=1", words, key=KEY, timeout=timeout)


class TestWebhookOfAlertmanager(HttpContract):
    def to(self, url: str, timeout: float = 5.0) -> Sink:
        return WebhookSink(url, words, form="alertmanager", timeout=timeout)


def sent(service: Service, alert: Alert, *, key: str = "", form: Form = "kumon-observe") -> Request:
    WebhookSink(service.url, words, key=key, form=form, clock=FakeClock()).send(alert)
    return service.requests[-1]


def test_the_body_is_the_alert_as_the_docs_have_it(service: Service) -> None:
    alert = an_alert(title="ação", incident="7")
    request = sent(service, alert)
    assert request.document == alert_to(alert)
    jsonschema.validate(request.document, load_schema("alert"))


def test_the_key_of_the_alert_lets_the_receiver_drop_a_double(service: Service) -> None:
    assert sent(service, an_alert(key="7/fired")).headers["Idempotency-Key"] == "7/fired"


def test_a_key_that_is_no_header_is_escaped(service: Service) -> None:
    request = sent(service, an_alert(key="ç\r\nX-Injected: 100%"))
    assert request.headers["Idempotency-Key"] == "%C3%A7%0D%0AX-Injected:%20100%25"
    assert "X-Injected" not in request.headers


def test_the_signature_is_over_time_and_body(service: Service) -> None:
    request = sent(service, an_alert(), key=KEY)
    timestamp = request.headers["Kumon-Observe-Timestamp"]
    assert timestamp == str(int(START.timestamp()))
    signed = hmac.new(KEY.encode(), timestamp.encode() + b"." + request.body, hashlib.sha256)
    assert request.headers["Kumon-Observe-Signature"] == f"sha256={signed.hexdigest()}"


def test_without_a_secret_nothing_is_signed(service: Service) -> None:
    headers = sent(service, an_alert()).headers
    assert not [name for name in headers if name.startswith("Kumon-Observe")]


def test_alertmanagers_own_body_can_be_had(service: Service) -> None:
    alert = an_alert(
        incident="7",
        rule="handoff",
        place="kumon production",
        link="https://a.example/x",
        since=START,
        found=2,
    )
    document = sent(service, alert, form="alertmanager").document
    labels = {
        "alertname": "KumonHandoff",
        "check": "handoff",
        "rule": "handoff",
        "severity": "critical",
        "incident": "7",
        "place": "kumon production",
    }
    assert (document["version"], document["status"], document["commonLabels"]) == ("4", "firing", labels)
    assert document["truncatedAlerts"] == 0
    assert document["externalURL"] == "https://a.example/x"
    (told,) = document["alerts"]
    assert told["labels"] == labels
    assert told["annotations"]["title"] == "lost hand-offs"
    assert (told["startsAt"], told["endsAt"]) == ("2025-01-15T10:00:00.123000Z", "0001-01-01T00:00:00Z")
    assert len(told["fingerprint"]) == 16


def test_the_end_keeps_labels_and_fingerprint(service: Service) -> None:
    first = sent(service, an_alert(incident="7"), form="alertmanager").document
    last = sent(
        service, an_alert(incident="7", news=News.RESOLVED, until=START), form="alertmanager"
    ).document
    assert last["status"] == last["alerts"][0]["status"] == "resolved"
    assert last["alerts"][0]["fingerprint"] == first["alerts"][0]["fingerprint"]
    assert last["alerts"][0]["endsAt"] == "2025-01-15T10:00:00.123000Z"


def test_a_refusal_says_what_to_correct(service: Service) -> None:
    service.answer(401)
    with pytest.raises(PermanentSinkError) as told:
        WebhookSink(service.url, words).send(an_alert())
    assert str(told.value) == (
        "the webhook answers 401: correct sinks.webhook.url or sinks.webhook.secret, or what receives it"
    )


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=60)
@given(alerts())
def test_whatever_a_parent_writes_a_strict_reader_can_read_it(alert: Alert) -> None:
    with serving() as service:
        for form in ("kumon-observe", "alertmanager"):
            document = sent(service, alert, key=KEY, form=form).document
            json.dumps(document, ensure_ascii=False).encode()


def test_it_is_made_from_its_settings(tmp_path: Path) -> None:
    (tmp_path / "url").write_text("https://hooks.example/s3cret\n")
    sink = WebhookSink.of(WebhookSettings(url_file=str(tmp_path / "url")), words)
    assert repr(sink) == "WebhookSink(hooks.example)"


def test_without_an_address_there_is_none() -> None:
    assert WebhookSink.of(WebhookSettings(timeout=3), words) is None


def test_what_is_no_address_is_said_at_the_start() -> None:
    with pytest.raises(ConfigError, match=r"sinks\.webhook\.url: this is no address: write one"):
        WebhookSink.of(WebhookSettings(url="hooks.example"), words)


def test_severities_are_labels(service: Service) -> None:
    alert = an_alert(severity=Severity.MODERATE, check="quiet-hours")
    labels = sent(service, alert, form="alertmanager").document["commonLabels"]
    assert (labels["severity"], labels["alertname"]) == ("moderate", "KumonQuietHours")


def test_the_receiver_of_the_docs_takes_what_is_sent_and_nothing_else(service: Service) -> None:
    page = (ROOT / "docs" / "sinks.md").read_text(encoding="utf-8")
    (text,) = re.findall(r"^```python\n# verify_webhook\.py\n(.*?)^```$", page, re.DOTALL | re.MULTILINE)
    names: dict[str, Any] = {}
    exec(text, names)
    is_genuine = names["is_genuine"]
    request = sent(service, an_alert(title="ação"), key=KEY)
    now = START.timestamp()
    assert is_genuine(KEY, request.headers, request.body, now)
    assert is_genuine(KEY, request.headers, request.body, now + 299)
    assert not is_genuine(KEY, request.headers, request.body, now + 301)
    assert not is_genuine(KEY, request.headers, request.body)
    assert not is_genuine("another", request.headers, request.body, now)
    assert not is_genuine(KEY, request.headers, request.body + b" ", now)
    later = {**request.headers, "Kumon-Observe-Timestamp": str(int(now) + 1)}
    assert not is_genuine(KEY, later, request.body, now)
    for odd in ("", "soon", "²", "-1"):
        assert not is_genuine(KEY, {**request.headers, "Kumon-Observe-Timestamp": odd}, request.body, now)
    assert not is_genuine(KEY, {**request.headers, "Kumon-Observe-Signature": "é"}, request.body, now)
