"""The forms in which the app's own helpers write traces: each read in one match, without splitting fields.

A form is no second grammar: it holds where fields stand in their usual order, once each and without a bar
in any value, and there it gives what :func:`kumon_observe.parsing.grammar.parse_message` gives.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, Final

from attrs import frozen

from kumon_observe.model import rows

UNKNOWN_WORDS: Final = frozenset({"unknown", "MISSING", "None", ""})
"""What the app writes for a conversation or idempotency key that it does not know."""

ANY_VALUE: Final = r"([^|]*)"
SAFE_VALUE: Final = r"([!#-\[\]-{}~]*)"
"""Printable ASCII that no layout gives a meaning to: no space, bar, quote or backslash."""

Payload = tuple[int, str | None, str | None, Any, Any, Any, Any]
"""The end of a row: its kind, then conv, idem and ``a`` to ``d``."""


def known(value: str) -> str | None:
    """*value*, ``None`` if it says that the app did not know it."""
    return None if value in UNKNOWN_WORDS else value


def _outbox(phase: str, conv: str, idem: str, state: str, outbox: str, count: str) -> Payload:
    if phase == "planner":
        return rows.PLANNER, known(conv), known(idem), int(count), state, outbox, False
    return rows.DELIVERY, known(conv), known(idem), int(count), state, outbox, None


def _short(conv: str, idem: str, state: str, count: str) -> Payload:
    return rows.PLANNER, known(conv), known(idem), int(count), state, None, True


def _instance(source: str, instance: str, conv: str, idem: str) -> Payload:
    return rows.INSTANCE, known(conv), known(idem), source, instance, None, None


def _send(instance: str, phone: str, conv: str, idem: str) -> Payload:
    return rows.SEND, known(conv), known(idem), instance, phone, None, None


def _result(status: str, http: str, instance: str, conv: str, idem: str) -> Payload:
    return rows.RESULT, known(conv), known(idem), status == "success", known(http), instance, None


@frozen
class Form:
    """One usual form: it begins with ``start``, then come literals and, for each ``*``, a value."""

    start: str
    rest: str
    read: Callable[..., Payload]

    @property
    def values(self) -> int:
        """How many groups the pattern has."""
        return self.rest.count("*") + self.rest.count("(")

    def pattern(self, value: str) -> str:
        """The pattern of the whole message, with *value* as the group for each value."""
        return re.escape(self.start) + self.rest.replace("*", value)


FORMS: Final = (
    Form(
        "OUTBOX_TRACE|",
        r"phase=(planner|delivery)\|conv=*\|idem=*\|state_id=*\|outbox_id=*\|count=([0-9]{1,18})",
        _outbox,
    ),
    Form(
        "OUTBOX_TRACE|phase=planner|",
        r"conv=*\|idem=*\|state_id=*\|outbox_count=([0-9]{1,18})",
        _short,
    ),
    Form("INSTANCE_TRACE|", r"source=*\|instance=*\|conv=*\|idem=*", _instance),
    Form("DELIVERY_TRACE|action=send|", r"instance=*\|phone=*\|conv=*\|idem=*", _send),
    Form(
        "DELIVERY_TRACE|action=result|",
        r"status=(success|failed)\|http=*\|instance=*\|conv=*\|idem=*",
        _result,
    ),
)
"""All usual forms."""

_EXACT: Final = [(form.start, re.compile(form.pattern(ANY_VALUE)), form.read) for form in FORMS]


def read_usual(message: str) -> Payload | None:
    """The payload of *message* if it has a usual form."""
    for start, pattern, read in _EXACT:
        if message.startswith(start):
            match = pattern.fullmatch(message)
            if match is not None:
                return read(*match.groups())
    return None
