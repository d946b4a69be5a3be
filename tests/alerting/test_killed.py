"""A process that is killed at any moment loses no alert, and repeats none but the one on its way."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import threading
from collections import Counter
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from kumon_observe.alerting.delivery import Delivery
from kumon_observe.state.database import reading
from kumon_observe.state.outbox import dead, waiting
from tests.alerting.killed import INCIDENTS, SETTINGS, SINKS, HttpSink, put
from tests.alerting.outboxes import MEMORY
from tests.cli.processes import environment
from tests.observer.processes import unmeasured
from tests.shell import ROOT

KILLS = 500
LAST = 10**6


class Server:
    """Takes alerts: for each sink the keys in the order of their arrival, with the child that sent them."""

    def __init__(self) -> None:
        self.taken: dict[str, list[tuple[str, int]]] = {name: [] for name in SINKS}
        taken = self.taken

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                length = int(self.headers["Content-Length"])
                body = self.rfile.read(length)
                if len(body) == length:
                    _, sink, child = self.path.split("/")
                    taken[sink].append((body.decode(), int(child)))
                self.send_response(200)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_: object) -> None:
                """Say nothing."""

        class Quiet(ThreadingHTTPServer):
            request_queue_size = 128

            def handle_error(self, *_: object) -> None:
                """Whoever was killed does not hear the answer."""

        self.http = Quiet(("127.0.0.1", 0), Handler)
        self.port = int(self.http.server_address[1])

    def keys(self, sink: str) -> list[str]:
        return [key for key, _ in self.taken[sink]]


@pytest.fixture
def server() -> Iterator[Server]:
    found = Server()
    thread = threading.Thread(target=found.http.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    yield found
    found.http.shutdown()
    thread.join()
    found.http.server_close()


def surroundings(folder: Path) -> dict[str, str]:
    env = unmeasured(environment(folder))
    env["PYTHONPATH"] = f"{env['PYTHONPATH']}:{ROOT}"
    return env


def run(folder: Path, server: Server, *arguments: object) -> None:
    command = [sys.executable, ROOT / "tests/alerting/killed.py", folder, server.port, *arguments]
    ran = subprocess.run(
        [*map(str, command)],
        env=surroundings(folder),
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert ran.returncode == 0, ran.stderr


def finish(folder: Path, server: Server) -> None:
    """Deliver what the killed ones left, as whoever is started after them does."""
    delivery = Delivery(folder, [HttpSink(name, server.port, LAST) for name in SINKS], SETTINGS)
    delivery.run_due()
    assert delivery.stop(10)
    with reading(folder, 1) as connection:
        assert (waiting(connection), dead(connection)) == ([], [])


def kept(folder: Path) -> set[str]:
    with reading(folder, 1) as connection:
        return {key for (key,) in connection.execute("SELECT DISTINCT key FROM outbox")}


def assert_in_order(keys: list[str]) -> None:
    """Each incident's messages came in order, however often one was repeated."""
    for incident in range(INCIDENTS):
        numbers = [int(key.partition("/")[2]) for key in keys if key.startswith(f"i{incident}/")]
        assert numbers == sorted(numbers)


@pytest.fixture
def in_memory() -> Iterator[Path]:
    """A folder that a kill leaves as it leaves one on a disk, and whose files are written faster."""
    with tempfile.TemporaryDirectory(dir=MEMORY) as folder:
        yield Path(folder) / "state"


def test_kills_at_random_moments_lose_nothing_and_repeat_only_what_was_on_its_way(
    in_memory: Path, server: Server
) -> None:
    run(in_memory, server, KILLS)
    finish(in_memory, server)
    stored = kept(in_memory)
    assert len(stored) > KILLS // 10
    for sink in SINKS:
        assert set(server.keys(sink)) == stored
        assert_in_order(server.keys(sink))
        last_of = {child: key for key, child in server.taken[sink]}
        first: dict[str, int] = {}
        for key, child in server.taken[sink]:
            if key in first:
                assert last_of[first[key]] == key, (
                    f"{key} was not on its way when child {first[key]} was killed"
                )
            first[key] = child
        assert KILLS // 100 < len(server.keys(sink)) - len(stored) <= KILLS


@pytest.mark.parametrize(
    ("step", "times"), [("enqueuing", 0), ("enqueued", 1), ("claimed", 1), ("called", 2), ("settled", 1)]
)
def test_a_kill_at_each_step(tmp_path: Path, server: Server, step: str, times: int) -> None:
    folder = tmp_path / "state"
    run(folder, server, step)
    finish(folder, server)
    stored = kept(folder)
    assert ("i0/0" in stored) == (times > 0)
    count = Counter(server.keys("one"))
    assert set(count) == stored
    assert count["i0/0"] == times
    assert all(number == 1 for key, number in count.items() if key != "i0/0")


def test_two_processes_deliver_each_alert_once_and_in_order(tmp_path: Path, server: Server) -> None:
    folder = tmp_path / "state"
    for _ in range(60):
        put(folder)
    command = [sys.executable, ROOT / "tests/alerting/killed.py", folder, server.port]
    both = [
        subprocess.Popen([*map(str, command), f"deliver-{child}"], env=surroundings(folder))
        for child in (1, 2)
    ]
    assert [process.wait(60) for process in both] == [0, 0]
    for sink in SINKS:
        assert sorted(server.keys(sink)) == sorted(kept(folder))
        assert_in_order(server.keys(sink))
        assert {child for _, child in server.taken[sink]} == {1, 2}
