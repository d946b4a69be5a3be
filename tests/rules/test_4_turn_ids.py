"""Traces that name their turn and their process (newer fields of escaped traces): pairs are exact."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from kumon_observe import emit
from kumon_observe.config.settings import Settings
from kumon_observe.engine.explain import explain
from kumon_observe.model.status import Status
from tests.emitting import emitting
from tests.scenarios import Story, trace
from tests.verdicts import Judge, keys, number, problems


class Told(Story):
    """A story whose outbox traces are emitted; ``process`` is who says them."""

    def tells(self, name: str, *, process: str = "w1", level: str = "INFO", **fields: Any) -> Told:
        with emitting(process=process):
            self.says(getattr(emit.text, name)(**fields), level=level)
        return self

    def plans(self, turn: str | None, count: int = 1, **fields: Any) -> Told:
        return self.tells("planner", turn=turn, count=count, **{"conv": "ana", **fields})

    def delivers(self, turn: str | None, count: int = 1, **fields: Any) -> Told:
        return self.tells("delivery", turn=turn, count=count, **{"conv": "ana", **fields})

    def guards(self, turn: str | None, **fields: Any) -> Told:
        fields = {"conv": "ana", "planner_after": 1, **fields}
        return self.tells("handoff_violation", level="ERROR", turn=turn, **fields)


def story() -> Told:
    told = Told()
    told.others(2)
    return told


def test_overlapping_turns_of_one_conversation_are_told_apart(judge: Judge, layout: str) -> None:
    told = story().plans("t1", 2).plans("t2", 1).plans("t3", 1)
    told.delivers("t1", 2).delivers("t3", 0).delivers("t2", 1)
    result = judge(told, layout).check("handoff")
    (lost,) = result.violations
    assert (lost.details["identity"], lost.details["planned"]) == ("exact", 1)
    assert [evidence.text.rpartition("turn=")[2] for evidence in lost.evidence] == ["t3", "t3"]
    assert number(result, "superseded") == number(result, "undelivered") == number(result, "pending") == 0


def test_without_ids_these_turns_are_paired_by_their_order(judge: Judge) -> None:
    told = story().plans(None, 2).plans(None, 1, state_id=7).delivers(None, 0)
    assert [v.details["identity"] for v in judge(told).check("handoff").violations] == ["conversation"]


def test_a_later_planner_trace_of_the_turn_replaces_the_count(judge: Judge) -> None:
    told = story().plans("t1", 0).plans("t2", 0).plans("t1", 3).plans("t2", 1)
    told.delivers("t2", 1).delivers("t1", 2)
    result = judge(told).check("handoff")
    (partial,) = result.warnings
    assert (partial.details["planned"], partial.details["delivered"]) == (3, 2)
    assert number(result, "turns") == 4


@pytest.mark.parametrize("idems", [("k1", "k2"), ("k1", None), (None, "k2")])
def test_the_id_of_the_turn_decides_and_the_key_shows_the_idem(
    judge: Judge, idems: tuple[str | None, str | None]
) -> None:
    planned, delivered = idems
    told = story().plans("t1", idem=planned).plans("t2").delivers("t1", 0, idem=delivered).delivers("t2", 1)
    result = judge(told).check("handoff")
    assert keys(result) == [("ana", planned or delivered)]
    assert result.violations[0].details["identity"] == "exact"


def test_a_pair_by_the_turn_alone_makes_idems_no_stricter(judge: Judge) -> None:
    told = story().plans("t1").delivers("t1").planner("bia", 1, idem="k1").delivery("bia", 1, idem="k2")
    assert number(judge(told).check("handoff"), "pending") == 0


def test_a_delivery_of_another_turn_closes_none(judge: Judge) -> None:
    told = story().plans("t1").delivers("t2", 0)
    result = judge(told).check("handoff")
    assert (number(result, "violations"), number(result, "pending")) == (0, 1)


def test_a_second_drain_of_the_turn_is_fine(judge: Judge) -> None:
    told = story().plans("t1").delivers("t1").planner("ana", 1).delivers("t1", 0)
    result = judge(told).check("handoff")
    assert (number(result, "violations"), number(result, "pending")) == (0, 1)


def test_traces_with_and_without_an_id_are_paired_as_before(judge: Judge) -> None:
    told = story().planner("ana", 1, outbox="7").delivers("t1", 0, outbox_id=7)
    assert number(judge(told).check("handoff"), "violations") == 1
    told = story().plans("t1", outbox_id=7)
    told.delivery("ana", 0, outbox="7")
    assert number(judge(told).check("handoff"), "violations") == 1


def test_the_guard_of_a_turn_corroborates_its_loss_though_another_began(judge: Judge) -> None:
    told = story().plans("t1").delivers("t1", 0).plans("t2").guards("t1").delivers("t2")
    result = judge(told).check("handoff")
    (lost,) = result.violations
    assert lost.details["corroborated"] is True
    assert result.status is Status.CRITICAL


def test_a_guard_in_place_of_the_delivery_is_of_the_open_turn_with_its_id(judge: Judge) -> None:
    told = story().plans("t1").plans("t2").guards("t1").delivers("t2")
    (lost,) = judge(told).check("handoff").violations
    assert lost.details["by"] == ["guard"]
    assert "turn=t1" in lost.evidence[0].text


def test_the_guard_of_an_unknown_turn_is_a_loss_of_its_own(judge: Judge) -> None:
    told = story().plans("t1").delivers("t1").guards("t9")
    (lost,) = judge(told).check("handoff").violations
    assert lost.details["by"] == ["guard"]
    assert len(lost.evidence) == 1


def test_a_turn_without_conversation_or_idem_is_no_stranger(judge: Judge) -> None:
    told = story().plans("t1", conv=None).delivers("t1", 0, conv=None).guards("t1", conv=None)
    result = judge(told).check("handoff")
    assert (number(result, "violations"), number(result, "unattributed")) == (1, 0)


def test_turn_based_results_keep_their_meaning(judge: Judge) -> None:
    told = story().plans("t1", idem="h1")
    told.says(trace("DELIVERY", "sent", turn="t1", idem="h1", provider_id="p", text_len=1))
    result = judge(told).check("handoff")
    assert (number(result, "violations"), number(result, "pending")) == (0, 0)
    told = story().plans("t1", idem="h1")
    told.says(trace("DELIVERY", "sent", turn="t1", idem="h2", provider_id="p", text_len=1))
    assert number(judge(told).check("handoff"), "pending") == 1


def test_explain_puts_what_names_a_turn_into_it(tmp_path: Path) -> None:
    told = story().plans("t1", 2).plans("t2").delivers("t1", 0).delivers("t2")
    told.says("TURN_LOCK|turn=t2|state=held", logger="app.core.router.turn")
    (tmp_path / "app.log").write_bytes(told.render("json"))
    explained = explain("ana", str(tmp_path / "app.log"), settings=Settings(state_dir=str(tmp_path)))
    turns = [[record.text for record in turn.records] for turn in explained.turns]
    assert [[text.rpartition("turn=")[2][:2] for text in turn] for turn in turns] == [
        ["t1", "t1"],
        ["t2", "t2", "t2"],
    ]
    assert [str(finding.sentence) for finding in explained.turns[0].findings] == [
        "planned 2, delivered 0 (shown by its traces)"
    ]


def test_identifiers_of_two_processes_are_not_compared(judge: Judge, layout: str) -> None:
    ids = {"state_id": 1, "outbox_id": 2}
    told = story().plans("t1", process="w1", **ids).delivers("t1", process="w2", state_id=3, outbox_id=2)
    result = judge(told, layout).check("consistency")
    assert (number(result, "inconsistent"), number(result, "not_comparable")) == (0, 1)
    told = story().plans("t1", process="w1", **ids).delivers("t1", process="w1", state_id=3, outbox_id=2)
    assert number(judge(told, layout).check("consistency"), "inconsistent") == 1


def test_newer_fields_of_other_traces_are_fields_that_nobody_knows(judge: Judge) -> None:
    told = story().planner("ana", 1, turn="t1", pid="w1", seal="x").delivery("ana", 0, turn="t2", esc="1")
    verdict = judge(told)
    assert number(verdict.check("handoff"), "violations") == 1
    assert verdict.sources[0].extra_fields == 5
    assert not problems(verdict)


def test_a_trace_that_is_not_escaped_as_it_says_is_malformed(judge: Judge, layout: str) -> None:
    told = story().says("OUTBOX_TRACE|phase=planner|esc=1|conv=a%2|idem=unknown|count=1")
    verdict = judge(told, layout)
    assert problems(verdict) == {"malformed": 1}
    assert str(verdict.sources[0].places[0].reason) == "conv is not escaped as its trace says"


def test_an_escaped_trace_does_not_wait_for_another_line(judge: Judge) -> None:
    told = story().says("OUTBOX_TRACE|phase=planner|esc=1|conv=a")
    told.raw("b|idem=unknown|count=1")
    verdict = judge(told, "basic")
    assert problems(verdict) == {"malformed": 1}
