"""How an incident begins, goes on and ends."""

from __future__ import annotations

from datetime import timedelta

import pytest

from kumon_observe.alerting.acts import Refused
from kumon_observe.model.incident import IncidentState
from kumon_observe.model.status import Status
from tests.alerting.world import World, data, delivered, losses, rate_rule, rule

BAD, GOOD, FEW = delivered(90, 100), delivered(99, 100), delivered(1, 19)


def test_a_critical_incident_stays_until_a_person_ends_it_and_the_watching_goes_on() -> None:
    world = World(rule(escalate=False), quiet_between=60)
    world.says(losses(1))
    world.later(3000).says(losses())
    assert world.one().state is IncidentState.FIRING
    assert world.says(losses(2)) == ["grew"]
    ended = world.resolve("ana", "rolled back")
    assert (ended.state, ended.by, ended.comment, ended.found) == (
        IncidentState.RESOLVED,
        "ana",
        "rolled back",
        2,
    )
    assert world.waiting()[-1] == ("resolved", "slack")


def test_a_rate_ends_by_itself_after_so_many_clear_evaluations_in_a_row() -> None:
    world = World(rate_rule(clear_times=2))
    assert world.says(BAD) == ["fired"]
    assert world.later(300).says(GOOD) == []
    assert world.later(300).says(BAD) == []
    assert world.later(300).says(GOOD) == []
    assert world.later(300).says(GOOD) == ["resolved"]
    assert world.open() == []
    assert world.told[-1].until == world.now


def test_the_end_may_need_more_than_the_threshold() -> None:
    world = World(rate_rule(clear_times=1, clear_at=">= 98%"))
    world.says(BAD)
    assert world.says(delivered(9799, 10_000)) == []
    assert world.says(delivered(9800, 10_000)) == ["resolved"]


def test_missing_data_holds_everything_as_it_is() -> None:
    world = World(rate_rule(clear_times=2, times=2))
    world.says(BAD)
    assert world.says(delivered(0, 0)) == []
    assert world.one().state is IncidentState.PENDING
    assert world.says(BAD) == ["fired"]
    world.says(GOOD)
    assert world.says(delivered(0, 0)) == []
    assert world.says(FEW) == []
    assert world.one().state is IncidentState.FIRING
    assert world.says(GOOD) == ["resolved"]


def test_a_check_that_gives_no_answer_holds_everything_too() -> None:
    world = World(rate_rule())
    world.says(BAD)
    world.results["delivery"] = None
    assert world.alerting.evaluate(world.now, world, ["delivery"]) == []
    assert world.one().state is IncidentState.FIRING


def test_missing_data_is_an_incident_of_its_own_rule() -> None:
    world = World()
    world.says(BAD)
    assert world.says(data(Status.UNKNOWN)) == []
    assert world.later(240).says(data(Status.UNKNOWN)) == []
    assert "data" not in world.later(59).alerting.due(world.now)
    assert "data" in world.later(1).alerting.due(world.now)
    assert world.says(data(Status.UNKNOWN)) == ["fired"]
    assert [incident.rule for incident in world.open()] == ["data", "delivery"]
    assert world.says(data(Status.OK)) == ["resolved"]
    assert [incident.rule for incident in world.open()] == ["delivery"]


def test_too_few_samples_break_nothing() -> None:
    world = World(rate_rule())
    assert world.says(FEW) == []
    assert world.says(delivered(1, 20)) == ["fired"]


def test_it_fires_after_so_many_evaluations_in_a_row() -> None:
    world = World(rate_rule(times=3))
    world.says(BAD), world.says(BAD)
    assert world.one().state is IncidentState.PENDING
    world.says(GOOD)
    assert world.open() == []
    world.says(BAD), world.says(BAD)
    assert world.says(BAD) == ["fired"]


def test_it_fires_when_it_was_broken_for_long_enough_though_nobody_looked_again() -> None:
    world = World(rate_rule(for_=60, every=300))
    assert world.says(BAD) == []
    assert world.alerting.next_due(world.now) == world.now + timedelta(seconds=60)
    assert world.after(59) == []
    assert "delivery" not in world.alerting.due(world.now)
    world.later(1)
    assert world.alerting.due(world.now) == ("delivery",)
    assert world.after(0) == ["fired"]


def test_what_is_over_when_its_time_has_come_never_fires() -> None:
    world = World(rate_rule(for_=60))
    world.says(BAD)
    assert world.later(60).says(GOOD) == []
    assert world.after(0) == []
    assert world.open() == []


def test_a_rate_that_is_still_bad_after_a_person_ended_it_begins_anew() -> None:
    world = World(rate_rule())
    world.says(BAD)
    first = world.resolve()
    assert world.later(300).says(BAD) == ["fired"]
    assert world.one().id != first.id


def test_growth_is_told_at_most_so_often_and_the_last_of_it_always() -> None:
    world = World(rule(escalate=False), quiet_between=60)
    world.says(losses(1))
    assert world.later(30).says(losses(1, 2)) == []
    assert world.later(20).says(losses(1, 2, 3)) == []
    assert world.alerting.next_due(world.now) == world.now + timedelta(seconds=10)
    assert world.after(10) == ["grew"]
    assert world.told[-1].found == 3
    assert world.after(60) == []


def test_an_incident_that_goes_on_is_repeated() -> None:
    world = World(rate_rule(repeat=3600))
    world.says(BAD)
    assert world.after(3599) == []
    assert world.after(1) == ["repeated"]
    assert world.after(3599) == []
    assert world.after(1) == ["repeated"]


def test_nothing_is_repeated_where_that_is_not_wanted() -> None:
    world = World(rate_rule(repeat=0))
    world.says(BAD)
    assert world.after(1e6) == []


def test_nobody_acknowledging_it_escalates_it_twice() -> None:
    world = World(rule())
    world.says(losses(1))
    assert world.after(119) == []
    assert world.alerting.next_due(world.now) == world.now + timedelta(seconds=1)
    assert world.after(1) == ["escalated"]
    assert world.after(179) == []
    assert world.after(1) == ["escalated"]
    assert [alert.level for alert in world.told] == [0, 1, 2]
    assert world.after(3599) == []


def test_growth_between_escalations_delays_none() -> None:
    world = World(rule(), quiet_between=1)
    world.says(losses(1))
    world.later(119).says(losses(1, 2))
    assert world.after(1) == ["escalated"]


def test_a_watch_that_slept_through_both_escalations_tells_the_higher_one() -> None:
    world = World(rule())
    world.says(losses(1))
    world.restart()
    assert world.after(400) == ["escalated"]
    assert world.told[-1].level == 2
    assert world.after(0) == []


def test_an_acknowledgement_ends_escalation_and_repeats() -> None:
    world = World(rule(), quiet_between=60)
    world.says(losses(1))
    incident = world.later(60).ack("ana", "on it")
    assert (incident.state, incident.by, incident.comment) == (IncidentState.ACKNOWLEDGED, "ana", "on it")
    assert world.waiting()[-1] == ("acknowledged", "slack")
    assert world.after(100_000) == []


def test_what_grows_while_somebody_has_it_is_told_seldom() -> None:
    world = World(rule(repeat=3600), quiet_between=60)
    world.says(losses(1))
    world.ack()
    told = [news for n in range(2, 62) for news in world.later(60).says(losses(*range(1, n + 1)))]
    assert told == ["grew"]
    assert world.one().state is IncidentState.ACKNOWLEDGED


def test_what_grows_after_it_was_quiet_for_long_is_nobodys_again() -> None:
    world = World(rule(repeat=3600))
    world.says(losses(1))
    world.ack()
    assert world.later(3600).says(losses(1, 2)) == ["grew"]
    incident = world.one()
    assert (incident.state, incident.by) == (IncidentState.FIRING, "")
    assert world.after(120) == ["escalated"]


def test_who_acknowledges_after_another_takes_it_over() -> None:
    world = World(rule())
    world.says(losses(1))
    world.ack("ana")
    assert world.ack("bia").by == "bia"


def test_the_end_is_told_with_who_ended_it_and_a_machine_has_no_name() -> None:
    world = World(rate_rule(clear_times=1))
    world.says(BAD)
    world.ack("ana")
    assert world.says(GOOD) == ["resolved"]
    assert (world.told[-1].by, str(world.told[-1].summary)) == ("", "99 of 100 delivered")


@pytest.mark.parametrize(
    ("act", "why"),
    [
        (World.ack, "the incident {id} is over: nobody has to acknowledge it"),
        (World.resolve, "the incident {id} is over already"),
    ],
)
def test_what_is_over_can_be_neither_acknowledged_nor_ended(act: object, why: str) -> None:
    from kumon_observe.alerting import acts

    world = World(rule())
    world.says(losses(1))
    ended = world.resolve()
    does = acts.acknowledge if act is World.ack else acts.resolve
    with pytest.raises(Refused) as refused:
        does(world.settings, world.book, world.now, ended.id, by="ana")
    assert str(refused.value) == why.format(id=ended.id)


def test_what_is_pending_cannot_be_acknowledged() -> None:
    world = World(rate_rule(times=2))
    world.says(BAD)
    with pytest.raises(Refused, match="is pending: nobody was told of it yet"):
        world.ack()


def test_an_incident_of_a_rule_that_is_gone_can_still_be_ended() -> None:
    world = World(rule())
    world.says(losses(1))
    without = World(rate_rule(), book=world.book)
    assert without.after(10_000) == []
    assert without.resolve().state is IncidentState.RESOLVED


def test_old_incidents_are_forgotten() -> None:
    from kumon_observe.state import incidents

    world = World(rate_rule(clear_times=1), keep=1000)
    for _ in range(3):
        world.later(600).says(BAD)
        world.later(600).says(GOOD)
    with world.book.reading() as connection:
        assert len(incidents.ended_incidents(connection, 10)) == 1


def test_growth_soon_after_an_acknowledgement_belongs_to_whoever_has_it() -> None:
    world = World(rule(repeat=3600, escalate=False))
    world.says(losses(1))
    world.later(3500).ack()
    assert world.later(100).says(losses(1, 2)) == []
    assert world.one().state is IncidentState.ACKNOWLEDGED
