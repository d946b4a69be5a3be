"""TRACES section 4, items 4, 5 and 7: open turns, guards, bounded memory."""

from __future__ import annotations

from typing import Literal

import pytest

from kumon_observe.config.settings import CheckSettings, HandoffSettings, Settings
from kumon_observe.model.status import Status
from tests.rules.table import rule
from tests.scenarios import Story
from tests.verdicts import Judge, OneCheck, keys, number, reasons


def settings(
    *, grace: float = 60, undelivered: Literal["warning", "critical"] = "warning", max_open: int = 100_000
) -> Settings:
    """Settings of the hand-off check."""
    return Settings(
        checks=CheckSettings(handoff=HandoffSettings(grace=grace, undelivered=undelivered, max_open=max_open))
    )


@pytest.fixture
def handoff(judge: Judge) -> OneCheck:
    """The hand-off check's result on a story in a layout."""
    return lambda *story, **options: judge(*story, **options).check("handoff")


# 4: turns that stay open


def left_open(after: float) -> Story:
    """A turn that nothing delivers, in a log that goes on for *after* seconds past it."""
    return Story().turn("bia").at(10).planner("ana", 1).at(10 + after).instance("bia")


@rule("4.4a", "4.4b")
@pytest.mark.parametrize(
    ("after", "undelivered"), [(1, 0), (59.999, 0), (60, 0), (60.001, 1), (61, 1), (3600, 1)]
)
def test_a_turn_is_undelivered_when_the_log_is_more_than_grace_past_it(
    handoff: OneCheck, after: float, undelivered: int, timed: str
) -> None:
    result = handoff(left_open(after), timed)
    assert (result.counts["undelivered"], result.counts["pending"]) == (undelivered, 1 - undelivered)
    assert result.status is (Status.WARNING if undelivered else Status.OK)
    assert result.counts["violations"] == 0


@rule("4.4a")
def test_an_undelivered_turn_says_so_in_the_reasons(handoff: OneCheck, timed: str) -> None:
    assert "undelivered" in reasons(handoff(left_open(100), timed)) or "deliver" in reasons(
        handoff(left_open(100), timed)
    )


@rule("4.4a")
def test_undelivered_is_critical_if_configured(handoff: OneCheck, timed: str) -> None:
    assert handoff(left_open(61), timed, settings=settings(undelivered="critical")).status is Status.CRITICAL
    assert handoff(left_open(60), timed, settings=settings(undelivered="critical")).status is Status.OK


@rule("4.4a")
def test_grace_is_configurable(handoff: OneCheck, timed: str) -> None:
    assert handoff(left_open(5), timed, settings=settings(grace=4)).counts["undelivered"] == 1
    assert handoff(left_open(61), timed, settings=settings(grace=120)).counts["pending"] == 1


@rule("4.4a")
def test_a_turn_that_planned_nothing_is_never_undelivered(handoff: OneCheck, timed: str) -> None:
    result = handoff(Story().turn("bia").planner("ana", 0).wait(600).turn("bia"), timed)
    assert result.status is Status.OK
    assert (result.counts["undelivered"], result.counts["pending"]) == (0, 0)


@rule("4.4a")
def test_the_wall_clock_does_not_make_a_turn_undelivered(handoff: OneCheck, layout: str) -> None:
    result = handoff(Story().turn("bia").planner("ana", 1), layout)
    assert (result.status, result.counts["pending"], result.counts["undelivered"]) == (Status.OK, 1, 0)


@rule("4.4a", "4.7")
def test_a_turn_that_stays_open_for_a_day_is_not_forgotten(handoff: OneCheck, timed: str) -> None:
    assert handoff(left_open(100_000), timed).status is Status.WARNING


@rule("4.4d")
def test_the_time_of_noise_says_nothing_about_turns_without_times(handoff: OneCheck) -> None:
    noise = '{{"timestamp": "2025-01-15T{}:00:00.5", "level": "INFO", "logger": "uvicorn", "message": "x"}}'
    story = Story().turn("bia").raw(noise.format(10)).planner("ana", 1).raw(noise.format(13))
    result = handoff(story, "basic")
    assert (result.counts["undelivered"], result.counts["pending"]) == (0, 1)


@rule("4.4c")
@pytest.mark.parametrize(("delivered", "status"), [(1, Status.OK), (0, Status.CRITICAL)])
def test_a_delivery_that_comes_late_clears_it(
    handoff: OneCheck, delivered: int, status: Status, timed: str
) -> None:
    story = left_open(100).wait(100).delivery("ana", delivered).turn("bia")
    result = handoff(story, timed)
    assert result.status is status
    assert (result.counts["undelivered"], result.counts["pending"]) == (0, 0)


@rule("4.4d")
def test_without_times_a_later_delivered_turn_of_the_conversation_makes_it_undelivered(
    handoff: OneCheck, untimed: str
) -> None:
    story = (
        Story()
        .turn("bia")
        .planner("ana", 1, idem="k1")
        .planner("ana", 1, idem="k2")
        .delivery("ana", 1, idem="k2")
    )
    result = handoff(story, untimed)
    assert (result.status, result.counts["undelivered"], result.counts["pending"]) == (Status.WARNING, 1, 0)


@rule("4.4d")
def test_without_times_it_stays_pending_however_long_the_log_goes_on(handoff: OneCheck, untimed: str) -> None:
    result = handoff(Story().planner("ana", 1, idem="k1").others(300), untimed)
    assert (result.status, result.counts["undelivered"], result.counts["pending"]) == (Status.OK, 0, 1)


@rule("4.4d")
def test_without_times_a_later_turn_that_is_not_delivered_either_leaves_it_pending(
    handoff: OneCheck, untimed: str
) -> None:
    story = Story().turn("bia").planner("ana", 1, idem="k1").planner("ana", 1, idem="k2")
    result = handoff(story, untimed)
    assert (result.counts["undelivered"], result.counts["pending"]) == (0, 2)


@rule("4.4d")
def test_without_times_a_late_delivery_clears_it(handoff: OneCheck, untimed: str) -> None:
    story = (
        Story()
        .turn("bia")
        .planner("ana", 1, idem="k1")
        .planner("ana", 1, idem="k2")
        .delivery("ana", 1, idem="k2")
    )
    result = handoff(story.delivery("ana", 1, idem="k1"), untimed)
    assert (result.status, result.counts["undelivered"], result.counts["pending"]) == (Status.OK, 0, 0)


@rule("4.4e")
def test_without_any_delivery_event_the_phase_is_missing(handoff: OneCheck, layout: str) -> None:
    story = Story()
    for each in range(5):
        story.planning(f"ana-{each}", 1).sent(f"ana-{each}").at(100.0 * (each + 1))
    result = handoff(story, layout)
    assert (result.status, result.counts["undelivered"]) == (Status.UNKNOWN, 0)
    assert "delivery" in reasons(result)


@rule("4.4e")
def test_a_delivery_event_in_any_source_is_enough(judge: Judge, timed: str) -> None:
    files = {"one.log": Story().planner("ana", 1).at(300).instance("zoe"), "two.log": Story().turn("bia")}
    assert judge(files, timed).check("handoff").counts["undelivered"] == 1


# 5: guards


@rule("4.5a", "4.5e")
def test_a_guard_alone_is_a_violation(handoff: OneCheck, layout: str) -> None:
    result = handoff(Story().turn("bia").guard("ana", 2, 0), layout)
    assert result.status is Status.CRITICAL
    assert keys(result) == [("ana", None)]
    details = result.violations[0].details
    assert (details["corroborated"], list(details["by"])) == (False, ["guard"])
    assert (details["planned"], details["delivered"]) == (2, 0)


@rule("4.5e")
def test_a_guard_against_a_turn_that_was_delivered_stands_alone(handoff: OneCheck, layout: str) -> None:
    for story in (Story().planning("ana").guard("ana").delivery("ana", 1), Story().turn("ana").guard("ana")):
        (violation,) = handoff(story.turn("bia"), layout).violations
        assert (violation.details["corroborated"], list(violation.details["by"])) == (False, ["guard"])


@rule("4.5a")
def test_a_guard_in_a_log_without_any_other_trace_is_a_violation(handoff: OneCheck, layout: str) -> None:
    result = handoff(Story().noise().guard("ana", 1, 0, idem="k1"), layout)
    assert (result.status, keys(result)) == (Status.CRITICAL, [("ana", "k1")])


@rule("4.5a")
@pytest.mark.parametrize(("planned", "delivered"), [(0, 0), (1, 1), (2, 1), (0, 3)])
def test_a_guard_with_other_counts_is_another_guard(
    handoff: OneCheck, planned: int, delivered: int, layout: str
) -> None:
    result = handoff(Story().turn("bia").guard("ana", planned, delivered), layout)
    assert (result.status, result.counts["violations"], result.counts["other_guards"]) == (
        Status.WARNING,
        0,
        1,
    )


@rule("4.5a")
def test_a_guard_of_another_type_is_another_guard(handoff: OneCheck, layout: str) -> None:
    result = handoff(Story().turn("bia").guard("bia", type="stale_outbox"), layout)
    assert (result.status, result.counts["violations"], result.counts["other_guards"]) == (
        Status.WARNING,
        0,
        1,
    )


@rule("4.5e")
def test_traces_without_a_guard_say_so(handoff: OneCheck, layout: str) -> None:
    (violation,) = handoff(Story().turn("ana", 1, 0), layout).violations
    assert (violation.details["corroborated"], list(violation.details["by"])) == (False, ["traces"])


ORDERS = {
    "guard after delivery": lambda story: story.planning("ana", 1).delivery("ana", 0).guard("ana"),
    "guard before delivery": lambda story: story.planning("ana", 1).guard("ana").delivery("ana", 0),
    "guard long after": lambda story: (
        story.planning("ana", 1).delivery("ana", 0).sent("ana").others(3).guard("ana")
    ),
    "guard twice": lambda story: story.planning("ana", 1).guard("ana").delivery("ana", 0).guard("ana"),
}


@rule("4.5b")
@pytest.mark.parametrize("order", ORDERS)
def test_guard_and_traces_of_one_turn_are_one_corroborated_violation(
    handoff: OneCheck, order: str, layout: str
) -> None:
    result = handoff(ORDERS[order](Story().turn("bia")), layout)
    assert (result.status, result.counts["violations"]) == (Status.CRITICAL, 1)
    details = result.violations[0].details
    assert (details["corroborated"], sorted(details["by"])) == (True, ["guard", "traces"])
    texts = " ".join(evidence.text for evidence in result.violations[0].evidence)
    assert "OUTBOX_GUARD|" in texts
    assert "OUTBOX_TRACE|phase=delivery" in texts


@rule("4.5b")
def test_guard_and_traces_with_known_keys_are_one(handoff: OneCheck, layout: str) -> None:
    story = Story().planner("ana", 1, idem="k1").planner("ana", 1, idem="k2").delivery("ana", 1, idem="k2")
    story.delivery("ana", 0, idem="k1").guard("ana", idem="k1")
    result = handoff(story, layout)
    assert keys(result) == [("ana", "k1")]
    assert result.violations[0].details["corroborated"] is True


@rule("4.5b")
def test_guards_of_two_turns_are_two_violations(handoff: OneCheck, layout: str) -> None:
    result = handoff(Story().turn("ana", 1, 0).guard("ana").turn("ana", 1, 0).guard("ana"), layout)
    assert result.counts["violations"] == 2
    assert all(violation.details["corroborated"] for violation in result.violations)


@rule("4.5c")
def test_a_guard_after_the_next_planner_event_belongs_to_the_next_turn(
    handoff: OneCheck, layout: str
) -> None:
    story = Story().planning("ana", 1).delivery("ana", 0).planning("ana", 1).guard("ana")
    result = handoff(story, layout)
    assert result.counts["violations"] == 2
    assert ["traces"] in [list(violation.details["by"]) for violation in result.violations]


@rule("4.5c")
def test_a_guard_after_a_healthy_delivery_is_a_violation_of_that_turn(handoff: OneCheck, layout: str) -> None:
    result = handoff(Story().turn("ana").guard("ana").turn("bia"), layout)
    assert (result.counts["violations"], keys(result)) == (1, [("ana", None)])


@rule("4.5d")
def test_a_guard_that_replaces_the_delivery_trace_is_one_violation(handoff: OneCheck, timed: str) -> None:
    story = Story().turn("bia").planning("ana", 2).guard("ana", 2, 0).wait(600).turn("bia")
    result = handoff(story, timed)
    assert (result.status, result.counts["violations"]) == (Status.CRITICAL, 1)
    assert (result.counts["undelivered"], result.counts["pending"]) == (0, 0)


@rule("4.5d")
def test_a_guard_that_replaces_the_delivery_trace_without_times(handoff: OneCheck, untimed: str) -> None:
    story = Story().turn("bia").planning("ana", 2).guard("ana", 2, 0).turn("ana")
    result = handoff(story, untimed)
    assert (result.counts["violations"], result.counts["undelivered"], result.counts["pending"]) == (1, 0, 0)


# 7: bounded memory


@rule("4.7")
def test_open_turns_are_bounded_and_evictions_are_counted(handoff: OneCheck, layout: str) -> None:
    story = Story().turn("bia")
    for each in range(60):
        story.planner(f"ana-{each}", 1)
    result = handoff(story, layout, settings=settings(max_open=10))
    assert number(result, "evicted") >= 1
    assert number(result, "pending") + number(result, "undelivered") <= 60
    assert "evict" in reasons(result) or "memory" in reasons(result) or "given up" in reasons(result)
    assert handoff(story, layout, settings=settings(max_open=100)).counts["evicted"] == 0


@rule("4.7")
def test_violations_that_were_found_are_never_evicted(handoff: OneCheck, layout: str) -> None:
    story = Story()
    for each in range(60):
        story.turn(f"ana-{each}", 1, 0)
    result = handoff(story, layout, settings=settings(max_open=10))
    assert result.counts["violations"] == 60
