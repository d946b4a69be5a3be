"""What Hypothesis draws for the laws of a check: events of every kind, and logs of them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from hypothesis import strategies as st

from kumon_observe.model import events
from kumon_observe.model.events import Position, TraceEvent
from kumon_observe.testing.story import PHONE, START

CONVS: Final = ("ana", "bia", "carla")
IDEMS: Final = (None, "k1", "k2", "k3")
TURNS: Final = (None, None, "t1", "t2")
IDS: Final = (None, "MISSING", "140303530988224", "140303530988999")
_STEPS: Final = (0.01, 1, 25, 59.99, 60.0, 61.0)


@st.composite
def an_event(draw: st.DrawFn, at: datetime | None, line: int, process: str = "") -> TraceEvent:
    """An event of any kind, of few conversations, so that they meet; it stands in *line*, from 1."""
    common: dict[str, Any] = {
        "conv": draw(st.sampled_from((*CONVS, None))),
        "idem": draw(st.sampled_from(IDEMS)),
        "at": at,
        "process": process,
        "position": Position(source=0, line=line, offset=line * 100, length=90),
        "text": f"record {line}",
        "extra": {"release": "2"},
    }
    ids: dict[str, Any] = {"state_id": draw(st.sampled_from(IDS)), "outbox_id": draw(st.sampled_from(IDS))}
    count = draw(st.integers(0, 3))
    instance = draw(st.sampled_from(("kumon_assistant", "thread_1", "default")))
    kind = draw(st.integers(0, 13))
    turn = draw(st.sampled_from(TURNS))
    if kind < 4 and draw(st.integers(0, 4)) == 0:
        return events.PlannerTrace(**common, **ids, count=count, short=True)
    if kind < 4:
        return events.PlannerTrace(**common, **ids, count=count, turn=turn)
    if kind < 7:
        return events.DeliveryTrace(**common, **ids, count=count, turn=turn)
    if kind == 7:
        before = draw(st.integers(0, 1))
        return events.HandoffGuard(**common, planner_after=count, delivery_before=before, turn=turn)
    if kind == 8:
        return events.OutboxGuard(**common, type="stale")
    if kind == 9:
        return events.InstanceTrace(
            **common, source=draw(st.sampled_from(("meta", "error"))), instance=instance
        )
    if kind == 10:
        return events.InvalidInstanceGuard(**common, value=instance)
    if kind == 11:
        return events.SendTrace(**common, instance=instance, phone=PHONE)
    if kind == 12:
        return events.ResultTrace(**common, success=draw(st.booleans()), http="500", instance=instance)
    outcome: events.Outcome = draw(st.sampled_from(("sent", "send_failed", "dedup_hit")))
    return events.TurnResult(**{**common, "conv": None}, outcome=outcome, turn="t1")


@st.composite
def a_log(draw: st.DrawFn, *, most: int = 40) -> list[TraceEvent]:
    """At most *most* events in log order, all with times or none; of one or two processes."""
    timed = draw(st.booleans())
    processes = draw(st.sampled_from((("app",), ("app", "worker"))))
    steps = draw(st.lists(st.sampled_from(_STEPS), max_size=most))
    now = START
    found = []
    for line, step in enumerate(steps, start=1):
        now += timedelta(seconds=step)
        found.append(draw(an_event(now if timed else None, line, draw(st.sampled_from(processes)))))
    return found


def last_time(log: Sequence[TraceEvent]) -> datetime | None:
    """The log's own time at its end."""
    return log[-1].at if log else None
