"""A reading that goes on, in one line that fits a terminal; and how long it will take, in a sentence."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import NamedTuple

from kumon_observe.model.phrase import Phrase, phrase
from kumon_observe.present import figures
from kumon_observe.present.language import Language
from kumon_observe.present.page import cells, visible

_GAP = "  "
_LEAST_NAME = 8
_LEAST_BAR = 10
_WIDEST_BAR = 24
_MINUTE = 60
_HOUR = 3600
_LONG = 100


class Reading(NamedTuple):
    """How far it has come: the file's ``name``, ``done`` of ``total`` bytes of all files, bytes a second."""

    name: str
    done: int
    total: int | None
    rate: float

    @property
    def share(self) -> float | None:
        """What part of all is done, from 0 to 1; ``None`` where the end is not known."""
        return min(1.0, self.done / self.total) if self.total else None

    @property
    def left(self) -> float | None:
        """Seconds to the end at this rate; ``None`` where that cannot be told."""
        if not self.total or self.rate < 1:
            return None
        return max(0, self.total - self.done) / self.rate


def line(reading: Reading, language: Language, width: int, *, unicode: bool = True) -> str:
    """*reading* in at most *width* columns: the less there are, the less is told."""
    for told in _figures(reading, language):
        shown = _GAP.join(told)
        room = width - cells(shown) - len(_GAP)
        if room >= _LEAST_NAME:
            name = _shortened(visible(reading.name), room, "…" if unicode else "..")
            bar = _bar(reading.share, room - cells(name) - len(_GAP), unicode=unicode)
            return _GAP.join(filter(None, (name, bar, shown)))
    return ""


def estimate(reading: Reading) -> Phrase | None:
    """How long all of it takes at the rate so far; ``None`` where that cannot be told."""
    if not reading.total or reading.rate < 1:
        return None
    return phrase(
        "reading {size} takes about {time}, at {rate} so far",
        size=figures.size(reading.total),
        time=duration(reading.total / reading.rate),
        rate=_rate(reading.rate),
    )


def duration(seconds: float) -> str:
    """*seconds* in one or two units that both languages write alike, rounded up: ``8 s``, ``3 min``."""
    whole = max(1, math.ceil(seconds))
    if whole < _LONG:
        return f"{whole} s"
    minutes = math.ceil(whole / _MINUTE)
    if minutes < _LONG:
        return f"{minutes} min"
    return f"{minutes // _MINUTE} h {minutes % _MINUTE} min"


def _figures(reading: Reading, language: Language) -> Iterator[tuple[str, ...]]:
    """What may stand behind the name, the most first."""
    done = figures.size(reading.done)
    rate = _rate(reading.rate) if reading.rate >= 1 else ""
    if reading.share is None or reading.total is None:
        yield tuple(filter(None, (done, rate)))
        yield (done,)
        return
    share = f"{math.floor(reading.share * 100)}%"
    of_all = language(phrase("{done} of {total}", done=done, total=figures.size(reading.total)))
    left = "" if reading.left is None else language(phrase("{time} left", time=duration(reading.left)))
    yield tuple(filter(None, (share, of_all, rate, left)))
    yield tuple(filter(None, (share, rate, left)))
    yield tuple(filter(None, (share, left)))
    yield (share,)


def _rate(rate: float) -> str:
    return f"{figures.size(int(rate))}/s"


def _shortened(name: str, room: int, mark: str) -> str:
    """The end of *name* that fits, which tells more than its beginning."""
    if cells(name) <= room:
        return name
    while name and cells(name) > room - cells(mark):
        name = name[1:]
    return mark + name


def _bar(share: float | None, room: int, *, unicode: bool) -> str:
    if share is None or room < _LEAST_BAR:
        return ""
    full, empty = "█░" if unicode else "#-"
    columns = min(room, _WIDEST_BAR)
    filled = math.floor(share * columns)
    return full * filled + empty * (columns - filled)
