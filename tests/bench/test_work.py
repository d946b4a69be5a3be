"""The work for one megabyte stays under its ceilings; it is counted, so a noisy machine changes nothing."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bench.ceilings import CEILINGS, PYTHON, ceiling, write
from bench.logs import RECIPES
from bench.work import WAYS, counted_apart

MEASURE_AGAIN = f"If that is meant, measure again (python -m bench.work --write) and commit {CEILINGS.name}."
FIGURES = {"calls": 100, "built_in_calls": 1000, "lines": 10_000, "traces": 10, "size": 1_000_000}


@pytest.mark.parametrize("kind", RECIPES)
@pytest.mark.parametrize("way", WAYS)
def test_the_work_for_a_megabyte_stays_under_its_ceiling(way: str, kind: str) -> None:
    work, agreed = counted_apart(kind, way), ceiling(way, kind)
    assert (work.size, work.traces) == (agreed.size, agreed.traces), (
        f"the generator writes another {kind} log than the ceilings were measured on. {MEASURE_AGAIN}"
    )
    over = {
        name: f"{getattr(work, name):,} of {allowed:,}"
        for name, allowed in agreed.allowed.items()
        if getattr(work, name) > allowed
    }
    assert not over, (
        f"a {kind} log takes more work than it did ({way}): {over}\n{work.told()}\n"
        f"python -m bench.work {kind} shows which functions are called. {MEASURE_AGAIN}"
    )


def test_the_work_is_the_same_in_every_run() -> None:
    assert counted_apart("sparse") == counted_apart("sparse")


@pytest.fixture
def book(tmp_path: Path) -> Path:
    path = tmp_path / "ceilings.json"
    write({"pure": {"dense": FIGURES}}, "3.11", path)
    write({"pure": {"dense": FIGURES | {"calls": 200}}}, "3.13", path)
    return path


def test_a_python_that_was_measured_has_little_room(book: Path) -> None:
    found = ceiling("pure", "dense", "3.13", book)
    assert found.allowed == {"calls": 206, "built_in_calls": 1030, "lines": 10_300}
    assert (found.size, found.traces, found.measured_on) == (1_000_000, 10, "3.13")


def test_one_that_was_not_takes_the_nearest_with_more_room(book: Path) -> None:
    found = ceiling("pure", "dense", "3.14", book)
    assert (found.allowed["calls"], found.measured_on) == (250, "3.13")


def test_measuring_again_keeps_the_other_versions(book: Path) -> None:
    write({"pure": {"dense": FIGURES | {"calls": 50}}}, "3.13", book)
    kept = json.loads(book.read_text(encoding="utf-8"))
    assert [(python, ways["pure"]["dense"]["calls"]) for python, ways in kept.items()] == [
        ("3.11", 100),
        ("3.13", 50),
    ]


def test_what_nobody_measured_is_named(book: Path) -> None:
    with pytest.raises(LookupError, match="no ceiling for json logs, pure: measure it"):
        ceiling("pure", "json", PYTHON, book)
