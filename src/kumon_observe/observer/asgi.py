"""What an app shows of its observer over HTTP: a plain ASGI app that needs no framework."""

from __future__ import annotations

import hmac
import time
from collections.abc import Awaitable, Callable, Coroutine, Iterable, MutableMapping
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from kumon_observe.model.document import JsonObject, to_text, verdict_to
from kumon_observe.model.document.values import time_to
from kumon_observe.model.errors import MissingExtraError, UsageError
from kumon_observe.model.status import Status

if TYPE_CHECKING:
    from kumon_observe.observer.desk import Published
    from kumon_observe.observer.worker import Worker

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]

ASGIApp = Callable[[Scope, Receive, Send], Coroutine[Any, Any, None]]
"""An ASGI application, as every ASGI server runs it and frameworks mount it."""

_STALE_AFTER: Final = 15
_JSON: Final = "application/json"
_READS: Final = ("GET", "HEAD")


class Answer(NamedTuple):
    """An HTTP answer; ``headers`` are those beyond the usual ones."""

    status: int
    body: bytes
    media: str = _JSON
    headers: Iterable[tuple[str, str]] = ()


class ObserverApp:
    """Answers from what the observer's thread found last, so that no request makes the app's loop judge.

    ``GET /healthz``: 200 if the status is one of *healthy* and the verdict is fresh, else 503.
    ``GET /verdict``: the verdict as JSON, with ``scope``: it is that of this one process.
    ``GET /metrics``: the same for Prometheus; 501 where its extra is missing.
    Nothing in them is personal data that is not masked. *present* tells who judges in the present process.
    """

    def __init__(
        self, present: Callable[[], Worker], *, token: str | None, healthy: frozenset[Status]
    ) -> None:
        if token is not None and not token.strip():
            raise UsageError(
                "the token of the observer's ASGI app is empty: give one, or None to ask for none"
            )
        self._present = present
        self._expected = None if token is None else f"Bearer {token}".encode()
        self._healthy = healthy
        self._pages: dict[str, Callable[[], Answer]] = {
            "/healthz": self._healthz,
            "/verdict": self._verdict,
            "/metrics": self._metrics,
        }

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One connection, as ASGI hands it over."""
        if scope["type"] == "http":
            await _reply(send, self._answer(scope), is_head=scope["method"] == "HEAD")
        elif scope["type"] == "lifespan":
            await _live(receive, send)
        elif scope["type"] == "websocket":
            await receive()
            await send({"type": "websocket.close", "code": 1000})

    def _answer(self, scope: Scope) -> Answer:
        path = str(scope["path"])
        root = str(scope.get("root_path", ""))
        if root and path.startswith(f"{root}/"):
            path = path[len(root) :]
        page = self._pages.get(path)
        if not self._may(scope):
            told = ("www-authenticate", 'Bearer realm="kumon-observe"')
            return _error(401, "a bearer token is needed: send Authorization: Bearer TOKEN", told)
        if page is None:
            return _error(404, f"there is nothing here: ask for {', '.join(self._pages)}")
        if scope["method"] not in _READS:
            return _error(405, "this can only be read: use GET or HEAD", ("allow", ", ".join(_READS)))
        return page()

    def _may(self, scope: Scope) -> bool:
        if self._expected is None:
            return True
        given = [value for name, value in scope["headers"] if name.lower() == b"authorization"]
        scheme, _, token = (given[0] if len(given) == 1 else b"").partition(b" ")
        normal = scheme.capitalize() + b" " + token.strip()
        return hmac.compare_digest(normal, self._expected)

    def _healthz(self) -> Answer:
        worker, published = self._look()
        age = time.monotonic() - published.at
        is_fresh = age <= max(_STALE_AFTER, _STALE_AFTER * worker.desk.plan.interval)
        status = published.verdict.status
        body = {
            "status": str(status),
            "fresh": is_fresh,
            "age_seconds": round(age, 3),
            "reasons": [] if is_fresh else ["the observer has not looked at the checks for too long"],
            "scope": scope_of(worker),
        }
        return _json(200 if is_fresh and status in self._healthy else 503, body)

    def _verdict(self) -> Answer:
        worker, published = self._look()
        return _json(200, {**verdict_to(published.verdict), "scope": scope_of(worker)})

    def _metrics(self) -> Answer:
        from kumon_observe.observer.metrics import exposed

        worker, published = self._look()
        try:
            body, media = exposed(worker.desk, published)
        except MissingExtraError as missing:
            return _error(501, str(missing))
        return Answer(200, body, media)

    def _look(self) -> tuple[Worker, Published]:
        worker = self._present()
        worker.start()
        return worker, worker.latest()


def scope_of(worker: Worker) -> JsonObject:
    """What a verdict of *worker* is about: one process, which may be one of several workers of an app."""
    return {
        "of": "process",
        "says": "this worker only",
        "process": worker.desk.process,
        "since": time_to(worker.desk.since),
        "records": worker.desk.taken,
        "lost": worker.desk.lost,
    }


def _json(status: int, body: JsonObject) -> Answer:
    return Answer(status, to_text(body).encode())


def _error(status: int, text: str, *headers: tuple[str, str]) -> Answer:
    return Answer(status, to_text({"error": text}).encode(), headers=headers)


async def _reply(send: Send, answer: Answer, *, is_head: bool) -> None:
    headers = [
        ("content-type", answer.media),
        ("content-length", str(len(answer.body))),
        ("cache-control", "no-store"),
        *answer.headers,
    ]
    encoded = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in headers]
    await send({"type": "http.response.start", "status": answer.status, "headers": encoded})
    await send({"type": "http.response.body", "body": b"" if is_head else answer.body})


async def _live(receive: Receive, send: Send) -> None:
    """Nothing begins or ends with the server: the observer is installed by the app."""
    while True:
        message = await receive()
        await send({"type": f"{message['type']}.complete"})
        if message["type"] == "lifespan.shutdown":
            return
