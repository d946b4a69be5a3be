"""What an observer adds to a log call that goes to a file: the same calls with it and without, in turn."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from statistics import median
from typing import Final

from attrs import frozen

from bench.observed import APP, Turns, observer

_FORM: Final = "%(asctime)s - %(name)s - %(levelname)s - %(message)s"


@frozen
class Quantiles:
    """Of the seconds of single calls."""

    p50: float
    p99: float

    @classmethod
    def of(cls, calls: Sequence[float]) -> Quantiles:
        """Those of *calls*."""
        ordered = sorted(calls)
        return cls(ordered[len(ordered) // 2], ordered[len(ordered) * 99 // 100])


@frozen
class Calls:
    """Log calls of some threads at a rate of *rate* a second together, all times in seconds.

    The two sides are medians over rounds, *added* the median of the differences of one round.
    """

    threads: int
    rate: int
    without: Quantiles
    observed: Quantiles
    added: Quantiles
    lost: int

    @property
    def share(self) -> float:
        """What is added to the median call, as a share of it."""
        return self.added.p50 / self.without.p50


def log_calls(folder: Path, *, threads: int, rate: int, rounds: int, calls: int) -> Calls:
    """Time *calls* calls a round on each side; which side comes first changes from round to round.

    Each thread logs the traces of a turn at once and then rests, as the app does.
    """
    handler = logging.FileHandler(folder / "app.log", mode="w")
    handler.setFormatter(logging.Formatter(_FORM))
    root = logging.getLogger()
    root.setLevel(logging.INFO)
    root.addHandler(handler)
    sides: dict[bool, list[Quantiles]] = {False: [], True: []}
    lost = 0
    try:
        for number in range(rounds):
            for is_observed in (number % 2 == 0, number % 2 == 1):
                watching = observer(folder)
                if is_observed:
                    watching.install()
                sides[is_observed].append(Quantiles.of(_round(threads, rate, calls)))
                watching.close()
                lost += watching._worker.desk.lost
    finally:
        root.removeHandler(handler)
        handler.close()
    return Calls(
        threads=threads,
        rate=rate,
        without=_middle(sides[False]),
        observed=_middle(sides[True]),
        added=_middle(
            [
                Quantiles(observed.p50 - without.p50, observed.p99 - without.p99)
                for observed, without in zip(sides[True], sides[False], strict=True)
            ]
        ),
        lost=lost,
    )


def _middle(found: Sequence[Quantiles]) -> Quantiles:
    return Quantiles(median(one.p50 for one in found), median(one.p99 for one in found))


def _round(threads: int, rate: int, calls: int) -> list[float]:
    info = logging.getLogger(APP).info
    times: list[list[float]] = [[] for _ in range(threads)]
    workers = [
        threading.Thread(target=_log, args=(info, f"{number}", calls // threads, rate / threads, own))
        for number, own in enumerate(times)
    ]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    return [one for own in times for one in own]


def _log(info: Callable[[str], None], name: str, calls: int, rate: float, times: list[float]) -> None:
    turns = Turns(name)
    clock = time.perf_counter
    next_turn = clock()
    while len(times) < calls:
        messages = turns.next()
        for message in messages:
            began = clock()
            info(message)
            times.append(clock() - began)
        next_turn += len(messages) / rate
        rest = next_turn - clock()
        if rest > 0:
            time.sleep(rest)
