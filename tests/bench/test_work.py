"""The work for one megabyte stays under its ceilings; it is counted, so a noisy machine changes nothing."""

from __future__ import annotations

import pytest

from bench.logs import RECIPES
from bench.work import CEILINGS, ceilings, counted_apart

MEASURE_AGAIN = f"If that is meant, measure again (python -m bench.work --write) and commit {CEILINGS.name}."


@pytest.mark.parametrize("kind", RECIPES)
def test_the_work_for_a_megabyte_stays_under_its_ceiling(kind: str) -> None:
    work, ceiling = counted_apart(kind), ceilings()[kind]
    assert (work.size, work.traces) == (ceiling.size, ceiling.traces), (
        f"the generator writes another {kind} log than the ceilings were measured on. {MEASURE_AGAIN}"
    )
    within = (
        work.calls <= ceiling.calls
        and work.built_in_calls <= ceiling.built_in_calls
        and work.lines <= ceiling.lines
    )
    assert within, (
        f"a {kind} log takes more work than it did.\n  now:     {work.told()}\n  ceiling: {ceiling.told()}\n"
        f"python -m bench.work {kind} shows which functions are called. {MEASURE_AGAIN}"
    )


def test_the_work_is_the_same_in_every_run() -> None:
    assert counted_apart("sparse") == counted_apart("sparse")
