"""TRACES section 4: the hand-off check, turns and their pairing."""

from __future__ import annotations

import pytest

from kumon_observe.model.evidence import CheckResult
from kumon_observe.model.status import Action, Status
from tests.rules.table import rule
from tests.scenarios import Story
from tests.verdicts import Judge, OneCheck, keys, reasons

S1, S2, S3 = "140303530988224", "140303530988999", "140303530989777"
O1, O2, O3 = "140303531324096", "140303531324999", "140303531325777"
NO_IDS = {"state": None, "outbox": None}


@pytest.fixture
def handoff(judge: Judge) -> OneCheck:
    """The hand-off check's result on a story in a layout."""
    return lambda *story, **options: judge(*story, **options).check("handoff")


def identity(result: CheckResult) -> str:
    """The identity of the only violation."""
    (violation,) = result.violations
    return str(violation.details["identity"])


# 0: what is looked at


@rule("4.0a")
@pytest.mark.parametrize("turned", [False, True])
def test_replicas_with_times_are_merged_by_time(judge: Judge, turned: bool, timed: str) -> None:
    planner = Story().turn("a").at(1).planning("ana", 2).at(10).turn("c")
    delivery = Story().at(0.5).turn("b").at(2).delivery("ana", 0)
    files = {"one.log": planner, "two.log": delivery}
    result = judge(dict(reversed(files.items())) if turned else files, timed).check("handoff")
    assert keys(result) == [("ana", None)]
    assert result.counts["turns"] == 4


@rule("4.0a")
@pytest.mark.parametrize("turned", [False, True])
def test_at_one_time_a_planner_comes_before_a_delivery(judge: Judge, turned: bool, timed: str) -> None:
    planner = Story().turn("a").at(1).planner("ana", 1).at(300).turn("c")
    delivery = Story().turn("b").at(1).delivery("ana", 0).at(300).turn("d")
    files = {"one.log": planner, "two.log": delivery}
    result = judge(dict(reversed(files.items())) if turned else files, timed).check("handoff")
    assert keys(result) == [("ana", None)]


@rule("4.0b")
def test_planner_and_delivery_events_are_both_needed(handoff: OneCheck, layout: str) -> None:
    only_deliveries = Story().delivery("ana").sent("ana").delivery("bia").sent("bia")
    assert handoff(only_deliveries, layout).status is Status.UNKNOWN
    assert reasons(handoff(only_deliveries, layout))
    assert handoff(Story().planning("ana").delivery("ana"), layout).status is Status.OK


# 1: turns


@rule("4.1a")
def test_a_whole_turn_is_ok(handoff: OneCheck, layout: str) -> None:
    result = handoff(Story().turn("ana"), layout)
    assert result.status is Status.OK
    assert result.value == 0
    assert result.action is Action.NONE or result.status is Status.OK
    counts = dict(result.counts)
    assert counts.pop("turns") == 1
    assert set(counts.values()) == {0}


@rule("4.1a")
@pytest.mark.parametrize(
    ("before", "after", "delivered", "status"),
    [
        (0, 1, 1, Status.OK),
        (0, 1, 0, Status.CRITICAL),
        (2, 3, 3, Status.OK),
        (1, 2, 1, Status.WARNING),
        (2, 0, 0, Status.OK),
        (3, 1, 1, Status.OK),
    ],
)
def test_the_later_count_of_a_turn_replaces_the_earlier(
    handoff: OneCheck, before: int, after: int, delivered: int, status: Status, layout: str
) -> None:
    result = handoff(Story().planning("ana", after, before=before).delivery("ana", delivered), layout)
    assert result.status is status
    assert result.counts["turns"] == 1


@rule("4.1a")
def test_a_delivery_closes_the_turn_so_the_next_planner_event_opens_another(
    handoff: OneCheck, layout: str
) -> None:
    story = Story().turn("ana", 1).turn("ana", 2, 0).turn("ana", 1)
    result = handoff(story, layout)
    assert (result.counts["turns"], result.counts["violations"]) == (3, 1)


@rule("4.1b")
def test_a_short_planner_line_replaces_the_count_of_its_open_turn(handoff: OneCheck, layout: str) -> None:
    story = Story().planner("ana", 0, state=S1).short("ana", "h1", 2, state=S1).delivery("ana", 1, state=S1)
    result = handoff(story, layout)
    assert (result.counts["turns"], result.counts["partial"]) == (1, 1)


@rule("4.1b")
def test_the_newer_releases_pass_is_one_turn(handoff: OneCheck, layout: str) -> None:
    story = Story().planner("ana", 0).short("ana", "h1").planner("ana", 1).delivery("ana", 1).sent("ana")
    result = handoff(story.others(2), layout)
    assert result.status is Status.OK
    assert (result.counts["turns"], result.counts["pending"], result.counts["superseded"]) == (3, 0, 0)


@rule("4.1b")
def test_the_newer_releases_lost_pass_is_one_violation(handoff: OneCheck, layout: str) -> None:
    story = (
        Story()
        .planner("ana", 0)
        .short("ana", "h1")
        .short("ana", "h2", 2)
        .planner("ana", 2)
        .delivery("ana", 0)
    )
    result = handoff(story, layout)
    assert result.counts["violations"] == 1
    assert result.violations[0].key.conv == "ana"


@rule("4.1c")
def test_a_short_planner_line_alone_opens_a_turn_of_its_own_key(handoff: OneCheck, layout: str) -> None:
    story = Story().short("ana", "h1", 2).delivery("ana", 0, idem="h1")
    result = handoff(story, layout)
    assert keys(result) == [("ana", "h1")]
    assert identity(result) == "exact"


@rule("4.1c")
def test_a_short_planner_line_of_another_state_opens_its_own_turn(handoff: OneCheck, layout: str) -> None:
    story = Story().planner("ana", 1, state=S1, outbox=O1).short("ana", "h1", state=S2)
    story.delivery("ana", 1, state=S1, outbox=O1).turn_result("sent", "h1")
    result = handoff(story, layout)
    assert result.status is Status.OK
    assert (result.counts["turns"], result.counts["pending"]) == (2, 0)


@rule("4.1c")
def test_a_short_planner_line_of_another_conversation_opens_its_own_turn(
    handoff: OneCheck, layout: str
) -> None:
    story = Story().planner("bia", 1, state=S1).short("ana", "h1", state=S1).turn_result("sent", "h1")
    story.delivery("bia", 0, state=S1)
    result = handoff(story, layout)
    assert keys(result) == [("bia", None)]
    assert result.counts["turns"] == 2


@rule("4.1d")
@pytest.mark.parametrize("outcome", ["sent", "send_failed", "dedup_hit"])
def test_the_turn_based_lines_close_the_turn_with_their_idem(
    handoff: OneCheck, outcome: str, timed: str
) -> None:
    story = Story().turn_based("ana", "h1", outcome).wait(600).turn_based("bia", "h2")
    result = handoff(story, timed)
    assert result.status is Status.OK
    assert (result.counts["turns"], result.counts["undelivered"], result.counts["pending"]) == (2, 0, 0)


@rule("4.1d")
@pytest.mark.parametrize("outcome", ["sent", "send_failed", "dedup_hit"])
def test_the_turn_based_lines_close_the_turn_without_times(
    handoff: OneCheck, outcome: str, untimed: str
) -> None:
    result = handoff(Story().turn_based("ana", "h1", outcome).turn_based("ana", "h2"), untimed)
    assert result.status is Status.OK
    assert (result.counts["undelivered"], result.counts["pending"]) == (0, 0)


@rule("4.1d")
def test_a_turn_based_line_of_another_idem_closes_nothing(handoff: OneCheck, timed: str) -> None:
    story = Story().short("ana", "h1").turn_result("sent", "h9").wait(600).turn_based("bia", "h2")
    result = handoff(story, timed)
    assert (result.status, result.counts["undelivered"]) == (Status.WARNING, 1)


# 3: planned and delivered


@rule("4.3a", "4.3b", "4.3c")
@pytest.mark.parametrize(
    ("planned", "delivered", "status", "violations", "partial"),
    [
        (0, 0, Status.OK, 0, 0),
        (1, 1, Status.OK, 0, 0),
        (1, 0, Status.CRITICAL, 1, 0),
        (5, 0, Status.CRITICAL, 1, 0),
        (2, 1, Status.WARNING, 0, 1),
        (9, 8, Status.WARNING, 0, 1),
        (1, 2, Status.OK, 0, 0),
        (0, 3, Status.OK, 0, 0),
    ],
)
def test_planned_against_delivered(
    handoff: OneCheck,
    planned: int,
    delivered: int,
    status: Status,
    violations: int,
    partial: int,
    layout: str,
) -> None:
    result = handoff(Story().planner("ana", planned).delivery("ana", delivered), layout)
    assert result.status is status
    assert (result.counts["violations"], result.counts["partial"]) == (violations, partial)
    assert result.value == violations


@rule("4.3a")
def test_a_violation_demands_a_rollback_and_says_how_many_were_lost(handoff: OneCheck, layout: str) -> None:
    result = handoff(Story().planner("ana", 3).delivery("ana", 0), layout)
    assert result.action is Action.ROLLBACK
    details = result.violations[0].details
    assert (details["planned"], details["delivered"]) == (3, 0)


@rule("4.3a")
def test_one_true_violation_outweighs_a_mismatched_one(handoff: OneCheck, layout: str) -> None:
    story = (
        Story()
        .planner("ana", 1, idem="k1")
        .delivery("ana", 0, idem="j1")
        .planner("bia", 1)
        .delivery("bia", 0)
    )
    result = handoff(story, layout)
    assert (result.status, result.counts["violations"]) == (Status.CRITICAL, 2)


@rule("4.3b")
def test_a_mismatched_partial_is_a_warning(handoff: OneCheck, layout: str) -> None:
    result = handoff(Story().planner("ana", 2, idem="k1").delivery("ana", 1, idem="j1"), layout)
    assert (result.status, result.counts["partial"]) == (Status.WARNING, 1)


@rule("4.3d")
def test_a_second_drain_is_fine(handoff: OneCheck, layout: str) -> None:
    result = handoff(Story().turn("ana").delivery("ana", 0).delivery("ana", 3), layout)
    assert (result.status, result.counts["violations"], result.counts["turns"]) == (Status.OK, 0, 1)


@rule("4.3d")
def test_a_delivery_before_any_planner_event_is_fine(handoff: OneCheck, layout: str) -> None:
    result = handoff(Story().delivery("ana", 0).turn("ana"), layout)
    assert (result.status, result.counts["violations"]) == (Status.OK, 0)


@rule("4.3e")
def test_a_send_that_follows_does_not_excuse_a_violation_and_is_shown(handoff: OneCheck, layout: str) -> None:
    result = handoff(Story().planning("ana", 1).delivery("ana", 0).sent("ana").turn("bia"), layout)
    assert result.status is Status.CRITICAL
    (violation,) = result.violations
    assert any(evidence.text.startswith("DELIVERY_TRACE|action=send") for evidence in violation.evidence)


@rule("4.3e")
def test_a_send_of_another_conversation_or_turn_is_not_shown(handoff: OneCheck, layout: str) -> None:
    story = Story().planning("ana", 1).delivery("ana", 0).sent("bia").turn("ana")
    (violation,) = handoff(story, layout).violations
    assert not any(evidence.text.startswith("DELIVERY_TRACE") for evidence in violation.evidence)


@rule("4.6")
def test_a_lost_turn_stays_a_violation_when_later_ones_succeed(handoff: OneCheck, layout: str) -> None:
    story = Story().turn("ana", 1, 0)
    for _ in range(5):
        story.turn("ana")
    result = handoff(story, layout)
    assert (result.status, result.counts["violations"], result.counts["turns"]) == (Status.CRITICAL, 1, 6)


@rule("4.6")
def test_a_second_drain_does_not_mend_a_lost_turn(handoff: OneCheck, layout: str) -> None:
    result = handoff(Story().planning("ana", 1).delivery("ana", 0).delivery("ana", 1), layout)
    assert (result.status, result.counts["violations"]) == (Status.CRITICAL, 1)
