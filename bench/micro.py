"""The parts alone, with pyperf: ``python -m bench.micro``; ``--help`` tells pyperf's options.

``make bench`` runs it with the Python that has pyperf (``.venv/bench/bin/python``) and puts its table on the
page. Each part works on one megabyte of log.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pyperf

from bench.inputs import one_megabyte, registry, scanned
from bench.logs import RECIPES
from kumon_observe import analyze
from kumon_observe.model.document import to_text, verdict_to
from kumon_observe.model.protocols import BatchCheck
from kumon_observe.model.rows import Batch


def _fresh(name: str) -> BatchCheck:
    """A new check of this name that takes rows."""
    for check in registry().checks():
        if check.name == name and isinstance(check, BatchCheck):
            return check
    raise LookupError(name)


def _observing(name: str, batches: list[Batch]) -> Callable[[], BatchCheck]:
    def observe() -> BatchCheck:
        check = _fresh(name)
        check.at_log_start()
        for batch in batches:
            check.observe_many(batch)
        return check

    return observe


def _observed_and_merged(name: str, batches: list[Batch]) -> Callable[[], BatchCheck]:
    """A check for each batch, and all of them merged: more than observing by what merging costs."""

    def merge() -> BatchCheck:
        first, *later = (_fresh(name) for _ in batches)
        first.at_log_start()
        for check, batch in zip((first, *later), batches, strict=True):
            check.observe_many(batch)
        for check in later:
            first.merge(check)
        return first

    return merge


def benchmarks(folder: Path) -> dict[str, Callable[[], object]]:
    """Every part by its name; the logs are made in *folder*."""
    plugins = registry()
    logs = {kind: one_megabyte(kind, folder)[0] for kind in RECIPES}
    found: dict[str, Callable[[], object]] = {}
    for kind, path in logs.items():
        found[f"parse {kind}"] = partial(scanned, path, plugins)
    batches = scanned(logs["dense"], plugins)
    for check in plugins.checks():
        found[f"{check.name}: observe_many, dense"] = _observing(check.name, batches)
        title = f"{check.name}: observe_many in {len(batches)} parts, and merge"
        found[title] = _observed_and_merged(check.name, batches)
    verdict = analyze(logs["dense"], registry=plugins, show_personal_data=True)
    found["JSON of a verdict with findings"] = lambda: to_text(verdict_to(verdict))
    return found


def _inherit(command: list[str], _arguments: object) -> None:
    """Let pyperf's workers import what this process imports."""
    command.extend(("--inherit-environ", "PYTHONPATH"))


def main() -> None:
    """Run all of them."""
    runner = pyperf.Runner(program_args=("-m", "bench.micro"), add_cmdline_args=_inherit)
    runner.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        for name, part in benchmarks(Path(folder)).items():
            runner.bench_func(name, part)


if __name__ == "__main__":
    main()
