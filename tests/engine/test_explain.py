"""One conversation's story: its own records alone, turn by turn, with what was found and why."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from kumon_observe.config.settings import Settings
from kumon_observe.engine.explain import explain
from kumon_observe.model.listing import ExplainedTurn, Explanation
from kumon_observe.model.status import Status
from tests.scenarios import START, Story


def told(
    tmp_path: Path, story: Story, conv: str = "ana", layout: str = "json", **options: object
) -> Explanation:
    log = tmp_path / "app.log"
    log.write_bytes(story.render(layout))
    options = {"settings": Settings(state_dir=str(tmp_path)), **options}
    return explain(conv, [log], **options)  # type: ignore[arg-type]


def sentences(turn: ExplainedTurn) -> dict[str, str]:
    return {finding.check: str(finding.sentence) for finding in turn.findings}


def test_a_healthy_turn_says_what_arrived(tmp_path: Path) -> None:
    story = told(tmp_path, Story().turn("ana", 2).turn("bia"))
    (turn,) = story.turns
    assert sentences(turn) == {"handoff": "planned 2, delivered 2", "delivery": "2 of 2 sends succeeded"}
    assert story.status is Status.OK


def test_each_turn_has_its_own_findings(tmp_path: Path) -> None:
    story = Story().turn("ana").planning("ana").guard("ana").delivery("ana", 0).turn("ana", ok=False)
    explanation = told(tmp_path, story)
    assert [turn.status for turn in explanation.turns] == [Status.OK, Status.CRITICAL, Status.WARNING]
    assert sentences(explanation.turns[1])["handoff"] == (
        "planned 1, delivered 0 (shown by its traces, the app's guard)"
    )
    assert sentences(explanation.turns[2])["delivery"] == "0 of 1 sends succeeded"
    assert explanation.status is Status.CRITICAL


def test_what_has_not_ended_is_said(tmp_path: Path) -> None:
    story = Story().planning("ana").send("ana").others(1).at(3).noise()
    (turn,) = told(tmp_path, story).turns
    assert sentences(turn) == {
        "handoff": "planned 1, no delivery trace yet",
        "delivery": "sent, and no result was logged",
    }


def test_an_undelivered_turn_and_one_in_another_outbox_are_two(tmp_path: Path) -> None:
    story = Story().planning("ana", outbox="140303531324096").wait(90)
    story.planning("ana", outbox="140303531324999").delivery("ana", outbox="140303531324999").others(1)
    first, second = told(tmp_path, story).turns
    assert sentences(first)["handoff"] == "planned 1, and no delivery followed within the grace"
    assert sentences(second)["handoff"] == "planned 1, delivered 1"


def test_a_wrong_instance_is_explained(tmp_path: Path) -> None:
    guarded = (
        Story()
        .planning("ana")
        .delivery("ana")
        .instance_guard("ana", "default")
        .send("ana", instance="default")
    )
    (turn,) = told(tmp_path, guarded).turns
    assert sentences(turn)["instances"] == "wrong instance 'default', seen 2 times"
    (turn,) = told(tmp_path, Story().planning("ana").delivery("ana").send("ana", instance="thread_5")).turns
    assert sentences(turn)["instances"] == (
        "wrong instance 'thread_5', seen 1 times and not stopped by the app's guard"
    )


def test_differing_ids_are_explained(tmp_path: Path) -> None:
    story = Story().planning("ana", outbox="1403035").delivery("ana", outbox="1403036")
    (turn,) = told(tmp_path, story).turns
    assert sentences(turn)["consistency"] == "planner and delivery differ in outbox_id"


def test_context_messages_of_the_conversation_and_its_turns_are_shown(tmp_path: Path) -> None:
    story = Story().says("PLANNER|planning_single_response|turn=turn_1f3c4085|text_len=2")
    story.turn_based("ana", "k1").says("TURN_LOCK|released|turn=turn_1f3c4085")
    story.says("OUTBOX_BRIDGE|saved|conv=ana|count=1").says("OUTBOX_BRIDGE|saved|conv=ana2|count=1")
    story.says("PLANNER|planning_single_response|turn=turn_other|text_len=2")
    explanation = told(tmp_path, story)
    kinds = [record.kind for turn in explanation.turns for record in turn.records]
    assert sorted(kinds) == ["DELIVERY", "OUTBOX_BRIDGE", "OUTBOX_TRACE", "PLANNER", "TURN_LOCK"]


def test_only_the_window_is_told(tmp_path: Path) -> None:
    story = Story().turn("ana").says("TURN_LOCK|held|conv=ana").at(600).turn("ana")
    story.says("TURN_LOCK|held|conv=ana")
    explanation = told(tmp_path, story, since=START + timedelta(seconds=300))
    assert len(explanation.turns) == 1
    assert [record.kind for record in explanation.turns[0].records].count("TURN_LOCK") == 1


def test_a_conversation_that_was_not_seen_is_unknown(tmp_path: Path) -> None:
    explanation = told(tmp_path, Story().turn("conv_12"), "conv_1")
    assert explanation.turns == ()
    assert explanation.status is Status.UNKNOWN
    assert [str(reason) for reason in explanation.reasons] == ["no trace of this conversation was seen"]


def test_turns_that_overlap_are_told_apart_by_their_outbox(tmp_path: Path) -> None:
    one, two = {"outbox": "140303531324096"}, {"outbox": "140303531324999"}
    story = Story().planner("ana", 1, **one).planner("ana", 2, **two)
    story.delivery("ana", 1, **one).delivery("ana", 2, **two).others(1)
    first, second = told(tmp_path, story).turns
    assert sentences(first)["handoff"] == "planned 1, delivered 1"
    assert sentences(second)["handoff"] == "planned 2, delivered 2"
