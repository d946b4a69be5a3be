"""TRACES section 7: the consistency check."""

from __future__ import annotations

import pytest

from kumon_observe.config.settings import CheckSettings, ConsistencySettings, Settings
from kumon_observe.model.status import Action, Status
from tests.rules.table import rule
from tests.scenarios import Story
from tests.verdicts import Judge, OneCheck, keys, reasons

S1, S2 = "140303530988224", "140303530988999"
O1, O2 = "140303531324096", "140303531324999"
WARN = Settings(checks=CheckSettings(consistency=ConsistencySettings(not_comparable="warning")))


@pytest.fixture
def consistency(judge: Judge) -> OneCheck:
    """The consistency check's result on a story in a layout."""
    return lambda *story, **options: judge(*story, **options).check("consistency")


def pair(
    planner: tuple[str | None, str | None], delivery: tuple[str | None, str | None], count: int = 1
) -> Story:
    """One pair of ``ana`` with these (state_id, outbox_id) on its sides."""
    story = Story().planner("ana", count, state=planner[0], outbox=planner[1])
    return story.delivery("ana", count, state=delivery[0], outbox=delivery[1])


def pairs(total: int, *, state: int = 0, outbox: int = 0) -> Story:
    """So many pairs, of which the first *state* differ in state_id and the first *outbox* in outbox_id."""
    story = Story()
    for number in range(total):
        story.planner(f"c{number}", 1, state=S1, outbox=O1)
        story.delivery(
            f"c{number}", 1, state=S2 if number < state else S1, outbox=O2 if number < outbox else O1
        )
    return story


@rule("7.1", "7.2", "7.6")
@pytest.mark.parametrize(
    ("planner", "delivery", "inconsistent", "not_comparable"),
    [
        ((S1, O1), (S1, O1), 0, 0),
        ((S1, O1), (S2, O1), 1, 0),
        ((S1, O1), (S1, O2), 1, 0),
        ((S1, O1), (S2, O2), 1, 0),
        ((S1, None), (S1, O1), 0, 0),
        ((S1, None), (S2, O1), 1, 0),
        ((None, O1), (S1, O2), 1, 0),
        ((S1, "MISSING"), (S1, O1), 1, 0),
        ((S1, O1), (S1, "MISSING"), 1, 0),
        ((None, None), (S1, O1), 0, 1),
        ((S1, O1), (None, None), 0, 1),
        ((S1, None), (None, O1), 0, 1),
    ],
)
def test_a_pair_is_judged_where_both_sides_have_an_id(
    consistency: OneCheck,
    planner: tuple[str | None, str | None],
    delivery: tuple[str | None, str | None],
    inconsistent: int,
    not_comparable: int,
    layout: str,
) -> None:
    result = consistency(Story(records=pair(planner, delivery).records + pairs(3).records), layout)
    assert (result.counts["inconsistent"], result.counts["not_comparable"]) == (inconsistent, not_comparable)
    assert result.status is (Status.WARNING if inconsistent else Status.OK)
    assert keys(result) == [("ana", None)] * inconsistent


@rule("7.1")
def test_an_inconsistent_pair_demands_an_investigation_and_never_a_rollback(
    consistency: OneCheck, layout: str
) -> None:
    result = consistency(pairs(30, state=3), layout)
    assert (result.status, result.action) == (Status.WARNING, Action.INVESTIGATE)
    assert result.value == pytest.approx(27 / 30)
    assert result.counts["pairs"] == 30


@rule("7.1")
def test_a_violation_says_what_differs(consistency: OneCheck, layout: str) -> None:
    (violation,) = consistency(pair((S1, O1), (S2, O1)), layout).violations
    assert list(violation.details["differs"]) == ["state_id"]
    assert violation.details["planner"]["state_id"] == S1
    assert violation.details["delivery"]["state_id"] == S2


@rule("7.3")
def test_a_second_delivery_is_not_compared(consistency: OneCheck, layout: str) -> None:
    story = pair((S1, O1), (S1, O1)).delivery("ana", 0, state=S2, outbox=O2)
    result = consistency(story, layout)
    assert (result.status, result.counts["inconsistent"], result.counts["pairs"]) == (Status.OK, 0, 1)


@rule("7.4")
def test_a_short_line_alone_gives_nothing_to_compare(consistency: OneCheck, layout: str) -> None:
    story = pairs(3).short("ana", "h1", state=S1).delivery("ana", 1, idem="h1", state=S2, outbox=O2)
    result = consistency(story, layout)
    assert (result.status, result.counts["inconsistent"]) == (Status.OK, 0)


@rule("7.4")
def test_the_long_lines_ids_count_beside_a_short_one(consistency: OneCheck, layout: str) -> None:
    story = Story().planner("ana", 0, state=S1, outbox=O1).short("ana", "h1", state=S1)
    story.planner("ana", 1, state=S1, outbox=O1).delivery("ana", 1, state=S1, outbox=O2)
    result = consistency(story, layout)
    assert (result.status, result.counts["inconsistent"], result.counts["pairs"]) == (Status.WARNING, 1, 1)


@rule("7.4")
def test_the_turn_based_flow_alone_is_unknown(consistency: OneCheck, layout: str) -> None:
    result = consistency(Story().turn_based("ana", "h1").turn_based("bia", "h2"), layout)
    assert result.status is Status.UNKNOWN
    assert reasons(result)


@rule("7.5")
def test_turns_that_planned_nothing_count_too(consistency: OneCheck, layout: str) -> None:
    assert consistency(pair((S1, O1), (S1, O1), 0), layout).counts["pairs"] == 1
    assert consistency(pair((S1, O1), (S2, O1), 0), layout).status is Status.WARNING


@rule("7.6")
def test_a_pair_across_files_is_not_comparable(judge: Judge, timed: str) -> None:
    planner = Story(records=list(pairs(3).records)).at(10).planner("ana", 1, state=S1, outbox=O1)
    delivery = Story().at(11).delivery("ana", 1, state=S2, outbox=O2)
    verdict = judge({"one.log": planner, "two.log": delivery}, timed)
    assert verdict.check("handoff").counts["turns"] == 4
    result = verdict.check("consistency")
    assert (result.status, result.counts["inconsistent"], result.counts["not_comparable"]) == (
        Status.OK,
        0,
        1,
    )


@rule("7.6")
def test_a_pair_across_processes_of_one_file_is_not_comparable(judge: Judge) -> None:
    story = pair((S1, O1), (S2, O2))
    lines = [record.render("json") for record in story.records]
    same = b"".join(b"app-1  | " + line for line in lines)
    across = b"app-1  | " + lines[0] + b"app-2  | " + lines[1]
    good = b"".join(b"app-1  | " + record.render("json") for record in pairs(3).records)
    assert judge(good + same).check("consistency").counts["inconsistent"] == 1
    result = judge(good + across).check("consistency")
    assert (result.counts["inconsistent"], result.counts["not_comparable"]) == (0, 1)


@rule("7.7")
@pytest.mark.parametrize(
    ("total", "differing", "inconsistent", "status"),
    [
        (19, 19, 19, Status.WARNING),
        (20, 10, 10, Status.WARNING),
        (20, 11, 0, Status.OK),
        (20, 20, 0, Status.OK),
        (40, 20, 20, Status.WARNING),
        (41, 21, 0, Status.OK),
    ],
)
@pytest.mark.parametrize("identifier", ["state", "outbox"])
def test_an_identifier_that_mostly_differs_is_not_comparable_here(
    consistency: OneCheck,
    identifier: str,
    total: int,
    differing: int,
    inconsistent: int,
    status: Status,
    layout: str,
) -> None:
    result = consistency(pairs(total, **{identifier: differing}), layout)
    assert (result.status, result.counts["inconsistent"]) == (status, inconsistent)
    excluded = [] if inconsistent else [f"{identifier}_id"]
    assert list(result.details["not_comparable_ids"]) == excluded
    if excluded:
        assert excluded[0] in reasons(result)


@rule("7.7")
def test_the_other_identifier_decides_alone(consistency: OneCheck, layout: str) -> None:
    result = consistency(pairs(30, state=30, outbox=2), layout)
    assert (result.status, result.counts["inconsistent"]) == (Status.WARNING, 2)
    assert list(result.details["not_comparable_ids"]) == ["state_id"]
    assert all(list(violation.details["differs"]) == ["outbox_id"] for violation in result.violations)


@rule("7.7")
def test_the_share_is_said_once(consistency: OneCheck, layout: str) -> None:
    said = reasons(consistency(pairs(40, outbox=30), layout))
    assert said.count("outbox_id") == 1
    assert "30" in said or "75" in said


@rule("7.8")
def test_with_neither_identifier_left_the_check_is_unknown(consistency: OneCheck, layout: str) -> None:
    result = consistency(pairs(30, state=30, outbox=20), layout)
    assert (result.status, result.counts["inconsistent"]) == (Status.UNKNOWN, 0)
    assert sorted(result.details["not_comparable_ids"]) == ["outbox_id", "state_id"]
    assert reasons(result)


@rule("7.8")
def test_not_comparable_can_be_a_warning(consistency: OneCheck, layout: str) -> None:
    assert consistency(pairs(30, state=30, outbox=30), layout, settings=WARN).status is Status.WARNING
    assert consistency(pairs(30, state=30), layout, settings=WARN).status is Status.WARNING
    assert consistency(pairs(30), layout, settings=WARN).status is Status.OK


@rule("7.9")
def test_conversation_and_exact_pairs_are_judged_and_mismatched_ones_are_not(
    consistency: OneCheck, layout: str
) -> None:
    for planner, delivery, inconsistent in (
        ("k1", "k1", 1),
        ("unknown", "k1", 1),
        ("k1", "unknown", 1),
        ("k1", "j1", 0),
    ):
        story = Story().planner("ana", 1, idem=planner, state=S1, outbox=O1)
        story.delivery("ana", 1, idem=delivery, state=S2, outbox=O1).turn("bia")
        assert consistency(story, layout).counts["inconsistent"] == inconsistent, (planner, delivery)


@rule("7.1")
def test_a_lost_turn_is_compared_as_any_other(consistency: OneCheck, layout: str) -> None:
    story = Story().planner("ana", 2, state=S1, outbox=O1).delivery("ana", 0, state=S1, outbox=O2)
    assert consistency(story, layout).counts["inconsistent"] == 1
