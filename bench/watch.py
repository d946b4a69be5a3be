"""The watch at work: ``python -m bench.watch``; ``--help`` tells what can be chosen.

``make bench`` runs it in a process of its own and puts its tables on the page.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import threading
import time
from typing import Any, Final

from attrs import asdict, frozen

from bench.night import PER_TURN, Scene, cpu, resident, scene, until

_PARTS: Final = 100
_TICK: Final = 0.05


@frozen
class Delays:
    """From a loss in the log to its notification, in seconds, for *n* losses.

    *rate* lines a second were to be written meanwhile, and *written* were.
    """

    rate: int
    written: float
    n: int
    middle: float
    p99: float
    worst: float


@frozen
class Idle:
    """A watch over a log that nobody writes to: the *share* of a core, and its *memory* in bytes."""

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
    """So many *kills* at random moments; *losses* were written, and *told* by the end.

    ``unheard`` messages never came, though nothing newer tells what they tell. ``twice`` came again after a
    kill, at most ``most`` after one.
    """

    kills: int
    losses: int
    told: int
    unheard: int
    twice: int
    most: int
    seconds: float


@frozen
class WatchFigures:
    """All of it; what was left out is ``None``."""

    delays: tuple[Delays, ...]
    idle: Idle | None
    storm: Storm | None
    kills: Kills | None


def delays(rate: int, n: int) -> Delays:
    """How long until *n* losses are told, while the app writes *rate* lines a second."""
    found: list[float] = []
    with scene() as at, at.watch():
        at.until_alive()
        over = threading.Event()
        written: list[float] = []
        load = threading.Thread(target=lambda: written.append(_load(at, rate, over)))
        load.start()
        for _ in range(n):
            time.sleep(random.uniform(0.1, 0.5))
            begun = time.perf_counter()
            at.lose()
            found.append(at.receiver.told(at.losses) - begun)
        over.set()
        load.join()
    found.sort()
    return Delays(rate, written[0], n, found[n // 2], found[-(-n * 99 // 100) - 1], found[-1])


def _load(at: Scene, rate: int, over: threading.Event) -> float:
    """Write *rate* lines a second until it is *over*; how many a second there were."""
    written, begun = 0, time.perf_counter()
    while not over.wait(_TICK):
        due = int((time.perf_counter() - begun) * rate) - written
        if due >= PER_TURN:
            written += at.healthy(due)
    return written / (time.perf_counter() - begun)


def idle(seconds: float) -> Idle:
    """What a watch costs while nothing happens."""
    with scene() as at, at.watch() as process:
        at.until_alive()
        time.sleep(2)
        before, begun = cpu(process.pid), time.perf_counter()
        time.sleep(seconds)
        took = time.perf_counter() - begun
        return Idle(seconds, (cpu(process.pid) - before) / took, resident(process.pid))


def storm(losses: int, seconds: float) -> Storm:
    """So many losses in so little time."""
    with scene(quiet=10.0) as at, at.watch() as process:
        at.until_alive()
        begun = time.perf_counter()
        for part in range(1, _PARTS + 1):
            at.lose(losses * part // _PARTS - at.losses)
            time.sleep(max(0.0, part * seconds / _PARTS - (time.perf_counter() - begun)))
        written = time.perf_counter()
        until(lambda: at.receiver.found >= losses, 120)
        heard = at.receiver.heard
        return Storm(
            losses=losses,
            seconds=written - begun,
            incidents=len({alert["incident"] for _, alert in heard}),
            messages=len(heard),
            found=at.receiver.found,
            caught_up=time.perf_counter() - written,
            memory=resident(process.pid),
        )


def kills(n: int) -> Kills:
    """A watch that is killed *n* times at random moments, with a loss or two in each of its lives."""
    begun = time.perf_counter()
    twice: list[int] = []
    with scene() as at:

        def lived() -> None:
            before = set(heard)
            twice.append(sum(key in before for key in at.receiver.keys[len(heard) :]))

        for _ in range(n):
            heard = at.receiver.keys
            with at.watch():
                for _ in range(random.randint(1, 2)):
                    time.sleep(random.uniform(0.0, 0.6))
                    at.lose()
                time.sleep(random.uniform(0.0, 0.6))
            time.sleep(_TICK)
            lived()
        heard = at.receiver.keys
        with at.watch():
            until(lambda: at.receiver.found >= at.losses, 60)
            time.sleep(2)
        lived()
        return Kills(
            kills=n,
            losses=at.losses,
            told=at.receiver.found,
            unheard=len(at.outbox() - set(at.receiver.keys)),
            twice=sum(twice),
            most=max(twice),
            seconds=time.perf_counter() - begun,
        )


def measured(given: argparse.Namespace) -> WatchFigures:
    """Measure everything that was asked for."""
    return WatchFigures(
        delays=tuple(delays(rate, given.losses) for rate in given.rates),
        idle=idle(given.idle) if given.idle else None,
        storm=storm(given.storm, given.minute) if given.storm else None,
        kills=kills(given.kills) if given.kills else None,
    )


def read(document: dict[str, Any]) -> WatchFigures:
    """What :func:`main` wrote."""
    idle, storm, kills = (document[name] for name in ("idle", "storm", "kills"))
    return WatchFigures(
        delays=tuple(Delays(**one) for one in document["delays"]),
        idle=Idle(**idle) if idle else None,
        storm=Storm(**storm) if storm else None,
        kills=Kills(**kills) if kills else None,
    )


def main() -> None:
    """Measure, and print the figures as JSON."""
    parser = argparse.ArgumentParser(prog="python -m bench.watch", description=__doc__)
    parser.add_argument("--rates", type=int, nargs="*", default=[0, 1_000, 10_000], help="lines a second")
    parser.add_argument("--losses", type=int, default=100, help="losses whose delay is told, a rate (100)")
    parser.add_argument("--idle", type=float, default=20.0, help="seconds of quiet (20); 0: none")
    parser.add_argument("--storm", type=int, default=100_000, help="losses in a minute (100,000); 0: none")
    parser.add_argument("--minute", type=float, default=60.0, help="how long that minute is, in s (60)")
    parser.add_argument("--kills", type=int, default=50, help="kills at random moments (50); 0: none")
    json.dump(asdict(measured(parser.parse_args())), sys.stdout, indent=1)


if __name__ == "__main__":
    main()
