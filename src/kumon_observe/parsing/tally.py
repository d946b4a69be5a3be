"""What reading one source adds up to, beside its traces."""

from __future__ import annotations

from collections import Counter

from attrs import Factory, define

from kumon_observe.model.evidence import Sentence
from kumon_observe.model.rows import Ref
from kumon_observe.model.verdict import PROBLEMS

_PLACES_OF_A_KIND = 5


@define
class Place:
    """Where a record stands that was not used, and why not."""

    kind: str
    ref: Ref
    reason: Sentence


@define
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
