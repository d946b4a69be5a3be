"""The message of each trace: escaped, with the process and the turn, and sealed if there is a sealer.

Each function gives what the function of the same name in :mod:`kumon_observe.emit` logs. It never raises for
what a value is: a count that is none makes a trace that is counted as malformed, which is better than a turn
that fails.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from kumon_observe.emit.context import Whose, whose
from kumon_observe.emit.setup import current, process
from kumon_observe.model.fields import PROCESS, TURN
from kumon_observe.parsing.escaping import MARK, escape, escape_known

_MAY_BE_UNKNOWN: Final = frozenset({"conv", "idem", "http"})
_NOTHING: Final[Mapping[str, object]] = MappingProxyType({})

Id = int | str | None
"""What ``id()`` gives; ``"MISSING"`` where there is no such object, ``None`` to say nothing of it."""


def planner(
    *,
    count: int,
    state_id: Id = None,
    outbox_id: Id = None,
    conv: str | None = None,
    idem: str | None = None,
    turn: str | None = None,
) -> str:
    """``OUTBOX_TRACE|phase=planner``: around a planner pass, the outbox holds *count* replies."""
    return _outbox("planner", whose(conv, idem, turn), {"state_id": state_id, "outbox_id": outbox_id}, count)


def delivery(
    *,
    count: int,
    state_id: Id = None,
    outbox_id: Id = None,
    conv: str | None = None,
    idem: str | None = None,
    turn: str | None = None,
) -> str:
    """``OUTBOX_TRACE|phase=delivery``: delivery begins with *count* replies in the outbox."""
    return _outbox("delivery", whose(conv, idem, turn), {"state_id": state_id, "outbox_id": outbox_id}, count)


def instance(
    *,
    instance: str | None,
    source: str = "meta",
    conv: str | None = None,
    idem: str | None = None,
    turn: str | None = None,
) -> str:
    """``INSTANCE_TRACE``: the WhatsApp *instance* was resolved from *source*: meta, channel or state.

    With the source ``error`` none was, and *instance* is an error text. ``None`` is written as the app does
    it, here and in the other traces, and is a wrong instance.
    """
    own = {"instance": instance}
    return _message("INSTANCE_TRACE", {"source": source}, whose(conv, idem, turn), own)


def send(
    *,
    instance: str | None,
    phone: str | None = None,
    conv: str | None = None,
    idem: str | None = None,
    turn: str | None = None,
) -> str:
    """``DELIVERY_TRACE|action=send``: a message goes out through *instance*."""
    own = {"instance": instance} if phone is None else {"instance": instance, "phone": phone}
    return _message("DELIVERY_TRACE", {"action": "send"}, whose(conv, idem, turn), own)


def result(
    *,
    success: bool,
    instance: str | None,
    http: int | str | None = None,
    conv: str | None = None,
    idem: str | None = None,
    turn: str | None = None,
) -> str:
    """``DELIVERY_TRACE|action=result``: the provider took the message, or did not and answered *http*."""
    front = {"action": "result", "status": "success" if success else "failed"}
    return _message("DELIVERY_TRACE", front, whose(conv, idem, turn), {"http": http, "instance": instance})


def handoff_violation(
    *,
    planner_after: int,
    delivery_before: int = 0,
    conv: str | None = None,
    idem: str | None = None,
    turn: str | None = None,
) -> str:
    """``OUTBOX_GUARD`` of type ``handoff_violation``: *planner_after* replies were planned, and are gone."""
    counts = {"planner_after": planner_after, "delivery_before": delivery_before}
    return _guard("OUTBOX_GUARD", "handoff_violation", whose(conv, idem, turn), counts)


def outbox_guard(
    *, type: str, conv: str | None = None, idem: str | None = None, turn: str | None = None
) -> str:
    """``OUTBOX_GUARD`` of any other *type*: a warning."""
    return _guard("OUTBOX_GUARD", type, whose(conv, idem, turn))


def invalid_instance(
    *, value: str | None, conv: str | None = None, idem: str | None = None, turn: str | None = None
) -> str:
    """``INSTANCE_GUARD`` of type ``invalid_pattern``: *value* is no name of an instance."""
    return _guard("INSTANCE_GUARD", "invalid_pattern", whose(conv, idem, turn), {"value": value})


def instance_guard(
    *, type: str, conv: str | None = None, idem: str | None = None, turn: str | None = None
) -> str:
    """``INSTANCE_GUARD`` of any other *type*: a warning."""
    return _guard("INSTANCE_GUARD", type, whose(conv, idem, turn))


def _outbox(phase: str, given: Whose, ids: Mapping[str, Id], count: int) -> str:
    behind = {name: value for name, value in ids.items() if value is not None}
    return _message("OUTBOX_TRACE", {"phase": phase}, given, {}, {**behind, "count": count})


def _guard(head: str, kind: str, given: Whose, own: Mapping[str, object] = _NOTHING) -> str:
    return _message(head, {"level": "CRITICAL", "type": kind}, given, own)


def _message(
    head: str,
    front: Mapping[str, str],
    given: Whose,
    own: Mapping[str, object],
    behind: Mapping[str, object] = _NOTHING,
) -> str:
    """The trace: *front* may stand before the mark, *own* stands before conv and idem, *behind* after."""
    key = {"conv": given.conv, "idem": given.idem}
    newer = {PROCESS: process()} if given.turn is None else {PROCESS: process(), TURN: given.turn}
    fields = map(_written, ({**own, **key, **behind, **newer}).items())
    message = "|".join((head, *map(_written, front.items()), MARK, *fields))
    sealer = current().sealer
    return message if sealer is None else sealer.seal(message)


def _written(field: tuple[str, object]) -> str:
    name, value = field
    if name not in _MAY_BE_UNKNOWN:
        return f"{name}={escape(str(value))}"
    return f"{name}={escape_known(None if value is None else str(value))}"
