"""The page ``docs/benchmarks.md``, and the same tables for the screen."""

from __future__ import annotations

import os
import platform
import subprocess
from collections.abc import Sequence
from typing import Final

from attrs import frozen

from bench.contenders import PYTHON
from bench.inside import INSIDE, tables as inside_tables
from bench.observer import Observed
from bench.parts import Part
from bench.phases import Phases
from bench.race import Result
from bench.scenes import Repeat, Size, Start
from bench.sizes import shown
from bench.tables import Table, mebibytes, race_table, seconds
from bench.watch import WatchFigures
from bench.watched import WATCHED, tables as watched_tables

_INTRODUCTION: Final = """# Benchmarks

`make bench` makes logs whose right answers are known, asks everybody for them, compares the answers and
only then the times; it writes this page. Nothing on it is typed by hand.
"""

_READING: Final = """## How to read it

- Every contender tells what was lost, sent and refused. `kumon-observe health` gives its whole verdict:
  all four checks, with evidence, line numbers and coverage; the peers give these three figures alone.
- The awk peers pair turns by the rules of [traces.md](traces.md) and read fields by name. Those *by position*
  take fields by their place and expect one open turn a conversation, which these logs happen to keep to.
- Two cores means that two pipelines share the conversations.
- The guide's pipelines count what the app's own guard says, so they miss the losses that it does not see.
  They are timed all the same, with their answer beside; any other wrong answer is told instead of a time.
- A wall time is a median over rounds in which everybody runs once, in another order each time, with the log
  in the page cache. CPU is user and system time of all processes. Memory is the peak of all processes at the
  same time: a page that several share counts once (PSS), under *resident* in each of them (RSS).
  A file that is mapped into memory counts as far as it was read; none is told of a run that was over before
  it could be looked at. *Times ours* is the wall time against that
  of the first row.
- *Once it runs* leaves out what `health` needs for a log of a few lines. Beside it stands how far a size is
  off the straight line that comes nearest to all of them.
- The logs hold ordinary records of the app, of the web server and of the database between the traces,
  with turns of several conversations in flight at a time. A quarter of the turns are as the newer release
  logs them. About one turn in a hundred goes wrong.
"""

_LIMITS: Final = """## Where the limit is

*What the same bytes allow* is the floor: `grep -c` alone, and Python that only reads, or only finds. *Where
our time goes* is the profile. Where a pipeline is ahead of us, this is why:

- **Starting.** A pipeline starts in a few milliseconds. Python, click, attrs and pluggy need about forty
  before a line of ours runs; then come the checks and layouts, which plugins may replace, so that they are
  asked for.
- **Reading.** grep forgets a line without a mark. Here every line is counted, as evidence has line numbers,
  and looked at for what is no UTF-8 or longer than a record may be, as what was not read has to be told.
- **Judging in Python.** What is settled is folded. What is open where a block ends, and all of a
  conversation behind something unusual, is judged trace by trace.
- **Evidence.** Each finding that is shown is read again, explained and masked.

The second core reads ahead: it takes over what *Where our time goes* calls reading, and no more. Two
processes that divide the log cost a third more than one, as they judge what lies before their parts and
copy pages of the process that they came from; from three cores on they are used all the same.

What would lift it: to fold again behind an unusual turn, which the checks must then be able to place; a
scan that hands open turns on from block to block; command lines without click. To map the file into memory
saves a copy, but the process dies if the log is truncated meanwhile; so it is read.
"""

_AGAIN: Final = """## Do it yourself

```sh
make bench                                    # installs the peers it can, runs, and writes this page
make bench BENCH='--sparse 45MB --dense 35MB --json 30MB --largest 100MB'
make bench BENCH='--largest 4GB --repeat 45MB 450MB 4.5GB'
python -m bench.logs dense 350MB app.log      # a log alone; what it holds is printed
python -m bench.logs.many 20000000 | kumon-observe health -    # as many conversations, streamed
.venv/bench/bin/python -m bench.micro         # the parts alone, with pyperf's own output
python -m bench.observer --seconds 10         # the observer inside an app, as JSON
python -m bench.watch --kills 500             # the watch, as JSON
python -m bench.work                          # work instead of seconds: what CI holds
```

A peer that is not installed is named and left out. MB are 1,000,000 bytes, MiB 1,048,576.
"""

_VERSIONS: Final = (
    ("grep", "--version"),
    ("gawk", "--version"),
    ("mawk", "-W", "version"),
    ("rg", "--version"),
    ("jq", "--version"),
    ("mtail", "--version"),
)


@frozen
class Findings:
    """All that one run of the benchmarks measured.

    ``bare`` is what Python alone needs, ``idle`` what ``health`` needs on a log of a few lines, in seconds.
    """

    rounds: int
    bare: float
    idle: float
    races: tuple[Result, ...]
    phases: tuple[Phases, ...] = ()
    sizes: tuple[Size, ...] = ()
    repeats: tuple[Repeat, ...] = ()
    starts: tuple[Start, ...] = ()
    parts: tuple[Part, ...] = ()
    observed: Observed | None = None
    watched: WatchFigures | None = None

    def tables(self) -> list[tuple[str, list[Table]]]:
        """The tables of each section."""
        found = [
            ("The race", [race_table(one) for one in self.races]),
            ("What the same bytes allow", [race_table(one, only_reads=True) for one in self.races]),
        ]
        if self.phases:
            found.append(("Where our time goes", [_phases(self.phases)]))
        if self.sizes:
            found.append(("Time against size", [_sizes(self.sizes, self.idle)]))
        if self.repeats:
            found.append(("Again after an append", [_repeats(self.repeats, self.bare)]))
        if self.starts:
            found.append(("Starting", [_starts(self.starts)]))
        if self.parts:
            found.append(("The parts alone", [_parts(self.parts)]))
        if self.observed is not None:
            found.append(("Inside an app", inside_tables(self.observed)))
        if self.watched is not None:
            found.append(("The watch", watched_tables(self.watched)))
        return found

    def on_screen(self) -> str:
        """The tables for a terminal."""
        return "\n".join(table.on_screen() for _, tables in self.tables() for table in tables)

    def as_markdown(self) -> str:
        """The page."""
        sections = [
            "\n".join([f"## {title}\n", *(table.as_markdown() for table in tables)])
            for title, tables in self.tables()
        ]
        return "\n".join(
            [_INTRODUCTION, self._machine(), *sections, _READING + INSIDE + WATCHED, _LIMITS, _AGAIN]
        )

    def _machine(self) -> str:
        cores = len(os.sched_getaffinity(0))
        machine = f"{platform.system()} {platform.machine()} with {cores} cores"
        return (
            f"Measured on {machine}, Python {platform.python_version()}; medians of {self.rounds} rounds.\n"
            f"Peers: {', '.join(_versions())}.\n"
        )


def _versions() -> list[str]:
    found = []
    for program in _VERSIONS:
        try:
            said = subprocess.run(program, capture_output=True, text=True, check=False)
        except OSError:
            continue
        found.append((said.stdout or said.stderr).splitlines()[0].split(",")[0].partition(" git ")[0].strip())
    for module in ("duckdb", "polars"):
        command = [PYTHON, "-c", f"import {module}; print({module}.__version__)"]
        said = subprocess.run(command, capture_output=True, text=True, check=False)
        if said.returncode == 0:
            found.append(f"{module} {said.stdout.strip()}")
    return found


def _phases(phases: Sequence[Phases]) -> Table:
    def cell(one: Phases, name: str) -> str:
        return f"{seconds(one.seconds[name])} ({one.seconds[name] / one.together:.0%})"

    rows = [(name, *(cell(one, name) for one in phases)) for name in phases[0].seconds]
    together = ("together", *(seconds(one.together) for one in phases))
    titles = ("", *(f"{one.kind}, {shown(one.size)}" for one in phases))
    return Table("health on one core, by phase", titles, (*rows, together))


def _sizes(sizes: Sequence[Size], idle: float) -> Table:
    begin, pace = _line([(one.size, one.wall) for one in sizes])
    rows = tuple(
        (
            shown(one.size),
            seconds(one.wall),
            f"{one.size / (one.wall - idle) / 1e6:.0f}",
            f"{one.wall / (begin + pace * one.size) - 1:+.0%}",
            mebibytes(one.memory.proportional),
        )
        for one in sizes
    )
    titles = (
        "size",
        "wall",
        "MB/s once it runs",
        f"off {seconds(begin)} + {seconds(pace * 1e9)} a GB",
        "memory",
    )
    return Table("one kind of log in several sizes", titles, rows)


def _line(points: Sequence[tuple[int, float]]) -> tuple[float, float]:
    """The straight line that comes nearest to all *points*, by shares: where it begins, how it rises."""
    if len(points) == 1:
        return 0.0, points[0][1] / points[0][0]
    weights = [1 / wall**2 for _, wall in points]
    total = sum(weights)
    size = sum(weight * x for weight, (x, _) in zip(weights, points, strict=True)) / total
    wall = sum(weight * y for weight, (_, y) in zip(weights, points, strict=True)) / total
    rise = sum(weight * (x - size) * (y - wall) for weight, (x, y) in zip(weights, points, strict=True))
    rise /= sum(weight * (x - size) ** 2 for weight, (x, _) in zip(weights, points, strict=True))
    return wall - rise * size, rise


def _repeats(repeats: Sequence[Repeat], bare: float) -> Table:
    rows = tuple(
        (shown(one.size), seconds(one.first), seconds(one.again), seconds(one.again - bare))
        for one in repeats
    )
    titles = ("size", "first", "again after 10 kB", "of it over a bare Python")
    return Table("health twice, with 10 kB appended between", titles, rows)


def _starts(starts: Sequence[Start]) -> Table:
    rows = tuple((one.name, seconds(one.wall), seconds(one.wall - one.bare)) for one in starts)
    return Table(
        f"a bare Python needs {seconds(starts[0].bare)}", ("command", "wall", "over a bare Python"), rows
    )


def _parts(parts: Sequence[Part]) -> Table:
    rows = tuple((one.name, f"{one.seconds * 1e3:.2f} ms") for one in parts)
    return Table("medians of pyperf; each works on one megabyte", ("part", "time"), rows)
