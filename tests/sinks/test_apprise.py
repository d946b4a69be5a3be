from __future__ import annotations

import logging
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from unittest.mock import patch

import pytest
from hypothesis import HealthCheck, given, settings

from kumon_observe.config.channels import AppriseSettings
from kumon_observe.model.alert import Alert, News
from kumon_observe.model.errors import (
    ConfigError,
    MissingExtraError,
    PermanentSinkError,
    TemporarySinkError,
)
from kumon_observe.model.protocols import Sink
from kumon_observe.model.status import Severity
from kumon_observe.sinks import apprise
from kumon_observe.sinks.apprise import AppriseSink
from kumon_observe.testing import an_alert
from tests.sinks.hostile import alerts, words
from tests.sinks.http_service import HttpContract, Service, serving

# Apprise loads modules that newer releases of Python will not have.
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")

TOKEN = "t0ken-of-a-test"


def json_address(url: str, path: str = f"/{TOKEN}", query: str = "") -> str:
    """The address by which Apprise posts JSON to *url*."""
    return url.replace("http://", f"json://ana:{TOKEN}@", 1) + path + query


class TestApprise(HttpContract):
    secrets = (TOKEN,)
    retry_after = None

    def to(self, url: str, timeout: float = 5.0) -> Sink:
        if url.endswith("/silent"):
            return AppriseSink([json_address(url, "", f"?rto={timeout}")], words)
        return AppriseSink([json_address(url)], words)

    def received(self) -> Sequence[str]:
        return [
            f"{request.document['title']}\n{request.document['message']}" for request in self.service.requests
        ]


def test_title_and_text_arrive_as_plain_text(service: Service) -> None:
    AppriseSink([json_address(service.url)], words).send(an_alert(title="<b>ação</b> *x*"))
    document = service.requests[0].document
    assert document["title"] == "<b>ação</b> *x*"
    assert document["message"].startswith("2 lost hand-offs in 812 turns")


@pytest.mark.parametrize(
    ("changes", "kind"),
    [
        ({}, "failure"),
        ({"severity": Severity.HIGH}, "warning"),
        ({"news": News.RESOLVED}, "success"),
    ],
)
def test_the_kind_is_that_of_the_news(service: Service, changes: dict[str, object], kind: str) -> None:
    AppriseSink([json_address(service.url)], words).send(an_alert(**changes))
    assert service.requests[0].document["type"] == kind


def test_what_is_too_long_for_a_service_is_cut(service: Service) -> None:
    AppriseSink([json_address(service.url)], words).send(an_alert(summary="x" * 100_000))
    assert len(service.requests) == 1
    assert len(service.requests[0].document["message"]) <= 32_768


def test_who_took_it_does_not_get_it_again(service: Service) -> None:
    with serving() as other:
        other.answer(503)
        sink = AppriseSink([json_address(service.url), json_address(other.url)], words)
        with pytest.raises(TemporarySinkError) as told:
            sink.send(an_alert())
        assert str(told.value).startswith("1 of 2 receivers did not take it: JSON (number 2): ")
        other.answer(200)
        sink.send(an_alert())
        assert (len(service.requests), len(other.requests)) == (1, 2)
        sink.send(an_alert())
        assert len(service.requests) == 2


def test_a_service_that_refuses_says_what_to_correct(service: Service) -> None:
    with pytest.raises(PermanentSinkError) as told:
        AppriseSink([json_address(service.answer(401))], words).send(an_alert())
    assert "error=401" in str(told.value)
    assert str(told.value).endswith(": correct sinks.apprise.urls")


def test_what_apprise_says_of_a_service_that_is_down_is_told(service: Service) -> None:
    url = service.url
    service.server_close()
    with pytest.raises(TemporarySinkError, match="Connection error"):
        AppriseSink([json_address(url)], words).send(an_alert())


def test_a_failure_without_a_word_is_said_to_be_one(service: Service) -> None:
    service.answer(503)
    logger = logging.getLogger("apprise")
    before = logger.level
    logger.setLevel(logging.CRITICAL)
    try:
        with pytest.raises(TemporarySinkError, match="Apprise says no more than that it failed"):
            AppriseSink([json_address(service.url)], words).send(an_alert())
    finally:
        logger.setLevel(before)


def test_a_service_that_never_ends_is_not_waited_for(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(apprise, "_LONGEST_WAIT", 0.2)
    with pytest.raises(TemporarySinkError, match=r"JSON \(number 1\) does not answer within 0\.2 s"):
        AppriseSink([json_address(f"{service.url}/silent", "")], words).send(an_alert())


def test_other_threads_log_as_before(service: Service, caplog: pytest.LogCaptureFixture) -> None:
    AppriseSink([json_address(service.url)], words).send(an_alert())
    logging.getLogger("apprise").warning("of somebody else")
    assert "of somebody else" in caplog.text


@pytest.mark.parametrize("url", ["", "json", "json:/x", " json://x", "json://\nx"])
def test_what_is_no_address_is_said_at_the_start(url: str) -> None:
    with pytest.raises(ConfigError) as told:
        AppriseSink(["json://127.0.0.1", url], words)
    assert str(told.value) == "sinks.apprise.urls: number 2 is no address: write it as service://…"


def test_an_address_that_apprise_does_not_know_is_a_fault() -> None:
    sink = AppriseSink(["json://127.0.0.1", f"telegrm://{TOKEN}"], words)
    said = "sinks.apprise.urls: Apprise cannot use number 2: its wiki shows how to write each"
    assert sink.fault == said
    with pytest.raises(PermanentSinkError) as told:
        sink.send(an_alert())
    assert str(told.value) == said


def test_the_address_of_a_telegram_chat_is_none() -> None:
    assert AppriseSink(["tgram://123456789:abcdefg_hijklmnop/12315544/"], words).fault == ""


def test_without_apprise_the_extra_is_named() -> None:
    def without(name: str) -> object:
        return None if name == "apprise" else find_spec(name)

    with patch.object(apprise, "find_spec", without), pytest.raises(MissingExtraError) as told:
        AppriseSink(["json://127.0.0.1"], words)
    assert str(told.value) == "sinks.apprise needs an extra: install kumon-observe[notify]"


def test_addresses_can_stand_in_a_file(tmp_path: Path) -> None:
    (tmp_path / "urls").write_text("json://127.0.0.1:1\n\n json://127.0.0.1:2\n")
    sink = AppriseSink.of(
        AppriseSettings(urls=("json://127.0.0.1",), urls_file=str(tmp_path / "urls")), words
    )
    assert repr(sink) == "AppriseSink(3 receivers)"


def test_without_addresses_there_is_none() -> None:
    assert AppriseSink.of(AppriseSettings(), words) is None


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=30)
@given(alerts())
def test_whatever_a_parent_writes_arrives(alert: Alert) -> None:
    with serving() as service:
        AppriseSink([json_address(service.url)], words).send(alert)
        (request,) = service.requests
        assert request.document["message"]
