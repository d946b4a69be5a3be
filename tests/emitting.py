"""Emits traces in tests: with a set-up that ends with the test, and from events."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from kumon_observe import emit
from kumon_observe.model import events
from kumon_observe.model.events import TraceEvent

KEY = "a key for tests, of more than 32 bytes"
OLD_KEY = "an older key for tests, of 32 bytes too"
PROCESS = "worker-1"


@contextmanager
def emitting(
    *, logger: logging.Logger | None = None, process: str | None = PROCESS, key: str = ""
) -> Iterator[None]:
    """Emit as a process that was configured so."""
    emit.configure(logger=logger, process=process, sealer=emit.Sealer(key) if key else None)
    try:
        yield
    finally:
        emit.configure()


def message_of(event: TraceEvent) -> str:
    """What :mod:`kumon_observe.emit` writes for an event."""
    key: dict[str, Any] = {"conv": event.conv, "idem": event.idem}
    text = emit.text
    match event:
        case events.PlannerTrace() | events.DeliveryTrace():
            write = text.planner if isinstance(event, events.PlannerTrace) else text.delivery
            ids: dict[str, Any] = {"state_id": event.state_id, "outbox_id": event.outbox_id}
            return write(count=event.count, **ids, **key, turn=event.turn)
        case events.HandoffGuard():
            counts: dict[str, Any] = {
                "planner_after": event.planner_after,
                "delivery_before": event.delivery_before,
            }
            return text.handoff_violation(**counts, **key, turn=event.turn)
        case events.OutboxGuard():
            return text.outbox_guard(type=event.type, **key)
        case events.InstanceTrace():
            return text.instance(source=event.source, instance=event.instance, **key)
        case events.InvalidInstanceGuard():
            return text.invalid_instance(value=event.value, **key)
        case events.InstanceGuard():
            return text.instance_guard(type=event.type, **key)
        case events.SendTrace():
            return text.send(instance=event.instance, phone=event.phone, **key)
        case events.ResultTrace():
            return text.result(success=event.success, http=event.http, instance=event.instance, **key)
    raise AssertionError(f"nothing emits {event!r}")
