"""The app of the documentation and others, served by real servers and asked over HTTP."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from kumon_observe import analyze
from kumon_observe.config.settings import Settings
from tests.cli.processes import environment
from tests.observer.app import until
from tests.observer.processes import unmeasured
from tests.shell import BIN, ROOT

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "json": {
            "format": '{{"time":"{asctime}.{msecs:03.0f}","level":"{levelname}","logger":"{name}",'
            '"process":"{process}","message":"{message}"}}',
            "datefmt": "%Y-%m-%dT%H:%M:%S",
            "style": "{",
        }
    },
    "handlers": {"file": {"class": "logging.FileHandler", "filename": "app.log", "formatter": "json"}},
    "root": {"level": "INFO", "handlers": ["file"]},
}


def service() -> str:
    """The program of docs/observer.md."""
    page = (ROOT / "docs" / "observer.md").read_text(encoding="utf-8")
    (text,) = re.findall(r"^```python\n# service\.py\n(.*?)^```$", page, re.DOTALL | re.MULTILINE)
    return str(text)


class Server:
    """A server of ``service.py`` in *folder*, reached by HTTP."""

    def __init__(self, folder: Path, port: int, process: subprocess.Popen[bytes], token: str) -> None:
        self.folder = folder
        self.process = process
        self._base = f"http://127.0.0.1:{port}"
        self._token = token

    def ask(self, path: str, method: str = "GET", token: str | None = None) -> tuple[int, bytes]:
        headers = {"Authorization": f"Bearer {self._token if token is None else token}"}
        request = urllib.request.Request(f"{self._base}{path}", method=method, headers=headers)
        try:
            with urllib.request.urlopen(request, timeout=20) as answer:
                return answer.status, answer.read()
        except urllib.error.HTTPError as refused:
            return refused.code, refused.read()

    def turn(self, conv: str, delivered: int = 1) -> None:
        assert self.ask(f"/turns/{conv}?delivered={delivered}", "POST")[0] == 200

    def verdict(self) -> dict[str, Any]:
        status, body = self.ask("/observe/verdict")
        assert status == 200
        document: dict[str, Any] = json.loads(body)
        return document

    def is_up(self) -> bool:
        assert self.process.poll() is None, (self.folder / "server.log").read_text()
        try:
            return self.ask("/observe/verdict")[0] == 200
        except OSError:
            return False

    def by_worker(self, wanted: int, times: int = 400) -> dict[str, int]:
        """The turns that each of *wanted* workers knows, once all were met and none has more to judge."""
        found: dict[str, int] = {}
        for _ in range(times):
            document = self.verdict()
            found[document["scope"]["process"]] = document["checks"][0]["counts"]["turns"]
            assert document["scope"]["lost"] == 0
            if len(found) == wanted and sum(found.values()) >= self.sent:
                break
            time.sleep(0.01)
        return found

    sent = 0

    def load(self, seconds: float, threads: int = 4) -> None:
        """Turns from several clients at once for so long."""
        ends = time.monotonic() + seconds
        counts = Counter[int]()

        def client(number: int) -> None:
            while time.monotonic() < ends:
                self.turn(f"c{number}-{counts[number]}")
                counts[number] += 1

        clients = [threading.Thread(target=client, args=[number]) for number in range(threads)]
        for one in clients:
            one.start()
        for one in clients:
            one.join()
        self.sent += counts.total()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def serving(folder: Path, *command: str, text: str | None = None, token: str = "right") -> Iterator[Server]:
    """A server of *text* (the documented app), ended with all its workers."""
    (folder / "service.py").write_text(text or service(), encoding="utf-8")
    (folder / "logging.json").write_text(json.dumps(LOGGING), encoding="utf-8")
    port = free_port()
    words = [word.format(port=port) for word in command]
    env = unmeasured(environment(folder, OBSERVE_TOKEN=token, PATH=f"{BIN}:{os.environ['PATH']}"))
    with (folder / "server.log").open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", *words],
            cwd=folder,
            env=env,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    server = Server(folder, port, process, token)
    try:
        until(server.is_up, "the server does not answer")
        yield server
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
            raise


UVICORN = ("uvicorn", "service:app", "--host", "127.0.0.1", "--port", "{port}")
GUNICORN = ("gunicorn", "service:app", "-b", "127.0.0.1:{port}", "-w", "2", "--no-control-socket")
LOGGED = ("--log-config", "logging.json")


def test_the_documented_app_tells_of_itself(tmp_path: Path) -> None:
    with serving(tmp_path, *UVICORN) as server:
        assert server.ask("/observe/healthz")[0] == 503
        assert server.ask("/observe/healthz", token="wrong")[0] == 401
        server.turn("ana", delivered=0)
        until(lambda: server.verdict()["status"] == "critical", "the loss was not seen")
        (violation,) = server.verdict()["checks"][0]["violations"]
        assert violation["key"]["conv"] == "ana"
        status, body = server.ask("/observe/metrics")
        assert (status, b"kumon_outbox_violations_total{" in body) == (200, True)
        assert server.ask("/observe/nothing")[0] == 404
    assert "Traceback" not in (tmp_path / "server.log").read_text()
    assert server.process.returncode in (0, -signal.SIGTERM)


def test_each_of_several_workers_sees_its_own_part_and_the_log_all(tmp_path: Path) -> None:
    with serving(tmp_path, *UVICORN, "--workers", "2", *LOGGED, text=configured_first()) as server:
        server.load(2.0)
        turns = server.by_worker(2)
        assert len(turns) == 2
        assert sum(turns.values()) == server.sent
        assert max(turns.values()) < server.sent
    verdict = analyze(tmp_path / "app.log", settings=Settings(state_dir=str(tmp_path / "state")))
    assert verdict.check("handoff").counts["turns"] == server.sent


def configured_first() -> str:
    """The documented app, its logging set up by the server."""
    return service().replace("logging.basicConfig(level=logging.INFO)\n", "")


def test_forked_workers_of_an_app_that_was_loaded_before_see_their_own_part(tmp_path: Path) -> None:
    """gunicorn --preload: the observer is installed in the parent, and traces were logged there."""
    text = configured_first() + (
        "\nobserver.install()\nlogging.getLogger().setLevel(logging.INFO)\n"
        "for phase in ('planner', 'delivery'):\n"
        "    log.info(f'OUTBOX_TRACE|phase={phase}|conv=parent|idem=k|state_id=1|outbox_id=2|count=1')\n"
        "assert observer.verdict().check('handoff').counts['turns'] == 1\n"
    )
    workers = ("--preload", "-k", "uvicorn_worker.UvicornWorker")
    with serving(tmp_path, *GUNICORN, *workers, text=text) as server:
        server.load(1.5)
        turns = server.by_worker(2)
        assert len(turns) == 2
        assert sum(turns.values()) == server.sent


def test_nothing_is_lost_or_doubled_over_twenty_reloads(tmp_path: Path) -> None:
    text = service().replace("Observer()", "Observer(interval=0.05)")  # so that each answer is a new one
    with serving(tmp_path, *UVICORN, "--reload", "--reload-delay", "0.05", text=text) as server:
        seen: list[str] = []

        def is_another() -> bool:
            with suppress(OSError):  # the old one may go while it is asked
                return server.verdict()["scope"]["process"] not in seen
            return False

        for number in range(21):
            until(is_another, "the server did not reload")
            server.turn(f"c{number}")
            until(lambda: server.verdict()["checks"][0]["counts"]["turns"] > 0, "the turn was not seen")
            document = server.verdict()
            assert (document["checks"][0]["counts"]["turns"], document["scope"]["lost"]) == (1, 0)
            seen.append(document["scope"]["process"])
            changed = f"{text}\n# changed {number}\n"
            (tmp_path / "service.py").write_text(changed, encoding="utf-8")
    assert "Traceback" not in (tmp_path / "server.log").read_text()


HOSTILE = """
import os, sys, time
from datetime import datetime
from kumon_observe import CheckResult, Status, hookimpl
from kumon_observe.config.settings import Settings
from kumon_observe.plugins.registry import Registry

class Bad:
    def __init__(self, does):
        self.name = does.__name__
        self.does = does
    def observe(self, event): self.does()
    def merge(self, later): self.does()
    def result(self, now): self.does()
    def send(self, alert): self.does()

def raising(): raise ZeroDivisionError
def hanging(): time.sleep(3600)
def exiting(): sys.exit(1)

class Plugin:
    @hookimpl
    def kumon_register_checks(self): return [Bad(raising), Bad(hanging), Bad(exiting)]
    @hookimpl
    def kumon_register_sinks(self): return [Bad(raising), Bad(hanging), Bad(exiting)]

observer = Observer(registry=Registry.load(Settings(), extra=[Plugin()], entry_points=False))
"""


def test_the_apps_answers_never_fail_whatever_checks_and_sinks_do(tmp_path: Path) -> None:
    text = service().replace("observer = Observer()\n", HOSTILE)
    with serving(tmp_path, *UVICORN, text=text) as server:
        server.load(1.0)
        server.turn("ana", delivered=0)
        until(lambda: server.verdict()["checks"][0]["status"] == "critical", "judging has stopped")
        server.load(1.0)

        def is_judged() -> bool:
            counts = server.verdict()["checks"][0]["counts"]
            return bool(counts["turns"] == server.sent + 1 and counts["violations"] == 1)

        until(is_judged, "judging has stopped")
        others = {check["name"]: check["reasons"] for check in server.verdict()["checks"][4:]}
    assert others == {
        "raising": ["the check failed: ZeroDivisionError: "],
        "hanging": ["the check does not come back"],
        "exiting": ["the check failed: SystemExit: 1"],
    }
