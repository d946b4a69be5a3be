"""Writes the traces of the Kumon Assistant: in place of the app's own helpers, safe from what people write.

Each function logs one trace of TRACES section 1. Whatever text a value holds, the parsers read that value,
and nothing in it can begin, end or break a trace. Each trace tells the process that wrote it; one that has a
turn id (given, or from :func:`bound`) is paired with the other traces of its turn exactly. ::

    from kumon_observe import emit

    with emit.bound(conv=conversation_id, turn=emit.new_turn()):
        emit.planner(count=len(outbox), state_id=id(state), outbox_id=id(outbox))

``conv``, ``idem`` and ``turn`` that are not given (or ``None``) come from :func:`bound`; if they are not
bound either, they are unknown. So give ``None`` for what you do not know: the word ``unknown`` is a text like
any other here. Nothing of this configures logging or starts anything. Traces are of level INFO, guards of
level ERROR: a log level that filters INFO makes the checks blind.

:mod:`kumon_observe.emit.text` has the same functions for those who want the message alone.
"""

from __future__ import annotations

from kumon_observe.emit import text as text
from kumon_observe.emit.context import bound as bound, new_turn as new_turn
from kumon_observe.emit.logged import (
    delivery as delivery,
    handoff_violation as handoff_violation,
    instance as instance,
    instance_guard as instance_guard,
    invalid_instance as invalid_instance,
    outbox_guard as outbox_guard,
    planner as planner,
    result as result,
    send as send,
)
from kumon_observe.emit.setup import configure as configure
from kumon_observe.parsing.sealing import Sealer as Sealer

__all__ = [
    "Sealer",
    "bound",
    "configure",
    "delivery",
    "handoff_violation",
    "instance",
    "instance_guard",
    "invalid_instance",
    "new_turn",
    "outbox_guard",
    "planner",
    "result",
    "send",
    "text",
]
