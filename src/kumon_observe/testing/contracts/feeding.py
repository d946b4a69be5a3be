"""Gives a check its events as the engine does, and measures how much it keeps."""

from __future__ import annotations

import gc
import sys
from collections.abc import Iterable, Iterator, Sequence
from datetime import timedelta
from types import BuiltinFunctionType, FunctionType, MethodType, ModuleType
from typing import Any, Final

from kumon_observe.model import events
from kumon_observe.model.events import TraceEvent
from kumon_observe.model.protocols import BatchCheck, Check
from kumon_observe.testing.story import PHONE, START

_FIRST: Final = 100_000
"""Numbers of one length, so that names take the same room."""

_OF_THE_PROGRAM: Final = (type, ModuleType, FunctionType, BuiltinFunctionType, MethodType)


def feed(check: Check, log: Sequence[TraceEvent], *, from_start: bool = False) -> None:
    """Give *log* to *check*, as rows if it takes them; ``from_start``: nothing stands before it."""
    if not isinstance(check, BatchCheck):
        for event in log:
            check.observe(event)
        return
    if from_start:
        check.at_log_start()
    check.observe_many([event.row() for event in log])


def facts(log: Iterable[TraceEvent]) -> list[tuple[object, ...]]:
    """Everything that events say, to see whether somebody changed them."""
    return [(type(event), event.row(), dict(event.extra)) for event in log]


def kept_bytes(check: object) -> int:
    """The bytes of all objects that *check* holds on to, without code."""
    total, seen, left = 0, set[int](), [check]
    while left:
        held = left.pop()
        if id(held) in seen or isinstance(held, _OF_THE_PROGRAM):
            continue
        seen.add(id(held))
        total += sys.getsizeof(held)
        left += gc.get_referents(held)
    return total


def troubled_turns(first: int, count: int) -> Iterator[TraceEvent]:
    """The events of *count* conversations, from number *first* on, in each of which something is wrong.

    By turns a loss, an inconsistent pair with a failed send, a wrong instance without result, and a turn
    that stays open. No two share a name, and a tenth of a second lies between them.
    """
    for number in range(_FIRST + first, _FIRST + first + count):
        common: dict[str, Any] = {
            "conv": f"conversation-{number}",
            "idem": f"message-{number}",
            "at": START + timedelta(seconds=number / 10),
            "process": "app",
            "position": events.Position(line=number + 1, offset=number * 100, length=90),
        }
        yield events.PlannerTrace(**common, count=1, state_id=f"1{number}", outbox_id=f"2{number}")
        trouble = number % 4
        if trouble < 3:
            delivered = 0 if trouble == 0 else 1
            yield events.DeliveryTrace(
                **common, count=delivered, state_id=f"3{number}", outbox_id=f"4{number}"
            )
        if trouble == 1:
            yield events.SendTrace(**common, instance="kumon_assistant", phone=PHONE)
            yield events.ResultTrace(**common, success=False, http=f"{number}", instance="kumon_assistant")
        if trouble == 2:
            yield events.SendTrace(**common, instance=f"thread_{number}", phone=PHONE)
