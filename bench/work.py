"""Counts work instead of seconds, so that a slowdown is caught on a noisy machine: ``python -m bench.work``.

The work is what ``analyze`` does on one megabyte of each kind of log: the calls of Python functions, those
of built-in ones (a search by a pattern, an append, a dictionary's get) and the executed lines of Python.
It is the same in every run of one minor version of Python. ``--write`` makes what was counted the new
ceilings of this version.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path
from types import FrameType
from typing import Any, Final

from attrs import asdict, frozen

from bench.ceilings import CEILINGS, write
from bench.inputs import one_megabyte, registry
from bench.logs import RECIPES
from kumon_observe import analyze

WAYS: Final = {"pure": {"KUMON_OBSERVE_PURE": "1"}, "compiled": {}}
"""The ways through the product that are counted, and the environment that makes it take them."""

_ROOT: Final = Path(__file__).resolve().parent.parent
_SHOWN: Final = 12


@frozen
class Work:
    """Calls of Python functions and of built-in ones, executed lines, and the input of all that.

    ``size`` is in bytes.
    """

    calls: int
    built_in_calls: int
    lines: int
    traces: int
    size: int

    def told(self) -> str:
        """The figures for people."""
        figures = (("calls", self.calls), ("built-in calls", self.built_in_calls), ("lines", self.lines))
        return ", ".join(
            f"{figure / self.size * 1e6:,.0f} {name} a MB ({figure / self.traces:.1f} a trace)"
            for name, figure in figures
        )


class _Counting:
    """Counts what happens while its ``calls`` or its ``lines`` watch."""

    def __init__(self) -> None:
        self.events: Counter[str] = Counter()
        self.called: Counter[str] = Counter()

    def calls(self, frame: FrameType, event: str, function: Any) -> None:
        """For :func:`sys.setprofile`."""
        self.events[event] += 1
        if event == "call":
            self.called[frame.f_code.co_qualname] += 1
        elif event == "c_call":
            self.called[f"built-in {function.__qualname__}"] += 1

    def lines(self, _frame: FrameType, event: str, _value: object) -> Any:
        """For :func:`sys.settrace`."""
        self.events["line"] += event == "line"
        return self.lines


def count(kind: str) -> tuple[Work, Counter[str]]:
    """The work of one verdict on a log of *kind*, and which functions were called how often."""
    counting = _Counting()
    with tempfile.TemporaryDirectory() as folder:
        path, known = one_megabyte(kind, Path(folder))
        plugins = registry()
        analyze(path, registry=plugins, show_personal_data=True)  # what is made once is made here
        try:
            sys.setprofile(counting.calls)
            analyze(path, registry=plugins, show_personal_data=True)
            sys.setprofile(None)
            sys.settrace(counting.lines)
            analyze(path, registry=plugins, show_personal_data=True)
        finally:
            sys.setprofile(None)
            sys.settrace(None)
    seen = counting.events
    return Work(seen["call"], seen["c_call"], seen["line"], known.traces, known.size), counting.called


def counted_apart(kind: str, way: str = "pure") -> Work:
    """The same, in a process of its own that takes *way*, where nothing else is measured or loaded."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("COV")}
    ran = subprocess.run(
        [sys.executable, "-m", "bench.work", "--json", kind],
        cwd=_ROOT,
        env=kept | {"PYTHONHASHSEED": "0"} | WAYS[way],
        capture_output=True,
        text=True,
        check=False,
    )
    if ran.returncode:
        raise RuntimeError(f"the work on a {kind} log could not be counted:\n{ran.stderr}")
    return Work(**json.loads(ran.stdout))


def _write() -> None:
    counted = {way: {kind: counted_apart(kind, way) for kind in RECIPES} for way in WAYS}
    for way, kinds in counted.items():
        for kind, work in kinds.items():
            print(f"{way} {kind}: {work.told()}")
    write({way: {kind: asdict(work) for kind, work in kinds.items()} for way, kinds in counted.items()})


def main() -> None:
    """Read the command line and do it."""
    parser = argparse.ArgumentParser(prog="python -m bench.work", description=__doc__)
    parser.add_argument("kind", nargs="?", choices=RECIPES)
    parser.add_argument("--json", action="store_true", help="print the figures of one kind as JSON")
    parser.add_argument("--write", action="store_true", help=f"write {CEILINGS.name}")
    given = parser.parse_args()
    if given.write:
        _write()
        return
    for kind in [given.kind] if given.kind else RECIPES:
        work, called = count(kind)
        if given.json:
            print(json.dumps(asdict(work)))
            continue
        print(f"{kind}: {work.told()}")
        for name, calls in called.most_common(_SHOWN):
            print(f"  {calls / work.traces:8.2f} a trace  {name}")


if __name__ == "__main__":
    main()
