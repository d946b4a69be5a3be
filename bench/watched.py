"""Runs :mod:`bench.watch` in a process of its own and makes tables of what it found."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from bench.apart import apart
from bench.place import Place
from bench.tables import Table, mebibytes, seconds
from bench.watch import Idle, Kills, Storm, WatchFigures, read

WATCHED: Final = """\
- *The watch* is `kumon-observe watch` in a process of its own, which follows a log and tells a
  web server on the same machine. A delay is from the write of a lost hand-off to the arrival of the message
  that tells of it; there is no pause between messages that tell of growth, as there is by default. A kill is
  `kill -9` at a random moment, also while it starts. What was on its way then may come twice: one message a
  kill.
"""


def watched(place: Place, *options: str) -> WatchFigures:
    """Measure; the *options* are those of ``python -m bench.watch``.

    Raises:
        CommandFailed: it did not give an answer.
    """
    return read(apart(place, "bench.watch", *options))


def tables(figures: WatchFigures) -> list[Table]:
    """How soon it tells, and what it holds."""
    rows = [*_idle(figures.idle), *_storm(figures.storm), *_kills(figures.kills)]
    return [
        *_delays(figures),
        *([Table("what it holds, and what it costs", ("", ""), tuple(rows))] if rows else ()),
    ]


def _delays(figures: WatchFigures) -> Iterator[Table]:
    rows = tuple(
        (
            f"{one.rate:,}",
            f"{one.written:,.0f}",
            f"{one.n}",
            *map(seconds, (one.middle, one.p99, one.worst)),
        )
        for one in figures.delays
    )
    titles = ("lines a second", "written", "losses", "median", "p99", "worst")
    if rows:
        yield Table("from the write of a loss to its notification", titles, rows)


def _idle(idle: Idle | None) -> Iterator[tuple[str, str]]:
    if idle is not None:
        yield f"a quiet log, over {idle.seconds:g} s", f"{idle.share:.1%} of a core, {mebibytes(idle.memory)}"


def _storm(storm: Storm | None) -> Iterator[tuple[str, str]]:
    if storm is None:
        return
    title = f"{storm.losses:,} losses in {storm.seconds:.0f} s"
    yield title, f"{storm.incidents} incident, {storm.messages} messages, {storm.found:,} told"
    yield "all of them told after the last", f"{seconds(storm.caught_up)}, {mebibytes(storm.memory)}"


def _kills(kills: Kills | None) -> Iterator[tuple[str, str]]:
    if kills is None:
        return
    yield f"{kills.kills} kills, {kills.losses} losses", f"{kills.told} told, {kills.unheard} messages lost"
    yield "messages that came twice", f"{kills.twice}, at most {kills.most} after a kill"
