"""Runs the micro-benchmarks of :mod:`bench.micro` and reads what pyperf found."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from statistics import median
from typing import Any, Final

from attrs import frozen

from bench.contenders import PYTHON
from bench.ours import SOURCES
from bench.place import Place

_SHORT: Final = ("--processes", "3", "--values", "3", "--warmups", "1", "--quiet")


@frozen
class Part:
    """One part of the work on one megabyte: its median seconds."""

    name: str
    seconds: float


class NoPyperf(Exception):
    """The micro-benchmarks could not run; the text says why."""


def parts(place: Place) -> list[Part]:
    """Every part, in the order of :mod:`bench.micro`.

    Raises:
        NoPyperf: it is not installed, or a benchmark failed.
    """
    found = place.cwd / "parts.json"
    found.unlink(missing_ok=True)
    command = [PYTHON, "-m", "bench.micro", *_SHORT, "--output", str(found)]
    env = place.env | {"PYTHONPATH": f"{SOURCES}:{SOURCES.parent}"}
    ran = subprocess.run(command, env=env, cwd=place.cwd, capture_output=True, text=True, check=False)
    if ran.returncode:
        raise NoPyperf((ran.stderr.strip().splitlines() or [f"it ended with {ran.returncode}"])[-1])
    return read(found)


def read(path: Path) -> list[Part]:
    """The parts in a file of pyperf."""
    suite: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return [_part(benchmark, suite.get("metadata", {})) for benchmark in suite["benchmarks"]]


def _part(benchmark: dict[str, Any], common: dict[str, Any]) -> Part:
    values = [value for run in benchmark["runs"] for value in run.get("values", ())]
    return Part((common | benchmark.get("metadata", {}))["name"], median(values))
