"""The observer inside an app: ``python -m bench.observer``; ``--help`` tells what can be chosen.

``make bench`` runs it in a process of its own and puts its tables on the page.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any

from attrs import asdict, frozen

from bench.log_calls import Calls, Quantiles, log_calls
from bench.observed import PER_TURN, Turns, app_logger, observer, resident
from kumon_observe import Alert

_EVERY = 0.01
_OFTEN = 100


@frozen
class Delay:
    """From the log call of a critical trace to the callback, in seconds, under *rate* traces a second."""

    rate: int
    middle: float
    worst: float


@frozen
class Steady:
    """*sent* traces in *seconds*; *grown*: the bytes by which the process grew in the second half."""

    seconds: float
    sent: int
    judged: int
    lost: int
    grown: int


@frozen
class Kept:
    """By how many bytes a process grew that judged the *first* conversations, and as many *again*."""

    conversations: int
    first: int
    again: int


@frozen
class Observed:
    """All of it."""

    calls: tuple[Calls, ...]
    delays: tuple[Delay, ...]
    kept: Kept
    steady: Steady


def delay(folder: Path, rate: int) -> Delay:
    """How long until the callback is called, while another thread logs *rate* traces a second."""
    told: list[float] = []

    def tell(_alert: Alert) -> None:
        told.append(time.perf_counter())

    info = app_logger().info
    bad = Turns("bad")
    delays: list[float] = []
    over = threading.Event()
    load = threading.Thread(target=lambda: _load(rate, over.is_set))
    with observer(folder, on_alert=tell):
        load.start()
        while len(delays) < _OFTEN:
            time.sleep(5 * _EVERY)
            began, known = time.perf_counter(), len(told)
            for message in bad.lost():
                info(message)
            while len(told) == known:
                time.sleep(0.0005)
            delays.append(told[-1] - began)
        over.set()
        load.join()
    return Delay(rate, median(delays), max(delays))


def _load(rate: int, is_over: Callable[[], bool]) -> int:
    """Log the traces of healthy turns at *rate* a second until *is_over*; how many there were."""
    info = app_logger().info
    turns = Turns("healthy")
    sent = 0
    began = time.perf_counter()
    while not is_over():
        while sent < (time.perf_counter() - began) * rate:
            for message in turns.next():
                info(message)
            sent += PER_TURN
        time.sleep(_EVERY)
    return sent


def steady(folder: Path, rate: int, seconds: float) -> Steady:
    """A load of *rate* traces a second for so many *seconds*."""
    sizes: list[int] = []
    ends = time.perf_counter() + seconds

    def is_over() -> bool:
        left = ends - time.perf_counter()
        if not sizes and left < seconds / 2:
            sizes.append(resident())
        return left <= 0

    with observer(folder) as watching:
        sent = _load(rate, is_over)
        seen = watching.verdict().coverage
        judged = seen.outbox + seen.instance + seen.delivery
        return Steady(seconds, sent, judged, watching._worker.desk.lost, resident() - sizes[0])


def kept(folder: Path, conversations: int) -> Kept:
    """What is kept in memory of so many conversations."""
    info = app_logger().info
    turns = Turns("kept")
    with observer(folder) as watching:
        for message in turns.next():
            info(message)
        watching.verdict()
        sizes = [resident()]
        for _ in range(2):
            for number in range(conversations):
                for message in turns.next():
                    info(message)
                if number % 500 == 0:
                    watching.verdict()
            watching.verdict()
            sizes.append(resident())
        assert not watching._worker.desk.lost
    return Kept(conversations, sizes[1] - sizes[0], sizes[2] - sizes[1])


def measured(given: argparse.Namespace) -> Observed:
    """Measure everything."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        memory = kept(folder, given.conversations)
        calls = tuple(
            log_calls(folder, threads=threads, rate=rate, rounds=given.rounds, calls=given.calls)
            for rate in given.rates
            for threads in (1, 8)
        )
        return Observed(
            calls=calls,
            delays=(delay(folder, 0), delay(folder, given.rates[-1])),
            kept=memory,
            steady=steady(folder, given.rates[-1], given.seconds),
        )


def read(document: dict[str, Any]) -> Observed:
    """What :func:`main` wrote."""

    def calls(one: dict[str, Any]) -> Calls:
        sides = {name: Quantiles(**one[name]) for name in ("without", "observed", "added")}
        return Calls(**{**one, **sides})

    return Observed(
        calls=tuple(map(calls, document["calls"])),
        delays=tuple(Delay(**one) for one in document["delays"]),
        kept=Kept(**document["kept"]),
        steady=Steady(**document["steady"]),
    )


def main() -> None:
    """Measure, and print the figures as JSON."""
    parser = argparse.ArgumentParser(prog="python -m bench.observer", description=__doc__)
    parser.add_argument("--rounds", type=int, default=10, help="rounds of log calls (10)")
    parser.add_argument("--calls", type=int, default=4_000, help="calls a round and side (4,000)")
    parser.add_argument(
        "--rates", type=int, nargs="+", default=[1_000, 5_000], help="traces a second (1000 5000)"
    )
    parser.add_argument("--seconds", type=float, default=60.0, help="of the steady load (60)")
    parser.add_argument("--conversations", type=int, default=100_000, help="whose memory is told (100,000)")
    json.dump(asdict(measured(parser.parse_args())), sys.stdout, indent=1)


if __name__ == "__main__":
    main()
