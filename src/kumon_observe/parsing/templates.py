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
from typing import Final

from attrs import define

from kumon_observe.parsing.explainer import Record
from kumon_observe.parsing.forms import FORMS, SAFE_VALUE, Form
from kumon_observe.parsing.times import ISO_TIME, read_iso

ToMicroseconds = Callable[[datetime], int | None]

_TIME = re.compile(rf"(?<![0-9]){ISO_TIME}(?![0-9:.,])")
_SECONDS: Final = "([0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}:[0-9]{2})"
_FRACTION_GROUP: Final = "([.,][0-9]{1,9})"
_SECONDS_LENGTH: Final = 19
_FRACTION = re.compile(r"[.,][0-9]+")
_NO_FRACTION: Final = "()"
_TRACE_PLACE: Final = "|"
_MOST_TEMPLATES: Final = 8
_MOST_SECONDS: Final = 4096
_SAFE: Final = [(form, re.compile(form.pattern(SAFE_VALUE))) for form in FORMS]


class NotUsual(Exception):
    """A line has a learnt form, and yet only the layouts can tell what it is."""


class Times:
    """The times at one place of a line; the second is looked up, since it recurs."""

    def __init__(self, to_microseconds: ToMicroseconds, zone: str) -> None:
        self._to_microseconds = to_microseconds
        self.zone = zone
        self._seconds: dict[str, int | None] = {}

    def read(self, seconds: str, fraction: str) -> int | None:
        """Microseconds since the epoch, ``None`` if there is no such time."""
        try:
            at = self._seconds[seconds]
        except KeyError:
            if len(self._seconds) >= _MOST_SECONDS:
                self._seconds.clear()
            moment = read_iso(seconds + self.zone)
            at = self._seconds[seconds] = None if moment is None else self._to_microseconds(moment.at)
        if at is None or not fraction:
            return at
        return at + int(fraction[1:7].ljust(6, "0"))


@define(eq=False)
class Template:
    """One form of line, ending with its newline.

    ``message`` is the number of the group that holds the trace, ``values`` those of its values; ``times``
    are the numbers of the groups with seconds (the fraction follows), the record's own first. ``pieces``
    are what the pattern was made of.
    """

    pattern: re.Pattern[str]
    form: Form
    record: Record
    message: int
    values: tuple[int, ...]
    times: tuple[tuple[int, Times], ...]
    pieces: tuple[str, ...]

    @property
    def joins(self) -> bool:
        """Whether it can be part of a longer pattern: its one time, if it has any, is the record's."""
        return len(self.times) == (self.record.at is not None)

    def at(self, match: re.Match[str]) -> int | None:
        """The time of a line that matched.

        Raises:
            NotUsual: one of its times is none.
        """
        own = None
        for group, times in self.times:
            at = times.read(match[group], match[group + 1])
            if at is None:
                raise NotUsual
            if own is None:
                own = at
        return own

    def line(self, trace: str, seconds: str, name: str) -> str:
        """The pattern of the line with others for its trace and its seconds; *name* is its fraction's."""
        places = {
            _TRACE_PLACE: trace,
            _SECONDS: seconds,
            _FRACTION_GROUP: f"(?P<{name}>[.,][0-9]{{1,9}})",
            _NO_FRACTION: f"(?P<{name}>)",
        }
        return "".join(places.get(piece, piece) for piece in self.pieces)


class Templates:
    """The forms of line that one source was seen to have, by how their trace begins."""

    def __init__(self, to_microseconds: ToMicroseconds) -> None:
        self._to_microseconds = to_microseconds
        self._by_form: dict[str, list[Template]] = {}

    def find(self, text: str, start: int, key: str) -> tuple[Template, re.Match[str]] | None:
        """The template of the line at *start* of *text* whose trace has *key* around its first bar."""
        templates = self._by_form.get(key)
        if templates is None:
            return None
        for place, template in enumerate(templates):
            match = template.pattern.match(text, start)
            if match is not None:
                if place:
                    templates.insert(0, templates.pop(place))
                return template, match
        return None

    def known(self, key: str) -> list[Template]:
        """The templates of the traces that begin with *key*, the latest used first."""
        return self._by_form.get(key, [])

    def learn(self, line: str, record: Record) -> None:
        """Remember the form of *line*, which the layouts explained as *record*."""
        message = record.message or ""
        found = next(((form, match) for form, safe in _SAFE if (match := safe.fullmatch(message))), None)
        if found is None or not line.isascii() or line.count(message) != 1:
            return
        form = found[0]
        bar = message.index("|")
        templates = self._by_form.setdefault(message[max(0, bar - 7) : bar + 2], [])
        if len(templates) < _MOST_TEMPLATES:
            template = self._template(line, message, form, record)
            if template is not None:
                templates.append(template)

    def _template(self, line: str, message: str, form: Form, record: Record) -> Template | None:
        place = line.index(message)
        spans = [match.span() for match in _TIME.finditer(line)]
        if any(start < place + len(message) and end > place for start, end in spans):
            return None  # a time inside the trace, or touching it
        times: list[tuple[int, Times]] = []
        own: tuple[int, Times] | None = None
        pieces: list[str] = []
        done, group, message_group = 0, 1, 0
        for start, end in sorted([*spans, (place, place + len(message))]):
            pieces.append(re.escape(line[done:start]))
            done = end
            if start == place:
                pieces.append(_TRACE_PLACE)
                message_group = group
                group += 1 + form.values
                continue
            seconds = line[start : start + _SECONDS_LENGTH]
            fraction = _FRACTION.match(line, start + _SECONDS_LENGTH)
            told = fraction[0] if fraction else ""
            zone = line[start + _SECONDS_LENGTH + len(told) : end]
            reader = Times(self._to_microseconds, zone)
            pieces += [_SECONDS, _FRACTION_GROUP if told else _NO_FRACTION, re.escape(zone)]
            if reader.read(seconds, told) == record.at and own is None:
                own = (group, reader)
            else:
                times.append((group, reader))
            group += 2
        if own is None and record.at is not None:
            return None  # its time is written in a way that only its layout reads
        pieces += [re.escape(line[done:]), r"\r?\n"]
        trace = f"({form.pattern(SAFE_VALUE)})"
        return Template(
            re.compile("".join(trace if piece == _TRACE_PLACE else piece for piece in pieces)),
            form,
            record,
            message_group,
            tuple(range(message_group + 1, message_group + 1 + form.values)),
            (own, *times) if own is not None else tuple(times),
            tuple(pieces),
        )
