"""How the figures of checks went, step by step, over a log that goes on.

A step's figure is what the check said at its end less what it said at its beginning. So a turn that begins
in one step and ends in the next is judged once and whole, no record is judged twice for it, and all steps
add up to what the check says of the log.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Final, NamedTuple

from attrs import define, field

from kumon_observe.engine.judge import JudgedCheck
from kumon_observe.model.board import Step, Trend
from kumon_observe.model.evidence import CheckResult
from kumon_observe.model.moments import to_datetime
from kumon_observe.model.rows import Batch

STEPS: Final = 24
"""How many steps a trend has."""

SPAN: Final = timedelta(hours=6)
"""How far a trend goes back."""

_NOTHING: Final = Step(0, 0)


class Figure(NamedTuple):
    """What a check says of all that it saw, as a ratio or as a count of violations."""

    is_ratio: bool
    of_all: Step


@define(eq=False)
class Trends:
    """The trends of *checks* over *span*.

    Who judges rows takes them in :meth:`parts`, one after the other.
    """

    checks: Sequence[JudgedCheck]
    span: timedelta = SPAN
    _courses: list[_Course] = field(init=False)
    _latest: int = 0
    _begins: int | None = None
    _next: int = 0

    def __attrs_post_init__(self) -> None:
        self._courses = [_Course(check) for check in self.checks]

    @property
    def width(self) -> int:
        """Of a step, in microseconds."""
        return max(1, int(self.span / STEPS / timedelta(microseconds=1)))

    def parts(self, rows: Batch) -> Iterator[Batch]:
        """*rows* in parts of one step each; a part is to be judged before the next one is asked for.

        A time that goes back counts as the latest before it.
        """
        begin = 0
        for index, row in enumerate(rows):
            at = row[1]
            if at is None or at <= self._latest:
                continue
            if at >= self._next:
                if index > begin:
                    yield rows[begin:index]
                begin = index
                self._turn(at)
            self._latest = at
        if begin < len(rows):
            yield rows[begin:]

    def trends(self) -> tuple[Trend, ...]:
        """The trends up to the step of the latest row; of the checks that have a figure."""
        width = timedelta(microseconds=self.width)
        if self._begins is None:
            return tuple(
                Trend(check=one.name, is_ratio=one.is_ratio, steps=(None,) * STEPS, width=width)
                for one in self._courses
                if one.measured(self._latest) is not None
            )
        begins = [self._begins - n * self.width for n in reversed(range(STEPS))]
        found = []
        for course in self._courses:
            present = course.added(self._latest)
            if present is None:
                continue
            steps = {**dict(course.closed), self._begins: present}
            shown = tuple(_or_gap(steps.get(at)) for at in begins)
            until = to_datetime(self._begins + self.width)
            found.append(
                Trend(check=course.name, is_ratio=course.is_ratio, steps=shown, width=width, until=until)
            )
        return tuple(found)

    def _turn(self, at: int) -> None:
        """The step of *at* begins."""
        begins = at - at % self.width
        for course in self._courses:
            course.turn(self._begins, begins - STEPS * self.width, self._latest)
        self._begins, self._next = begins, begins + self.width


class _Course:
    """The steps of one check that are over, and what it said when the present one began."""

    def __init__(self, judged: JudgedCheck) -> None:
        self.name = judged.check.name
        self.is_ratio = False
        self.closed: deque[tuple[int, Step]] = deque(maxlen=STEPS)
        self._judged = judged
        self._before = _NOTHING

    def measured(self, now: int) -> Step | None:
        """What the check says of all; ``None`` where that is no figure of a trend."""
        figure = figure_of(self._judged.result(to_datetime(now)))
        if figure is None:
            return None
        self.is_ratio = figure.is_ratio
        return figure.of_all

    def added(self, now: int) -> Step | None:
        """What the present step added so far.

        Where that is impossible, the check judges the past otherwise than before (an identifier proved to
        say nothing), so that its earlier steps mean nothing any more.
        """
        of_all = self.measured(now)
        if of_all is None:
            return None
        part, whole = of_all.part - self._before.part, of_all.whole - self._before.whole
        if part < 0 or whole < 0 or (self.is_ratio and part > whole):
            self.closed.clear()
            return _NOTHING
        return Step(part, whole)

    def turn(self, begun: int | None, oldest: int, now: int) -> None:
        """Close the step that began at *begun*, and begin the next one."""
        if begun is not None and (added := self.added(now)) is not None:
            self.closed.append((begun, added))
        while self.closed and self.closed[0][0] < oldest:
            self.closed.popleft()
        self._before = self.measured(now) or _NOTHING


def figure_of(result: CheckResult) -> Figure | None:
    """What *result* measures; ``None`` where that is neither a ratio of counts nor a count."""
    counts, rate = result.counts, result.details.get("rate")
    if isinstance(rate, (list, tuple)) and len(rate) == 2:
        return Figure(True, Step(int(rate[0]), int(rate[1])))
    pairs, inconsistent = counts.get("pairs"), counts.get("inconsistent")
    if isinstance(pairs, int) and isinstance(inconsistent, int):
        return Figure(True, Step(pairs - inconsistent, pairs))
    seen = counts.get("turns", counts.get("seen"))
    if result.threshold is not None and result.threshold.max is not None and isinstance(seen, int):
        return Figure(False, Step(int(result.value or 0), seen))
    return None


def _or_gap(step: Step | None) -> Step | None:
    return step if step is not None and step != _NOTHING else None


__all__ = ["SPAN", "STEPS", "Figure", "Trends", "figure_of"]
