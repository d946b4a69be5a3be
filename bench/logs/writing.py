"""Writes a log: turns in flight interleave, noise stands between their records."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

from bench.logs.known import Known
from bench.logs.layouts import Clock, Frame
from bench.logs.noise import noise
from bench.logs.recipe import Recipe
from bench.logs.turn import Parent
from bench.logs.turns import App

_PIECES = 8192
_LAST_SILENCE = 120_000_000


class _Street:
    """The turns in flight: every step takes the next record of one of them at random."""

    def __init__(self, app: App, recipe: Recipe, rng: random.Random) -> None:
        self.open = True
        self._app = app
        self._random = rng.random
        self._idle = [app.parent() for _ in range(recipe.parents)]
        self._flights: list[tuple[Parent, list[str]]] = [self._begin() for _ in range(recipe.in_flight)]

    def _begin(self) -> tuple[Parent, list[str]]:
        idle = self._idle
        place = int(self._random() * len(idle))
        idle[place], idle[-1] = idle[-1], idle[place]
        parent = idle.pop()
        lines = self._app.turn(parent)
        lines.reverse()
        return parent, lines

    def records(self) -> Iterator[str]:
        """One record after the other; once ``open`` is false, until the turns in flight are done."""
        flights, draw = self._flights, self._random
        while flights:
            number = int(draw() * len(flights))
            parent, lines = flights[number]
            yield lines.pop()
            if not lines:
                self._idle.append(parent if parent.turns_left > 0 else self._app.parent())
                if self.open:
                    flights[number] = self._begin()
                else:
                    del flights[number]


def _pieces(recipe: Recipe, street: _Street, clock: Clock, rng: random.Random) -> Iterator[str]:
    """The log in pieces of one trace each, with the noise that follows it."""
    stamp, draw = clock.stamp, rng.random
    records = street.records()
    if recipe.share == 1:
        for record in records:
            yield stamp() + record
        return
    pool = noise(recipe.layout, rng)
    lines = sum(record.count("\n") for record in pool) / len(pool)
    each = (1 / recipe.share - 1) / lines
    last = len(pool) - int(each) - 2
    credit = 0.0
    for record in records:
        yield stamp() + record
        credit += each
        count = int(credit)
        if count:
            credit -= count
            start = int(draw() * last)
            at = stamp()
            yield at + at.join(pool[start : start + count])


def text_of(recipe: Recipe, known: Known) -> Iterator[bytes]:
    """The log of *recipe* in large pieces; *known* holds the right answers once all were taken."""
    rng = random.Random(recipe.seed)
    clock = Clock(recipe.layout, rng, recipe.day)
    app = App(recipe.layout, recipe.planted_every, rng, clock)
    street = _Street(app, recipe, rng)
    batch: list[str] = []

    def written() -> bytes:
        text = "".join(batch)
        batch.clear()
        data = text.encode()
        app.known.size += len(data)
        app.known.lines += text.count("\n")
        return data

    left = recipe.size
    for piece in _pieces(recipe, street, clock, rng):
        batch.append(piece)
        left -= len(piece)
        if len(batch) >= _PIECES or (street.open and left <= 0):
            yield written()
            left = recipe.size - app.known.size  # a character may be several bytes
            street.open = left > 0
    clock.now += _LAST_SILENCE  # so that every grace is over
    goodbye = Frame.of(recipe.layout, "shutdown", 77, logger="app.main")
    batch.append(clock.stamp() + goodbye.around("Application shutdown complete."))
    yield written()
    if recipe.layout == "basic":  # without times it is never known to be late
        app.known.pending, app.known.undelivered = app.known.undelivered, 0
    for name, figure in app.known.to_json().items():
        setattr(known, name, figure)


def write_log(path: Path, recipe: Recipe) -> Known:
    """Write the log of *recipe* to *path*; what it holds.

    Raises:
        OSError: it cannot be written.
    """
    known = Known()
    with path.open("wb") as file:
        for piece in text_of(recipe, known):
            file.write(piece)
    return known
