"""A clock that jumps makes nothing fail, nothing told twice and nothing lost."""

from __future__ import annotations

from datetime import timedelta

from tests.alerting.test_life import BAD, GOOD
from tests.alerting.world import World, losses, rate_rule, rule


def test_a_clock_set_back_loses_no_escalation_and_doubles_none() -> None:
    world = World(rule())
    world.says(losses(1))
    world.after(120)
    world.after(-86_400)
    assert world.after(179) == []
    told = [news for _ in range(10) for news in world.after(60)]
    assert told == ["escalated"]
    assert world.told[-1].level == 2


def test_a_clock_set_forward_escalates_once() -> None:
    world = World(rule())
    world.says(losses(1))
    assert world.after(86_400) == ["escalated"]
    assert world.after(1) == []
    assert world.told[-1].level == 2


def test_a_clock_set_back_makes_rules_due_and_not_late() -> None:
    world = World(rate_rule(every=300))
    world.says(GOOD)
    world.later(-3600)
    assert world.alerting.due(world.now) == ("delivery",)
    assert world.alerting.next_due(world.now) == world.now
    world.says(GOOD)
    assert world.alerting.due(world.later(300).now) == ("delivery",)


def test_what_is_pending_fires_after_its_time_though_the_clock_was_set_back() -> None:
    world = World(rate_rule(for_=60))
    world.says(BAD)
    world.later(-7200).says(BAD)
    assert world.later(60).says(BAD) == ["fired"]


def test_repeats_and_growth_go_on_after_the_clock_was_set_back() -> None:
    world = World(rule(escalate=False, repeat=600), quiet_between=60)
    world.says(losses(1))
    assert world.later(-3600).says(losses(1, 2)) == []
    assert world.after(60) == ["grew"]
    assert world.after(600) == ["repeated"]


def test_an_acknowledgement_by_a_clock_that_is_ahead_holds() -> None:
    world = World(rule())
    world.says(losses(1))
    world.later(3600).ack()
    world.later(-3600)
    assert world.after(0) == []
    assert world.after(10_000) == []
    assert world.one().told == world.now - timedelta(seconds=10_000)


def test_what_stays_away_is_over_in_time_though_the_clock_was_set_back() -> None:
    world = World(rate_rule(clear_times=1), flap_changes=1, flap_window=3600)
    assert world.says(BAD) == ["flapping"]
    world.later(60).says(GOOD)
    assert world.later(-86_400).says(GOOD) == []
    assert world.later(3600).says(GOOD) == ["resolved"]
