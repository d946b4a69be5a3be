from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from kumon_observe.engine.analyze import wanted_checks
from kumon_observe.engine.judge import Judging
from kumon_observe.engine.run import Run
from kumon_observe.engine.trends import STEPS, Trends, figure_of
from kumon_observe.model.board import Step, Trend
from kumon_observe.model.evidence import CheckResult
from kumon_observe.model.status import Status
from kumon_observe.model.threshold import Threshold
from tests.scenarios import Story

QUARTER = 900.0


def trends_of(path: Path, story: Story, *, layout: str = "json", span: float = 6.0) -> dict[str, Trend]:
    """The trends of all checks over *span* hours of the log that *story* left."""
    path.write_bytes(story.render(layout))
    run = Run(specs=str(path))
    judging = Judging(wanted_checks(run.plugins, None))
    trends = Trends(judging.checks, timedelta(hours=span))
    for batch in run.sources.batches():
        for part in trends.parts(batch):
            judging.observe(part)
    return {trend.check: trend for trend in trends.trends()}


def last(trend: Trend, n: int = 4) -> list[Step | None]:
    return list(trend.steps[-n:])


@pytest.fixture
def log(tmp_path: Path) -> Path:
    return tmp_path / "app.log"


def test_each_step_has_what_it_added(log: Path) -> None:
    story = Story().others(3).turn("ana", 1, 0).at(QUARTER).others(2, "late").turn("bia", 1, ok=False)
    found = trends_of(log, story)
    assert last(found["handoff"]) == [None, None, Step(1, 4), Step(0, 3)]
    assert last(found["instances"]) == [None, None, Step(0, 9), Step(0, 9)]
    assert last(found["delivery"]) == [None, None, Step(3, 3), Step(2, 3)]
    assert last(found["consistency"]) == [None, None, Step(4, 4), Step(3, 3)]


def test_a_step_without_traces_is_a_gap(log: Path) -> None:
    found = trends_of(log, Story().others(2).at(2 * QUARTER).others(1))
    assert last(found["delivery"]) == [None, Step(2, 2), None, Step(1, 1)]
    assert last(found["handoff"]) == [None, Step(0, 2), None, Step(0, 1)]


def test_a_turn_over_the_end_of_a_step_is_no_loss(log: Path) -> None:
    story = Story().others(1).at(QUARTER - 2).planning("ana").at(QUARTER + 1).delivery("ana").sent("ana")
    found = trends_of(log, story.others(1, "after"))
    assert last(found["handoff"], 2) == [Step(0, 2), Step(0, 1)]
    assert last(found["delivery"], 2) == [Step(1, 1), Step(2, 2)]


def test_what_lies_before_the_span_is_in_no_step(log: Path) -> None:
    found = trends_of(log, Story().turn("ana", 1, 0).at(30 * QUARTER).others(1))
    assert found["handoff"].steps == (*[None] * (STEPS - 1), Step(0, 1))


def test_steps_end_with_that_of_the_latest_trace(log: Path) -> None:
    trend = trends_of(log, Story().others(1).at(70).others(1, "b"))["delivery"]
    assert trend.width == timedelta(minutes=15)
    assert trend.until == datetime(2025, 1, 15, 10, 15, tzinfo=UTC)


def test_a_time_that_goes_back_belongs_to_the_step_before_it(log: Path) -> None:
    found = trends_of(log, Story().at(QUARTER).others(1).at(QUARTER - 60).others(1, "b"))
    assert last(found["delivery"], 2) == [None, Step(2, 2)]


def test_without_times_there_is_no_step(log: Path) -> None:
    found = trends_of(log, Story().others(2), layout="basic")
    assert {trend.steps for trend in found.values()} == {(None,) * STEPS}
    assert {trend.until for trend in found.values()} == {None}


def test_a_check_that_judges_the_past_otherwise_than_before_forgets_its_steps(log: Path) -> None:
    """With twenty pairs an outbox that always differs proves to be copied: it says nothing."""
    story = Story()
    for number in range(25):
        story.at(number * QUARTER).planning(f"c{number}").delivery(f"c{number}", outbox="7")
    steps = trends_of(log, story)["consistency"].steps
    assert steps[-6:] == (None, Step(1, 1), Step(1, 1), Step(1, 1), Step(1, 1), Step(1, 1))
    assert set(steps[:-6]) == {None}


def result(**values: Any) -> CheckResult:
    return CheckResult(name="own", status=Status.OK, summary="it is well", **values)


@pytest.mark.parametrize(
    ("check", "figure"),
    [
        (result(details={"rate": [3, 4]}), (True, Step(3, 4))),
        (result(counts={"pairs": 9, "inconsistent": 2}), (True, Step(7, 9))),
        (result(value=2, threshold=Threshold(max=0), counts={"seen": 5}), (False, Step(2, 5))),
        (result(value=None, threshold=Threshold(max=0), counts={"turns": 0}), (False, Step(0, 0))),
        (result(value=0.7), None),
        (result(value=2, threshold=Threshold(max=0)), None),
    ],
)
def test_a_figure_is_a_ratio_of_counts_or_a_count(check: CheckResult, figure: Any) -> None:
    assert figure_of(check) == figure


def test_a_check_without_a_figure_has_no_trend() -> None:
    class Own:
        name = "own"

        def observe(self, event: object) -> None:
            pass

        def merge(self, later: object) -> None:
            pass

        def result(self, now: datetime | None) -> CheckResult:
            return result(value=0.7)

    checks: Iterable[Any] = [Own()]
    assert Trends(Judging(checks).checks).trends() == ()
