"""All benchmarks in one go: ``python -m bench.run``; see docs/benchmarks.md."""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
from pathlib import Path
from typing import Final, Protocol, TypeVar

from bench.contenders import LIMITS, RIVALS, Log, our_own
from bench.data import log
from bench.inside import inside
from bench.observer import Observed
from bench.page import Findings
from bench.parts import NoPyperf, Part, parts
from bench.phases import phases
from bench.place import Place
from bench.processes import CommandFailed
from bench.race import race
from bench.scenes import again_after_append, starts, time_against_size
from bench.sizes import shown, size_of
from bench.watch import WatchFigures
from bench.watched import watched
from kumon_observe.parsing.choice import is_compiled

_SMALLEST: Final = 50_000_000
_SMALL: Final = 1_000
_ROOT: Final = Path(__file__).resolve().parent.parent
T_co = TypeVar("T_co", covariant=True)


def _tell(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench.run", description=__doc__)
    for kind, size in (("sparse", "450MB"), ("dense", "350MB"), ("json", "300MB")):
        parser.add_argument(
            f"--{kind}", type=size_of, default=size, metavar="SIZE", help=f"{size}; 0 leaves it out"
        )
    parser.add_argument("--rounds", type=int, default=5, help="runs of each contender (5)")
    parser.add_argument(
        "--largest", type=size_of, default="1GB", metavar="SIZE", help="for time against size (1GB)"
    )
    parser.add_argument(
        "--repeat",
        type=size_of,
        nargs="*",
        default=["45MB", "450MB"],
        metavar="SIZE",
        help="logs that are appended to (45MB 450MB)",
    )
    parser.add_argument("--only", default="", help="contenders whose name holds this, beside our own")
    parser.add_argument(
        "--data", type=Path, default=_ROOT / "build" / "bench", help="where the logs are kept"
    )
    parser.add_argument(
        "--no-parts", dest="parts", action="store_false", help="leave the micro-benchmarks out"
    )
    parser.add_argument(
        "--steady", type=float, default=60.0, metavar="SECONDS", help="load on the observer (60); 0: none"
    )
    parser.add_argument(
        "--kills", type=int, default=500, help="of a watch, at random moments (500); 0 leaves the watch out"
    )
    parser.add_argument("--output", type=Path, help="the Markdown page to write")
    given = parser.parse_args()
    given.repeat = [size_of(size) if isinstance(size, str) else size for size in given.repeat]
    return given


def _sizes(largest: int) -> list[int]:
    """Doubling from 50 MB, and the largest itself."""
    sizes = []
    size = _SMALLEST
    while size < largest:
        sizes.append(size)
        size *= 2
    return [*sizes, largest] if largest else []


def _logs(given: argparse.Namespace) -> list[Log]:
    found = []
    for kind in ("sparse", "dense", "json"):
        size = getattr(given, kind)
        if size:
            _tell(f"{kind}: making the log")
            found.append(log(kind, size, given.data))
    return found


def _parts(place: Place) -> list[Part]:
    _tell("the parts alone")
    try:
        return parts(place)
    except NoPyperf as problem:
        _tell(f"not measured: {problem}")
        return []


def _inside(place: Place, seconds: float) -> Observed | None:
    _tell("inside an app")
    try:
        return inside(place, "--seconds", f"{seconds}")
    except CommandFailed as problem:
        _tell(f"inside an app: not measured: {problem}")
        return None


def _watched(place: Place, kills: int) -> WatchFigures | None:
    _tell("the watch")
    try:
        return watched(place, "--kills", f"{kills}")
    except CommandFailed as problem:
        _tell(f"the watch: not measured: {problem}")
        return None


class _Scene(Protocol[T_co]):
    def __call__(self, log: Log, place: Place, *, rounds: int) -> T_co: ...


def _told_if_wrong(
    scene: _Scene[T_co], title: str, size: int, given: argparse.Namespace, place: Place
) -> T_co | None:
    """What *scene* measured on a sparse log of *size* bytes; nothing if an answer was wrong."""
    _tell(f"{title}: {shown(size)}")
    try:
        return scene(log("sparse", size, given.data), place, rounds=given.rounds)
    except (ValueError, CommandFailed) as problem:
        _tell(f"{title}: not measured: {problem}")
        return None


def measure(given: argparse.Namespace, place: Place) -> Findings:
    """Run everything that was asked for."""
    logs = _logs(given)
    rivals = [rival for rival in RIVALS if given.only in rival.name]
    everybody = [*our_own(), *rivals, *LIMITS]
    races = [race(one, everybody, place, rounds=given.rounds, tell=_tell) for one in logs]
    sizes = [
        _told_if_wrong(time_against_size, "time against size", size, given, place)
        for size in _sizes(given.largest)
    ]
    repeats = [
        _told_if_wrong(again_after_append, "again after an append", size, given, place)
        for size in given.repeat
    ]
    _tell("where the time goes")
    spent = [phases(one, place, rounds=given.rounds) for one in logs if is_compiled()]
    _tell("starting")
    started = starts(log("sparse", _SMALL, given.data), place)
    return Findings(
        rounds=given.rounds,
        bare=started[-1].bare,
        idle=started[-1].wall,
        races=tuple(races),
        phases=tuple(spent),
        sizes=tuple(filter(None, sizes)),
        repeats=tuple(filter(None, repeats)),
        starts=tuple(started),
        parts=tuple(_parts(place)) if given.parts else (),
        observed=_inside(place, given.steady) if given.steady else None,
        watched=_watched(place, given.kills) if given.kills else None,
    )


def main() -> None:
    """Read the command line and do it."""
    given = _arguments()
    cwd = Path(tempfile.mkdtemp(prefix="bench-"))
    try:
        findings = measure(given, Place(cwd))
    finally:
        shutil.rmtree(cwd)
    print(findings.on_screen())
    if given.output is not None:
        given.output.write_text(findings.as_markdown(), encoding="utf-8")


if __name__ == "__main__":
    main()
