"""What an answer over HTTP means, whatever service gives it."""

from __future__ import annotations

import ssl
from datetime import timedelta
from email.utils import format_datetime
from importlib.util import find_spec
from pathlib import Path
from time import monotonic
from unittest.mock import patch

import pytest
import trustme
from hypothesis import given, strategies as st

from kumon_observe.model.errors import (
    ConfigError,
    MissingExtraError,
    PermanentSinkError,
    SinkError,
    TemporarySinkError,
)
from kumon_observe.sinks import http
from kumon_observe.sinks.http import Poster, address, wait_of
from kumon_observe.testing.clock import FakeClock
from kumon_observe.testing.story import START
from tests.sinks.http_service import Service, serving

WHOLE = START.replace(microsecond=0)


def poster(url: str, **changes: object) -> Poster:
    usual: dict[str, object] = {"timeout": 5.0, "remedy": "correct the address", "clock": FakeClock()}
    return Poster("the service", url, **{**usual, **changes})  # type: ignore[arg-type]


def said(url: str, **changes: object) -> SinkError:
    with pytest.raises(SinkError) as told:
        poster(url, **changes).post(b"{}")
    return told.value


def test_a_body_is_posted_as_json(service: Service) -> None:
    poster(f"{service.url}/a?b=c").post(b'{"x":1}', {"X-Mine": "yes"})
    (request,) = service.requests
    assert (request.path, request.body) == ("/a?b=c", b'{"x":1}')
    assert request.headers["Content-Type"] == "application/json"
    assert request.headers["X-Mine"] == "yes"
    assert request.headers["Host"] == service.url.removeprefix("http://")


@pytest.mark.parametrize("status", [200, 201, 202, 204, 299])
def test_two_hundreds_are_deliveries(service: Service, status: int) -> None:
    poster(service.answer(status)).post(b"{}")
    assert len(service.requests) == 1


@pytest.mark.parametrize("status", [408, 425, 429, 500, 501, 502, 503, 504, 599])
def test_answers_that_may_pass_are_temporary(service: Service, status: int) -> None:
    error = said(service.answer(status))
    assert isinstance(error, TemporarySinkError)
    assert (str(error), error.retry_after) == (f"the service answers {status}", None)


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410, 413, 422])
def test_answers_that_will_not_pass_say_what_to_change(service: Service, status: int) -> None:
    error = said(service.answer(status))
    assert isinstance(error, PermanentSinkError)
    assert str(error) == f"the service answers {status}: correct the address"


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_a_redirect_is_not_followed(service: Service, status: int) -> None:
    error = said(service.answer(status, Location=f"{service.url}/other"))
    assert isinstance(error, PermanentSinkError)
    assert str(error) == (
        f"the service answers {status}, a redirect, which is not followed: correct the address"
    )
    assert len(service.requests) == 1


@pytest.mark.parametrize("status", [429, 503])
def test_retry_after_is_honoured(service: Service, status: int) -> None:
    error = said(service.answer(status, Retry_After="17"))
    assert isinstance(error, TemporarySinkError)
    assert error.retry_after == 17.0


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("0", 0.0),
        (" 120 ", 120.0),
        ("9" * 400, 86_400.0),
        (format_datetime(WHOLE + timedelta(seconds=90), usegmt=True), 90.0),
        (format_datetime(WHOLE + timedelta(days=900), usegmt=True), 86_400.0),
        (format_datetime(WHOLE - timedelta(seconds=90), usegmt=True), 0.0),
        ((WHOLE + timedelta(seconds=30)).strftime("%a, %d %b %Y %H:%M:%S -0000"), 30.0),
        ("", None),
        ("-5", None),
        ("1.5", None),
        ("soon", None),
        ("١٢", None),
        ("Wed, 99 Jan 2025 10:00:00 GMT", None),
    ],
)
def test_a_wait_is_seconds_or_a_date(header: str, seconds: float | None) -> None:
    assert wait_of(header, WHOLE) == seconds


@given(st.text())
def test_whatever_is_asked_for_the_wait_is_bounded(header: str) -> None:
    wait = wait_of(header, WHOLE)
    assert wait is None or 0 <= wait <= 86_400


def test_a_service_that_does_not_answer_is_not_waited_for(service: Service) -> None:
    error = said(f"{service.url}/silent", timeout=0.2)
    assert isinstance(error, TemporarySinkError)
    assert str(error) == "the service does not answer within 0.2 s"


def test_a_service_that_answers_a_byte_at_a_time_is_not_waited_for(service: Service) -> None:
    begun = monotonic()
    assert str(said(f"{service.url}/slow", timeout=0.3)) == "the service does not answer within 0.3 s"
    assert monotonic() - begun < 2


def test_an_endless_answer_is_read_as_far_as_it_is_of_use(service: Service) -> None:
    service.answer(503, b"x" * 1_000_000)
    seen: list[int] = []

    def explain(body: bytes) -> str:
        seen.append(len(body))
        return ""

    said(service.url, explain=explain)
    assert 65_536 <= seen[0] < 80_000


def test_a_service_that_is_down_may_come_back(service: Service) -> None:
    url = service.url
    service.server_close()
    error = said(url)
    assert isinstance(error, TemporarySinkError)
    assert str(error) == "the service cannot be reached: [Errno 111] Connection refused"


def test_a_name_that_does_not_resolve_is_said() -> None:
    error = said("http://nobody.invalid/")
    assert isinstance(error, TemporarySinkError)
    assert str(error).startswith(("the service cannot be reached: ", "the service does not answer"))


def test_a_user_in_the_address_logs_in_and_is_not_in_the_request_line(service: Service) -> None:
    poster(service.url.replace("//", "//ana:p%40ss@") + "/x").post(b"{}")
    (request,) = service.requests
    assert request.headers["Authorization"] == "Basic YW5hOnBAc3M="
    assert request.headers["Host"] == service.url.removeprefix("http://")


def test_secrets_that_a_service_repeats_are_not_shown(service: Service) -> None:
    service.answer(401, b"bad key k3y-of-mine\x1b[2J")
    error = said(service.url, secrets=("k3y-of-mine", ""), explain=lambda body: body.decode())
    assert str(error) == "the service answers 401 (bad key *** [2J): correct the address"


def test_a_proxy_of_the_environment_is_used(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", service.url)
    monkeypatch.delenv("no_proxy", raising=False)
    monkeypatch.delenv("NO_PROXY", raising=False)
    poster("http://hooks.example/in").post(b"{}")
    assert service.requests[0].path == "http://hooks.example/in"


def test_an_address_without_a_proxy_is_reached_directly(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    poster(service.url).post(b"{}")
    assert len(service.requests) == 1


def test_a_proxy_that_cannot_be_used_is_said(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", "gopher://s3cret@nobody.invalid")
    monkeypatch.delenv("no_proxy", raising=False)
    monkeypatch.delenv("NO_PROXY", raising=False)
    error = said(service.url)
    assert isinstance(error, PermanentSinkError)
    assert str(error) == (
        "the service cannot be reached through the proxy of the environment: "
        "correct HTTPS_PROXY (or HTTP_PROXY, ALL_PROXY), or name its host in NO_PROXY"
    )


def test_certificates_are_verified(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    authority = trustme.CA()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    authority.cert_pem.write_to_path(tmp_path / "ca.pem")
    with serving(context) as secure:
        error = said(secure.url)
        assert isinstance(error, TemporarySinkError)
        assert "CERTIFICATE_VERIFY_FAILED" in str(error)
        monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "ca.pem"))
        poster(secure.url).post(b"{}")
        assert len(secure.requests) == 1


@pytest.mark.parametrize(
    "url",
    ["", "hooks.example", "ftp://a.example", "https://", "http://a b.example", "http://a:99999/",
     "http://[::1", "https://a.example/\nX", "https://a.example/%zz"],
)  # fmt: skip
def test_what_is_no_address_is_refused_without_showing_it(url: str) -> None:
    with pytest.raises(ConfigError) as told:
        address("sinks.webhook.url", url)
    assert str(told.value) == (
        "sinks.webhook.url: this is no address: write one that begins with https:// or http://"
    )


def test_without_httpx2_the_extra_is_named() -> None:
    def without(name: str) -> object:
        return None if name == "httpx2" else find_spec(name)

    with patch.object(http, "find_spec", without), pytest.raises(MissingExtraError) as told:
        poster("http://127.0.0.1")
    assert str(told.value) == "sending alerts to the service needs an extra: install kumon-observe[http]"


def test_the_repr_names_the_service_alone() -> None:
    assert repr(poster("https://a.example/s3cret")) == "Poster(the service)"
