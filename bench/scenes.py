"""What a race does not show: time against size, a second run after an append, the start of the program."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Sequence
from pathlib import Path
from statistics import median

from attrs import evolve, frozen

from bench import ours
from bench.contenders import OURS, Answer, Log, of_verdict
from bench.data import warm
from bench.logs import RECIPES, Known, text_of
from bench.place import Place
from bench.processes import Cost, Memory, cost, peak_memory
from bench.race import excuse_of

_OFTEN = 15
_APPENDED = 10_000
_APART = 365
_BARE = [sys.executable, "-c", "pass"]


@frozen
class Size:
    """One size of the same kind of log: its bytes, the median seconds, the peak memory."""

    size: int
    wall: float
    memory: Memory


@frozen
class Repeat:
    """``health`` on a log that has grown since, in median seconds; ``first`` had read it whole."""

    size: int
    first: float
    again: float


@frozen
class Start:
    """One command's median seconds; ``bare`` is Python alone."""

    name: str
    wall: float
    bare: float


def _median_wall(costs: Sequence[Cost]) -> float:
    return median(one.wall for one in costs)


def time_against_size(log: Log, place: Place, *, rounds: int) -> Size:
    """Our whole run on one of several sizes of the same kind of log.

    Raises:
        ValueError: an answer was wrong.
    """
    warm(log.path)
    excuse = excuse_of(OURS, log, place)
    if excuse:
        raise ValueError(f"{log.path.name}: {excuse}")
    command = OURS.command(log)
    costs = [cost(command, place.env, place.cwd) for _ in range(rounds)]
    return Size(log.known.size, _median_wall(costs), peak_memory(command, place.env, place.cwd))


def bare_python(place: Place) -> float:
    """The median seconds of a Python that does nothing."""
    return _median_wall([cost(_BARE, place.env, place.cwd) for _ in range(_OFTEN)])


def again_after_append(log: Log, place: Place, *, rounds: int) -> Repeat:
    """``health`` once over the whole log, and again each time that 10 kB were appended.

    Raises:
        ValueError: an answer was wrong.
    """
    growing = place.cwd / "growing.log"
    shutil.copy(log.path, growing)
    warm(growing)
    command = ours.health(str(growing), reread=False)
    right = Answer.to(log)
    try:
        first = cost(command, place.env, place.cwd).wall
        costs = []
        for number in range(1, rounds + 1):
            right = right.with_more(_append(growing, log.kind, number))
            costs.append(cost(command, place.env, place.cwd))
            answer = of_verdict(costs[-1].output)
            if answer != right:
                raise ValueError(
                    f"after {number} appends to {log.path.name} it says {answer}; right is {right}"
                )
    finally:
        growing.unlink()
    return Repeat(log.known.size, first, _median_wall(costs))


def _append(growing: Path, kind: str, number: int) -> Answer:
    """Let the log grow by another day's first turns; what they add to the answer."""
    more = Known()
    recipe = evolve(
        RECIPES[kind],
        size=_APPENDED,
        seed=1 + number,
        day=number * _APART,
        in_flight=2,
        parents=2,
        planted_every=3,
    )
    with growing.open("ab") as file:
        file.writelines(text_of(recipe, more))
    return Answer.of(more)


def starts(small: Log, place: Place) -> list[Start]:
    """How long the program needs until it has said something; the last one is ``health`` of *small*."""
    bare = bare_python(place)
    words = {
        "--version": ["--version"],
        "--help": ["--help"],
        "health --help": ["health", "--help"],
    }
    commands = {name: [*ours.COMMAND, *rest] for name, rest in words.items()}
    commands["health of a small log"] = ours.health(str(small.path))
    found = []
    for name, command in commands.items():
        costs = [cost(command, place.env, place.cwd) for _ in range(_OFTEN)]
        found.append(Start(name, _median_wall(costs), bare))
    return found
