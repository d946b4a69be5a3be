"""TRACES section 4 where its rules meet: what may not become a false alarm, nor a missed loss."""

from __future__ import annotations

import pytest

from kumon_observe.model.evidence import CheckResult
from kumon_observe.model.status import Status
from tests.rules.table import rule
from tests.scenarios import START, TICK, Story
from tests.verdicts import Judge, OneCheck, keys

S1, S2, O1, O2, O3 = (
    "140303530988224",
    "140303530988999",
    "140303531324096",
    "140303531324999",
    "140303531325777",
)


@pytest.fixture
def handoff(judge: Judge) -> OneCheck:
    """The hand-off check's result on a story in a layout."""
    return lambda *story, **options: judge(*story, **options).check("handoff")


def undelivered(result: CheckResult) -> object:
    """How many turns are undelivered."""
    return result.counts["undelivered"]


@rule("4.3d")
def test_a_second_drain_says_nothing_of_an_older_turn(handoff: OneCheck, layout: str) -> None:
    story = Story().planner("ana", 1, state=S1, outbox=O1).wait(90)
    story.planner("ana", 1, state=S1, outbox=O2).delivery("ana", 1, state=S1, outbox=O2)
    story.delivery("ana", 0, state=S1, outbox=O2).others(1).noise()
    result = handoff(story, layout)
    assert result.status is Status.WARNING
    assert (result.counts["violations"], undelivered(result)) == (0, 1)


@rule("4.3d")
def test_a_second_drain_may_come_after_the_next_planner_pass(handoff: OneCheck, layout: str) -> None:
    story = Story().planner("ana", 1, state=S1, outbox=O1).delivery("ana", 1, state=S1, outbox=O1)
    story.planner("ana", 1, state=S2, outbox=O2).delivery("ana", 0, state=S1, outbox=O1)
    story.delivery("ana", 1, state=S2, outbox=O2)
    assert handoff(story, layout).status is Status.OK


@rule("4.3d")
def test_a_delivery_from_the_last_outbox_has_lost_the_new_one(handoff: OneCheck, layout: str) -> None:
    story = Story().planner("ana", 1, state=S1, outbox=O1).delivery("ana", 1, state=S1, outbox=O1)
    story.planner("ana", 1, state=S1, outbox=O2).delivery("ana", 0, state=S1, outbox=O1)
    assert keys(handoff(story, layout)) == [("ana", None)]


@rule("4.3d")
def test_an_id_used_again_does_not_make_a_loss_a_second_drain(handoff: OneCheck, layout: str) -> None:
    story = Story().planner("ana", 1, state=S1, outbox=O1).delivery("ana", 1, state=S1, outbox=O3)
    story.planner("ana", 1, state=S1, outbox=O2).delivery("ana", 0, state=S1, outbox=O3)
    result = handoff(story, layout)
    assert keys(result) == [("ana", None)]


@rule("4.2b")
def test_sources_without_times_are_not_paired_with_each_other(handoff: OneCheck, untimed: str) -> None:
    one = Story().others(1, "one").planner("ana", 1, outbox=None, state=None)
    other = Story().delivery("ana", 0, outbox=None, state=None).others(1, "two")
    forced = "plain" if untimed == "plain" else None
    result = handoff({"a.log": one, "b.log": other}, untimed, forced=forced)
    assert result.counts["violations"] == 0
    assert result.counts["pending"] == 1


@rule("4.2d")
def test_the_first_exact_pair_of_a_source_holds_for_all_its_processes(handoff: OneCheck) -> None:
    exact = Story().planner("ana", 1, idem="k1").delivery("ana", 1, idem="k1")
    lines = exact.render("basic").splitlines()
    rest = Story().planner("bia", 1, idem="k2").delivery("bia", 0, idem="k9").render("basic").splitlines()
    log = b"".join(b"app-1  | " + line + b"\n" for line in lines)
    log += b"".join(b"app-2  | " + line + b"\n" for line in rest)
    result = handoff(log)
    assert result.counts["violations"] == 0
    assert result.counts["pending"] == 1


@rule("4.5e")
def test_a_guard_alone_is_identified_by_what_it_names(handoff: OneCheck, layout: str) -> None:
    result = handoff(Story().others(1).guard("ana").guard("bia", idem="k1"), layout)
    identities = {violation.key.conv: violation.details["identity"] for violation in result.violations}
    assert identities == {"ana": "conversation", "bia": "exact"}


@rule("4.7")
def test_turns_given_up_for_age_stay_undelivered(handoff: OneCheck, timed: str) -> None:
    story = Story().planner("ana", 1).others(1).wait(90_000).others(2, "late").noise()
    result = handoff(story, timed)
    assert (undelivered(result), result.counts["evicted"]) == (1, 1)
    assert result.warnings[0].key.conv == "ana"


@rule("4.0a", "4.2c")
@pytest.mark.parametrize("together", [True, False])
def test_each_process_delivers_what_it_planned(handoff: OneCheck, judge: Judge, together: bool) -> None:
    one = Story().planner("ana", 0, state="6", outbox="6").wait(2).delivery("ana", 0, state="96", outbox="96")
    two = Story(now=START + TICK).planner("ana", 2, state="5", outbox="5")
    two.wait(2).delivery("ana", 2, state="95", outbox="95")
    if together:
        lines = [
            (record.at, f"app-{number}  | {record.render('basic').decode()}".encode())
            for number, story in enumerate((one, two), start=1)
            for record in story.records
        ]
        result = handoff(b"".join(line for _, line in sorted(lines)))
    else:
        result = judge({"one.log": one, "two.log": two}, "dash").check("handoff")
    assert (result.status, result.counts["superseded"]) == (Status.OK, 0)


@rule("4.5c")
def test_a_guard_is_about_a_turn_of_its_own_process(handoff: OneCheck) -> None:
    first = Story().planner("ana", 1, state="5", outbox="5").delivery("ana", 0, state="5", outbox="5")
    other = Story().planner("ana", 0, state="6", outbox="6")
    guard = Story().guard("ana")
    rest = Story().planner("ana", 1, state="6", outbox="6").delivery("ana", 1, state="6", outbox="6")
    parts = ((1, first), (2, other), (1, guard), (2, rest))
    lines = [
        f"app-{number}  | {record.render('basic').decode()}"
        for number, story in parts
        for record in story.records
    ]
    result = handoff("".join(lines).encode())
    assert [violation.details["by"] for violation in result.violations] == [["traces", "guard"]]


@rule("4.4d")
def test_without_times_a_turn_that_goes_on_is_not_overtaken(handoff: OneCheck, untimed: str) -> None:
    story = Story().planner("ana", 0, outbox="1").planner("ana", 1, outbox="2").planner("ana", 1, outbox="1")
    result = handoff(story.delivery("ana", 1, outbox="1"), untimed)
    assert (result.counts["undelivered"], result.counts["pending"]) == (0, 1)


@rule("4.1d")
@pytest.mark.parametrize(
    ("arrived", "undelivered"), [(["h1", "h2"], 0), (["h2", "h1"], 0), (["h1"], 1), (["h2"], 1)]
)
def test_each_message_of_a_turn_based_turn_must_arrive(
    handoff: OneCheck, timed: str, arrived: list[str], undelivered: int
) -> None:
    story = Story().short("ana", "h1", 1).short("ana", "h2", 2)
    for idem in arrived:
        story.turn_result("sent", idem)
    result = handoff(story.wait(300).turn_based("bia", "h9"), timed)
    assert (result.counts["undelivered"], result.counts["turns"]) == (undelivered, 2)
