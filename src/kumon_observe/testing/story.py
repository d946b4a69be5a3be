"""Plays what the app logs, turn by turn on a simulated clock, and renders it in any layout.

A story is what happened; :meth:`Story.render` gives the log that it left::

    Story().turn("ana").planner("bia", 2).delivery("bia", 0).render("json")
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any, Self

from attrs import define, field, frozen

from kumon_observe.testing.rendering import render, wrap

START = datetime(2025, 1, 15, 10, 0, 0, 123_000, tzinfo=UTC)
"""When every story begins; with a fraction, so that no layout drops it."""

TICK = timedelta(milliseconds=10)
APP = "app.core.observability.structured_logging"
GOOD_INSTANCE = "kumon_assistant"
PHONE = "5551900000014"

TIMED = ("json", "docker", "dash", "iso")
"""Layouts whose records have times; ``docker`` wraps ``basic``."""

UNTIMED = ("basic", "level", "compose", "plain")
"""Layouts without times; ``compose`` wraps ``basic``."""

LAYOUTS = ("basic", *TIMED)
WRAPPERS = ("docker", "compose", "railway", "syslog")


def trace(*head: str, **fields: object) -> str:
    """A trace message; a field that is ``None`` is left out: ``trace("DELIVERY_TRACE", action="send")``."""
    return "|".join([*head, *(f"{key}={value}" for key, value in fields.items() if value is not None)])


@frozen
class Said:
    """One record of the log: ``logger`` said ``message`` at ``level``, and ``at`` a moment with a zone.

    ``raw`` is a line without any prefix in its place, which a wrapping layout still wraps.
    """

    message: str
    at: datetime
    level: str = "INFO"
    logger: str = APP
    raw: bytes | None = None

    def render(self, layout: str) -> bytes:
        """The record's line or lines in *layout*, with the last newline."""
        if self.raw is None:
            return render(layout, self.message, at=self.at, level=self.level, logger=self.logger) + b"\n"
        if layout in WRAPPERS and self.raw.isascii():
            return wrap(layout, self.raw.decode(), at=self.at) + b"\n"
        return self.raw + b"\n"


def rendered(records: Iterable[Said], layout: str) -> bytes:
    """The log that *records* leave in *layout*."""
    return b"".join(record.render(layout) for record in records)


def _object_id(conv: str, number: int) -> str:
    return str(140_303_530_000_000 + sum(conv.encode()) * 1_000 + number)


@define
class Story:
    """What the app did, in order: its ``records``, and ``now``, when the next one is written.

    Every method adds records and gives the story back.

    Where nothing else is said, a conversation keeps one ``state_id`` and one ``outbox_id``, ``idem`` is
    ``unknown`` (as the app mostly writes it) and 10 ms pass between records.
    """

    records: list[Said] = field(factory=list)
    now: datetime = START

    # the clock

    def at(self, seconds: float) -> Self:
        """The next record stands *seconds* after the start."""
        self.now = START + timedelta(seconds=seconds)
        return self

    def wait(self, seconds: float) -> Self:
        """The next record stands *seconds* after the last one."""
        self.now = self.records[-1].at + timedelta(seconds=seconds)
        return self

    # records of any kind

    def says(self, message: str, *, level: str = "INFO", logger: str = APP) -> Self:
        """A record with this message."""
        self.records.append(Said(message, self.now, level, logger))
        self.now += TICK
        return self

    def raw(self, line: str | bytes) -> Self:
        """A line without any prefix: the continuation of a record, another program's output."""
        data = line.encode() if isinstance(line, str) else line
        self.records.append(Said("", self.now, raw=data))
        return self

    def noise(self, count: int = 1) -> Self:
        """Ordinary records of the app that are no traces."""
        for number in range(count):
            self.says(f"delivery_outbox_count_before: {number}", logger="app.core.router.delivery_io")
        return self

    def echo(self, text: str) -> Self:
        """The app logs a parent's WhatsApp text, cut to fifty characters as it does."""
        return self.says(
            f"WhatsApp message sent successfully to {PHONE}: {text[:50]}...",
            logger="app.core.router.delivery_io",
        )

    def whole_echo(self, text: str) -> Self:
        """The app logs a parent's WhatsApp text whole, in a warning."""
        message = f"Template render failed: cannot render with {text}"
        return self.says(message, level="WARNING", logger="app.core.router.response_planner")

    # planner and delivery

    def outbox(self, phase: str, conv: str, count: object, **fields: object) -> Self:
        """An ``OUTBOX_TRACE`` line; keywords ``state``, ``outbox``, ``idem``: ``None`` leaves one out."""
        state = fields.pop("state", _object_id(conv, 1))
        outbox = fields.pop("outbox", _object_id(conv, 2))
        idem = fields.pop("idem", "unknown")
        ids = {"idem": idem, "state_id": state, "outbox_id": outbox}
        return self.says(trace("OUTBOX_TRACE", phase=phase, conv=conv, **ids, count=count, **fields))

    def planner(self, conv: str, count: object = 1, **fields: object) -> Self:
        """The long planner line."""
        return self.outbox("planner", conv, count, **fields)

    def planning(self, conv: str, after: int = 1, *, before: int = 0, **fields: object) -> Self:
        """A planner pass: the lines before and after planning."""
        return self.planner(conv, before, **fields).planner(conv, after, **fields)

    def short(self, conv: str, idem: str, count: int = 1, *, state: str | None = "") -> Self:
        """The newer release's short planner line for one queued item."""
        state_id = _object_id(conv, 1) if state == "" else state
        message = trace(
            "OUTBOX_TRACE", phase="planner", conv=conv, idem=idem, state_id=state_id, outbox_count=count
        )
        return self.says(message, logger="app.core.contracts.outbox")

    def delivery(self, conv: str, count: object = 1, **fields: object) -> Self:
        """The line with which delivery begins."""
        return self.outbox("delivery", conv, count, **fields)

    def guard(self, conv: str | None, planned: object = 1, delivered: object = 0, **fields: object) -> Self:
        """The app's own guard says that replies vanished; ``type`` for its other guards."""
        kind = fields.pop("type", "handoff_violation")
        idem = fields.pop("idem", "unknown")
        counts = (
            {} if kind != "handoff_violation" else {"planner_after": planned, "delivery_before": delivered}
        )
        message = trace("OUTBOX_GUARD", level="CRITICAL", type=kind, **counts, conv=conv, idem=idem, **fields)
        return self.says(message, level="ERROR")

    # sending

    def instance(
        self, conv: str, value: str = GOOD_INSTANCE, *, source: str = "meta", idem: str = "unknown"
    ) -> Self:
        """An instance was resolved."""
        return self.says(trace("INSTANCE_TRACE", source=source, instance=value, conv=conv, idem=idem))

    def instance_guard(self, conv: str, value: str, *, idem: str = "unknown") -> Self:
        """The app's own guard met a wrong instance name."""
        fields = {"level": "CRITICAL", "type": "invalid_pattern", "value": value, "conv": conv, "idem": idem}
        return self.says(trace("INSTANCE_GUARD", **fields), level="ERROR")

    def send(
        self, conv: str, *, instance: str = GOOD_INSTANCE, idem: str = "unknown", phone: str = PHONE
    ) -> Self:
        """A message goes to the provider."""
        fields = {"action": "send", "instance": instance, "phone": phone, "conv": conv, "idem": idem}
        return self.says(trace("DELIVERY_TRACE", **fields))

    def result(
        self,
        conv: str,
        *,
        ok: bool = True,
        http: str = "unknown",
        instance: str = GOOD_INSTANCE,
        idem: str = "unknown",
    ) -> Self:
        """The provider took the message, or did not."""
        fields = {"action": "result", "status": "success" if ok else "failed", "http": http}
        return self.says(trace("DELIVERY_TRACE", **fields, instance=instance, conv=conv, idem=idem))

    def sent(self, conv: str, *, ok: bool = True, http: str = "unknown", idem: str = "unknown") -> Self:
        """One message from resolving the instance to its result."""
        return self.instance(conv, idem=idem).send(conv, idem=idem).result(conv, ok=ok, http=http, idem=idem)

    # whole turns

    def turn(
        self, conv: str, planned: int = 1, delivered: int | None = None, *, ok: bool = True, **ids: Any
    ) -> Self:
        """A whole turn; it sends what was delivered. ``ok`` false: the provider refuses."""
        arrived = planned if delivered is None else delivered
        self.planning(conv, planned, **ids).delivery(conv, arrived, **ids)
        for _ in range(arrived):
            self.sent(conv, ok=ok, idem=str(ids.get("idem", "unknown")))
        return self

    def turn_result(self, outcome: str, idem: str | None, turn: str = "turn_1f3c4085") -> Self:
        """A ``DELIVERY|…`` line of the turn-based flow."""
        rest = {"provider_id": "3EB096E03E3C3888", "text_len": 69} if outcome == "sent" else {}
        message = trace("DELIVERY", outcome, turn=turn, idem=idem, **rest)
        return self.says(message, logger="app.core.router.delivery_io")

    def turn_based(self, conv: str, idem: str, outcome: str = "sent") -> Self:
        """A turn of the turn-based flow: the short planner line alone, then its ``DELIVERY|…`` line."""
        return self.short(conv, idem).turn_result(outcome, idem)

    def others(self, count: int, conv: str = "other") -> Self:
        """*count* healthy turns of conversations that nothing else concerns."""
        for number in range(count):
            self.turn(f"{conv}-{number}")
        return self

    # the log

    def render(self, layout: str) -> bytes:
        """The log that this story left in *layout*."""
        return rendered(self.records, layout)
