from __future__ import annotations

import json
import threading
from collections.abc import Iterator, Sequence
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import kumon_pager
import pytest
from kumon_pager import Pager

from kumon_observe import PermanentSinkError, TemporarySinkError
from kumon_observe.testing import SinkContract, an_alert

TOKEN = "a-token-for-tests"
ANSWERS = {"/alerts": 202, "/busy": 503, "/moved": 302}


class Service(ThreadingHTTPServer):
    """A real service on this machine; ``/silent`` takes a request and never answers."""

    daemon_threads = False

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.bodies: list[str] = []
        self.closing = threading.Event()
        self.url = f"http://127.0.0.1:{self.server_port}"


class Handler(BaseHTTPRequestHandler):
    server: Service

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        if self.path == "/silent":
            self.server.closing.wait()
            return
        allowed = self.headers["Authorization"] == f"Bearer {TOKEN}"
        status = ANSWERS[self.path] if allowed else 401
        if status == 202:
            self.server.bodies.append(body)
        self.send_response(status)
        self.send_header("Retry-After", "7")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def service() -> Iterator[Service]:
    server = Service()
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    yield server
    server.closing.set()
    server.shutdown()
    thread.join()
    server.server_close()


class TestPager(SinkContract):
    secrets = (TOKEN,)
    retry_after = 7.0

    @pytest.fixture(autouse=True)
    def _service(self, service: Service) -> None:
        self.service = service

    def to(self, path: str, token: str = TOKEN) -> Pager:
        return Pager(self.service.url + path, token, timeout=0.2)

    def sink(self) -> Pager:
        return self.to("/alerts")

    def received(self) -> Sequence[str]:
        return self.service.bodies

    def refusing(self) -> Pager:
        return self.to("/alerts", f"not {TOKEN}")

    def failing(self) -> Pager:
        return self.to("/busy")

    def hanging(self) -> Pager:
        return self.to("/silent")


def test_the_service_gets_the_alert_as_json(service: Service) -> None:
    Pager(f"{service.url}/alerts", TOKEN).send(an_alert(title="ação"))
    (body,) = map(json.loads, service.bodies)
    assert (body["schema"], body["severity"], body["title"]) == ("kumon-observe/alert/1", "critical", "ação")


def test_a_redirect_is_not_followed_since_the_token_would_go_elsewhere(service: Service) -> None:
    with pytest.raises(PermanentSinkError, match="the pager answers 302: correct KUMON_PAGER_URL"):
        Pager(f"{service.url}/moved", TOKEN).send(an_alert())


def test_a_service_that_is_down_may_come_back(service: Service) -> None:
    url = service.url
    service.shutdown()
    service.server_close()
    with pytest.raises(TemporarySinkError, match="the pager cannot be reached: ConnectionRefusedError"):
        Pager(url, TOKEN).send(an_alert())


def test_the_environment_says_where_it_posts_to(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KUMON_PAGER_URL", "https://pager.example/alerts")
    (sink,) = kumon_pager.kumon_register_sinks()
    assert repr(sink) == "Pager(pager.example)"
