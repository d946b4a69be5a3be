"""Trace events: one class a kind of trace of the Kumon Assistant (TRACES section 1).

``conv`` and ``idem`` are ``None`` where the app did not know them (it wrote ``unknown``, ``MISSING``,
``None`` or nothing). Everything else keeps the text that stood in the log.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, ClassVar, Literal

from attrs import field, frozen, validators

from kumon_observe.model import rows
from kumon_observe.model.moments import to_datetime, to_microseconds
from kumon_observe.model.rows import PlainRow, Row

_text = validators.instance_of(str)
_optional_text = validators.optional(_text)
_count = validators.and_(validators.instance_of(int), validators.ge(0))


def _aware(_event: object, _attribute: object, value: datetime | None) -> None:
    if value is not None and value.tzinfo is None:
        raise ValueError("an event's time needs a zone: give an aware datetime")


@frozen(kw_only=True)
class Position:
    """Where an event stands: ``source`` number, ``line`` from 1, ``offset`` and ``length`` in bytes."""

    source: int = 0
    line: int = 0
    offset: int = 0
    length: int = 0


NOWHERE = Position()
"""The position of an event that stands in no log, as in a test."""


@frozen(kw_only=True)
class TraceEvent:
    """What every trace has: when, whose process, which conversation, which message.

    Attributes:
        conv: the conversation, ``None`` where unknown. It holds a phone number: mask what you show.
        idem: the idempotency key, ``None`` where unknown.
        at: the time, aware; ``None`` where the log has none.
        process: tells whose ``id()`` numbers can be compared.
        position: where it stands.
        text: the trace as it was written, where its source cannot be read again.
        extra: the fields that this release of the library does not know.
        kind: the number of its kind in rows (:mod:`kumon_observe.model.rows`), -1 for none.
    """

    conv: str | None = field(default=None, validator=_optional_text)
    idem: str | None = field(default=None, validator=_optional_text)
    at: datetime | None = field(default=None, validator=_aware)
    process: str = field(default="", validator=_text)
    position: Position = NOWHERE
    text: str | None = field(default=None, eq=False, repr=False)
    extra: Mapping[str, str] = field(factory=dict, eq=False)

    kind: ClassVar[int] = -1

    def _payload(self) -> tuple[object, ...]:
        raise NotImplementedError("TraceEvent is a base: make an event of one of its kinds")

    def row(self) -> PlainRow:
        """The same facts as a plain row."""
        place = self.position
        at = None if self.at is None else to_microseconds(self.at)
        payload = (*self._payload(), None, None, None, None)[:4]
        head = (self.kind, at, place.source, place.line, place.offset, place.length, self.text)
        return Row(*head, self.process, self.conv, self.idem, *payload)


@frozen(kw_only=True)
class PlannerTrace(TraceEvent):
    """``OUTBOX_TRACE|phase=planner``: the outbox around a planner pass holds ``count`` replies.

    ``state_id`` and ``outbox_id`` are the ``id()`` of the two objects. ``short`` marks the newer release's
    line with ``outbox_count`` and the hash of one queued item as idem. ``turn`` is the id of the turn, where
    :mod:`kumon_observe.emit` wrote the (long) line.
    """

    count: int = field(validator=_count)
    state_id: str | None = field(default=None, validator=_optional_text)
    outbox_id: str | None = field(default=None, validator=_optional_text)
    short: bool = False
    turn: str | None = field(default=None, validator=_optional_text)
    kind: ClassVar[int] = rows.PLANNER

    def _payload(self) -> tuple[object, ...]:
        return self.count, self.state_id, self.outbox_id, self.short or self.turn or False


@frozen(kw_only=True)
class DeliveryTrace(TraceEvent):
    """``OUTBOX_TRACE|phase=delivery``: delivery starts with ``count`` replies in the outbox.

    ``state_id`` and ``outbox_id`` are the ``id()`` of the two objects, ``None`` without an outbox. ``turn``
    is the id of the turn, where :mod:`kumon_observe.emit` wrote the line.
    """

    count: int = field(validator=_count)
    state_id: str | None = field(default=None, validator=_optional_text)
    outbox_id: str | None = field(default=None, validator=_optional_text)
    turn: str | None = field(default=None, validator=_optional_text)
    kind: ClassVar[int] = rows.DELIVERY

    def _payload(self) -> tuple[object, ...]:
        return self.count, self.state_id, self.outbox_id, self.turn


@frozen(kw_only=True)
class HandoffGuard(TraceEvent):
    """``OUTBOX_GUARD`` of type ``handoff_violation``: the app itself saw replies vanish.

    There were ``planner_after`` replies when planning ended and ``delivery_before`` when delivery began.
    ``turn`` is the id of the turn, where :mod:`kumon_observe.emit` wrote the line.
    """

    planner_after: int = field(validator=_count)
    delivery_before: int = field(validator=_count)
    turn: str | None = field(default=None, validator=_optional_text)
    kind: ClassVar[int] = rows.HANDOFF_GUARD

    def _payload(self) -> tuple[object, ...]:
        return self.planner_after, self.delivery_before, None, self.turn


@frozen(kw_only=True)
class OutboxGuard(TraceEvent):
    """``OUTBOX_GUARD`` of any other ``type``: a warning of the app."""

    type: str = field(validator=_text)
    kind: ClassVar[int] = rows.OUTBOX_GUARD

    def _payload(self) -> tuple[object, ...]:
        return (self.type,)


@frozen(kw_only=True)
class InstanceTrace(TraceEvent):
    """``INSTANCE_TRACE``: which WhatsApp ``instance`` was resolved, and from which ``source``.

    Of the source ``error`` none was, and ``instance`` is an error text.
    """

    source: str = field(validator=_text)
    instance: str = field(validator=_text)
    kind: ClassVar[int] = rows.INSTANCE

    def _payload(self) -> tuple[object, ...]:
        return self.source, self.instance


@frozen(kw_only=True)
class InvalidInstanceGuard(TraceEvent):
    """``INSTANCE_GUARD`` of type ``invalid_pattern``: the app met the wrong instance name ``value``."""

    value: str = field(validator=_text)
    kind: ClassVar[int] = rows.BAD_INSTANCE

    def _payload(self) -> tuple[object, ...]:
        return "invalid_pattern", self.value


@frozen(kw_only=True)
class InstanceGuard(TraceEvent):
    """``INSTANCE_GUARD`` of any other ``type``: a warning of the app."""

    type: str = field(validator=_text)
    kind: ClassVar[int] = rows.OTHER_GUARD

    def _payload(self) -> tuple[object, ...]:
        return (self.type,)


@frozen(kw_only=True)
class SendTrace(TraceEvent):
    """``DELIVERY_TRACE|action=send``: a message goes to ``phone`` through ``instance``."""

    instance: str | None = field(default=None, validator=_optional_text)
    phone: str | None = field(default=None, validator=_optional_text)
    kind: ClassVar[int] = rows.SEND

    def _payload(self) -> tuple[object, ...]:
        return self.instance, self.phone


@frozen(kw_only=True)
class ResultTrace(TraceEvent):
    """``DELIVERY_TRACE|action=result``: the provider took the message (``success``) or did not.

    ``http`` is the code of its answer as text, ``None`` where the app did not know it (it mostly does not);
    ``instance`` is what the message went through.
    """

    success: bool
    http: str | None = field(default=None, validator=_optional_text)
    instance: str | None = field(default=None, validator=_optional_text)
    kind: ClassVar[int] = rows.RESULT

    def _payload(self) -> tuple[object, ...]:
        return self.success, self.http, self.instance


Outcome = Literal["sent", "send_failed", "dedup_hit"]
"""What became of a message of the turn-based flow."""


@frozen(kw_only=True)
class TurnResult(TraceEvent):
    """``DELIVERY|sent``, ``send_failed`` or ``dedup_hit`` (the ``outcome``): the newer, turn-based flow.

    It has a ``turn`` and no conv.
    """

    outcome: Outcome = field(validator=validators.in_(("sent", "send_failed", "dedup_hit")))
    turn: str | None = field(default=None, validator=_optional_text)
    kind: ClassVar[int] = rows.TURN_RESULT

    def _payload(self) -> tuple[object, ...]:
        return self.outcome, self.turn


KINDS: tuple[type[TraceEvent], ...] = (
    PlannerTrace,
    DeliveryTrace,
    HandoffGuard,
    OutboxGuard,
    InstanceTrace,
    InvalidInstanceGuard,
    InstanceGuard,
    SendTrace,
    ResultTrace,
    TurnResult,
)
"""The classes of events, each at its kind's number."""


def event_of(row: PlainRow, extra: Mapping[str, str] | None = None) -> TraceEvent:
    """The event that *row* holds, with the *extra* fields that rows do not carry."""
    kind, at, source, line, offset, length, text, process, conv, idem, a, b, c, d = row
    common: dict[str, Any] = {
        "at": None if at is None else to_datetime(at),
        "position": Position(source=source, line=line, offset=offset, length=length),
        "text": text,
        "process": process,
        "conv": conv,
        "idem": idem,
        "extra": extra or {},
    }
    if kind == rows.BAD_INSTANCE:
        return InvalidInstanceGuard(**common, value=b)
    if kind in _IN_TURNS:
        common["turn"] = rows.turn_of(row)
        d = rows.is_short(row)
    return KINDS[kind](**common, **dict(zip(_PAYLOADS[kind], (a, b, c, d), strict=False)))


_IN_TURNS = (rows.PLANNER, rows.DELIVERY, rows.HANDOFF_GUARD)


_PAYLOADS: tuple[tuple[str, ...], ...] = (
    ("count", "state_id", "outbox_id", "short"),
    ("count", "state_id", "outbox_id"),
    ("planner_after", "delivery_before"),
    ("type",),
    ("source", "instance"),
    (),
    ("type",),
    ("instance", "phone"),
    ("success", "http", "instance"),
    ("outcome", "turn"),
)
