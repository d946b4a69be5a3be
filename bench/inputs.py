"""The fixed inputs of the micro-benchmarks and of the work guard: one megabyte of each kind of log."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from attrs import evolve

from bench.logs import RECIPES, Known, Recipe, write_log
from kumon_observe.config.settings import Settings
from kumon_observe.engine.run import Run
from kumon_observe.model.rows import Batch
from kumon_observe.plugins.registry import Registry

_SIZE: Final = 1_000_000


def recipe(kind: str) -> Recipe:
    """One megabyte of *kind* in which many things go wrong."""
    return evolve(RECIPES[kind], size=_SIZE, parents=60, planted_every=23)


def one_megabyte(kind: str, folder: Path) -> tuple[Path, Known]:
    """A log of *kind* in *folder*, and what it holds.

    Raises:
        OSError: it cannot be written.
    """
    path = folder / f"{kind}.log"
    return path, write_log(path, recipe(kind))


def registry() -> Registry:
    """The built-in layouts and checks, whatever else is installed."""
    return Registry.load(Settings(), entry_points=False)


def scanned(path: Path, plugins: Registry) -> list[Batch]:
    """The batches that the engine gives to the checks."""
    return list(Run(specs=path, registry=plugins).sources.batches())
