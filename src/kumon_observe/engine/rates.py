"""How many of a check's events were good in the last minutes of a log that goes on."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from typing import Any, Final

from attrs import define, field

from kumon_observe.engine.judge import JudgedCheck
from kumon_observe.model.moments import to_datetime
from kumon_observe.model.protocols import Check
from kumon_observe.model.rows import MICROSECONDS, Batch

_MINUTE: Final = 60 * MICROSECONDS


@define(eq=False)
class Rates:
    """How many of a check's events were good, minute by minute: what burn rates are made from.

    Each minute is judged by a check of its own (*make* gives a new one), so that the check alone knows what
    counts. *longest* is the longest window that is asked for, in microseconds.
    """

    longest: int
    make: Callable[[], Check]
    _minutes: deque[tuple[int, int, int]] = field(factory=deque)
    _begins: int | None = None
    _check: JudgedCheck | None = None

    def turn(self, at: int) -> int:
        """Begin a new minute if there is one, and forget those that left the longest window.

        Returns:
            When the next minute begins.
        """
        begins = at - at % _MINUTE
        if self._begins is None or begins > self._begins:
            self._close()
            self._begins, self._check = begins, JudgedCheck(self.make())
        while self._minutes and self._minutes[0][0] < at - self.longest:
            self._minutes.popleft()
        return begins + _MINUTE

    def observe(self, batch: Batch) -> None:
        """Count what the check finds in *batch*."""
        if self._check is not None:
            self._check.observe(batch)

    def rate(self, window: int, now: int) -> tuple[int, int]:
        """How many were good, and how many there were, in the minutes that began within *window*."""
        since = now - window
        minutes = [(good, total) for begins, good, total in self._minutes if begins >= since]
        if self._begins is not None and self._begins >= since:
            minutes.append(self._present())
        return sum(good for good, _ in minutes), sum(total for _, total in minutes)

    def saved(self) -> list[Any]:
        """The minutes as JSON values, the present one as it is so far."""
        present = [] if self._begins is None else [(self._begins, *self._present())]
        return [list(minute) for minute in (*self._minutes, *present)]

    def restore(self, saved: Any) -> None:
        """Go on from what was saved."""
        self._minutes = deque((int(at), int(good), int(total)) for at, good, total in saved)
        self._begins = self._check = None

    def _close(self) -> None:
        if self._begins is not None:
            good, total = self._present()
            if total:
                self._minutes.append((self._begins, good, total))

    def _present(self) -> tuple[int, int]:
        rate = None
        if self._check is not None and self._begins is not None:
            rate = self._check.result(to_datetime(self._begins)).details.get("rate")
        return (int(rate[0]), int(rate[1])) if rate else (0, 0)
