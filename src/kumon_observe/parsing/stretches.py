"""Stretches of a healthy turn, read in one match: planner, planner, delivery; or instance, send, success.

Most of a log is turns in which nothing is wrong. Where such traces follow each other with no other trace
between, one pattern made of the learnt forms of their lines reads them together, and one row stands for
them all. What may be concluded from it is for the checks to say; a check that needs the single traces asks
for them. Lines between that hold no bar hold no trace, and are passed over.
"""

from __future__ import annotations

import re
from typing import Final

from attrs import define

from kumon_observe.model.rows import MICROSECONDS
from kumon_observe.parsing.explainer import Record
from kumon_observe.parsing.templates import Template, Templates, Times

Moments = tuple[int, int, int] | tuple[None, None, None]

_GAP: Final = r"(?>(?:[^|]*\n)?)"
_VALUE: Final = r"[!#-\[\]-{}~]*+"
_MINUTE: Final = r"[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}"
_FIRST: Final = rf"conv=(?P<conv>{_VALUE})\|idem=(?P<idem>{_VALUE})"
_SAME: Final = r"conv=(?P=conv)\|idem=(?P=idem)"

_IDS: Final = rf"state_id=(?P<state>{_VALUE})\|outbox_id=(?P<outbox>{_VALUE})"
_ITS_IDS: Final = rf"state_id=(?P<its_state>{_VALUE})\|outbox_id=(?P<its_outbox>{_VALUE})"

_HANDED_KEY: Final = "X_TRACE|p"
_HANDED: Final = (
    ("OUTBOX_TRACE|", rf"phase=planner\|{_FIRST}\|{_IDS}\|count=0"),
    (
        "OUTBOX_TRACE|",
        rf"phase=planner\|{_SAME}\|state_id=(?P=state)\|outbox_id=(?P=outbox)\|count=(?P<count>[1-9][0-9]{{0,3}})",
    ),
    ("OUTBOX_TRACE|", rf"phase=delivery\|{_SAME}\|{_ITS_IDS}\|count=(?P=count)"),
)
_SENT_KEY: Final = "E_TRACE|s"
_SENT: Final = (
    ("INSTANCE_TRACE|", rf"source=(?!error\|){_VALUE}\|instance=(?P<instance>{_VALUE})\|{_FIRST}"),
    ("DELIVERY_TRACE|action=send|", rf"instance=(?P=instance)\|phone={_VALUE}\|{_SAME}"),
    ("DELIVERY_TRACE|action=result|", rf"status=success\|http={_VALUE}\|instance=(?P=instance)\|{_SAME}"),
)
_KEYS: Final = {"OUTBOX_TRACE|": _HANDED_KEY, "INSTANCE_TRACE|": _SENT_KEY}
_DELIVERY_KEY: Final = "Y_TRACE|a"
_HANDED_GROUPS: Final = ("conv", "idem", "count", "state", "outbox", "its_state", "its_outbox")
_SENT_GROUPS: Final = ("conv", "idem", "instance")
_NO_TIMES: Final = (None, None, None)
_ENOUGH_TRIES: Final = 64
_LEAST_SHARE: Final = 4
_PAUSE: Final = 2048


@define(eq=False)
class StretchForm:
    """One kind of stretch as one source writes it: the templates of its lines, and the pattern of all."""

    handed: bool
    templates: tuple[Template, ...]
    pattern: re.Pattern[str]
    times: Times | None
    tries: int = 0
    hits: int = 0

    def match(self, text: str, start: int) -> re.Match[str] | None:
        """The stretch that begins at *start* of *text*; not looked for while it is seldom found."""
        self.tries += 1
        if self.tries > _ENOUGH_TRIES and self.hits * _LEAST_SHARE < _ENOUGH_TRIES:
            if self.tries > _PAUSE:
                self.tries = self.hits = 0
            return None
        match = self.pattern.match(text, start)
        self.hits += match is not None
        return match

    @property
    def record(self) -> Record:
        """What the layouts say of its lines; they differ in nothing that matters here."""
        return self.templates[0].record

    @property
    def groups(self) -> tuple[str, ...]:
        """The names of the groups that a row is made of."""
        return _HANDED_GROUPS if self.handed else _SENT_GROUPS

    def moments(self, match: re.Match[str]) -> Moments | None:
        """The times of the lines, in order; ``None`` if one of them is none."""
        if self.times is None:
            return _NO_TIMES
        minute, s0, f0, s1, f1, s2, f2 = match.group("minute", "s0", "f0", "s1", "f1", "s2", "f2")
        base = self.times.read(f"{minute}:00", "")
        if base is None:
            return None
        return base + _after(s0, f0), base + _after(s1, f1), base + _after(s2, f2)


def _after(seconds: str, fraction: str) -> int:
    """Microseconds after the minute."""
    return int(seconds) * MICROSECONDS + (int(fraction[1:7].ljust(6, "0")) if fraction else 0)


class Stretches:
    """The stretches that one source is known to have."""

    def __init__(self, templates: Templates) -> None:
        self._templates = templates
        self._forms: dict[str, StretchForm] = {}
        self._made_of: dict[str, tuple[Template, ...]] = {}

    def find(self, text: str, start: int, key: str) -> tuple[StretchForm, re.Match[str]] | None:
        """The stretch whose first line begins at *start* of *text* and has *key* around its first bar."""
        if key not in (_HANDED_KEY, _SENT_KEY):
            return None
        form = self._forms.get(key) or self._make(key)
        if form is None:
            return None
        match = form.match(text, start)
        return None if match is None else (form, match)

    def _make(self, key: str) -> StretchForm | None:
        """Put the templates that are known by now together, unless that was tried."""
        parts = _HANDED if key == _HANDED_KEY else _SENT
        chosen = [self._template(start) for start, _ in parts]
        templates = tuple(template for template in chosen if template is not None)
        if len(templates) < len(parts) or self._made_of.get(key) == templates:
            return None
        self._made_of[key] = templates
        first = templates[0]
        alike = all(
            template.joins
            and template.record.process == first.record.process
            and template.record.precise == first.record.precise
            and template.record.layouts == first.record.layouts
            and template.record.logger == first.record.logger
            and [times.zone for _, times in template.times] == [times.zone for _, times in first.times]
            for template in templates
        )
        if not alike:
            return None
        pattern = _GAP.join(
            f"(?P<l{n}>)" + template.line(f"(?P<m{n}>{re.escape(start)}{rest})", _seconds(n), f"f{n}")
            for n, (template, (start, rest)) in enumerate(zip(templates, parts, strict=True))
        )
        times = first.times[0][1] if first.times else None
        form = self._forms[key] = StretchForm(key == _HANDED_KEY, templates, re.compile(pattern), times)
        return form

    def _template(self, start: str) -> Template | None:
        key = _KEYS.get(start, _DELIVERY_KEY)
        return next((known for known in self._templates.known(key) if known.form.start == start), None)


def _seconds(line: int) -> str:
    minute = rf"(?P<minute>{_MINUTE})" if line == 0 else r"(?P=minute)"
    return rf"{minute}:(?P<s{line}>[0-5][0-9])"
