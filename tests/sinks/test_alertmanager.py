"""The sink against a real Alertmanager, and the contract against a server that answers as told."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from kumon_observe.clock import utc_now
from kumon_observe.config.channels import AlertmanagerSettings
from kumon_observe.model.alert import Alert, News
from kumon_observe.model.errors import ConfigError, PermanentSinkError
from kumon_observe.model.protocols import Sink
from kumon_observe.sinks.alertmanager import AlertmanagerSink
from kumon_observe.sinks.labels import posted
from kumon_observe.testing import an_alert
from kumon_observe.testing.clock import FakeClock
from kumon_observe.testing.story import START
from tests.sinks.alertmanager import PASSWORD, USERS, Alertmanager, alertmanager, eventually
from tests.sinks.hostile import alerts, words
from tests.sinks.http_service import HttpContract, Service, serving


class TestAlertmanager(HttpContract):
    secrets = (PASSWORD,)

    def to(self, url: str, timeout: float = 5.0) -> Sink:
        return AlertmanagerSink(url, words, login=("kumon", PASSWORD), timeout=timeout)


@pytest.fixture(scope="module")
def receiver() -> Iterator[Service]:
    with serving() as running:
        yield running


@pytest.fixture(scope="module")
def running(receiver: Service, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Alertmanager]:
    with alertmanager(tmp_path_factory.mktemp("alertmanager"), receiver.url) as real:
        yield real


def told(receiver: Service, incident: str, status: str) -> list[Any]:
    """What Alertmanager told its receiver of an incident."""
    documents = [request.document for request in list(receiver.requests)]
    return [
        document
        for document in documents
        if document["commonLabels"].get("incident") == incident and document["status"] == status
    ]


def held(running: Alertmanager, incident: str) -> list[Any]:
    return [alert for alert in running.alerts() if alert["labels"].get("incident") == incident]


def test_an_incident_fires_reaches_its_receiver_and_resolves(
    running: Alertmanager, receiver: Service
) -> None:
    began = utc_now() - timedelta(minutes=3)
    alert = an_alert(
        incident="am-1", rule="handoff", place="kumon production", since=began, at=began, found=2,
        link="https://a.example/guide",
    )  # fmt: skip
    AlertmanagerSink(running.url, words).send(alert)
    assert eventually(lambda: held(running, "am-1"))
    (shown,) = held(running, "am-1")
    labels = {
        "alertname": "KumonHandoff",
        "check": "handoff",
        "rule": "handoff",
        "severity": "critical",
        "incident": "am-1",
        "place": "kumon production",
    }
    assert shown["labels"] == labels
    assert shown["status"]["state"] == "active"
    assert shown["annotations"]["title"] == "lost hand-offs"
    assert shown["annotations"]["found"] == "2"
    assert shown["generatorURL"] == "https://a.example/guide"
    assert eventually(lambda: told(receiver, "am-1", "firing"))
    assert told(receiver, "am-1", "firing")[0]["alerts"][0]["labels"] == labels
    ended = an_alert(
        incident="am-1", rule="handoff", place="kumon production", since=began, at=utc_now(),
        until=utc_now(), news=News.RESOLVED,
    )  # fmt: skip
    AlertmanagerSink(running.url, words).send(ended)
    assert eventually(lambda: told(receiver, "am-1", "resolved"))
    assert held(running, "am-1") == []


def test_more_news_of_an_incident_is_the_same_alert_there(running: Alertmanager) -> None:
    sink = AlertmanagerSink(running.url, words)
    for found, news in enumerate((News.FIRED, News.GREW, News.REPEATED, News.ESCALATED, News.ACKNOWLEDGED)):
        sink.send(an_alert(incident="am-2", news=news, found=found, by="ana", since=START))
    assert eventually(lambda: held(running, "am-2"))
    (shown,) = held(running, "am-2")
    assert (shown["annotations"]["news"], shown["annotations"]["by"]) == ("acknowledged", "ana")


def test_an_incident_goes_on_for_a_week_if_nothing_more_is_heard(running: Alertmanager) -> None:
    now = utc_now()
    AlertmanagerSink(running.url, words, clock=FakeClock(now)).send(an_alert(incident="am-3"))
    assert eventually(lambda: held(running, "am-3"))
    (shown,) = held(running, "am-3")
    assert shown["endsAt"][:19] == (now + timedelta(days=7)).isoformat()[:19]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=100)
@given(alert=alerts())
def test_whatever_a_parent_writes_alertmanager_takes_it(running: Alertmanager, alert: Alert) -> None:
    AlertmanagerSink(running.url, words).send(alert)


def test_a_login_is_needed_where_alertmanager_wants_one(receiver: Service, tmp_path: Path) -> None:
    web = tmp_path / "web.yml"
    web.write_text(USERS)
    (tmp_path / "password").write_text(f"{PASSWORD}\n")
    with alertmanager(tmp_path, receiver.url, f"--web.config.file={web}") as secured:
        given = AlertmanagerSettings(url=secured.url, user="kumon", password_file=str(tmp_path / "password"))
        sink = AlertmanagerSink.of(given, words)
        assert sink is not None
        sink.send(an_alert())
        with pytest.raises(PermanentSinkError) as refused:
            AlertmanagerSink(secured.url, words, login=("kumon", "wrong")).send(an_alert())
    assert str(refused.value) == (
        "Alertmanager answers 401: correct sinks.alertmanager.url, or the user and password beside it"
    )


def test_a_refusal_says_what_alertmanager_says(service: Service) -> None:
    for body in (b'"bad label"', b'{"code": 601, "message": "bad label"}'):
        with pytest.raises(PermanentSinkError, match=r"Alertmanager answers 400 \(bad label\): correct"):
            AlertmanagerSink(service.answer(400, body), words).send(an_alert())
    for body in (b"", b"[1]", b"\xff", b'{"message": 3}'):
        with pytest.raises(PermanentSinkError, match="Alertmanager answers 400: correct"):
            AlertmanagerSink(service.answer(400, body), words).send(an_alert())


def test_a_real_refusal_is_read(running: Alertmanager, monkeypatch: pytest.MonkeyPatch) -> None:
    def nameless(*_: object) -> dict[str, object]:
        return {"labels": {}}

    monkeypatch.setattr("kumon_observe.sinks.alertmanager.posted", nameless)
    with pytest.raises(PermanentSinkError, match=r"Alertmanager answers 4\d\d \(.*label.*\): correct"):
        AlertmanagerSink(running.url, words).send(an_alert())


@pytest.mark.parametrize(
    ("changes", "begins", "ends"),
    [
        ({}, "10:00", "10:00 +7"),
        ({"since": START - timedelta(hours=1)}, "09:00", "10:00 +7"),
        ({"since": START + timedelta(hours=1)}, "10:00", "10:00 +7"),
        ({"news": News.TEST}, "10:00", "10:05"),
        ({"news": News.RESOLVED, "until": START - timedelta(minutes=9)}, "10:00", "10:00"),
        ({"news": News.RESOLVED, "until": START + timedelta(hours=9)}, "10:00", "10:00"),
        (
            {
                "news": News.RESOLVED,
                "since": START - timedelta(hours=1),
                "until": START - timedelta(minutes=9),
            },
            "09:00",
            "09:51",
        ),
    ],
)
def test_nothing_that_ended_ends_ahead(changes: dict[str, Any], begins: str, ends: str) -> None:
    alert = an_alert(**changes)
    sent = posted(alert, words(alert), START)
    hour, _, days = ends.partition(" +")
    day = 15 + int(days or 0)
    assert sent["startsAt"].startswith(f"2025-01-15T{begins}")
    assert sent["endsAt"].startswith(f"2025-01-{day:02}T{hour}")


def test_an_address_may_end_in_a_slash(service: Service) -> None:
    AlertmanagerSink(f"{service.url}/am/", words).send(an_alert())
    assert service.requests[0].path == "/am/api/v2/alerts"


def test_half_a_configuration_is_said_at_the_start() -> None:
    assert AlertmanagerSink.of(AlertmanagerSettings(), words) is None
    with pytest.raises(ConfigError) as told:
        AlertmanagerSink.of(AlertmanagerSettings(user="kumon"), words)
    assert str(told.value) == (
        "sinks.alertmanager.url: say where Alertmanager is, or take user and password out"
    )


@pytest.mark.parametrize(
    "link",
    ["http://a.example/%zz", 'http://a.example/{b}|^"<>\\`', "http://é.example/ü?ç#%", "http://a:b@c/"],
)
def test_an_odd_link_does_not_keep_an_alert_away(running: Alertmanager, link: str) -> None:
    AlertmanagerSink(running.url, words).send(an_alert(incident="am-4", link=link))
