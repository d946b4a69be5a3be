"""A real ``watch`` in a process of its own, as an operator starts it."""

from __future__ import annotations

import json
import queue
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from attrs import define, field

from tests.cli.processes import environment
from tests.scenarios import Said, rendered

PATIENCE = 20.0
"""Seconds after which a test gives up to wait: far more than anything here takes."""


@define(eq=False)
class Process:
    """A running watch: what it prints, line by line."""

    popen: subprocess.Popen[bytes]
    alerts: queue.Queue[dict[str, Any]] = field(factory=queue.Queue)
    said: queue.Queue[str] = field(factory=queue.Queue)

    def __attrs_post_init__(self) -> None:
        for stream, take in ((self.popen.stdout, self._alert), (self.popen.stderr, self._word)):
            threading.Thread(target=_read, args=(stream, take), daemon=True).start()

    def alert(self) -> dict[str, Any]:
        """The next alert that it prints."""
        return self.alerts.get(timeout=PATIENCE)

    def word(self, part: str) -> str:
        """The next line on standard error that has *part*."""
        ends = time.monotonic() + PATIENCE
        while time.monotonic() < ends:
            line = self.said.get(timeout=PATIENCE)
            if part in line:
                return line
        raise AssertionError(f"it never said {part!r}")

    def end(self, number: int) -> int:
        """Send it a signal and wait for its end; its exit code."""
        self.popen.send_signal(number)
        return self.popen.wait(PATIENCE)

    def _alert(self, line: bytes) -> None:
        self.alerts.put(json.loads(line))

    def _word(self, line: bytes) -> None:
        self.said.put(line.decode())


def _read(stream: Any, take: Any) -> None:
    for line in stream:
        take(line)


@contextmanager
def watching(
    folder: Path, *arguments: str, stdin: int | None = None, config: str = "", state: str = "state"
) -> Iterator[Process]:
    """``watch --json`` over ``app.log`` in *folder*, with its *state* there too, or where the config says."""
    (folder / "kumon-observe.toml").write_text(config)
    env = {**environment(folder), "NO_COLOR": "1"}
    if state:
        env["KUMON_OBSERVE_STATE_DIR"] = str(folder / state)
    command = [sys.executable, "-m", "kumon_observe", "watch", "--json", *arguments]
    popen = subprocess.Popen(
        command,
        cwd=folder,
        env=env,
        stdin=stdin or subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    process = Process(popen)
    try:
        yield process
    finally:
        popen.kill()
        popen.wait()
        for stream in (popen.stdin, popen.stdout, popen.stderr):
            if stream is not None:
                stream.close()


def write(folder: Path, records: list[Said], layout: str = "json") -> None:
    """The app writes *records* into ``app.log``."""
    with (folder / "app.log").open("ab") as file:
        file.write(rendered(records, layout))


def until_alive(folder: Path) -> None:
    """Wait for the first heartbeat."""
    ends = time.monotonic() + PATIENCE
    while not (folder / "state" / "heartbeat").exists():
        assert time.monotonic() < ends, "no heartbeat came"
        time.sleep(0.02)
