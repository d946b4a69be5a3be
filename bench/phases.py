"""Where the time of ``health`` on one core goes: the medians of :mod:`bench.clocks`."""

from __future__ import annotations

import json
import sys
import time
from statistics import median

from attrs import frozen

from bench import ours
from bench.contenders import Log
from bench.data import warm
from bench.place import Place
from bench.processes import cost


@frozen
class Phases:
    """Median seconds of each phase on one kind of log of *size* bytes."""

    kind: str
    size: int
    seconds: dict[str, float]

    @property
    def together(self) -> float:
        """All of them, in seconds."""
        return sum(self.seconds.values())


def phases(log: Log, place: Place, *, rounds: int) -> Phases:
    """Run ``health`` on one core some times, and take its clocks' medians."""
    warm(log.path)
    env = place.env | {"PYTHONPATH": f"{ours.SOURCES}:{ours.SOURCES.parent}"}
    told: list[dict[str, float]] = []
    for _ in range(rounds):
        command = [sys.executable, "-m", "bench.clocks", str(log.path), repr(time.time())]
        told.append(json.loads(cost(command, env, place.cwd).output))
    return Phases(log.kind, log.known.size, {name: median(one[name] for one in told) for name in told[0]})
