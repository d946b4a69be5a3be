"""What Hypothesis draws: events, stories, noise and hostile texts."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from kumon_observe.model import events
from kumon_observe.model.events import TraceEvent
from kumon_observe.testing.strategies import CONVS, a_log, an_event, last_time
from tests.scenarios import Story, trace

__all__ = [
    "CONVS",
    "NOISE",
    "a_conversation",
    "a_log",
    "a_written_event",
    "an_event",
    "last_time",
    "message_of",
]


def message_of(event: TraceEvent) -> str:
    """The trace message that the app writes for an event."""
    match event:
        case events.PlannerTrace(short=True):
            ids = {"state_id": event.state_id, "outbox_id": event.outbox_id}
            fields = {"conv": event.conv or "unknown", "idem": event.idem, **ids}
            return trace("OUTBOX_TRACE", phase="planner", **fields, outbox_count=event.count)
        case events.PlannerTrace() | events.DeliveryTrace():
            ids = {"state_id": event.state_id, "outbox_id": event.outbox_id}
            phase = "planner" if isinstance(event, events.PlannerTrace) else "delivery"
            fields = {"conv": event.conv or "unknown", "idem": event.idem or "unknown", **ids}
            return trace("OUTBOX_TRACE", phase=phase, **fields, count=event.count)
        case events.HandoffGuard():
            counts = {"planner_after": event.planner_after, "delivery_before": event.delivery_before}
            head = {"level": "CRITICAL", "type": "handoff_violation"}
            return trace(
                "OUTBOX_GUARD", **head, **counts, conv=event.conv or "unknown", idem=event.idem or "unknown"
            )
        case events.OutboxGuard():
            return trace(
                "OUTBOX_GUARD",
                level="CRITICAL",
                type=event.type,
                conv=event.conv or "",
                idem=event.idem or "",
            )
        case events.InstanceTrace():
            fields = {"source": event.source, "instance": event.instance}
            return trace("INSTANCE_TRACE", **fields, conv=event.conv or "None", idem=event.idem or "None")
        case events.InvalidInstanceGuard():
            fields = {"level": "CRITICAL", "type": "invalid_pattern", "value": event.value}
            return trace(
                "INSTANCE_GUARD", **fields, conv=event.conv or "unknown", idem=event.idem or "unknown"
            )
        case events.SendTrace():
            fields = {"action": "send", "instance": event.instance, "phone": event.phone}
            return trace(
                "DELIVERY_TRACE", **fields, conv=event.conv or "unknown", idem=event.idem or "unknown"
            )
        case events.ResultTrace():
            status = "success" if event.success else "failed"
            fields = {
                "action": "result",
                "status": status,
                "http": event.http or "unknown",
                "instance": event.instance,
            }
            return trace(
                "DELIVERY_TRACE", **fields, conv=event.conv or "unknown", idem=event.idem or "unknown"
            )
        case events.TurnResult():
            return trace("DELIVERY", event.outcome, turn=event.turn, idem=event.idem or "unknown")
    raise AssertionError(f"no message for {event!r}")


_WORDS = st.text(
    st.characters(
        codec="utf-8", exclude_characters="|\n\r\x1b\x00", exclude_categories=("Cs", "Cc", "Zl", "Zp")
    ),
    min_size=1,
    max_size=12,
).filter(lambda word: word == word.strip() and word not in {"unknown", "MISSING", "None"})
_NAMES = st.one_of(st.none(), _WORDS)


@st.composite
def a_written_event(draw: st.DrawFn) -> TraceEvent:
    """An event with any text in its values."""
    common: dict[str, Any] = {"conv": draw(_NAMES), "idem": draw(_NAMES)}
    count, other = draw(st.integers(0, 10**6)), draw(st.integers(0, 10**6))
    ids: dict[str, Any] = {"state_id": draw(_NAMES), "outbox_id": draw(_NAMES)}
    value = draw(_WORDS)
    return draw(
        st.sampled_from(
            (
                events.PlannerTrace(**common, **ids, count=count),
                events.PlannerTrace(**common, **ids, count=count, short=True),
                events.DeliveryTrace(**common, **ids, count=count),
                events.HandoffGuard(**common, planner_after=count, delivery_before=other),
                events.OutboxGuard(**common, type=f"x{value}"),
                events.InstanceTrace(**common, source="meta", instance=value),
                events.InvalidInstanceGuard(**common, value=value),
                events.SendTrace(**common, instance=value, phone="5551900000014"),
                events.ResultTrace(**common, success=count % 2 == 0, http=draw(_NAMES), instance=value),
                events.TurnResult(idem=common["idem"], outcome="sent", turn=value),
            )
        )
    )


@st.composite
def a_conversation(draw: st.DrawFn, conv: str) -> Story:
    """A few turns of one conversation, some of them lost."""
    story = Story()
    for number in range(draw(st.integers(1, 3))):
        planned, delivered = draw(st.integers(0, 2)), draw(st.integers(0, 2))
        flow = draw(st.sampled_from(("turn", "keyed", "guarded", "turn based", "left open")))
        if flow == "turn":
            story.turn(conv, planned, delivered, ok=draw(st.booleans()))
        elif flow == "keyed":
            story.turn(conv, planned, delivered, idem=f"{conv}-{number}")
        elif flow == "guarded":
            story.planning(conv, planned + 1).guard(conv, planned + 1)
        elif flow == "turn based":
            story.turn_based(conv, f"h-{conv}-{number}")
        else:
            story.planning(conv, planned, idem=f"{conv}-{number}").send(conv, instance="thread_1")
    return story


NOISE = (
    'INFO:     100.64.0.7:29681 - "POST /api/v1/messages-upsert HTTP/1.1" 200 OK',
    "INFO:app.core.router.delivery_io:delivery_outbox_count_before: 1",
    '{"timestamp": "2025-01-15T10:00:00.5", "level": "INFO", "logger": "uvicorn", "message": "ready"}',
    "INFO:app.core.router.turn:TURN_LOCK|conv=ana|state=held",
    "WARNING:app.core.router.bridge:OUTBOX_BRIDGE_DESYNC|conv=bia|count=0",
    "INFO:app.core.router.delivery_io:DELIVERY|turn_based_start|phone=0014|turn=t1",
    "Traceback (most recent call last):",
    '  File "/app/main.py", line 3, in handle',
    "",
    "   ",
    "{",
    '{"a": 1}',
    "|||=|=",
    "não é um registro",
)
