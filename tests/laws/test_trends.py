"""A trend is made of what the check itself says of the log up to each step: nothing is lost between them."""

from __future__ import annotations

import tempfile
from datetime import timedelta
from itertools import chain, pairwise
from pathlib import Path

from attrs import evolve
from hypothesis import given, settings, strategies as st

from kumon_observe.engine.analyze import analyze, wanted_checks
from kumon_observe.engine.judge import Judging
from kumon_observe.engine.run import Run
from kumon_observe.engine.trends import STEPS, Trends, figure_of
from kumon_observe.model.board import Step
from tests.laws.logs import CONVS, a_conversation
from tests.laws.test_order_and_noise import interleaved
from tests.scenarios import START, Said, rendered

WIDTH = timedelta(minutes=1)
CHECKS = ("handoff", "instances", "delivery", "consistency")


@st.composite
def a_spread_log(draw: st.DrawFn) -> list[Said]:
    """Conversations whose records lie seconds or minutes apart, never back."""
    said = interleaved(draw(st.data()), [draw(a_conversation(conv)) for conv in CONVS])
    at, spread = START, []
    for record in said:
        at += timedelta(seconds=draw(st.sampled_from((0, 0, 0.01, 1, 20, 70, 200))))
        spread.append(evolve(record, at=at))
    return spread


def said_of(path: Path, log: list[Said]) -> dict[str, Step]:
    """What each check says of all of *log*."""
    path.write_bytes(rendered(log, "json"))
    found = {check.name: figure_of(check) for check in analyze(str(path), show_personal_data=True).checks}
    return {name: figure.of_all for name, figure in found.items() if figure is not None}


def less(one: Step, other: Step) -> Step | None:
    added = Step(one.part - other.part, one.whole - other.whole)
    return None if added == Step(0, 0) else added


@given(log=a_spread_log(), cuts=st.lists(st.integers(1, 40), max_size=8))
@settings(max_examples=50, deadline=None)
def test_each_step_is_the_difference_of_what_the_check_says_at_its_ends(
    log: list[Said], cuts: list[int]
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "app.log"
        path.write_bytes(rendered(log, "json"))
        run = Run(specs=str(path))
        rows = list(chain.from_iterable(run.sources.batches()))
        judging = Judging(wanted_checks(run.plugins, None))
        trends = Trends(judging.checks, STEPS * WIDTH)
        for begin, end in zip([0, *sorted(cuts)], [*sorted(cuts), len(rows)], strict=True):
            for part in trends.parts(rows[begin:end]):
                judging.observe(part)
        found = trends.trends()
        assert [trend.check for trend in found] == list(CHECKS)
        until = found[0].until
        assert until is not None
        ends = [until - n * WIDTH for n in reversed(range(STEPS + 1))]
        said = [said_of(path, [one for one in log if one.at < end]) for end in ends]
        for trend in found:
            added = [less(later[trend.check], earlier[trend.check]) for earlier, later in pairwise(said)]
            assert list(trend.steps) == added
