"""A real Alertmanager on this machine, with one receiver."""

from __future__ import annotations

import json
import shutil
import socket
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event
from typing import Any
from urllib.request import Request, urlopen

PASSWORD = "w0rd-of-a-test"
USERS = """\
basic_auth_users:
  kumon: $2b$05$CCCCCCCCCCCCCCCCCCCCC.3Hr1KxqlWhosrw5JN21jWmoR4dqtKM6
"""
"""Alertmanager's web configuration: the user ``kumon`` with that password, by bcrypt."""

CONFIG = """\
route:
  receiver: here
  group_by: [incident]
  group_wait: 10ms
  group_interval: 1s
  repeat_interval: 1h
receivers:
- name: here
  webhook_configs:
  - url: {url}
"""


class Alertmanager:
    """Where it listens, and what it says of the alerts that it holds."""

    def __init__(self, url: str) -> None:
        self.url = url

    def get(self, path: str) -> Any:
        with urlopen(Request(f"{self.url}/api/v2/{path}"), timeout=5) as answer:
            return json.load(answer)

    def alerts(self) -> Any:
        """Those that have not ended."""
        return self.get("alerts")


def eventually(happens: Callable[[], object], seconds: float = 15.0) -> bool:
    """Whether it happens in time."""
    waiting = Event()
    return any(happens() or waiting.wait(0.05) for _ in range(round(seconds / 0.05)))


@contextmanager
def alertmanager(folder: Path, receiver: str, *options: str) -> Iterator[Alertmanager]:
    """Alertmanager as long as it is needed; it tells *receiver*, an address, of every incident."""
    program = shutil.which("prometheus-alertmanager") or shutil.which("alertmanager")
    assert program, (
        "install prometheus-alertmanager (make test does where it may): its sink is tested with it"
    )
    (folder / "alertmanager.yml").write_text(CONFIG.format(url=receiver))
    port = _free_port()
    command = [
        program,
        f"--config.file={folder / 'alertmanager.yml'}",
        f"--storage.path={folder / 'data'}",
        f"--web.listen-address=127.0.0.1:{port}",
        "--cluster.listen-address=",
        *options,
    ]
    with (folder / "alertmanager.log").open("wb") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log)
    try:
        running = Alertmanager(f"http://127.0.0.1:{port}")
        listens = eventually(lambda: _listens(port))
        assert listens, (folder / "alertmanager.log").read_text()
        yield running
    finally:
        process.terminate()
        process.wait(10)


def _free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


def _listens(port: int) -> bool:
    with socket.socket() as client:
        return client.connect_ex(("127.0.0.1", port)) == 0
