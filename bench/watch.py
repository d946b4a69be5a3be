"""The watch as an operator runs it: ``python -m bench.watch``; ``--help`` tells what can be chosen.

A process watches a log that this one writes, and tells a local web server of what it finds.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Final

from attrs import asdict, define, field, frozen

from kumon_observe.testing.story import START, Story

_TICKS: Final = os.sysconf("SC_CLK_TCK")
_PAGE: Final = os.sysconf("SC_PAGE_SIZE")
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


@frozen
class Delays:
    """From a loss in the log to its notification, in seconds, under *rate* lines a second; *n* of them."""

    rate: int
    n: int
    middle: float
    p99: float
    worst: float


@frozen
class Idle:
    """A watch over a quiet log: the share of a core, and its memory in bytes."""

    seconds: float
    share: float
    memory: int


@frozen
class Storm:
    """So many *losses* in *seconds*: *incidents* and *messages*, how many were told *found*, in how long."""

    losses: int
    seconds: float
    incidents: int
    messages: int
    found: int
    caught_up: float
    memory: int


@frozen
class Kills:
    """So many *kills* at random moments: *losses* written, *told* at the end, messages sent *twice*."""

    kills: int
    losses: int
    told: int
    twice: int
    seconds: float


@frozen
class WatchFigures:
    """All of it."""

    delays: tuple[Delays, ...]
    idle: Idle
    storm: Storm
    kills: Kills


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


@define(eq=False)
class Scene:
    """A folder with a log, a configuration and a state."""

    folder: Path
    receiver: Receiver
    quiet: float = 0.0
    losses: int = 0
    turns: int = 0

    def __attrs_post_init__(self) -> None:
        config = _CONFIG.format(port=self.receiver.server.server_port, quiet=self.quiet)
        (self.folder / "kumon-observe.toml").write_text(config)
        self.write(Story().turn("first"))

    def write(self, story: Story) -> None:
        """The app writes a story, at once."""
        with (self.folder / "app.log").open("ab", buffering=0) as log:
            log.write(story.render("json"))

    def lose(self) -> None:
        """A reply is lost."""
        self.losses += 1
        self.write(self._story().turn(f"lost{self.losses}", 1, 0))

    def healthy(self, turns: int) -> int:
        """So many healthy turns; how many lines they are."""
        story = self._story()
        for _ in range(turns):
            self.turns += 1
            story.turn(f"c{self.turns % 500}")
        self.write(story)
        return len(story.records)

    def _story(self) -> Story:
        story = Story()
        story.now = START.fromtimestamp(time.time(), START.tzinfo)
        return story

    @contextmanager
    def watch(self) -> Iterator[subprocess.Popen[bytes]]:
        """A watch over it."""
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
        _until(heartbeat.exists, 30)


def _until(holds: Any, patience: float) -> bool:
    ends = time.perf_counter() + patience
    while not holds():
        if time.perf_counter() > ends:
            return False
        time.sleep(0.002)
    return True


@contextmanager
def scene(quiet: float = 0.0) -> Iterator[Scene]:
    """A new one, gone afterwards; *quiet* seconds between messages that only tell that an incident grew."""
    receiver = Receiver()
    with tempfile.TemporaryDirectory() as name:
        yield Scene(Path(name), receiver, quiet)
    receiver.server.shutdown()
    receiver.server.server_close()


def delays(rate: int, n: int) -> Delays:
    """How long until *n* losses are told, while the app writes *rate* lines a second."""
    with scene() as at, at.watch():
        at.until_alive()
        over = threading.Event()
        load = threading.Thread(target=_load, args=(at, rate, over))
        load.start()
        found: list[float] = []
        for _ in range(n):
            time.sleep(random.uniform(0.1, 0.5))
            begun = time.perf_counter()
            at.lose()
            wanted = at.losses
            if not _until(lambda wanted=wanted: at.receiver.found >= wanted, 60):
                raise SystemExit(f"loss {wanted} was not told within a minute")
            found.append(time.perf_counter() - begun)
        over.set()
        load.join()
    found.sort()
    return Delays(rate, n, found[n // 2], found[min(n - 1, n * 99 // 100)], found[-1])


def _load(at: Scene, rate: int, over: threading.Event) -> None:
    written, begun = 0, time.perf_counter()
    while rate and not over.wait(0.05):
        due = (time.perf_counter() - begun) * rate - written
        if due >= 6:
            written += at.healthy(int(due // 6))


def idle(seconds: float) -> Idle:
    """What a watch costs while nothing happens."""
    with scene() as at, at.watch() as process:
        at.until_alive()
        time.sleep(2)
        before = _cpu(process.pid)
        time.sleep(seconds)
        return Idle(seconds, (_cpu(process.pid) - before) / seconds, _resident(process.pid))


def storm(losses: int, seconds: float) -> Storm:
    """So many losses in so little time."""
    with scene(quiet=10.0) as at, at.watch() as process:
        at.until_alive()
        begun, batch = time.perf_counter(), losses // 100
        for number in range(100):
            story = at._story()
            for _ in range(batch):
                at.losses += 1
                story.planner(f"lost{at.losses}", 1).delivery(f"lost{at.losses}", 0)
            at.write(story)
            time.sleep(max(0.0, (number + 1) * seconds / 100 - (time.perf_counter() - begun)))
        written = time.perf_counter() - begun
        _until(lambda: at.receiver.found >= losses, 120)
        heard = [alert for _, alert in at.receiver.heard]
        return Storm(
            losses=losses,
            seconds=written,
            incidents=len({alert["incident"] for alert in heard}),
            messages=len(heard),
            found=at.receiver.found,
            caught_up=time.perf_counter() - begun - written,
            memory=_resident(process.pid),
        )


def kills(n: int) -> Kills:
    """A watch that is killed *n* times at random moments, with a loss or two between."""
    begun = time.perf_counter()
    with scene() as at:
        for _ in range(n):
            with at.watch():
                for _ in range(random.randint(1, 2)):
                    time.sleep(random.uniform(0.0, 0.5))
                    at.lose()
                time.sleep(random.uniform(0.0, 0.4))
        with at.watch():
            _until(lambda: at.receiver.found >= at.losses, 60)
            time.sleep(2)
        keys = [alert["key"] for _, alert in at.receiver.heard]
        return Kills(
            kills=n,
            losses=at.losses,
            told=at.receiver.found,
            twice=len(keys) - len(set(keys)),
            seconds=time.perf_counter() - begun,
        )


def _cpu(process: int) -> float:
    parts = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(parts[11]) + int(parts[12])) / _TICKS


def _resident(process: int) -> int:
    return int(Path(f"/proc/{process}/statm").read_text().split()[1]) * _PAGE


def main() -> None:
    """Measure, and print the figures as JSON."""
    parser = argparse.ArgumentParser(prog="python -m bench.watch", description=__doc__)
    parser.add_argument("--rates", type=int, nargs="+", default=[0, 1_000, 10_000], help="lines a second")
    parser.add_argument(
        "--losses", type=int, default=100, help="losses whose delay is told, for each rate (100)"
    )
    parser.add_argument("--idle", type=float, default=20.0, help="seconds of quiet (20)")
    parser.add_argument("--storm", type=int, default=100_000, help="losses in a minute (100,000)")
    parser.add_argument("--kills", type=int, default=50, help="kills at random moments (50)")
    given = parser.parse_args()
    figures = WatchFigures(
        delays=tuple(delays(rate, given.losses) for rate in given.rates),
        idle=idle(given.idle),
        storm=storm(given.storm, 60.0),
        kills=kills(given.kills),
    )
    json.dump(asdict(figures), sys.stdout, indent=1)


if __name__ == "__main__":
    main()
