"""A watch as an operator runs it: a process, the log that it follows, and a web server that it tells."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Final

from attrs import define, evolve, field

from kumon_observe.testing.story import START, Story, rendered

_TICKS: Final = os.sysconf("SC_CLK_TCK")
_PAGE: Final = os.sysconf("SC_PAGE_SIZE")
_PATIENCE: Final = 60.0
_CONVERSATIONS: Final = 500
_CONFIG: Final = """\
[alerting]
quiet_between = {quiet}
[routes.webhook]
per_minute = 0
[routes.stdout]
enabled = false
[sinks.webhook]
url = "http://127.0.0.1:{port}/"
"""


@define(eq=False)
class Receiver:
    """A web server that notes each alert and when it came."""

    heard: list[tuple[float, dict[str, Any]]] = field(factory=list)
    server: ThreadingHTTPServer = field(init=False)

    def __attrs_post_init__(self) -> None:
        heard = self.heard

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                heard.append((time.perf_counter(), json.loads(body)))
                self.send_response(204)
                self.end_headers()

            def log_message(self, *_: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    @property
    def found(self) -> int:
        """How many losses it was told of."""
        return max((alert["found"] for _, alert in list(self.heard)), default=0)

    @property
    def keys(self) -> list[str]:
        """The key of each message that came."""
        return [alert["key"] for _, alert in list(self.heard)]

    def told(self, losses: int) -> float:
        """When it had been told of so many *losses*.

        Raises:
            SystemExit: that did not come for a minute.
        """
        if not until(lambda: self.found >= losses, _PATIENCE):
            raise SystemExit(f"loss {losses} was not told within a minute")
        return next(at for at, alert in self.heard if alert["found"] >= losses)


@define(eq=False)
class Scene:
    """A folder with a log, a configuration and a state; ``losses`` is how many replies were lost."""

    folder: Path
    receiver: Receiver
    quiet: float
    losses: int = 0
    _healthy: bytes = field(init=False)

    def __attrs_post_init__(self) -> None:
        config = _CONFIG.format(port=self.receiver.server.server_port, quiet=self.quiet)
        (self.folder / "kumon-observe.toml").write_text(config)
        turns = (Story().turn(f"c{number}").records for number in range(_CONVERSATIONS))
        at_once = [[evolve(record, at=START) for record in turn] for turn in turns]
        self._healthy = b"".join(rendered(turn, "json") for turn in at_once)
        self.healthy(1)

    def lose(self, replies: int = 1) -> None:
        """So many replies are lost."""
        story = Story(now=datetime.now(UTC))
        for _ in range(replies):
            self.losses += 1
            story.planner(f"lost{self.losses}", 1).delivery(f"lost{self.losses}", 0)
        self._write(story.render("json"))

    def healthy(self, lines: int) -> int:
        """At least so many lines of healthy turns; how many they are."""
        turns = self._healthy.split(b"\n", lines + PER_TURN - lines % PER_TURN)[:-1]
        now = datetime.now(UTC).replace(tzinfo=None).isoformat(timespec="microseconds")
        self._write(b"\n".join([*turns, b""]).replace(_STAMP, now.encode()))
        return len(turns)

    def _write(self, lines: bytes) -> None:
        with (self.folder / "app.log").open("ab", buffering=0) as log:
            log.write(lines)

    def outbox(self) -> set[str]:
        """The keys of all messages that were to be sent, but for those that a newer one tells as well."""
        database = sqlite3.connect(self.folder / "state" / "state.db")
        try:
            return {key for (key,) in database.execute("SELECT key FROM outbox WHERE state != 'obsolete'")}
        finally:
            database.close()

    @contextmanager
    def watch(self) -> Iterator[subprocess.Popen[bytes]]:
        """A watch over it, killed at the end."""
        env = {**os.environ, "KUMON_OBSERVE_STATE_DIR": str(self.folder / "state")}
        command = [sys.executable, "-m", "kumon_observe", "watch"]
        with (self.folder / "said").open("ab") as said:
            process = subprocess.Popen(command, cwd=self.folder, env=env, stdout=said, stderr=said)
        try:
            yield process
        finally:
            process.kill()
            process.wait()

    def until_alive(self) -> None:
        """Wait for the heartbeat."""
        heartbeat = self.folder / "state" / "heartbeat"
        heartbeat.unlink(missing_ok=True)
        if not until(heartbeat.exists, _PATIENCE):
            raise SystemExit(f"the watch gave no heartbeat: {(self.folder / 'said').read_text()[-500:]}")


PER_TURN: Final = len(Story().turn("ana").records)
"""The lines of a healthy turn."""

_STAMP: Final = START.replace(tzinfo=None).isoformat(timespec="microseconds").encode()


@contextmanager
def scene(quiet: float = 0.0) -> Iterator[Scene]:
    """A new one, gone afterwards; *quiet* seconds between messages that only tell that an incident grew."""
    receiver = Receiver()
    try:
        with tempfile.TemporaryDirectory() as name:
            yield Scene(Path(name), receiver, quiet)
    finally:
        receiver.server.shutdown()
        receiver.server.server_close()


def until(holds: Callable[[], bool], patience: float) -> bool:
    """Wait until that *holds*, for *patience* seconds at most; whether it does."""
    ends = time.perf_counter() + patience
    while not holds():
        if time.perf_counter() > ends:
            return False
        time.sleep(0.002)
    return True


def cpu(process: int) -> float:
    """The seconds of processor time that *process* took so far."""
    parts = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(parts[11]) + int(parts[12])) / _TICKS


def resident(process: int) -> int:
    """The bytes of memory that *process* holds."""
    return int(Path(f"/proc/{process}/statm").read_text().split()[1]) * _PAGE
