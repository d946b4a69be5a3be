"""The heartbeat: a file and a call, for somebody else to notice that they stopped."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from kumon_observe.monitor.heartbeat import Heartbeat, called

NOW = datetime(2025, 1, 15, 10, tzinfo=UTC)


@contextmanager
def server(status: int) -> Iterator[tuple[str, list[str]]]:
    """A server that answers every call with *status*, and the paths that it was asked for."""
    asked: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_response(status)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    http = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=http.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield f"http://127.0.0.1:{http.server_port}", asked
    finally:
        http.shutdown()
        thread.join()
        http.server_close()


def test_the_file_says_when_and_how_it_is(tmp_path: Path) -> None:
    heartbeat = Heartbeat(tmp_path / "heartbeat")
    heartbeat.beat(NOW, {"status": "ok"})
    told = json.loads((tmp_path / "heartbeat").read_text())
    assert (told["at"], told["status"]) == ("2025-01-15T10:00:00Z", "ok")
    assert [path.name for path in tmp_path.iterdir()] == ["heartbeat"]
    assert heartbeat.troubles() == []


def test_the_file_is_written_every_five_seconds_and_after_a_clock_went_back(tmp_path: Path) -> None:
    heartbeat = Heartbeat(tmp_path / "heartbeat")
    for seconds in (0, 4.9, 5, -100):
        heartbeat.beat(NOW + timedelta(seconds=seconds), {})
        told = json.loads((tmp_path / "heartbeat").read_text())["at"]
        at = NOW + timedelta(seconds=0 if seconds == 4.9 else seconds)
        assert told == at.isoformat().replace("+00:00", "Z")


def test_a_heartbeat_that_cannot_be_written_is_said_and_said_no_more_when_it_can(tmp_path: Path) -> None:
    heartbeat = Heartbeat(tmp_path / "gone" / "heartbeat")
    heartbeat.beat(NOW, {})
    (trouble,) = map(str, heartbeat.troubles())
    assert trouble.startswith("the heartbeat ")
    assert trouble.endswith("cannot be written: No such file or directory")
    (tmp_path / "gone").mkdir()
    heartbeat.beat(NOW + timedelta(seconds=5), {})
    assert heartbeat.troubles() == []


def test_the_address_is_called_once_a_minute_and_not_while_a_call_is_out(tmp_path: Path) -> None:
    calls: list[str] = []
    answer = threading.Semaphore(0)

    def call(url: str) -> None:
        calls.append(url)
        assert answer.acquire(timeout=10)

    heartbeat = Heartbeat(tmp_path / "heartbeat", "http://ping", 60, call)
    for seconds in (0, 30, 60, 90):
        heartbeat.beat(NOW + timedelta(seconds=seconds), {})
    until(lambda: bool(calls))
    assert calls == ["http://ping"]
    answer.release()
    answer.release()

    def called_again() -> bool:
        heartbeat.beat(NOW + timedelta(seconds=90), {})
        return len(calls) == 2

    until(called_again)
    assert calls == ["http://ping"] * 2


def until(holds: Callable[[], bool]) -> None:
    """Wait until something holds that another thread does."""
    waited = threading.Event()
    for _ in range(1000):
        if holds():
            return
        waited.wait(0.01)
    raise AssertionError("it never came true")


@pytest.mark.parametrize(("status", "trouble"), [(200, []), (500, ["HTTPError"])])
def test_a_real_server_is_called_and_its_refusal_said(
    tmp_path: Path, status: int, trouble: list[str]
) -> None:
    with server(status) as (url, asked):
        heartbeat = Heartbeat(tmp_path / "heartbeat", f"{url}/ping/abc")
        heartbeat.beat(NOW, {})
        until(lambda: asked == ["/ping/abc"] and bool(heartbeat.troubles()) == bool(trouble))
    assert [str(each) for each in heartbeat.troubles()] == [
        f"the ping was not answered: {kind}" for kind in trouble
    ]


def test_a_server_that_is_not_there_is_said(tmp_path: Path) -> None:
    heartbeat = Heartbeat(tmp_path / "heartbeat", "http://127.0.0.1:9/")
    heartbeat.beat(NOW, {})
    until(lambda: bool(heartbeat.troubles()))
    assert str(heartbeat.troubles()[0]) == "the ping was not answered: URLError"


def test_only_addresses_of_the_web_are_called() -> None:
    with pytest.raises(ValueError, match="ping_url is no http address"):
        called("file:///etc/passwd")
