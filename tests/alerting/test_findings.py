"""Old findings are never told anew, and a new one is never missed, however the log is read again."""

from __future__ import annotations

from datetime import timedelta

import pytest
from attrs import evolve

from kumon_observe.alerting.findings import identities
from kumon_observe.config.settings import CheckSettings, HandoffSettings
from kumon_observe.model.evidence import Key
from kumon_observe.model.status import Status
from kumon_observe.testing import Story, judged
from tests.alerting.world import NOON, World, loss, losses, rule


def test_the_first_finding_fires_at_once() -> None:
    world = World(rule())
    assert world.says(losses()) == []
    assert world.says(losses(1)) == ["fired"]
    (alert,) = world.told
    assert (alert.rule, alert.found, alert.since) == ("handoff", 1, loss(1).at)


def test_what_was_there_before_the_first_look_is_told_once() -> None:
    world = World(rule())
    assert world.says(losses(1, 2, 3)) == ["fired"]
    assert world.told[0].found == 3
    assert world.says(losses(1, 2, 3)) == []


def test_a_lost_cursor_reads_everything_again_and_tells_nothing_anew() -> None:
    world = World(rule())
    world.says(losses(1, 2, 3))
    world.resolve()
    world.restart()
    for n in range(4):
        assert world.later(1).says(losses(*range(1, n + 1))) == []
    assert world.open() == []
    assert world.says(losses(1, 2, 3, 4)) == ["fired"]
    assert world.one().found == 1


def test_a_finding_that_came_while_everything_was_read_again_is_found_by_the_count() -> None:
    world = World(rule())
    world.says(losses(1, 2, omitted=148))
    world.resolve()
    assert world.says(losses(1, 2, omitted=40)) == []
    assert world.says(losses(1, 2, omitted=148)) == []
    assert world.says(losses(1, 2, omitted=149)) == ["fired"]
    assert world.one().found == 1


def test_after_the_log_was_archived_a_smaller_count_hides_no_new_finding() -> None:
    world = World(rule())
    world.says(losses(1, 2, 3))
    world.resolve()
    assert world.says(losses()) == []
    assert world.says(losses(4)) == ["fired"]
    assert world.one().found == 1


def test_after_an_archiving_findings_that_were_not_listed_before_are_told_rather_than_missed() -> None:
    world = World(rule())
    world.says(losses(1, 2, omitted=10))
    world.resolve()
    assert world.says(losses(2, 7, omitted=9)) == ["fired"]
    assert world.says(losses(2, 7, omitted=9)) == []


def test_rotation_that_takes_away_the_oldest_findings_tells_nothing_anew() -> None:
    world = World(rule())
    world.says(losses(1, 2, 3))
    world.resolve()
    assert world.says(losses(2, 3)) == []
    assert world.says(losses(3)) == []
    assert world.says(losses(3, 4)) == ["fired"]


def test_what_becomes_known_of_a_finding_later_makes_it_no_new_one() -> None:
    world = World(rule())
    world.says(losses(1))
    world.resolve()
    more = {
        "identity": "exact",
        "planned": 1,
        "delivered": 0,
        "corroborated": True,
        "by": ["traces", "guard"],
    }
    assert world.says(losses(evolve(loss(1), key=Key(conv="c1", idem="late"), details=more))) == []


def test_a_doubtful_loss_beside_critical_ones_wakes_nobody_until_a_guard_reports_it() -> None:
    world = World(rule())
    world.says(losses(1))
    world.resolve()
    doubtful = loss(2, details={"identity": "mismatched", "by": ["traces"]})
    assert world.says(losses(1, doubtful)) == []
    certain = loss(2, details={"identity": "mismatched", "by": ["traces", "guard"]})
    assert world.says(losses(1, certain)) == ["fired"]


def test_two_findings_that_are_alike_are_two() -> None:
    world = World(rule())
    world.says(losses(1))
    world.resolve()
    assert world.says(losses(1, loss(1))) == ["fired"]
    assert world.one().found == 1


def test_without_times_the_place_in_the_file_tells_findings_apart_under_whatever_name() -> None:
    untimed = loss(1, at=None)
    moved = evolve(untimed, evidence=(evolve(untimed.evidence[0], source="app.log.1"),))
    other = evolve(untimed, evidence=(evolve(untimed.evidence[0], offset=999),))
    assert identities("handoff", [untimed]) == identities("handoff", [moved])
    assert identities("handoff", [untimed]) != identities("handoff", [other])


def test_another_wrong_instance_of_the_same_moment_is_another_finding() -> None:
    one, other = (loss(1, details={"value": value, "repeats": 1}) for value in ("thread_1", "thread_2"))
    again = loss(1, details={"value": "thread_1", "repeats": 7})
    assert identities("instances", [one]) == identities("instances", [again])
    assert identities("instances", [one]) != identities("instances", [other])


def test_a_rule_that_breaks_at_warnings_counts_the_single_warnings_too() -> None:
    world = World(rule(breach="warning"))
    late = evolve(losses(status=Status.WARNING), warnings=(loss(1),))
    assert world.says(late) == ["fired"]
    world.resolve()
    assert world.says(late) == []
    assert world.says(evolve(late, warnings=(loss(1), loss(2)))) == ["fired"]


def test_a_hundred_thousand_violations_are_one_incident_and_a_few_messages() -> None:
    world = World(rule(), quiet_between=60)
    listed = range(100)
    for second in range(60):
        n = (second + 1) * 100_000 // 60
        world.later(1).says(losses(*listed, omitted=n - 100))
        world.after(0)
    world.after(60)
    assert [str(alert.news) for alert in world.told] == ["fired", "grew"]
    assert world.told[-1].found == 100_000
    assert {alert.incident for alert in world.told} == {world.one().id}
    assert all(len(alert.result.violations) <= 10 for alert in world.told if alert.result)


@pytest.mark.parametrize("layout", ["json", "basic"])
def test_what_the_real_check_says_of_a_growing_log_is_told_loss_by_loss(layout: str) -> None:
    world = World(rule(), quiet_between=0)
    story = Story().turn("ana").planner("bia").delivery("bia", 0)
    assert world.says(judged(story, layout=layout).check("handoff")) == ["fired"]
    story.turn("ana").planner("bia").delivery("bia", 0)
    assert world.later(5).says(judged(story, layout=layout).check("handoff")) == ["grew"]
    world.resolve()
    assert world.later(5).says(judged(story, layout=layout).check("handoff")) == []
    story.planner("cris").delivery("cris", 0)
    assert world.later(5).says(judged(story, layout=layout).check("handoff")) == ["fired"]
    assert [alert.found for alert in world.told] == [1, 2, 1]


def test_an_alert_shows_the_newest_findings_and_says_how_many_there_are() -> None:
    world = World(rule(), quiet_between=0)
    world.says(losses(1, 2))
    world.resolve()
    world.later(1).says(losses(1, 2, 3))
    result = world.told[-1].result
    assert result is not None
    assert [violation.key.conv for violation in result.violations] == ["c3"]
    assert result.omitted == 0
    world.later(1).says(losses(*range(1, 31)))
    result = world.told[-1].result
    assert result is not None
    assert [violation.key.conv for violation in result.violations] == [f"c{n}" for n in range(21, 31)]
    assert result.omitted == 18


def test_since_is_the_time_of_the_first_loss_but_never_in_the_future() -> None:
    world = World(rule())
    world.says(losses(loss(1, at=NOON + timedelta(days=1))))
    assert world.one().since == NOON


def test_an_undelivered_turn_that_is_configured_as_critical_is_told_once() -> None:
    strict = CheckSettings(handoff=HandoffSettings(undelivered="critical"))
    world = World(rule())
    world.settings = evolve(world.settings, checks=strict)
    world.restart()
    late = evolve(losses(status=Status.CRITICAL), warnings=(loss(1, details={"type": "undelivered"}),))
    assert world.says(late) == ["fired"]
    world.resolve()
    assert world.says(late) == []
    assert world.says(evolve(late, warnings=(*late.warnings, loss(2, details={"type": "undelivered"})))) == [
        "fired"
    ]


def test_an_answer_that_is_bad_without_a_finding_begins_no_second_incident_before_it_was_good() -> None:
    world = World(rule(breach="warning"))
    bad = losses(status=Status.WARNING)
    assert world.says(bad) == ["fired"]
    world.resolve()
    assert world.says(bad) == []
    world.says(losses())
    assert world.says(bad) == ["fired"]


def test_after_an_archiving_what_is_not_listed_is_told_rather_than_missed() -> None:
    world = World(rule())
    world.says(losses(1, 2, omitted=10))
    world.resolve()
    assert world.says(losses(2, omitted=10)) == ["fired"]
    assert world.one().found == 1
