"""What reading one source adds up to, beside its traces."""

from __future__ import annotations

from collections import Counter
from copy import copy
from typing import NamedTuple

from attrs import Factory, define, fields

from kumon_observe.model.evidence import Sentence
from kumon_observe.model.rows import Ref
from kumon_observe.model.verdict import PROBLEMS

_PLACES_OF_A_KIND = 5


class Place(NamedTuple):
    """Where a record stands that was not used, and why not."""

    kind: str
    ref: Ref
    reason: Sentence


@define(repr=False)
class Tally:
    """Counts of one source; times in microseconds since the epoch.

    ``recognised`` tells whether any line was a record of a known layout.
    """

    lines: int = 0
    traces: int = 0
    extra_fields: int = 0
    duplicates: int = 0
    recognised: bool = False
    forms: Counter[tuple[str, ...]] = Factory(Counter)
    problems: Counter[str] = Factory(lambda: Counter(dict.fromkeys(PROBLEMS, 0)))
    places: list[Place] = Factory(list)
    first: int | None = None
    last: int | None = None

    @property
    def layouts(self) -> Counter[str]:
        """How many traces stood in each layout, a wrapped one in both."""
        layouts: Counter[str] = Counter()
        for form, n in self.forms.items():
            layouts.update(dict.fromkeys(form, n))
        return layouts

    def problem(self, kind: str, ref: Ref | None = None, reason: Sentence = "") -> None:
        """Count one record that was not used; the first few of a kind keep their place."""
        self.problems[kind] += 1
        if ref is not None and self.problems[kind] <= _PLACES_OF_A_KIND:
            self.places.append(Place(kind, ref, reason))

    def seen_at(self, at: int | None) -> None:
        """Widen the span of times by *at*."""
        if at is None:
            return
        if self.first is None or at < self.first:
            self.first = at
        if self.last is None or at > self.last:
            self.last = at

    def taken(self) -> Tally:
        """All of it, after which this begins anew but for its lines."""
        taken = copy(self)
        fresh = Tally()
        for field in fields(Tally):
            if field.name != "lines":
                setattr(self, field.name, getattr(fresh, field.name))
        return taken

    def add(self, later: Tally, lines: int) -> None:
        """Add what *later* found, whose places lie behind so many *lines*; its lines are not added."""
        self.traces += later.traces
        self.extra_fields += later.extra_fields
        self.duplicates += later.duplicates
        self.recognised = self.recognised or later.recognised
        self.forms.update(later.forms)
        for place in later.places:
            known = sum(other.kind == place.kind for other in self.places)
            if known < _PLACES_OF_A_KIND:
                self.places.append(place._replace(ref=place.ref._replace(line=place.ref.line + lines)))
        self.problems.update(later.problems)
        self.seen_at(later.first)
        self.seen_at(later.last)
