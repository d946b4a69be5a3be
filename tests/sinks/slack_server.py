"""A server on this machine that takes what Slack takes, and refuses what Slack refuses."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs

TOKEN = "xoxb-a-token-for-tests"
SECRET = "a-secret-path"
CHANNEL = "C0ALERTS"

_COLOR = re.compile(r"#[0-9A-F]{6}")
_MARKUP = re.compile(r"<(?!https?://[^|<>]*>)")
_LIMITS = {"plain_text": 3000, "mrkdwn": 3000}


class SlackServer(ThreadingHTTPServer):
    """Keeps the messages that it took; *answer* is given instead of that, once for each."""

    daemon_threads = False

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.messages: list[dict[str, Any]] = []
        self.updates: list[dict[str, Any]] = []
        self.gone: set[str] = set()
        self.answers: list[tuple[int, dict[str, str], str]] = []
        self.closing = threading.Event()
        self.url = f"http://127.0.0.1:{self.server_port}"

    def webhook(self, path: str = f"services/{SECRET}") -> str:
        return f"{self.url}/{path}"


@contextmanager
def serving() -> Iterator[SlackServer]:
    server = SlackServer()
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield server
    finally:
        server.closing.set()
        server.shutdown()
        thread.join()
        server.server_close()


def faults(body: dict[str, Any]) -> list[str]:
    """What Slack would find wrong with a message."""
    wrong = []
    if not 1 <= len(body["attachments"]) <= 100:
        wrong.append("attachments")
    for attachment in body["attachments"]:
        if not _COLOR.fullmatch(attachment["color"]) or not attachment["fallback"]:
            wrong.append("attachment")
        title = attachment.get("title", "title")
        texts = (title, attachment.get("text", ""), attachment["fallback"], attachment.get("footer", ""))
        if not title or any(map(_pings, texts)) or len(title) > 150 or len(texts[1]) > 3000:
            wrong.append("texts of an attachment")
        blocks = attachment.get("blocks", [])
        if len(blocks) > 50 or ("blocks" in attachment and not blocks):
            wrong.append("blocks")
        for block in blocks:
            wrong += _of_block(block)
    return wrong


def _of_block(block: dict[str, Any]) -> list[str]:
    texts = [block["text"]] if "text" in block else []
    fields = block.get("fields", [])
    inner = [*texts, *fields, *block.get("elements", [])]
    wrong = [] if inner and len(fields) <= 10 and len(block.get("elements", [])) <= 10 else [f"{block}"]
    for text in inner:
        most = 2000 if text in fields else _LIMITS[text["type"]]
        if not 1 <= len(text["text"]) <= most or _pings(text["text"]):
            wrong.append(f"{text}")
        if text["type"] == "mrkdwn" and not text["verbatim"]:
            wrong.append(f"linked: {text}")
    return wrong


def _pings(text: str) -> bool:
    """Whether there is markup in it but a plain link, or an escape that was cut."""
    rest = re.sub(r"&(?:amp|lt|gt);", "", re.sub(r"<https?://[^|<>]*>", "", text))
    return bool(_MARKUP.search(text)) or "&" in rest or ">" in rest


class _Handler(BaseHTTPRequestHandler):
    server: SlackServer

    def do_POST(self) -> None:
        raw = self.rfile.read(int(self.headers["Content-Length"])).decode()
        if self.path.startswith("/silent"):
            self.server.closing.wait()
            return
        if self.server.answers:
            self._answer(*self.server.answers.pop(0))
        elif self.path.startswith("/services/"):
            self._webhook(json.loads(raw))
        else:
            self._method(self.path.rpartition("/")[2], self._arguments(raw))

    def _arguments(self, raw: str) -> dict[str, Any]:
        if self.headers["Content-Type"].startswith("application/json"):
            return dict(json.loads(raw))
        return {name: values[0] for name, values in parse_qs(raw).items()}

    def _webhook(self, body: dict[str, Any]) -> None:
        if self.path != f"/services/{SECRET}":
            self._answer(404, {}, "no_service")
        elif faults(body):
            self._answer(400, {}, "invalid_attachments")
        else:
            self.server.messages.append(body)
            self._answer(200, {}, "ok")

    def _method(self, method: str, body: dict[str, Any]) -> None:
        for name in ("attachments", "metadata"):
            if isinstance(body.get(name), str):
                body[name] = json.loads(body[name])
        if self.headers["Authorization"] != f"Bearer {TOKEN}":
            self._says(error="invalid_auth")
        elif body["channel"] != CHANNEL:
            self._says(error="channel_not_found")
        elif faults(body):
            self._says(error="invalid_attachments")
        elif body.get("thread_ts", body.get("ts")) in self.server.gone:
            self._says(error="thread_not_found" if method == "chat.postMessage" else "message_not_found")
        elif method == "chat.update":
            self.server.updates.append(body)
            self._says(ts=body["ts"])
        else:
            self.server.messages.append(body)
            self._says(ts=f"1736935200.{len(self.server.messages):06}")

    def _says(self, error: str = "", ts: str = "") -> None:
        answer = {"ok": False, "error": error} if error else {"ok": True, "channel": CHANNEL, "ts": ts}
        self._answer(200, {"Content-Type": "application/json"}, json.dumps(answer))

    def _answer(self, status: int, headers: dict[str, str], text: str) -> None:
        body = text.encode()
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass
