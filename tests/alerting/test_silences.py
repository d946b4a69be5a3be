"""Silences: nothing is told, nothing is lost."""

from __future__ import annotations

import pytest

from kumon_observe.alerting import acts
from kumon_observe.alerting.acts import Refused
from kumon_observe.config.alerting import RouteSettings
from kumon_observe.model.incident import IncidentState
from tests.alerting.test_life import BAD, GOOD
from tests.alerting.test_rules import BURN as BURNING
from tests.alerting.world import World, delivered, losses, rate_rule, rule


def test_what_begins_under_a_silence_is_told_at_its_end_if_it_still_goes_on() -> None:
    world = World(rate_rule())
    world.silence("delivery", 3600)
    assert world.says(BAD) == []
    assert world.one().state is IncidentState.FIRING
    assert world.alerting.next_due(world.now) == world.now.replace(minute=5)
    assert world.after(3599) == []
    assert world.after(1) == ["fired"]


def test_what_began_and_ended_under_a_silence_is_not_told() -> None:
    world = World(rate_rule(clear_times=1))
    world.silence("delivery")
    assert world.says(BAD) + world.says(GOOD) == []
    assert world.after(3600) == []
    assert world.waiting() == []


def test_the_end_of_what_was_told_is_told_under_a_silence_too() -> None:
    world = World(rate_rule(clear_times=1))
    world.says(BAD)
    world.silence("delivery")
    assert world.says(GOOD) == ["resolved"]


def test_what_went_on_through_a_silence_is_told_again_at_its_end() -> None:
    world = World(rate_rule(repeat=600))
    world.says(BAD)
    world.silence("delivery", 3600)
    assert world.after(3000) == []
    assert world.after(600) == ["repeated"]


def test_what_grew_under_a_silence_is_told_at_its_end_with_all_of_it() -> None:
    world = World(rule())
    world.says(losses(1))
    world.silence("handoff", 3600)
    assert world.later(600).says(losses(1, 2)) == []
    assert world.later(600).says(losses(1, 2, 3)) == []
    assert world.after(2400) == ["grew"]
    assert world.told[-1].found == 3


def test_nobody_is_waited_for_under_a_silence_and_the_wait_begins_at_its_end() -> None:
    world = World(rule())
    world.says(losses(1))
    world.silence("handoff", 600)
    assert world.after(300) == []
    assert world.after(300) == ["repeated"]
    assert world.after(119) == []
    assert world.after(1) == ["escalated"]


def test_a_silence_of_all_does_not_hide_a_critical_loss() -> None:
    world = World({**rule(), **rate_rule()})
    world.silence("", 3600)
    assert world.says(losses(1)) == ["fired"]
    assert world.says(BAD) == []


def test_a_critical_rule_is_silenced_by_its_name_and_what_began_is_told_at_the_end() -> None:
    world = World(rule())
    world.silence("handoff", 3600)
    assert world.says(losses(1)) == []
    assert world.after(3600) == ["fired"]


def test_one_rules_silence_leaves_the_others_alone() -> None:
    world = World({**rule(), **rate_rule()})
    world.silence("handoff")
    assert world.says(BAD) == ["fired"]


def test_the_later_of_two_silences_counts() -> None:
    world = World(rate_rule())
    world.silence("delivery", 60)
    world.silence("", 600)
    world.says(BAD)
    assert world.after(60) == []
    assert world.after(540) == ["fired"]


def test_a_silence_can_be_ended_before_its_time() -> None:
    world = World(rate_rule())
    made = world.silence("delivery", 3600)
    world.says(BAD)
    ended = acts.end_silence(world.book, world.later(60).now, made.id[:3])
    assert ended.until == world.now
    assert world.after(0) == ["fired"]


def test_an_acknowledged_incident_stays_quiet_after_a_silence() -> None:
    world = World(rate_rule())
    world.says(BAD)
    world.ack()
    world.silence("delivery", 60)
    world.after(30)
    assert world.after(30) == []


def test_a_silence_outlives_a_restart() -> None:
    world = World(rate_rule())
    world.silence("delivery", 3600)
    world.restart()
    assert world.says(BAD) == []
    world.restart()
    assert world.after(3600) == ["fired"]


def test_wrong_silences_are_refused_with_what_to_do() -> None:
    world = World(rule())
    with pytest.raises(Refused, match="there is no rule 'handof': use one of handoff"):
        world.silence("handof")
    with pytest.raises(Refused, match="a silence cannot end before it begins: give a later time"):
        world.silence("handoff", 0)
    for _ in range(32):
        world.later(60).silence("handoff", 7200)
    with pytest.raises(Refused, match=r"'' may be .{4,}, .*: write more of it"):
        acts.end_silence(world.book, world.now, "")
    with pytest.raises(Refused, match="no silence has the id 'zzz': kumon-observe alerts list"):
        acts.end_silence(world.book, world.now, "zzz")


def both() -> World:
    return World({**rate_rule(clear_times=1), **BURNING})


def burn(world: World, good: int) -> list[str]:
    world.rates = {("delivery", 3600.0): (good, 100), ("delivery", 300.0): (good, 100)}
    return world.says(delivered(good, 100))


def test_a_graver_incident_of_the_same_check_is_told_alone() -> None:
    world = both()
    assert burn(world, 10) == ["fired"]
    assert world.told[0].rule == "burn"
    assert {incident.rule for incident in world.open()} == {"burn", "delivery"}
    assert world.after(120) == ["escalated"]
    assert world.after(180) == ["escalated"]


def test_what_is_left_when_the_graver_incident_ends_is_told_then() -> None:
    world = both()
    burn(world, 10)
    assert burn(world.later(60), 90) == ["resolved", "fired"]
    assert [alert.rule for alert in world.told] == ["burn", "burn", "delivery"]
    assert burn(world.later(60), 99) == ["resolved"]


def test_what_ends_together_is_told_once() -> None:
    world = both()
    burn(world, 10)
    assert burn(world.later(60), 99) == ["resolved"]
    assert world.open() == []


def test_whoever_would_not_hear_of_the_graver_incident_is_told_of_the_lesser() -> None:
    world = World(
        {**rate_rule(), **BURNING},
        routes={"team": RouteSettings(rules=("delivery",))},
        sinks=("team", "boss"),
    )
    assert burn(world, 10) == ["fired", "fired"]


def test_a_silenced_graver_incident_hides_no_lesser_one() -> None:
    world = both()
    world.silence("burn", 600)
    assert burn(world, 10) == ["fired"]
    assert world.told[0].rule == "delivery"
    other = both()
    burn(other, 10)
    other.silence("burn", 600)
    assert other.after(0) == ["fired"]
    assert other.told[-1].rule == "delivery"
