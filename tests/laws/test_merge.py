"""Splitting a log anywhere and merging gives the answer of one pass, for each of the four checks."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings, strategies as st

from kumon_observe.checks.consistency import ConsistencyCheck
from kumon_observe.checks.delivery import DeliveryCheck
from kumon_observe.checks.handoff import HandoffCheck
from kumon_observe.checks.instances import InstancesCheck
from kumon_observe.config.settings import CheckSettings
from kumon_observe.model.events import TraceEvent
from kumon_observe.model.evidence import CheckResult
from tests.laws.logs import a_log, last_time

OPTIONS = CheckSettings()
CHECKS: dict[str, Callable[[], Any]] = {
    "handoff": lambda: HandoffCheck(OPTIONS.handoff),
    "instances": lambda: InstancesCheck(OPTIONS.instances),
    "delivery": lambda: DeliveryCheck(OPTIONS.delivery),
    "consistency": lambda: ConsistencyCheck(OPTIONS.consistency),
}


def one_pass(name: str, log: Sequence[TraceEvent]) -> CheckResult:
    """The answer of one check that sees all."""
    check = CHECKS[name]()
    check.observe_many([event.row() for event in log])
    return check.result(last_time(log))  # type: ignore[no-any-return]


def merged(name: str, log: Sequence[TraceEvent], cuts: Sequence[int], *, from_the_right: bool) -> CheckResult:
    """The answer of checks that see a part each, merged in log order."""
    bounds = [0, *sorted(cuts), len(log)]
    parts = []
    for start, stop in pairwise(bounds):
        check = CHECKS[name]()
        check.observe_many([event.row() for event in log[start:stop]])
        parts.append(check)
    if from_the_right:
        while len(parts) > 1:
            later = parts.pop()
            parts[-1].merge(later)
    else:
        for later in parts[1:]:
            parts[0].merge(later)
    return parts[0].result(last_time(log))  # type: ignore[no-any-return]


@pytest.mark.parametrize("name", CHECKS)
@given(log=a_log(), data=st.data(), from_the_right=st.booleans())
@settings(max_examples=150, deadline=None)
def test_a_log_split_anywhere_and_merged_gives_the_answer_of_one_pass(
    name: str, log: list[TraceEvent], data: st.DataObject, from_the_right: bool
) -> None:
    cuts = data.draw(st.lists(st.integers(0, len(log)), max_size=3), label="cuts")
    whole = one_pass(name, log)
    parts = merged(name, log, cuts, from_the_right=from_the_right)
    assert parts.counts == whole.counts
    assert parts == whole


@pytest.mark.parametrize("name", CHECKS)
@given(log=a_log(most=25))
@settings(max_examples=60, deadline=None)
def test_event_by_event_and_batch_by_batch_are_one(name: str, log: list[TraceEvent]) -> None:
    check = CHECKS[name]()
    for event in log:
        check.observe(event)
    assert check.result(last_time(log)) == one_pass(name, log)


@pytest.mark.parametrize("name", CHECKS)
@given(log=a_log(most=25))
@settings(max_examples=60, deadline=None)
def test_asking_twice_gives_the_same_answer_and_asking_early_changes_none(
    name: str, log: list[TraceEvent]
) -> None:
    check = CHECKS[name]()
    for event in log:
        check.observe(event)
        check.result(event.at)
    assert check.result(last_time(log)) == check.result(last_time(log)) == one_pass(name, log)


@pytest.mark.parametrize("name", CHECKS)
def test_a_check_that_knows_that_nothing_stands_before_it_answers_the_same(name: str) -> None:
    @given(log=a_log(), cut=st.integers(0, 40))
    @settings(max_examples=60, deadline=None)
    def law(log: list[TraceEvent], cut: int) -> None:
        first, later = CHECKS[name](), CHECKS[name]()
        first.at_log_start()
        first.observe_many([event.row() for event in log[:cut]])
        later.observe_many([event.row() for event in log[cut:]])
        first.merge(later)
        assert first.result(last_time(log)) == one_pass(name, log)

    law()
