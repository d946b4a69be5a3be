"""TRACES section 1: the grammar."""

from __future__ import annotations

import json

import pytest

from kumon_observe.engine.explain import explain
from kumon_observe.engine.parse import parse
from kumon_observe.model import events
from kumon_observe.model.events import TraceEvent
from kumon_observe.model.status import Status
from tests.rules.table import rule
from tests.scenarios import APP, START, Said, Story
from tests.verdicts import Judge, judged, problems


def read(message: str, layout: str = "json") -> list[TraceEvent]:
    """The events in a log of this one record."""
    return list(parse(Said(message, START).render(layout).splitlines(keepends=True)))


def only(message: str, layout: str = "json") -> TraceEvent:
    """The one event that this message is."""
    (event,) = read(message, layout)
    return event


FORMS = [
    (
        "OUTBOX_TRACE|phase=planner|conv=c|idem=k|state_id=1|outbox_id=2|count=3",
        events.PlannerTrace(conv="c", idem="k", state_id="1", outbox_id="2", count=3),
    ),
    (
        "OUTBOX_TRACE|phase=delivery|conv=c|idem=k|state_id=1|outbox_id=2|count=0",
        events.DeliveryTrace(conv="c", idem="k", state_id="1", outbox_id="2", count=0),
    ),
    (
        "INSTANCE_TRACE|source=meta|instance=v|conv=c|idem=k",
        events.InstanceTrace(conv="c", idem="k", source="meta", instance="v"),
    ),
    (
        "INSTANCE_TRACE|source=error|instance=no_valid_instance_found|conv=c|idem=k",
        events.InstanceTrace(conv="c", idem="k", source="error", instance="no_valid_instance_found"),
    ),
    (
        "DELIVERY_TRACE|action=send|instance=v|phone=5551900000014|conv=c|idem=k",
        events.SendTrace(conv="c", idem="k", instance="v", phone="5551900000014"),
    ),
    (
        "DELIVERY_TRACE|action=result|status=success|http=201|instance=v|conv=c|idem=k",
        events.ResultTrace(conv="c", idem="k", success=True, http="201", instance="v"),
    ),
    (
        "DELIVERY_TRACE|action=result|status=failed|http=500|instance=v|conv=c|idem=k",
        events.ResultTrace(conv="c", idem="k", success=False, http="500", instance="v"),
    ),
    (
        "OUTBOX_GUARD|level=CRITICAL|type=handoff_violation|planner_after=2|delivery_before=0|conv=c|idem=k",
        events.HandoffGuard(conv="c", idem="k", planner_after=2, delivery_before=0),
    ),
    (
        "OUTBOX_GUARD|level=CRITICAL|type=stale|conv=c|idem=k",
        events.OutboxGuard(conv="c", idem="k", type="stale"),
    ),
    (
        "INSTANCE_GUARD|level=CRITICAL|type=invalid_pattern|value=thread_1|conv=c|idem=k",
        events.InvalidInstanceGuard(conv="c", idem="k", value="thread_1"),
    ),
    (
        "OUTBOX_TRACE|phase=planner|conv=c|idem=h|state_id=1|outbox_count=2",
        events.PlannerTrace(conv="c", idem="h", state_id="1", count=2, short=True),
    ),
    (
        "DELIVERY|sent|turn=t|idem=h|provider_id=P|text_len=9",
        events.TurnResult(idem="h", outcome="sent", turn="t"),
    ),
    (
        "DELIVERY|send_failed|turn=t|idem=h|error=timeout",
        events.TurnResult(idem="h", outcome="send_failed", turn="t"),
    ),
    ("DELIVERY|dedup_hit|turn=t|idem=h", events.TurnResult(idem="h", outcome="dedup_hit", turn="t")),
]


def facts(event: TraceEvent) -> tuple[object, ...]:
    """What an event says, without where and when it stood."""
    row = event.row()
    return (type(event), *row[8:])


@rule("1.10")
@pytest.mark.parametrize(("message", "event"), FORMS)
def test_every_form_of_the_grammar_is_an_event_of_its_kind(
    message: str, event: TraceEvent, layout: str
) -> None:
    assert facts(only(message, layout)) == facts(event)


@rule("1.10")
def test_guards_come_through_logger_error() -> None:
    story = Story().guard("ana")
    assert story.records[0].level == "ERROR"
    (event,) = parse(story.render("basic").splitlines(keepends=True))
    assert isinstance(event, events.HandoffGuard)


@rule("1.1")
def test_a_value_may_hold_an_equals_sign(layout: str) -> None:
    event = only("INSTANCE_TRACE|source=meta|instance=a=b=c|conv=c=1|idem=k", layout)
    assert isinstance(event, events.InstanceTrace)
    assert (event.instance, event.conv) == ("a=b=c", "c=1")


@rule("1.2")
@pytest.mark.parametrize(("message", "event"), FORMS)
def test_the_order_of_fields_does_not_matter(message: str, event: TraceEvent) -> None:
    segments = message.split("|")
    head = 2 if segments[0] == "DELIVERY" else 1
    turned = "|".join([*segments[:head], *reversed(segments[head:])])
    assert facts(only(turned)) == facts(event)


@rule("1.3")
def test_unknown_keys_are_kept_and_counted(judge: Judge, layout: str) -> None:
    event = only(
        "OUTBOX_TRACE|phase=planner|conv=c|idem=k|state_id=1|outbox_id=2|count=3|shard=7|zone=sul", layout
    )
    assert event.extra == {"shard": "7", "zone": "sul"}
    plain = judge(Story().turn("ana"), layout)
    story = Story().planner("ana", shard=7).delivery("ana", shard=7).sent("ana")
    verdict = judge(story, layout)
    assert verdict.check("handoff").status is Status.OK
    assert not problems(verdict)
    assert verdict.sources[0].extra_fields == 2
    assert plain.sources[0].extra_fields == 0


@rule("1.4")
@pytest.mark.parametrize(
    "value",
    [
        "with some spaces",
        "a=b",
        "João Ção 漢字 🙂",
        "left|right",
        "left|middle|right",
        "trailing|",
        "tab\there",
        '"quoted"',
        "back\\slash",
    ],
)
def test_values_are_unescaped_text(value: str, layout: str) -> None:
    event = only(f"INSTANCE_TRACE|source=meta|instance={value}|conv=c|idem=k", layout)
    assert isinstance(event, events.InstanceTrace)
    assert (event.instance, event.conv, event.idem) == (value, "c", "k")


@rule("1.5")
def test_a_value_may_hold_a_newline() -> None:
    event = only("INSTANCE_TRACE|source=meta|instance=up\ndown|conv=c|idem=k", "json")
    assert isinstance(event, events.InstanceTrace)
    assert (event.instance, event.conv) == ("up\ndown", "c")


@rule("1.6")
@pytest.mark.parametrize("nothing", ["unknown", "MISSING", "None", ""])
def test_a_conv_or_idem_may_be_unknown(nothing: str, layout: str) -> None:
    event = only(f"INSTANCE_TRACE|source=meta|instance=v|conv={nothing}|idem={nothing}", layout)
    assert (event.conv, event.idem) == (None, None)


@rule("1.6")
@pytest.mark.parametrize("value", ["MISSING", "unknown", "None", ""])
def test_an_id_may_be_missing_in_the_state(value: str, layout: str) -> None:
    event = only(
        f"OUTBOX_TRACE|phase=planner|conv=c|idem=k|state_id={value}|outbox_id={value}|count=1", layout
    )
    assert isinstance(event, events.PlannerTrace)
    assert event.count == 1


MALFORMED = [
    "OUTBOX_TRACE|phase=planner|conv=c|idem=k|state_id=1|outbox_id=2",
    "OUTBOX_TRACE|phase=planner|conv=c|idem=k|state_id=1|outbox_id=2|count=",
    "OUTBOX_TRACE|phase=planner|conv=c|idem=k|state_id=1|outbox_id=2|count=many",
    "OUTBOX_TRACE|phase=planner|conv=c|idem=k|state_id=1|outbox_id=2|count=1.5",
    "OUTBOX_TRACE|phase=planner|conv=c|idem=k|state_id=1|outbox_count=x",
    "OUTBOX_TRACE|phase=plan|conv=c|idem=k|state_id=1|outbox_id=2|count=1",
    "OUTBOX_TRACE|conv=c|idem=k|state_id=1|outbox_id=2|count=1",
    "OUTBOX_TRACE|phase=planner|idem=k|state_id=1|outbox_id=2|count=1",
    "INSTANCE_TRACE|instance=v|conv=c|idem=k",
    "INSTANCE_TRACE|source=meta|conv=c|idem=k",
    "DELIVERY_TRACE|instance=v|phone=5551900000014|conv=c|idem=k",
    "DELIVERY_TRACE|action=receive|instance=v|conv=c|idem=k",
    "DELIVERY_TRACE|action=result|http=201|instance=v|conv=c|idem=k",
    "DELIVERY_TRACE|action=result|status=perhaps|http=201|instance=v|conv=c|idem=k",
    "OUTBOX_GUARD|level=CRITICAL|planner_after=1|delivery_before=0|conv=c|idem=k",
    "OUTBOX_GUARD|level=CRITICAL|type=handoff_violation|planner_after=1|delivery_before=0|idem=k",
    "OUTBOX_GUARD|level=CRITICAL|type=handoff_violation|planner_after=1|conv=c|idem=k",
    "OUTBOX_GUARD|level=CRITICAL|type=handoff_violation|delivery_before=0|conv=c|idem=k",
    "OUTBOX_GUARD|level=CRITICAL|type=handoff_violation|planner_after=x|delivery_before=0|conv=c|idem=k",
    "OUTBOX_GUARD|level=CRITICAL|type=stale|idem=k",
    "INSTANCE_GUARD|level=CRITICAL|value=thread_1|conv=c|idem=k",
    "INSTANCE_GUARD|level=CRITICAL|type=invalid_pattern|conv=c|idem=k",
    "INSTANCE_GUARD|level=CRITICAL|type=invalid_pattern|value=thread_1|idem=k",
    "DELIVERY|sent|turn=t|provider_id=P|text_len=9",
    "DELIVERY|send_failed|turn=t",
    "DELIVERY|dedup_hit|turn=t",
]


@rule("1.7")
@pytest.mark.parametrize("message", MALFORMED)
def test_a_malformed_trace_is_counted_with_its_place_and_not_used(
    judge: Judge, message: str, layout: str
) -> None:
    healthy = Story().turn("ana").noise()
    expected = judged(judge(healthy, layout))
    verdict = judge(healthy.says(message).noise(), layout)
    assert judged(verdict) == expected
    assert problems(verdict) == {"malformed": 1}
    (place,) = verdict.sources[0].places
    assert place.kind == "malformed"
    assert place.evidence.line == len(healthy.records) - 1
    assert message in place.evidence.text
    assert str(place.reason)
    assert read(message, layout) == []


@rule("1.8")
@pytest.mark.parametrize(
    "message",
    [
        "OUTBOX_TRACE|phase=planner|conv=c|count=1",
        "OUTBOX_TRACE|phase=planner|conv=|count=1",
        "OUTBOX_TRACE|phase=planner|conv=c|outbox_count=1",
        "INSTANCE_TRACE|source=meta|instance=",
        "DELIVERY_TRACE|action=send",
        "DELIVERY_TRACE|action=result|status=failed",
        "OUTBOX_GUARD|type=stale|conv=c",
        "OUTBOX_GUARD|type=handoff_violation|planner_after=1|delivery_before=0|conv=c",
        "INSTANCE_GUARD|type=invalid_pattern|value=|conv=c",
        "DELIVERY|sent|idem=h",
    ],
)
def test_what_is_not_required_may_be_missing(message: str, layout: str) -> None:
    assert len(read(message, layout)) == 1


CONTEXT = [
    "TURN_LOCK|conv=ana|state=held",
    "DELIVERY_REHYDRATE|conv=ana|count=3",
    "OUTBOX_BRIDGE_DESYNC|conv=ana|count=0",
]


@rule("1.9")
@pytest.mark.parametrize(
    "message", [*CONTEXT, "OUTBOX_BRIDGE_DESYNC conv=ana", "DELIVERY|turn_based_start|phone=0014|turn=t"]
)
def test_context_messages_change_no_check(judge: Judge, message: str, layout: str) -> None:
    expected = judged(judge(Story().turn("ana").noise(), layout))
    verdict = judge(Story().turn("ana").says(message).noise(), layout)
    assert judged(verdict) == expected
    assert not problems(verdict)
    assert read(message, layout) == []


@rule("1.9")
def test_explain_shows_the_context_of_its_conversation(judge: Judge, tmp_path: object, layout: str) -> None:
    story = (
        Story()
        .planning("ana")
        .says(CONTEXT[0])
        .says("TURN_LOCK|conv=bia|state=held")
        .delivery("ana")
        .sent("ana")
    )
    judge(story, layout)
    explanation = explain("ana", [f"{tmp_path}/app.log"], show_personal_data=True)
    texts = [record.text for turn in explanation.turns for record in turn.records]
    assert any("TURN_LOCK|conv=ana" in text for text in texts)
    assert not any("conv=bia" in text for text in texts)


@rule("1.9")
def test_explain_shows_the_context_of_the_conversations_turn(judge: Judge, tmp_path: object) -> None:
    story = Story().short("ana", "h1").says("DELIVERY|turn_based_start|phone=0014|turn=t1")
    story.says("PLANNER|no_db_connection|turn=t2|persistence_skipped").turn_result("sent", "h1", "t1")
    judge(story, "json")
    explanation = explain("ana", [f"{tmp_path}/app.log"], show_personal_data=True)
    texts = " ".join(record.text for turn in explanation.turns for record in turn.records)
    assert "turn_based_start" in texts
    assert "turn=t2" not in texts


@rule("1.10")
def test_a_name_that_only_begins_like_a_kind_is_no_trace(layout: str) -> None:
    assert read("OUTBOX_TRACES|phase=planner|conv=c|count=1", layout) == []
    assert read("MY_OUTBOX_TRACE|phase=planner|conv=c|count=1", layout) == []
    assert read("OUTBOX_TRACE phase=planner|conv=c|count=1", layout) == []


def test_the_story_writes_what_the_app_writes() -> None:
    """The builder itself: one line of a known sample."""
    line = Story().planner("ana", 1, state="1", outbox="2").render("json").decode()
    assert json.loads(line)["message"] == FORMS[0][0].replace(
        "conv=c|idem=k", "conv=ana|idem=unknown"
    ).replace("=3", "=1")
    assert json.loads(line)["logger"] == APP


@rule("1.4")
def test_a_trace_quoted_in_the_text_at_the_end_takes_no_field_away() -> None:
    error = "result={'error': '400 Bad Request: oi DELIVERY|sent|turn=x|idem=z', 'http_status': 400}"
    (event,) = read(f"DELIVERY|send_failed|turn=t1|idem=h1|{error}")
    assert isinstance(event, events.TurnResult)
    assert (event.outcome, event.turn, event.idem) == ("send_failed", "t1", "h1")
    assert event.extra == {"result": error.removeprefix("result=")}


@rule("1.4")
def test_many_bars_are_read_in_linear_time() -> None:
    (event,) = read("INSTANCE_TRACE|source=meta|conv=ana|instance=" + "x|" * 400_000)
    assert isinstance(event, events.InstanceTrace)
    assert len(event.instance) == 800_000
