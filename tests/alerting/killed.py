"""A program that puts alerts into an outbox and delivers them to an HTTP server, until it is killed.

``python killed.py FOLDER PORT KILLS`` starts itself anew *KILLS* times by forking, which is cheap, kills each
child with SIGKILL after a random time, and ends. With the name of a step instead of a number, one child kills
itself when it has done that step once; it has one sink alone. With ``deliver-N`` it delivers what waits, as
the child *N*, until nothing does.
"""

from __future__ import annotations

import fcntl  # noqa: F401 - what is loaded late is loaded here, once for all children
import http.client
import json  # noqa: F401
import os
import random
import signal
import sqlite3  # noqa: F401
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from attrs import evolve

from kumon_observe.alerting.delivery import Delivery
from kumon_observe.clock import utc_now
from kumon_observe.config.alerting import AlertingSettings, RouteSettings
from kumon_observe.config.settings import Settings
from kumon_observe.model.alert import Alert, News
from kumon_observe.model.document import stored  # noqa: F401
from kumon_observe.model.errors import TemporarySinkError
from kumon_observe.state.database import writing
from kumon_observe.state.outbox import enqueue
from kumon_observe.testing import an_alert

LONGEST_LIFE = 0.06
INCIDENTS = 3
SINKS = ("one", "two")
SETTINGS = evolve(
    Settings(),
    alerting=AlertingSettings(retry_first=0.001, retry_most=0.002),
    routes={name: RouteSettings(per_minute=0) for name in SINKS},
)


class HttpSink:
    """Posts the key of an alert, and which child sends it."""

    def __init__(self, name: str, port: int, child: int) -> None:
        self.name = name
        self._port = port
        self._child = child

    def send(self, alert: Alert) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=10)
        try:
            connection.request("POST", f"/{self.name}/{self._child}", alert.key.encode())
            status = connection.getresponse().status
        except OSError as error:
            raise TemporarySinkError(str(error)) from error
        finally:
            connection.close()
        if status != 200:
            raise TemporarySinkError(f"it answered {status}")


def numbered(number: int) -> Alert:
    incident = f"i{number % INCIDENTS}"
    return an_alert(key=f"{incident}/{number}", incident=incident, news=News.FIRED)


def put(folder: Path, sinks: Sequence[str] = SINKS, step: str = "") -> None:
    """Put the next alert in; its number is one above the last that is kept."""
    with writing(folder, 10) as connection:
        ((kept,),) = connection.execute("SELECT count(DISTINCT key) FROM outbox")
        enqueue(connection, numbered(kept), sinks, utc_now())
        die_at("enqueuing", step)
    die_at("enqueued", step)


def die_at(done: str, step: str) -> None:
    if done == step:
        os.kill(os.getpid(), signal.SIGKILL)


def live(folder: Path, port: int, child: int, step: str = "") -> None:
    """Deliver, and put in more, for ever."""
    names = SINKS[:1] if step else SINKS
    sinks = [HttpSink(name, port, child) for name in names]
    delivery = Delivery(folder, sinks, SETTINGS, step=lambda done: die_at(done, step))
    delivery.start()
    while True:
        put(folder, names, step)
        delivery.wake()
        time.sleep(0.002)


def deliver(folder: Path, port: int, child: int) -> None:
    """Deliver what waits, beside others who do."""
    delivery = Delivery(folder, [HttpSink(name, port, child) for name in SINKS], SETTINGS)
    delivery.start()
    while delivery.outcome().waiting:
        delivery.wake()
        time.sleep(0.01)
    assert delivery.stop(10)


def born(folder: Path, port: int, child: int, step: str = "") -> int:
    process = os.fork()
    if process == 0:
        try:
            live(folder, port, child, step)
        finally:
            os._exit(1)
    return process


def main() -> None:
    folder, port = Path(sys.argv[1]), int(sys.argv[2])
    if sys.argv[3].startswith("deliver-"):
        deliver(folder, port, int(sys.argv[3].removeprefix("deliver-")))
        return
    if not sys.argv[3].isdigit():
        _, status = os.waitpid(born(folder, port, 0, sys.argv[3]), 0)
        assert os.WTERMSIG(status) == signal.SIGKILL
        return
    moments = random.Random(6)
    for child in range(int(sys.argv[3])):
        process = born(folder, port, child)
        time.sleep(moments.uniform(0, LONGEST_LIFE))
        os.kill(process, signal.SIGKILL)
        _, status = os.waitpid(process, 0)
        assert os.WTERMSIG(status) == signal.SIGKILL, "it ended before it was killed"


if __name__ == "__main__":
    main()
