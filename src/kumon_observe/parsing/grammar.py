"""The grammar of trace messages (TRACES section 1): from a message to a kind and its fields."""

from __future__ import annotations

import re
from typing import Any, Final, NamedTuple

from kumon_observe.model import rows
from kumon_observe.model.fields import KNOWN_FIELDS, NEWER_FIELDS, PROCESS, TURN
from kumon_observe.model.patterns import LatePattern
from kumon_observe.model.phrase import Phrase, phrase
from kumon_observe.parsing.escaping import MARK, says_escaped, unescape
from kumon_observe.parsing.forms import known, read_usual

_TURN_OUTCOMES: Final = ("sent", "send_failed", "dedup_hit")
_TRACE_HEADS: Final = (
    "OUTBOX_TRACE|",
    "INSTANCE_TRACE|",
    "DELIVERY_TRACE|",
    "OUTBOX_GUARD|",
    "INSTANCE_GUARD|",
)
_TURN_HEAD: Final = "DELIVERY|"
_TURN_HEADS: Final = rf"DELIVERY\|(?:{'|'.join(_TURN_OUTCOMES)})(?=[|\s\"\\]|$)"
_TURN: Final = LatePattern(_TURN_HEADS)
_CONTEXT: Final = LatePattern(r"([A-Z][A-Z0-9_]*[A-Z0-9])\|")

HINT: Final = LatePattern(r"\|(?:(?<=_TRACE\|)|(?<=_GUARD\|)|(?<=DELIVERY\|)(?=sent|send_failed|dedup_hit))")
"""Finds the first ``|`` of whatever may look like a trace: quick, and never misses a :data:`TOKEN`."""

TOKEN: Final = LatePattern("|".join((*map(re.escape, _TRACE_HEADS), _TURN_HEADS)).encode())
"""Finds where bytes look like a trace, whether or not one may stand there."""

_ESCAPED_FIELDS: Final = {head: names | NEWER_FIELDS for head, names in KNOWN_FIELDS.items()}
_COUNT: Final = LatePattern(r"[ \t]*([0-9]{1,18})[ \t]*")


class Trace(NamedTuple):
    """A parsed trace: the end of a row from ``conv`` on, its kind, and the fields nobody knows.

    ``process`` is the process that an escaped trace names.
    """

    kind: int
    conv: str | None
    idem: str | None
    a: Any = None
    b: Any = None
    c: Any = None
    d: Any = None
    extra: dict[str, str] = {}  # noqa: RUF012 - never changed: the shared empty default of a value
    process: str | None = None


class Malformed(NamedTuple):
    """A message that begins as a trace and cannot be used; ``incomplete`` if only fields are missing."""

    name: str
    reason: Phrase
    incomplete: bool = False


def is_trace(message: str) -> bool:
    """Whether *message* begins with one of the well-known kinds."""
    if message.startswith(_TRACE_HEADS):
        return True
    return message.startswith(_TURN_HEAD) and _TURN.match(message) is not None


def context_kind(message: str) -> str | None:
    """The ``UPPER_CASE`` head of a context message (``TURN_LOCK|…``), which no check uses."""
    match = _CONTEXT.match(message)
    return match[1] if match and not is_trace(message) else None


def kind_name(message: str) -> str:
    """The head of a trace or context message (``OUTBOX_TRACE``), ``""`` for any other."""
    match = _CONTEXT.match(message)
    return match[1] if match else ""


class _Unusable(Exception):
    """A field that the trace needs is missing or cannot be read."""

    def __init__(self, reason: Phrase, *, incomplete: bool = False) -> None:
        super().__init__(str(reason))
        self.reason = reason
        self.incomplete = incomplete


class Fields(dict[str, str]):
    """The ``key=value`` fields of a message; asking for a required one that is unusable raises."""

    escaped = False

    def needed(self, key: str) -> str:
        """The value of *key*, which must be there (it may be empty)."""
        value = self.get(key)
        if value is None:
            raise _Unusable(phrase("{field} is missing", field=key), incomplete=True)
        return value

    def choice(self, key: str, choices: tuple[str, ...]) -> str:
        """The value of *key*, which must be one of *choices*."""
        value = self.needed(key)
        if value not in choices:
            raise _Unusable(phrase("{field} is none of {choices}", field=key, choices="/".join(choices)))
        return value

    def number(self, key: str) -> int:
        """The count under *key*."""
        match = _COUNT.fullmatch(self.needed(key))
        if match is None:
            raise _Unusable(phrase("{field} is no count", field=key))
        return int(match[1])

    def known(self, key: str) -> str | None:
        """The value of *key*, ``None`` where the app did not know it."""
        return known(self.get(key, ""))

    def newer(self, key: str) -> str | None:
        """The value of the newer field *key*, ``None`` if it is empty or no escaped trace has it."""
        return (self.get(key) or None) if self.escaped else None


class _EscapedFields(Fields):
    """The same of an escaped trace, from the fields as they are written."""

    escaped = True

    def __init__(self, written: Fields) -> None:
        super().__init__(written)
        self._written = written
        for name, value in written.items():
            if "%" in value:
                try:
                    self[name] = unescape(value)
                except ValueError:
                    raise _Unusable(phrase("{field} is not escaped as its trace says", field=name)) from None

    def known(self, key: str) -> str | None:
        return None if known(self._written.get(key, "")) is None else self[key]


def split_fields(message: str) -> Fields:
    """The fields of *message*: a segment without ``=`` continues the value before it.

    So does one whose key stood before: the app writes each of its fields once, and free text last (a
    provider's answer, which may quote a trace).
    """
    values: dict[str, list[str]] = {}
    pieces: list[str] | None = None
    for segment in message.split("|")[1:]:
        name, sign, value = segment.partition("=")
        if sign and name not in values:
            pieces = values[name] = [value]
        elif pieces is not None:
            pieces.append(segment)
    return Fields((name, "|".join(pieces)) for name, pieces in values.items())


def parse_message(message: str) -> Trace | Malformed | None:
    """The trace that *message* is, or why it cannot be used; ``None`` if it begins as no trace."""
    marked = MARK in message
    usual = None if marked else read_usual(message)
    if usual is not None:
        return Trace(*usual)
    if not is_trace(message):
        return None
    name = message[: message.index("|")]
    fields, names = split_fields(message), KNOWN_FIELDS[name]
    escaped = marked and says_escaped(fields.items())
    try:
        if escaped:
            fields, names = _EscapedFields(fields), _ESCAPED_FIELDS[name]
        kind, payload = _READERS[name](message, fields)
    except _Unusable as unusable:
        return Malformed(name, unusable.reason, unusable.incomplete and not escaped)
    extra = {key: value for key, value in fields.items() if key not in names}
    conv, idem = fields.known("conv"), fields.known("idem")
    return Trace(kind, conv, idem, *payload, extra=extra, process=fields.newer(PROCESS))


_Read = tuple[int, tuple[Any, Any, Any, Any]]


def _outbox(_message: str, fields: Fields) -> _Read:
    phase = fields.choice("phase", ("planner", "delivery"))
    fields.needed("conv")
    short = "count" not in fields and "outbox_count" in fields
    count = fields.number("outbox_count" if short else "count")
    ids, turn = (fields.get("state_id"), fields.get("outbox_id")), fields.newer(TURN)
    if phase == "planner":
        return rows.PLANNER, (count, *ids, short or turn or False)
    return rows.DELIVERY, (count, *ids, turn)


def _instance(_message: str, fields: Fields) -> _Read:
    return rows.INSTANCE, (fields.needed("source"), fields.needed("instance"), None, None)


def _delivery(_message: str, fields: Fields) -> _Read:
    instance = fields.get("instance")
    if fields.choice("action", ("send", "result")) == "send":
        return rows.SEND, (instance, fields.get("phone"), None, None)
    success = fields.choice("status", ("success", "failed")) == "success"
    return rows.RESULT, (success, fields.known("http"), instance, None)


def _outbox_guard(_message: str, fields: Fields) -> _Read:
    guard = fields.needed("type")
    fields.needed("conv")
    if guard != "handoff_violation":
        return rows.OUTBOX_GUARD, (guard, None, None, None)
    counts = fields.number("planner_after"), fields.number("delivery_before")
    return rows.HANDOFF_GUARD, (*counts, None, fields.newer(TURN))


def _instance_guard(_message: str, fields: Fields) -> _Read:
    guard = fields.needed("type")
    fields.needed("conv")
    if guard != "invalid_pattern":
        return rows.OTHER_GUARD, (guard, None, None, None)
    return rows.BAD_INSTANCE, (guard, fields.needed("value"), None, None)


def _turn_result(message: str, fields: Fields) -> _Read:
    fields.needed("idem")
    return rows.TURN_RESULT, (message.split("|", 2)[1].strip(), fields.get("turn"), None, None)


_READERS = {
    "OUTBOX_TRACE": _outbox,
    "INSTANCE_TRACE": _instance,
    "DELIVERY_TRACE": _delivery,
    "OUTBOX_GUARD": _outbox_guard,
    "INSTANCE_GUARD": _instance_guard,
    "DELIVERY": _turn_result,
}
