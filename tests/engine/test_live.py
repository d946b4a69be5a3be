"""What a judge inside the app does with the records that it is handed."""

from __future__ import annotations

import logging
import os
import sys
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from attrs import evolve

from kumon_observe import Check, CheckResult, TraceEvent, hookimpl
from kumon_observe.config.settings import SealingSettings, Settings
from kumon_observe.engine.live import LiveRecord, may_be_trace, record_of
from kumon_observe.engine.recent import Keep
from kumon_observe.model.document import verdict_to
from kumon_observe.model.errors import UsageError
from kumon_observe.model.phrase import phrase
from kumon_observe.model.status import Status
from kumon_observe.parsing.sealing import Sealer
from kumon_observe.plugins.registry import Registry
from tests.engine.logged import LATER, live, record, records, told
from tests.scenarios import APP, PHONE, START, Said, Story
from tests.verdicts import problems, said

EVERY_KIND = Story().turn("ana").guard("ana").instance_guard("ana", "7").turn_result("sent", "h1")
CONV = f"conv_{PHONE}_20250115_100000"


class Broken:
    """A check that fails at the first trace."""

    name = "broken"

    def observe(self, event: TraceEvent) -> None:
        raise ZeroDivisionError("no turns")

    def merge(self, later: Broken) -> None: ...

    def result(self, now: datetime | None) -> CheckResult:
        raise AssertionError("it was asked all the same")


class BrokenChecks:
    """The plugin that brings it."""

    @hookimpl
    def kumon_register_checks(self) -> list[Check]:
        return [Broken()]


def log_record(message: object, *arguments: object) -> logging.LogRecord:
    return logging.LogRecord(APP, logging.INFO, "app.py", 46, message, arguments, None)


# -- what is handed over


def test_a_record_is_read_without_any_formatter() -> None:
    made = log_record("OUTBOX_TRACE|phase=%s|count=%d", "planner", 2)
    assert record_of(made) == LiveRecord(
        made.created, APP, "INFO", "OUTBOX_TRACE|phase=planner|count=2", str(os.getpid())
    )


def test_a_record_whose_arguments_do_not_fit_raises() -> None:
    with pytest.raises(TypeError, match="not all arguments converted"):
        record_of(log_record("OUTBOX_TRACE|phase=planner", "too many"))


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        *(
            (entry.message, True)
            for entry in Story().turn("ana").guard("ana").instance_guard("ana", "7").records
        ),
        ("DELIVERY|sent|turn=t|idem=h", True),
        ("%s|phase=planner|conv=%s|count=%d", True),
        ("OUTBOX_%s|phase=planner", True),
        ("\x1b[32mOUTBOX_TRACE|phase=planner\x1b[0m", True),
        ("delivery_outbox_count_before: 1", False),
        ("user said OUTBOX_TRACE|phase=planner", False),
        ("TURN_LOCK|conv=ana", False),
        ("", False),
    ],
)
def test_what_may_be_a_trace_is_told_by_its_start(message: str, expected: bool) -> None:
    assert may_be_trace(message) is expected


# -- what it answers


def test_nothing_taken_is_unknown(tmp_path: Path) -> None:
    verdict = live(tmp_path).verdict()
    assert verdict.status is Status.UNKNOWN
    assert "no outbox trace was seen" in said(verdict)


def test_records_without_any_trace_are_unknown(tmp_path: Path) -> None:
    assert told(tmp_path, Story().noise(3)).verdict().status is Status.UNKNOWN


def test_a_lost_hand_off_is_critical_and_shows_its_masked_records(tmp_path: Path) -> None:
    judge = told(tmp_path, Story().others(1).planning(CONV).delivery(CONV, 0))
    verdict = judge.verdict()
    (violation,) = verdict.check("handoff").violations
    assert verdict.status is Status.CRITICAL
    assert [(e.source, e.line) for e in violation.evidence] == [("logging", 8), ("logging", 9)]
    assert "phase=delivery|conv=conv_***14~" in violation.evidence[1].text
    assert PHONE not in str(verdict_to(verdict))


def test_raw_values_are_shown_where_that_is_asked_for(tmp_path: Path) -> None:
    judge = told(tmp_path, Story().planning(CONV).delivery(CONV, 0), show_personal_data=True)
    (violation,) = judge.verdict().check("handoff").violations
    assert violation.key.conv == CONV
    assert CONV in violation.evidence[0].text


def test_the_verdict_names_its_source_and_what_it_took(tmp_path: Path) -> None:
    document = verdict_to(told(tmp_path, Story().noise().turn("ana"), name="worker 3").verdict())
    (source,) = document["input"]["sources"]
    assert (source["name"], source["lines"], source["traces"]) == ("worker 3", 7, 6)
    assert (source["bytes"], source["layouts"], source["error"]) == (None, {"logging": 6}, None)
    assert (source["from"], source["to"]) == ("2025-01-15T10:00:00.123000Z", "2025-01-15T10:00:00.183000Z")
    assert document["command"] == "health"
    assert document["generated_at"] == "2025-01-16T00:00:00Z"
    assert document["input"]["coverage"]["outbox"] == 3


def test_reasons_from_outside_make_an_ok_verdict_unknown(tmp_path: Path) -> None:
    judge = told(tmp_path, Story().turn("ana"))
    assert judge.verdict().status is Status.OK
    dropped = judge.verdict(command="watch", reasons=[phrase("{n} records were dropped", n=3)])
    assert (dropped.status, dropped.command) == (Status.UNKNOWN, "watch")
    assert "3 records were dropped" in said(dropped)
    assert judge.verdict().status is Status.OK


def test_reasons_from_outside_do_not_hide_a_violation(tmp_path: Path) -> None:
    judge = told(tmp_path, Story().planning("ana").delivery("ana", 0))
    assert judge.verdict(reasons=["3 records were dropped"]).status is Status.CRITICAL


def test_the_moment_up_to_which_is_judged_can_be_told(tmp_path: Path) -> None:
    judge = told(tmp_path, Story().turn("ana").planning("bia"))
    assert judge.verdict().check("handoff").counts["pending"] == 1
    later = judge.verdict(now=START + timedelta(seconds=90))
    assert (later.check("handoff").counts["undelivered"], later.status) == (1, Status.WARNING)
    naive = (START + timedelta(seconds=90)).replace(tzinfo=None)
    assert judge.verdict(now=naive).checks == later.checks


def test_only_the_wanted_checks_judge(tmp_path: Path) -> None:
    judge = told(tmp_path, Story().planning("ana").delivery("ana", 0), checks=["delivery"])
    assert [check.name for check in judge.verdict().checks] == ["delivery"]


def test_a_check_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="there is no check 'handof': did you mean 'handoff'"):
        live(tmp_path, checks=["handof"])


# -- what counts


def test_a_logger_that_is_not_trusted_is_no_evidence(tmp_path: Path) -> None:
    story = Story().turn("ana")
    story.says("OUTBOX_GUARD|level=CRITICAL|type=handoff_violation|planner_after=1", logger="uvicorn")
    verdict = told(tmp_path, story).verdict()
    assert verdict.status is Status.OK
    assert problems(verdict) == {"untrusted": 1}
    assert "1 untrusted trace was ignored" in said(verdict)
    (place,) = verdict.sources[0].places
    assert (str(place.reason), place.evidence.line) == ("logger uvicorn is not trusted", 7)


def test_a_trace_that_cannot_be_used_is_counted_and_shown(tmp_path: Path) -> None:
    verdict = told(
        tmp_path, Story().turn("ana").planner("ana", "many").says("OUTBOX_TRACE|phase=planner")
    ).verdict()
    assert problems(verdict) == {"malformed": 2}
    first, second = verdict.sources[0].places
    assert (str(first.reason), str(second.reason)) == ("count is no count", "conv is missing")
    assert first.evidence.text.startswith("OUTBOX_TRACE|phase=planner|conv=ana")


def test_an_echoed_trace_is_embedded_and_its_words_stay_hidden(tmp_path: Path) -> None:
    verdict = told(
        tmp_path, Story().turn("ana").whole_echo("minha filha OUTBOX_GUARD|level=CRITICAL")
    ).verdict()
    assert problems(verdict) == {"embedded": 1}
    assert verdict.sources[0].places[0].evidence.text == "… OUTBOX_GUARD| …"


def test_a_second_handler_does_not_count_twice(tmp_path: Path) -> None:
    story = Story().turn("ana")
    judge = live(tmp_path)
    judge.take(entry for one in records(story) for entry in (one, one))
    verdict = judge.verdict()
    assert (verdict.sources[0].traces, verdict.sources[0].duplicates) == (6, 6)
    assert verdict.check("delivery").counts["success"] == 1


def test_a_record_that_is_far_too_long_is_told_and_not_kept(tmp_path: Path) -> None:
    verdict = told(tmp_path, Story().turn("ana").planner("ana", 1, note="x" * 70_000)).verdict()
    assert problems(verdict) == {"oversized": 1}
    assert verdict.sources[0].places[0].evidence.text == ""


def test_ids_are_compared_within_one_process_only(tmp_path: Path) -> None:
    story = (
        Story().turn("ana", state="140303530988224").planning("bia").delivery("bia", state="140303530988999")
    )
    judge = live(tmp_path)
    judge.take(record(one, "8" if "phase=delivery" in one.message else "7") for one in story.records)
    assert judge.verdict().check("consistency").counts["not_comparable"] == 2


@pytest.mark.parametrize("created", [float("nan"), float("inf"), -1.0, 1e30])
def test_a_time_beyond_the_calendar_is_none(tmp_path: Path, created: float) -> None:
    judge = live(tmp_path)
    judge.take([one._replace(created=created) for one in records(Story().turn("ana"))])
    verdict = judge.verdict()
    assert (verdict.coverage.outbox, verdict.coverage.first) == (3, None)


def test_a_check_that_raises_is_an_unknown_of_its_own(tmp_path: Path) -> None:
    registry = Registry.load(Settings(), extra=[BrokenChecks()], entry_points=False)
    verdict = told(tmp_path, Story().turn("ana"), registry=registry).verdict()
    assert "zerodivisionerror: no turns" in said(verdict)
    assert verdict.status is Status.UNKNOWN
    assert verdict.check("handoff").status is Status.OK


# -- what calls for a verdict at once


@pytest.mark.parametrize(
    ("story", "expected"),
    [
        (Story().turn("ana"), False),
        (Story().planner("ana", 0).delivery("ana", 0), True),
        (Story().turn("ana").delivery("ana", 0), False),
        (Story().planning("ana").delivery("ana", 0), True),
        (Story().guard("ana"), True),
        (Story().instance_guard("ana", "thread_1"), True),
        (Story().instance("ana", "thread_1"), True),
        (Story().instance("ana", "no_valid_instance_found", source="error"), False),
        (Story().send("ana", instance="default"), True),
        (Story().result("ana", instance="123"), True),
        (Story().turn("ana", ok=False), False),
    ],
)
def test_what_may_demand_a_rollback_is_told_at_once(tmp_path: Path, story: Story, expected: bool) -> None:
    judge = live(tmp_path)
    hints = [judge.take([one]) for one in records(story)]
    assert any(hints) is expected
    assert told(tmp_path, story).take(()) is False


# -- one conversation


def test_a_conversation_is_explained_turn_by_turn(tmp_path: Path) -> None:
    story = Story().turn("ana").others(2).planning("ana").delivery("ana", 0)
    explanation = told(tmp_path, story).explain("ana")
    assert [turn.status for turn in explanation.turns] == [Status.OK, Status.CRITICAL]
    assert [str(turn.findings[0].sentence) for turn in explanation.turns] == [
        "planned 1, delivered 1",
        "planned 1, delivered 0 (shown by its traces)",
    ]
    assert explanation.generated_at == LATER


def test_a_conversation_is_found_by_its_pseudonym(tmp_path: Path) -> None:
    judge = told(tmp_path, Story().others(1).planning(CONV).delivery(CONV, 0))
    shown = judge.verdict().check("handoff").violations[0].key.conv
    assert shown is not None
    assert PHONE not in shown
    explanation = judge.explain(shown)
    assert (explanation.conv, len(explanation.turns)) == (shown, 1)


def test_a_turn_based_result_and_context_belong_to_their_conversation(tmp_path: Path) -> None:
    story = Story().says("TURN_LOCK|conv=ana|state=held").turn_based("ana", "h1")
    story.says("DELIVERY_REHYDRATE|turn=turn_1f3c4085|count=0").says("DELIVERY_REHYDRATE|turn=turn_9|count=0")
    (turn,) = told(tmp_path, story.others(1)).explain("ana").turns
    assert [record.kind for record in turn.records] == [
        "TURN_LOCK",
        "OUTBOX_TRACE",
        "DELIVERY",
        "DELIVERY_REHYDRATE",
    ]


def test_an_unseen_conversation_is_unknown(tmp_path: Path) -> None:
    explanation = told(tmp_path, Story().turn("ana")).explain("an")
    assert (explanation.status, explanation.turns) == (Status.UNKNOWN, ())
    assert "no trace of this conversation was seen" in map(str, explanation.reasons)


def test_what_was_dropped_is_said_of_a_conversation_too(tmp_path: Path) -> None:
    explanation = told(tmp_path, Story().turn("ana")).explain("ana", reasons=["3 records were dropped"])
    assert explanation.status is Status.UNKNOWN
    assert "3 records were dropped" in explanation.reasons


def test_only_the_last_records_of_the_last_conversations_are_kept(tmp_path: Path) -> None:
    judge = told(tmp_path, Story().others(3).turn("ana").turn("ana"), keep=Keep(records=4, conversations=2))
    assert [len(turn.records) for turn in judge.explain("ana").turns] == [4]
    assert judge.explain("other-2").turns
    assert not judge.explain("other-1").turns


def test_memory_does_not_grow_with_the_records(tmp_path: Path) -> None:
    small = Settings(state_dir=str(tmp_path))
    checks = small.checks
    settings = evolve(
        small,
        checks=evolve(
            checks,
            handoff=evolve(checks.handoff, max_open=50),
            instances=evolve(checks.instances, max_tracked=50),
            delivery=evolve(checks.delivery, max_open=50),
            consistency=evolve(checks.consistency, max_open=50),
        ),
    )
    judge = live(tmp_path, settings=settings, keep=Keep(records=5, conversations=50))
    sizes = []
    for day in range(3):
        for number in range(1500):
            story = Story(now=START + timedelta(days=day, seconds=number)).turn(f"c{day}-{number}")
            judge.take(records(story))
        sizes.append(blocks())
    assert sizes[2] - sizes[1] < 2_000


def blocks() -> int:
    """How many blocks of memory Python holds."""
    import gc

    gc.collect()
    return sys.getallocatedblocks()


def test_where_traces_are_sealed_one_without_a_seal_is_no_evidence(tmp_path: Path) -> None:
    key = "k" * 32
    judged = live(tmp_path, settings=Settings(state_dir=str(tmp_path), sealing=SealingSettings(key=key)))
    lost = "OUTBOX_GUARD|level=CRITICAL|type=handoff_violation|planner_after=1|delivery_before=0|conv=ana"
    judged.take([record(Said(lost, START))])
    assert judged.verdict().status is Status.UNKNOWN
    assert problems(judged.verdict())["unsealed"] == 1
    judged.take([record(Said(Sealer(key).seal(lost), START))])
    assert judged.verdict().status is Status.CRITICAL
