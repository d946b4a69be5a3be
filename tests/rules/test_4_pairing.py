"""TRACES section 4, item 2: which delivery belongs to which planner event."""

from __future__ import annotations

import pytest

from kumon_observe.model.evidence import CheckResult
from kumon_observe.model.status import Status
from tests.rules.table import rule
from tests.scenarios import Story
from tests.verdicts import Judge, OneCheck, keys, number

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


# 2: pairing


@rule("4.2a")
def test_known_keys_pair_exactly_whatever_their_order(handoff: OneCheck, layout: str) -> None:
    story = Story().planner("ana", 2, idem="k1").planner("ana", 1, idem="k2").planner("bia", 3, idem="k1")
    story.delivery("bia", 3, idem="k1").delivery("ana", 0, idem="k1").delivery("ana", 1, idem="k2")
    result = handoff(story, layout)
    assert keys(result) == [("ana", "k1")]
    assert result.violations[0].details["planned"] == 2
    assert result.violations[0].details["delivered"] == 0
    assert identity(result) == "exact"
    assert result.counts["turns"] == 3


@rule("4.2a")
def test_an_exact_pair_wins_over_shared_ids(handoff: OneCheck, layout: str) -> None:
    story = (
        Story()
        .planner("ana", 1, idem="k1", state=S1, outbox=O1)
        .planner("ana", 2, idem="k2", state=S2, outbox=O2)
    )
    story.delivery("ana", 0, idem="k1", state=S2, outbox=O2).delivery(
        "ana", 2, idem="k2", state=S1, outbox=O1
    )
    assert keys(handoff(story, layout)) == [("ana", "k1")]


@rule("4.2b", "4.2e", "4.2g")
@pytest.mark.parametrize(
    ("planner", "delivery", "shown"),
    [
        ("unknown", "unknown", None),
        ("k1", "unknown", "k1"),
        ("unknown", "k1", "k1"),
        (None, None, None),
        ("None", "", None),
        ("MISSING", "k1", "k1"),
    ],
)
def test_an_unknown_idem_pairs_by_conversation(
    handoff: OneCheck, planner: str | None, delivery: str | None, shown: str | None, layout: str
) -> None:
    result = handoff(Story().planner("ana", 1, idem=planner).delivery("ana", 0, idem=delivery), layout)
    assert result.status is Status.CRITICAL
    assert keys(result) == [("ana", shown)]
    assert identity(result) == "conversation"


OPEN = (
    Story()
    .planner("ana", 1, idem="k1", state=S1, outbox=O1)
    .planner("ana", 2, idem="k2", state=S2, outbox=O2)
)


def open_turns() -> Story:
    """Two open turns of one conversation, k1 older than k2, with ids of their own."""
    return Story(records=list(OPEN.records), now=OPEN.now)


@rule("4.2b")
@pytest.mark.parametrize(
    ("state", "outbox", "taken"),
    [
        (S3, O1, "k1"),
        (S3, O2, "k2"),
        (S1, O3, "k1"),
        (S2, O3, "k2"),
        (S2, O1, "k1"),
        (S1, O2, "k2"),
        (S3, O3, "k2"),
        (None, None, "k2"),
        (S1, None, "k1"),
    ],
)
def test_a_delivery_takes_the_same_outbox_else_the_same_state_else_the_latest(
    handoff: OneCheck, state: str | None, outbox: str | None, taken: str, layout: str
) -> None:
    result = handoff(open_turns().delivery("ana", 0, state=state, outbox=outbox), layout)
    assert keys(result) == [("ana", taken)]


@rule("4.2b")
def test_ids_of_another_process_mean_nothing(judge: Judge) -> None:
    story = open_turns().delivery("ana", 0, state=S1, outbox=O1)
    lines = [record.render("json") for record in story.records]
    heads = (b"app-1  | ", b"app-1  | ", b"app-2  | ")
    log = b"".join(head + line for head, line in zip(heads, lines, strict=True))
    assert keys(judge(log).check("handoff")) == [("ana", "k2")]


@rule("4.2c")
def test_turns_that_the_last_fallback_passes_over_are_superseded(handoff: OneCheck, timed: str) -> None:
    story = open_turns().delivery("ana", 2, state=S3, outbox=O3).wait(600).turn("bia")
    result = handoff(story, timed)
    assert result.status is Status.OK
    assert result.counts["superseded"] == 1
    assert (result.counts["violations"], result.counts["undelivered"], result.counts["pending"]) == (0, 0, 0)


@rule("4.2c")
def test_superseded_without_times(handoff: OneCheck, untimed: str) -> None:
    result = handoff(open_turns().delivery("ana", 2, state=S3, outbox=O3).turn("ana"), untimed)
    assert result.status is Status.OK
    assert (result.counts["superseded"], result.counts["undelivered"]) == (1, 0)


@rule("4.2c", "4.4a")
@pytest.mark.parametrize(("state", "outbox"), [(S3, O2), (S2, O3)])
def test_turns_that_an_id_passes_over_stay_open(
    handoff: OneCheck, state: str, outbox: str, timed: str
) -> None:
    story = open_turns().delivery("ana", 2, state=state, outbox=outbox).wait(600).turn("bia")
    result = handoff(story, timed)
    assert (result.counts["superseded"], result.counts["undelivered"]) == (0, 1)
    assert result.status is Status.WARNING


@rule("4.2c", "4.4d")
@pytest.mark.parametrize(("state", "outbox"), [(S3, O2), (S2, O3)])
def test_turns_that_an_id_passes_over_stay_open_without_times(
    handoff: OneCheck, state: str, outbox: str, untimed: str
) -> None:
    result = handoff(open_turns().delivery("ana", 2, state=state, outbox=outbox), untimed)
    assert (result.counts["superseded"], result.counts["undelivered"]) == (0, 1)


@rule("4.2b")
def test_conversations_are_compared_whole(handoff: OneCheck, layout: str) -> None:
    result = handoff(
        Story().planner("conv_1", 1).planner("conv_12", 1).delivery("conv_12", 1).delivery("conv_1", 0),
        layout,
    )
    assert keys(result) == [("conv_1", None)]


@rule("4.2d", "4.2e", "4.3a")
def test_idems_that_are_never_shared_pair_by_conversation_as_mismatched(
    handoff: OneCheck, layout: str
) -> None:
    result = handoff(Story().planner("ana", 1, idem="k1").delivery("ana", 0, idem="j1"), layout)
    assert result.status is Status.WARNING
    assert keys(result) == [("ana", "k1")]
    assert identity(result) == "mismatched"


@rule("4.2d")
def test_after_the_first_exact_pair_known_idems_pair_exactly_only(handoff: OneCheck, timed: str) -> None:
    story = Story().turn("bia", idem="b1").planner("ana", 1, idem="k1").delivery("ana", 0, idem="j1")
    result = handoff(story.wait(600).turn("bia", idem="b2"), timed)
    assert result.counts["violations"] == 0
    assert (result.status, result.counts["undelivered"]) == (Status.WARNING, 1)


@rule("4.2d")
def test_after_the_first_exact_pair_without_times(handoff: OneCheck, untimed: str) -> None:
    story = Story().turn("bia", idem="b1").planner("ana", 1, idem="k1").delivery("ana", 0, idem="j1")
    result = handoff(story, untimed)
    assert result.counts["violations"] == 0
    assert (result.status, result.counts["pending"]) == (Status.OK, 1)


@rule("4.2d")
def test_after_the_first_exact_pair_an_unknown_idem_still_pairs_by_conversation(
    handoff: OneCheck, layout: str
) -> None:
    story = Story().turn("bia", idem="b1").planner("ana", 1, idem="k1").delivery("ana", 0)
    result = handoff(story, layout)
    assert keys(result) == [("ana", "k1")]
    assert identity(result) == "conversation"


@rule("4.2d")
def test_the_first_exact_pair_of_one_source_does_not_bind_another(judge: Judge, timed: str) -> None:
    shared = Story().turn("bia", idem="b1")
    never = Story().at(1).planner("ana", 1, idem="k1").delivery("ana", 0, idem="j1")
    result = judge({"one.log": shared, "two.log": never}, timed).check("handoff")
    assert keys(result) == [("ana", "k1")]
    assert identity(result) == "mismatched"


@rule("4.2f")
@pytest.mark.parametrize("conv", ["unknown", "None", ""])
def test_events_without_conv_and_idem_are_unattributed(handoff: OneCheck, conv: str, layout: str) -> None:
    result = handoff(Story().turn("ana").planner(conv, 1).delivery(conv, 0), layout)
    assert result.status is Status.OK
    assert result.counts["violations"] == 0
    assert number(result, "unattributed") >= 1
    assert result.counts["turns"] == 1


@rule("4.2f")
def test_an_unattributed_turn_is_never_undelivered(handoff: OneCheck, timed: str) -> None:
    result = handoff(Story().turn("ana").planner("unknown", 1).wait(600).turn("ana"), timed)
    assert result.status is Status.OK
    assert (result.counts["undelivered"], result.counts["pending"]) == (0, 0)
