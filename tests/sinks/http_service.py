"""A real HTTP server on this machine, and what it was sent."""

from __future__ import annotations

import json
import ssl
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, NamedTuple

import pytest

from kumon_observe.model.protocols import Sink
from kumon_observe.testing import SinkContract


class Request(NamedTuple):
    """What was sent."""

    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def document(self) -> Any:
        """The body as JSON, read as a strict reader does."""
        return json.loads(self.body.decode("utf-8", "strict"))


class Service(ThreadingHTTPServer):
    """Answers ``status`` with ``headers`` and ``body``; under ``/silent`` never, under ``/slow`` by bytes."""

    daemon_threads = False

    def __init__(self, secure: ssl.SSLContext | None) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        if secure is not None:
            self.socket = secure.wrap_socket(self.socket, server_side=True)
        self.requests: list[Request] = []
        self.status = 200
        self.headers: dict[str, str] = {}
        self.body = b""
        self.closing = threading.Event()
        self.url = f"{'http' if secure is None else 'https'}://127.0.0.1:{self.server_port}"

    def answer(self, status: int, body: bytes = b"", **headers: str) -> str:
        """Answer so from now on; the address."""
        self.status, self.body = status, body
        self.headers = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.url


class Handler(BaseHTTPRequestHandler):
    server: Service

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if self.path.startswith("/silent"):
            self.server.closing.wait()
            return
        if self.path.startswith("/slow"):
            self._drip()
            return
        self.server.requests.append(Request(self.path, dict(self.headers.items()), body))
        self.send_response(self.server.status)
        for name, value in self.server.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(self.server.body)))
        self.end_headers()
        self.wfile.write(self.server.body)

    def _drip(self) -> None:
        self.send_response(200)
        self.end_headers()
        try:
            while not self.server.closing.wait(0.05):
                self.wfile.write(b"x")
                self.wfile.flush()
        except OSError:
            return

    def log_message(self, *_: object) -> None:
        pass


@contextmanager
def serving(secure: ssl.SSLContext | None = None) -> Iterator[Service]:
    """A service as long as it is needed."""
    server = Service(secure)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield server
    finally:
        server.closing.set()
        server.shutdown()
        thread.join()
        server.server_close()


class HttpContract(SinkContract):
    """The contract of a sink that posts to *url* and knows that ``GOOD`` is the answer of a delivery."""

    good = 200
    retry_after: float | None = 7.0

    @pytest.fixture(autouse=True)
    def _services(self) -> Iterator[None]:
        with serving() as self.service, serving() as self.refuses, serving() as self.fails:
            self.service.answer(self.good)
            self.refuses.answer(400)
            self.fails.answer(503, Retry_After="7")
            yield

    def to(self, url: str, timeout: float = 5.0) -> Sink:
        """The sink that posts to *url*."""
        raise NotImplementedError

    def sink(self) -> Sink:
        return self.to(self.service.url)

    def received(self) -> Sequence[str]:
        return [request.body.decode() for request in self.service.requests]

    def refusing(self) -> Sink:
        return self.to(self.refuses.url)

    def failing(self) -> Sink:
        return self.to(self.fails.url)

    def hanging(self) -> Sink:
        return self.to(f"{self.service.url}/silent", timeout=0.2)
