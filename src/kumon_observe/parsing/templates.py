"""Forms of lines, learnt from lines that the layouts explained, that are then read in one match each.

An app writes its traces from a few places in its code, so their lines differ in nothing but the times and
the trace itself. Once the layouts have explained such a line, a line with the same bytes around times and
trace is the same record: layouts take times and messages as they come, and these two are held to
characters that mean nothing to any of them. A line that differs in anything else goes to the layouts.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from functools import cached_property
from typing import Final, Literal, NamedTuple

from kumon_observe.model.patterns import LatePattern
from kumon_observe.model.rows import MICROSECONDS
from kumon_observe.parsing.explainer import Record
from kumon_observe.parsing.forms import SAFE_VALUE, Form, safe_form
from kumon_observe.parsing.times import ISO_TIME, read_iso

ToMicroseconds = Callable[[datetime], int | None]

_TIME = re.compile(rf"(?<![0-9]){ISO_TIME}(?![0-9:.,])")
_MINUTE: Final = "([0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}):([0-5][0-9])"
_FRACTION_GROUP: Final = "([.,][0-9]{1,9})"
_MINUTE_LENGTH: Final = 16
_SECONDS_LENGTH: Final = 19
_FRACTION: Final = LatePattern(r"[.,][0-9]+")
_MOST_TEMPLATES: Final = 8
_MOST_MINUTES: Final = 4096
_BEFORE_BAR: Final = 7
_AFTER_BAR: Final = 9


class NotUsual(Exception):
    """A line has a learnt form, and yet only the layouts can tell what it is."""


class Times:
    """The times at one place of a line; the minute is looked up, since it recurs."""

    def __init__(self, to_microseconds: ToMicroseconds, zone: str) -> None:
        self._to_microseconds = to_microseconds
        self._zone = zone
        self._minutes: dict[str, int | None] = {}

    def minute(self, text: str) -> int | None:
        """Microseconds since the epoch of a minute (``2025-01-15 10:00``), ``None`` if there is none such."""
        try:
            return self._minutes[text]
        except KeyError:
            if len(self._minutes) >= _MOST_MINUTES:
                self._minutes.clear()
            moment = read_iso(f"{text}:00{self._zone}")
            at = self._minutes[text] = None if moment is None else self._to_microseconds(moment.at)
            return at

    def read(self, minute: str, second: str, fraction: str | None) -> int | None:
        """Microseconds since the epoch, ``None`` if there is no such time."""
        at = self.minute(minute)
        if at is None:
            return None
        at += int(second) * MICROSECONDS
        return at + int(fraction[1:7].ljust(6, "0")) if fraction else at


class Text(NamedTuple):
    """Bytes that all lines of a form share."""

    text: str


class Time(NamedTuple):
    """A time, down to the zone that follows as text; with a fraction of a second or without."""

    times: Times
    fraction: bool


Piece = Text | Time | Literal["trace"]


class Template:
    """One form of line: *pieces* up to its end, the trace of *form* among them, for a *record* like this.

    ``own`` is the number of the time that is the record's, if it has one.
    """

    def __init__(self, form: Form, record: Record, pieces: tuple[Piece, ...], own: int | None) -> None:
        self.form = form
        self.record = record
        self.pieces = pieces
        self.own = own

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """Matches a line with its newline: groups for each time, the message and its values."""
        trace = f"({self.form.pattern(SAFE_VALUE)})"
        found = []
        for piece in self.pieces:
            if isinstance(piece, Text):
                found.append(re.escape(piece.text))
            elif isinstance(piece, Time):
                found.append(_MINUTE + (_FRACTION_GROUP if piece.fraction else ""))
            else:
                found.append(trace)
        return re.compile("".join(found) + r"\r?\n")

    @cached_property
    def times(self) -> tuple[tuple[Times, tuple[int, ...]], ...]:
        """The times, the record's own first, each with its groups."""
        found = []
        group = 1
        for piece in self.pieces:
            if isinstance(piece, Time):
                groups = (group, group + 1, group + 2) if piece.fraction else (group, group + 1, 0)
                found.append((piece.times, groups))
                group += 2 + piece.fraction
            elif piece == "trace":
                group += 1 + len(self.form.fields)
        if self.own is not None:
            found.insert(0, found.pop(self.own))
        return tuple(found)

    @cached_property
    def message(self) -> int:
        """The number of the group that holds the trace."""
        before = self.pieces[: self.pieces.index("trace")]
        return 1 + sum(2 + piece.fraction for piece in before if isinstance(piece, Time))

    @cached_property
    def values(self) -> tuple[int, ...]:
        """The numbers of the groups that hold the values."""
        return tuple(range(self.message + 1, self.message + 1 + len(self.form.fields)))

    def at(self, match: re.Match[str]) -> int | None:
        """The time of a line that matched.

        Raises:
            NotUsual: one of its times is none.
        """
        own = None
        for times, (minute, second, fraction) in self.times:
            at = times.read(match[minute], match[second], match[fraction] if fraction else None)
            if at is None:
                raise NotUsual
            if own is None:
                own = at
        return own if self.own is not None else None


class Templates:
    """The forms of line that one source was seen to have, by how their trace begins."""

    def __init__(self, to_microseconds: ToMicroseconds) -> None:
        self.learnt: list[Template] = []
        self._to_microseconds = to_microseconds
        self._by_key: dict[str, list[Template]] = {}

    def find(self, text: str, start: int, bar: int) -> tuple[Template, re.Match[str]] | None:
        """The template of the line at *start* of *text* whose trace has its first bar at *bar*."""
        templates = self._by_key.get(text[bar - _BEFORE_BAR : bar + _AFTER_BAR])
        if templates is None:
            return None
        for place, template in enumerate(templates):
            match = template.pattern.match(text, start)
            if match is not None:
                if place:
                    templates.insert(0, templates.pop(place))
                return template, match
        return None

    def learn(self, line: str, record: Record) -> None:
        """Remember the form of *line*, which the layouts explained as *record*."""
        message = record.message or ""
        form = safe_form(message)
        if form is None or not line.isascii() or line.count(message) != 1:
            return
        bar = message.index("|")
        key = message[max(0, bar - _BEFORE_BAR) : bar + _AFTER_BAR]
        templates = self._by_key.setdefault(key, [])
        if len(templates) < _MOST_TEMPLATES:
            template = self._template(line, message, form, record)
            if template is not None:
                templates.append(template)
                self.learnt.append(template)

    def _template(self, line: str, message: str, form: Form, record: Record) -> Template | None:
        place = line.index(message)
        spans = [match.span() for match in _TIME.finditer(line)]
        if any(start < place + len(message) and end > place for start, end in spans):
            return None  # a time inside the trace, or touching it
        pieces: list[Piece] = []
        own: list[int] = []
        done = number = 0
        for start, end in sorted([*spans, (place, place + len(message))]):
            if start > done:
                pieces.append(Text(line[done:start]))
            if start == place:
                pieces.append("trace")
                done = end
                continue
            done = start + _SECONDS_LENGTH
            fraction = _FRACTION.match(line, done)
            if fraction is not None:
                done = fraction.end()
            times = Times(self._to_microseconds, line[done:end])
            pieces.append(Time(times, fraction is not None))
            minute, second = line[start : start + _MINUTE_LENGTH], line[start + 17 : start + 19]
            at = times.read(minute, second, fraction[0] if fraction else None)
            if at is not None and at == record.at:
                own.append(number)
            number += 1
        if record.at is not None and len(own) != 1:
            return None  # only its layout reads its time, or only another line shows which of two is its own
        if done < len(line):
            pieces.append(Text(line[done:]))
        return Template(form, record, tuple(pieces), own[0] if own else None)
