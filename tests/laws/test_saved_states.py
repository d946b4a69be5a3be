"""A check that is saved, read back and goes on gives the answer of one pass, wherever that happens."""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable, Sequence
from typing import Any

import pytest
from hypothesis import example, given, settings, strategies as st

from kumon_observe.checks.consistency import ConsistencyCheck
from kumon_observe.checks.delivery import DeliveryCheck
from kumon_observe.checks.handoff import HandoffCheck
from kumon_observe.checks.instances import InstancesCheck
from kumon_observe.checks.journaled import JournaledCheck
from kumon_observe.config.settings import (
    ConsistencySettings,
    DeliverySettings,
    HandoffSettings,
    InstanceSettings,
)
from kumon_observe.model.apart import Apart
from kumon_observe.model.events import TraceEvent
from kumon_observe.model.moments import to_datetime
from kumon_observe.parsing.compiled import CompiledScanner
from kumon_observe.parsing.scan import Scanner
from tests.laws.logs import a_log, last_time
from tests.laws.test_folding import LAYOUTS, LIMIT, OPTIONS, ROOM, a_story, blocks, learnt
from tests.scenarios import Story

MAKERS: dict[str, Callable[[int], JournaledCheck]] = {
    "handoff": lambda room: HandoffCheck(
        HandoffSettings(max_open=room, keep_open=86_400 if room > 3 else 4000)
    ),
    "instances": lambda room: InstancesCheck(InstanceSettings(max_tracked=room)),
    "delivery": lambda room: DeliveryCheck(DeliverySettings(max_open=room)),
    "consistency": lambda room: ConsistencyCheck(ConsistencySettings(max_open=room)),
}


def fresh(room: int) -> list[JournaledCheck]:
    made = [maker(room) for maker in MAKERS.values()]
    for check in made:
        check.at_log_start()
    return made


def kept(check: JournaledCheck, room: int) -> JournaledCheck:
    """What another process makes of the state of *check*."""
    return MAKERS[check.name](room).resumed(json.loads(json.dumps(check.saved())))


def answers(scanner: Scanner, data: Sequence[bytes], room: int, *, fold: bool, saving: bool) -> list[object]:
    """What the checks say of the blocks; with *saving* they are saved and read back after each."""
    judged = fresh(room)
    if fold:
        scanner.fold(lambda: Apart.of_all(check.apart for check in judged), None)
    for batch in itertools.chain(map(scanner.feed, data), (scanner.finish() for _ in range(1))):
        for check in judged:
            check.observe_many(batch)
        if saving:
            judged = [kept(check, room) for check in judged]
    now = None if scanner.tally.last is None else to_datetime(scanner.tally.last)
    return [check.result(now) for check in judged]


@pytest.mark.parametrize("fold", [False, True])
@given(
    story=a_story(),
    layout=st.sampled_from(LAYOUTS),
    cuts=st.lists(st.integers(0, 100_000), min_size=1, max_size=5),
    room=st.sampled_from(ROOM),
)
@example(story=Story().turn("ana").others(3).guard("ana"), layout="dash", cuts=[1], room=500)
@settings(max_examples=300, deadline=LIMIT)
def test_a_saved_check_goes_on_as_if_nothing_had_been(
    story: Story, layout: str, cuts: list[int], room: int, *, fold: bool
) -> None:
    data = [learnt(layout), *blocks(story.render(layout), cuts)]
    kind = CompiledScanner if fold else Scanner
    whole = answers(kind(OPTIONS), data, room, fold=fold, saving=False)
    assert answers(kind(OPTIONS), data, room, fold=fold, saving=True) == whole


@pytest.mark.parametrize("name", MAKERS)
@given(log=a_log(), cuts=st.lists(st.integers(0, 40), min_size=1, max_size=3), room=st.sampled_from(ROOM))
@settings(max_examples=200, deadline=LIMIT)
def test_any_events_may_stand_around_the_saving(
    name: str, log: list[TraceEvent], cuts: list[int], room: int
) -> None:
    rows = [event.row() for event in log]
    whole = MAKERS[name](room)
    whole.at_log_start()
    whole.observe_many(rows)
    check = MAKERS[name](room)
    check.at_log_start()
    for start, stop in itertools.pairwise([0, *sorted(cuts), len(rows)]):
        check.observe_many(rows[start:stop])
        check = kept(check, room)
    assert check.result(last_time(log)) == whole.result(last_time(log))


@given(story=a_story(), layout=st.sampled_from(LAYOUTS), cuts=st.lists(st.integers(0, 100_000), max_size=3))
@settings(max_examples=100, deadline=LIMIT)
def test_saving_changes_nothing_and_what_was_read_back_saves_the_same(
    story: Story, layout: str, cuts: list[int]
) -> None:
    scanner = CompiledScanner(OPTIONS)
    judged = fresh(500)
    scanner.fold(lambda: Apart.of_all(check.apart for check in judged), None)
    for block in (learnt(layout), *blocks(story.render(layout), cuts)):
        batch = scanner.feed(block)
        for check in judged:
            check.observe_many(batch)
    for check in judged:
        first, second = check.saved(), check.saved()
        assert plain(second) == plain(first)
        assert plain(kept(check, 500).saved()) == plain(first)


def plain(saved: Any) -> Any:
    """What *saved* says, whatever the order of tables in it."""
    return json.loads(json.dumps(saved))
