"""The forms in which the app's own helpers write traces: each read in one match, without splitting fields.

A form is no second grammar: it holds where fields stand in their usual order, once each and without a bar
in any value, and there it gives what :func:`kumon_observe.parsing.grammar.parse_message` gives. No escaped
trace has one: its mark stands among the first fields.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cached_property
from operator import itemgetter
from typing import Any, Final, NamedTuple

from kumon_observe.model import rows
from kumon_observe.model.patterns import LatePattern
from kumon_observe.parsing.escaping import UNKNOWN_WORDS

_SAFE: Final = r"[!#-\[\]-{}~]*+"
SAFE_VALUE: Final = f"({_SAFE})"
"""Printable ASCII that no layout gives a meaning to: no space, bar, quote or backslash."""

_COUNT: Final = "([0-9]{1,18})"
_IS_SAFE: Final = LatePattern(_SAFE)
_LONGEST_COUNT: Final = 18

Payload = tuple[Any, ...]
"""The end of a row: its kind, then conv, idem and ``a`` to ``d``."""


def known(value: str) -> str | None:
    """*value*, ``None`` if it says that the app did not know it."""
    return None if value in UNKNOWN_WORDS else value


class Given(NamedTuple):
    """The value of the field *name*, in a row; ``None`` for an unknown one if *known*."""

    name: str
    known: bool = False


def _is_count(value: str) -> bool:
    return value.isascii() and value.isdecimal() and len(value) <= _LONGEST_COUNT


def _padded(payload: tuple[Any, ...]) -> tuple[Any, Any, Any, Any]:
    a, b, c, d = (*payload, None, None, None, None)[:4]
    return a, b, c, d


class Form:
    """One usual form: *text* with ``*`` for each value and ``#`` for each count, as a row of *kind*.

    *payload* is what ``a`` to ``d`` of the row are: a field, or always the same.
    """

    def __init__(self, kind: int, text: str, payload: tuple[Any, ...]) -> None:
        self.kind = kind
        self.text = text
        self.payload = _padded(payload)

    @cached_property
    def _segments(self) -> tuple[tuple[str, str], ...]:
        """What each segment begins with, and what follows there: ``*``, ``#`` or nothing."""
        segments = self.text.split("|")
        return tuple((segment.rstrip("*#"), segment[len(segment.rstrip("*#")) :]) for segment in segments)

    @cached_property
    def fields(self) -> dict[str, bool]:
        """The names of the fields that vary, in order, and whether each is a count."""
        return {fixed[:-1]: sign == "#" for fixed, sign in self._segments if sign}

    @cached_property
    def parts(self) -> tuple[int | None, ...]:
        """For conv, idem and ``a`` to ``d`` the number of their field from 0, ``None`` for the constants."""
        names = list(self.fields)
        wanted = ("conv", "idem", *(part.name if isinstance(part, Given) else "" for part in self.payload))
        return tuple(names.index(name) if name in names else None for name in wanted)

    @cached_property
    def start(self) -> str:
        """How a message of this form begins, up to its first field's name."""
        return self.text[: self.text.index("=")]

    def values(self, message: str) -> tuple[str, ...] | None:
        """The values in a *message* of this form, ``None`` if it is of another."""
        segments = message.split("|")
        if len(segments) != len(self._segments):
            return None
        values = []
        for segment, (fixed, sign) in zip(segments, self._segments, strict=True):
            value = segment[len(fixed) :]
            if (
                not segment.startswith(fixed)
                or (value and not sign)
                or (sign == "#" and not _is_count(value))
            ):
                return None
            if sign:
                values.append(value)
        return tuple(values)

    def pattern(self, value: str) -> str:
        """The pattern of the whole message, with *value* as the group for each value."""
        return re.escape(self.text).replace(r"\*", value).replace(r"\#", _COUNT)

    @cached_property
    def _pick(self) -> Callable[[tuple[Any, ...]], tuple[Any, ...]]:
        """Takes conv, idem and ``a`` to ``d`` out of the values with the constants behind them."""
        behind = len(self.fields)
        return itemgetter(
            *(behind + number if place is None else place for number, place in enumerate(self.parts))
        )

    @cached_property
    def _converted(self) -> tuple[tuple[int, Callable[[str], Any]], ...]:
        """The places of ``a`` to ``d`` that are no plain text, and what makes them of it."""
        return tuple(
            (number, int if self.fields[part.name] else known)
            for number, part in enumerate(self.payload)
            if isinstance(part, Given) and (self.fields[part.name] or part.known)
        )

    def read(self, values: tuple[str, ...]) -> Payload:
        """The payload that the *values* of the fields make."""
        conv, idem, *payload = self._pick((*values, "", "", *self.payload))
        for number, convert in self._converted:
            payload[number] = convert(payload[number])
        return (
            self.kind,
            None if conv in UNKNOWN_WORDS else conv,
            None if idem in UNKNOWN_WORDS else idem,
            *payload,
        )


_KEY: Final = "conv=*|idem=*"
_OUTBOX_IDS: Final = Given("state_id"), Given("outbox_id")

FORMS: Final = (
    Form(
        rows.PLANNER,
        f"OUTBOX_TRACE|phase=planner|{_KEY}|state_id=*|outbox_id=*|count=#",
        (Given("count"), *_OUTBOX_IDS, False),
    ),
    Form(
        rows.DELIVERY,
        f"OUTBOX_TRACE|phase=delivery|{_KEY}|state_id=*|outbox_id=*|count=#",
        (Given("count"), *_OUTBOX_IDS),
    ),
    Form(
        rows.PLANNER,
        f"OUTBOX_TRACE|phase=planner|{_KEY}|state_id=*|outbox_count=#",
        (Given("outbox_count"), Given("state_id"), None, True),
    ),
    Form(
        rows.INSTANCE,
        f"INSTANCE_TRACE|source=*|instance=*|{_KEY}",
        (Given("source"), Given("instance")),
    ),
    Form(
        rows.SEND,
        f"DELIVERY_TRACE|action=send|instance=*|phone=*|{_KEY}",
        (Given("instance"), Given("phone")),
    ),
    *(
        Form(
            rows.RESULT,
            f"DELIVERY_TRACE|action=result|status={status}|http=*|instance=*|{_KEY}",
            (status == "success", Given("http", known=True), Given("instance")),
        )
        for status in ("success", "failed")
    ),
    Form(
        rows.TURN_RESULT,
        "DELIVERY|sent|turn=*|idem=*|provider_id=*|text_len=*",
        ("sent", Given("turn")),
    ),
    Form(
        rows.HANDOFF_GUARD,
        f"OUTBOX_GUARD|level=CRITICAL|type=handoff_violation|planner_after=#|delivery_before=#|{_KEY}",
        (Given("planner_after"), Given("delivery_before")),
    ),
    Form(
        rows.BAD_INSTANCE,
        f"INSTANCE_GUARD|level=CRITICAL|type=invalid_pattern|value=*|{_KEY}",
        ("invalid_pattern", Given("value")),
    ),
)
"""All usual forms."""


def read_usual(message: str) -> Payload | None:
    """The payload of *message* if it has a usual form."""
    for form in FORMS:
        if message.startswith(form.start):
            values = form.values(message)
            if values is not None:
                return form.read(values)
    return None


def safe_form(message: str) -> Form | None:
    """The usual form of *message* if no value in it means anything to a layout."""
    for form in FORMS:
        if message.startswith(form.start):
            values = form.values(message)
            if values is not None and all(map(_IS_SAFE.fullmatch, values)):
                return form
    return None
