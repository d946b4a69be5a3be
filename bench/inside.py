"""Runs :mod:`bench.observer` in a process of its own and makes tables of what it found."""

from __future__ import annotations

from typing import Final

from bench.apart import apart
from bench.observer import Observed, read
from bench.place import Place
from bench.tables import Table

INSIDE: Final = """- *Inside an app*: a call is one `logger.info(trace)` that also goes to a file, timed by
  its own thread; each thread logs the traces of a turn at once and rests. Rounds with the observer and
  without take turns; *added* is the median of the differences within one round, so it need not be that of
  the two medians beside it. A delay is from the log call of a lost hand-off to the callback.
"""


def inside(place: Place, *options: str) -> Observed:
    """Measure; the *options* are those of ``python -m bench.observer``.

    Raises:
        CommandFailed: it did not give an answer.
    """
    return read(apart(place, "bench.observer", *options))


def tables(observed: Observed) -> list[Table]:
    """What an observer costs, and what it holds."""
    return [_calls(observed), _others(observed)]


def _calls(observed: Observed) -> Table:
    rows = tuple(
        (
            f"{one.threads} with {one.rate // one.threads:,} a second each",
            _microseconds(one.without.p50),
            _microseconds(one.observed.p50),
            f"{_microseconds(one.added.p50)} ({one.share:+.0%})",
            _microseconds(one.without.p99),
            _microseconds(one.observed.p99),
            _microseconds(one.added.p99),
            f"{one.lost}",
        )
        for one in observed.calls
    )
    titles = ("threads", "p50 without", "observed", "added", "p99 without", "observed", "added", "lost")
    return Table("one log call that goes to a file", titles, rows)


def _others(observed: Observed) -> Table:
    steady, kept = observed.steady, observed.kept
    delays = tuple(
        (
            f"log call to callback, under {one.rate:,} traces a second",
            f"{one.middle * 1e3:.1f} ms, at worst {one.worst * 1e3:.1f} ms",
        )
        for one in observed.delays
    )
    judged = f"{steady.sent:,} logged, {steady.judged:,} judged, {steady.lost} lost"
    rows = (
        *delays,
        (
            f"traces in {steady.seconds:g} s",
            judged,
        ),
        ("memory more in the second half of it", _mebibytes(steady.grown)),
        (f"memory for {kept.conversations:,} conversations", _mebibytes(kept.first)),
        ("memory more for as many again", _mebibytes(kept.again)),
    )
    return Table("what it holds", ("", ""), rows)


def _microseconds(seconds: float) -> str:
    return f"{seconds * 1e6:.1f} µs"


def _mebibytes(size: int) -> str:
    return f"{size / 2**20:.1f} MiB"
