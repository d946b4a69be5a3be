"""What a person sees of a long reading while it goes on: nothing of one that ends within a second."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Final

from kumon_observe.cli import output
from kumon_observe.engine.progress import Told
from kumon_observe.present import progress
from kumon_observe.present.language import Language

Seconds = Callable[[], float]
"""A clock that never goes back, in seconds."""

_SHORT: Final = 1.0
"""What takes no longer needs no words."""
_BETWEEN: Final = 0.2
_MEASURED: Final = 0.4
"""Seconds that an estimate rests on."""


class _Pace:
    """The bytes a second since the first block was read, however long that had to be waited for."""

    def __init__(self) -> None:
        self._since: tuple[float, int] | None = None

    def of(self, now: float, done: int) -> tuple[float, float]:
        """The rate, and the seconds that it was measured over."""
        if self._since is None:
            self._since = now, done
        begun, before = self._since
        measured = now - begun
        return ((done - before) / measured if measured > 0 else 0.0), measured


class Display:
    """Shows the reading in one line of a terminal, which :mod:`output` takes away before anything else."""

    def __init__(self, language: Language, clock: Seconds = time.monotonic) -> None:
        self._language = language
        self._clock = clock
        self._pace = _Pace()
        self._due = clock() + _SHORT

    def __call__(self, name: str, done: int, total: int | None) -> None:
        """Show how far it is, unless that was shown just now."""
        now = self._clock()
        rate, _ = self._pace.of(now, done)
        if now < self._due:
            return
        self._due = now + _BETWEEN
        reading = progress.Reading(name, done, total, rate)
        output.passing.show(
            progress.line(
                reading, self._language, output.passing.columns() - 1, unicode=output.passing.unicode()
            )
        )


class Estimate:
    """Says once how long a reading will take that takes longer than a second, as its first part tells."""

    def __init__(self, language: Language, clock: Seconds = time.monotonic) -> None:
        self._language = language
        self._clock = clock
        self._pace = _Pace()
        self._said = False

    def __call__(self, name: str, done: int, total: int | None) -> None:
        """Say it as soon as it can be told."""
        if self._said:
            return
        rate, measured = self._pace.of(self._clock(), done)
        if measured < _MEASURED:
            return
        self._said = True
        reading = progress.Reading(name, done, total, rate)
        sentence = progress.estimate(reading)
        if sentence is not None and (reading.left or 0) + measured > _SHORT:
            output.complain(self._language(sentence))


def watcher(language: Language, *, verbose: bool, clock: Seconds = time.monotonic) -> Told | None:
    """What is told how far the reading has come; ``None`` where nobody wants to know."""
    watching: list[Told] = []
    if output.is_watched():
        watching.append(Display(language, clock))
    if verbose:
        watching.append(Estimate(language, clock))
    if len(watching) < 2:
        return watching[0] if watching else None

    def tell(name: str, done: int, total: int | None) -> None:
        for told in watching:
            told(name, done, total)

    return tell
