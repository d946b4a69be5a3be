"""What comes and goes is damped, said once, and its end is told."""

from __future__ import annotations

from tests.alerting.test_life import BAD, GOOD
from tests.alerting.world import World, delivered, losses, rate_rule, rule


def flap(world: World, times: int) -> list[str]:
    return [news for _ in range(times) for result in (BAD, GOOD) for news in world.later(60).says(result)]


def test_it_is_said_once_and_then_nothing_until_it_stays_away() -> None:
    world = World(rate_rule(clear_times=1), flap_changes=4, flap_window=3600)
    assert flap(world, 3) == ["fired", "resolved"] * 3
    assert flap(world, 20) == ["flapping"]
    (incident,) = world.open()
    assert incident.flapping
    assert world.later(3500).says(GOOD) == []
    assert world.later(100).says(GOOD) == ["resolved"]
    assert world.told[-1].incident == incident.id
    assert flap(world, 1) == ["fired", "resolved"]


def test_neither_repeats_nor_growth_are_told_of_it_but_escalations_are() -> None:
    world = World(rate_rule(clear_times=1, escalate=True), flap_changes=2, flap_window=7200)
    flap(world, 1)
    assert world.says(BAD) == ["flapping"]
    assert world.after(120) == ["escalated"]
    assert world.after(180) == ["escalated"]
    assert world.after(3600) == []


def test_one_that_stays_is_an_ordinary_incident_again() -> None:
    world = World(rate_rule(clear_times=1, repeat=1800), flap_changes=2, flap_window=3600)
    flap(world, 1)
    world.says(BAD)
    assert world.later(1800).says(BAD) == []
    assert world.later(1800).says(BAD) == ["repeated"]
    assert not world.one().flapping
    assert world.says(GOOD) == ["resolved"]


def test_missing_data_is_no_sign_that_it_stays_away() -> None:
    world = World(rate_rule(clear_times=1), flap_changes=2, flap_window=3600)
    flap(world, 1)
    world.says(BAD)
    world.later(60).says(GOOD)
    assert world.later(3600).says(delivered(0, 0)) == []
    assert world.later(1).says(GOOD) == ["resolved"]


def test_beginnings_long_ago_do_not_count() -> None:
    world = World(rate_rule(clear_times=1), flap_changes=2, flap_window=3600)
    assert flap(world, 1) == ["fired", "resolved"]
    assert flap(world.later(3600), 1) == ["fired", "resolved"]


def test_what_only_a_person_ends_never_counts_as_flapping() -> None:
    world = World(rule(), flap_changes=2)
    for n in range(1, 6):
        assert world.later(60).says(losses(*range(1, n + 1))) == ["fired"]
        world.resolve()
