"""What the observer's ASGI app answers, asked without any server."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from kumon_observe import Observer, Status, UsageError
from kumon_observe.model.schema import load_schema
from kumon_observe.observer.asgi import ASGIApp, Message
from tests.observer.app import LOST, observer, play
from tests.scenarios import PHONE, Story

CONV = f"conv_{PHONE}_20250115_100000"


@pytest.fixture
def watching(tmp_path: Path) -> Iterator[Observer]:
    with observer(tmp_path) as watching:
        yield watching


class Asked:
    """An answer: its status, headers and body."""

    def __init__(self, sent: list[Message]) -> None:
        start, *bodies = sent
        self.status = start["status"]
        self.headers = {name.decode(): value.decode() for name, value in start["headers"]}
        self.body = b"".join(part["body"] for part in bodies)

    @property
    def document(self) -> Any:
        return json.loads(self.body)


def connect(app: ASGIApp, scope: dict[str, Any], *received: Message) -> list[Message]:
    """What *app* sends on one connection."""
    sent: list[Message] = []
    waiting = list(received)

    async def receive() -> Message:
        return waiting.pop(0)

    async def send(message: Message) -> None:
        sent.append(message)

    asyncio.run(app(scope, receive, send))
    return sent


def ask(app: ASGIApp, path: str, method: str = "GET", *headers: tuple[str, str], root: str = "") -> Asked:
    encoded = [(name.encode(), value.encode("latin-1")) for name, value in headers]
    scope = {"type": "http", "method": method, "path": path, "root_path": root, "headers": encoded}
    return Asked(connect(app, scope))


def judged(watching: Observer, story: Story) -> ASGIApp:
    play(story)
    watching.verdict()
    return watching.asgi()


# -- health


@pytest.mark.parametrize(
    ("story", "status", "code"),
    [
        (Story().others(25), "ok", 200),
        (Story().others(25).turn("ana", 2, 1), "warning", 200),
        (LOST, "critical", 503),
        (Story(), "unknown", 503),
    ],
)
def test_healthz_answers_by_the_verdict(story: Story, status: str, code: int, watching: Observer) -> None:
    answer = ask(judged(watching, story), "/healthz")
    assert (answer.status, answer.document["status"], answer.document["fresh"]) == (code, status, True)
    assert answer.headers["cache-control"] == "no-store"


def test_which_statuses_are_healthy_can_be_said(watching: Observer) -> None:
    app = watching.asgi(healthy=[Status.OK, Status.UNKNOWN])
    assert ask(app, "/healthz").status == 200


def test_an_old_verdict_is_not_healthy(watching: Observer, monkeypatch: pytest.MonkeyPatch) -> None:
    app = judged(watching, Story().others(25))
    monkeypatch.setattr("kumon_observe.observer.asgi._STALE_AFTER", -1)
    answer = ask(app, "/healthz")
    assert (answer.status, answer.document["status"], answer.document["fresh"]) == (503, "ok", False)
    assert answer.document["reasons"] == ["the observer has not looked at the checks for too long"]


def test_asking_keeps_the_verdict_fresh(tmp_path: Path) -> None:
    with observer(tmp_path, interval=0.01) as watching:
        app = watching.asgi()
        ask(app, "/healthz")
        first = watching._worker.latest()
        while watching._worker.latest() is first:
            assert ask(app, "/healthz").document["fresh"]


# -- the verdict


def test_the_verdict_is_a_document_of_its_schema_and_tells_whose_it_is(watching: Observer) -> None:
    document = ask(judged(watching, LOST), "/verdict").document
    jsonschema.validate(document, load_schema("verdict"))
    scope = document["scope"]
    assert (scope["of"], scope["says"]) == ("process", "this worker only")
    assert (scope["process"], scope["records"]) == (watching._worker.desk.process, len(LOST.records))
    assert document["checks"][0]["counts"]["violations"] == 1


def test_no_answer_holds_personal_data(watching: Observer) -> None:
    app = judged(watching, Story().turn(CONV, 2, 0).instance(CONV, f"thread_{PHONE}"))
    for path in ("/verdict", "/healthz", "/metrics"):
        assert PHONE.encode() not in ask(app, path).body
    assert b"***14~" in ask(app, "/verdict").body


# -- metrics


def test_the_metrics_have_the_names_of_the_guide(watching: Observer) -> None:
    play(LOST)
    play(Story().instance("caio", "default"))
    watching.verdict()
    answer = ask(watching.asgi(), "/metrics")
    assert answer.headers["content-type"].startswith("text/plain")
    lines = answer.body.decode().splitlines()
    process = watching._worker.desk.process
    for sample in (
        f'kumon_delivery_success_rate{{process="{process}"}} 1.0',
        f'kumon_outbox_violations_total{{process="{process}"}} 1.0',
        f'kumon_instance_violations_total{{process="{process}"}} 1.0',
        f'kumon_observe_traces_total{{kind="outbox",process="{process}"}} 12.0',
        f'kumon_observe_status{{check="handoff",process="{process}",status="critical"}} 1.0',
        f'kumon_observe_records_lost_total{{process="{process}"}} 0.0',
    ):
        assert sample in lines


def test_a_rate_of_which_nothing_is_known_is_left_out(watching: Observer) -> None:
    assert b"kumon_delivery_success_rate" not in ask(watching.asgi(), "/metrics").body


def test_alerts_are_counted_by_channel(tmp_path: Path) -> None:
    with observer(tmp_path, on_alert=print) as watching:
        play(LOST)
        watching.close(timeout=10)
        lines = ask(watching.asgi(), "/metrics").body.decode()
    assert 'kumon_observe_alerts_total{channel="on_alert",outcome="delivered"' in lines


def test_a_missing_extra_is_named(watching: Observer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "prometheus_client", None)
    answer = ask(watching.asgi(), "/metrics")
    assert answer.status == 501
    assert answer.document == {"error": "/metrics needs an extra: install kumon-observe[prometheus]"}


# -- who may ask, and for what


@pytest.mark.parametrize("given", ["Bearer right", "bearer right", "Bearer  right "])
def test_the_right_token_is_let_in(given: str, watching: Observer) -> None:
    app = watching.asgi(token="right")
    assert ask(app, "/verdict", "GET", ("authorization", given)).status == 200


@pytest.mark.parametrize(
    "headers",
    [
        [],
        [("authorization", "Bearer wrong")],
        [("authorization", "Bearer ")],
        [("authorization", "right")],
        [("authorization", "Basic right")],
        [("authorization", "Bearer right\xe9")],
        [("authorization", "Bearer right"), ("authorization", "Bearer right")],
    ],
)
@pytest.mark.parametrize("path", ["/healthz", "/verdict", "/metrics", "/nothing"])
def test_anybody_else_is_not(headers: list[tuple[str, str]], path: str, watching: Observer) -> None:
    answer = ask(watching.asgi(token="right"), path, "GET", *headers)
    assert (answer.status, answer.headers["www-authenticate"]) == (401, 'Bearer realm="kumon-observe"')
    assert answer.document == {"error": "a bearer token is needed: send Authorization: Bearer TOKEN"}


@pytest.mark.parametrize("token", ["", "  "])
def test_an_empty_token_is_refused(token: str, watching: Observer) -> None:
    with pytest.raises(UsageError, match="the token of the observer's ASGI app is empty: give one, or None"):
        watching.asgi(token=token)


def test_head_is_get_without_a_body(watching: Observer) -> None:
    app = judged(watching, LOST)
    head, get = ask(app, "/healthz", "HEAD"), ask(app, "/healthz")
    assert (head.status, head.body, head.headers["content-type"]) == (503, b"", "application/json")
    assert abs(int(head.headers["content-length"]) - len(get.body)) < 10


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS"])
def test_other_methods_are_refused(method: str, watching: Observer) -> None:
    answer = ask(watching.asgi(), "/verdict", method)
    assert (answer.status, answer.headers["allow"]) == (405, "GET, HEAD")
    assert answer.document == {"error": "this can only be read: use GET or HEAD"}


@pytest.mark.parametrize("path", ["/", "", "/healthz/", "/verdict/x", "/observe/healthz"])
def test_what_is_not_there_is_not_found(path: str, watching: Observer) -> None:
    answer = ask(watching.asgi(), path)
    assert answer.status == 404
    assert answer.document == {"error": "there is nothing here: ask for /healthz, /verdict, /metrics"}


@pytest.mark.parametrize(
    ("path", "root"), [("/observe/verdict", "/observe"), ("/verdict", "/observe"), ("/verdict", "")]
)
def test_it_can_be_mounted(path: str, root: str, watching: Observer) -> None:
    assert ask(watching.asgi(), path, root=root).status == 200


# -- what is no request


def test_lifespan_is_acknowledged(watching: Observer) -> None:
    sent = connect(
        watching.asgi(), {"type": "lifespan"}, {"type": "lifespan.startup"}, {"type": "lifespan.shutdown"}
    )
    assert [message["type"] for message in sent] == [
        "lifespan.startup.complete",
        "lifespan.shutdown.complete",
    ]


def test_a_websocket_is_closed(watching: Observer) -> None:
    sent = connect(watching.asgi(), {"type": "websocket", "path": "/"}, {"type": "websocket.connect"})
    assert sent == [{"type": "websocket.close", "code": 1000}]
