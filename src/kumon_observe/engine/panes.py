"""What a check says of the last seconds of a log that goes on: no record is read twice for it.

A window is judged by a row of checks of one kind, its *panes*: each begins where a step of the window does
and is given all that follows. The oldest one that begins inside the window has judged it, but for less than
one step. So a window's answer is that of the check itself on the log from a certain moment on, whatever
check it is, and nothing has to be taken out of a state again.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from typing import Any, Final

from attrs import define, field

from kumon_observe.engine.judge import JudgedCheck
from kumon_observe.model.evidence import CheckResult
from kumon_observe.model.moments import to_datetime
from kumon_observe.model.protocols import Check
from kumon_observe.model.rows import Batch

STEPS: Final = 12
"""Into how many steps a window is divided."""


@define(eq=False)
class Panes:
    """The panes of one check (*make* gives a new one) over *window* microseconds."""

    window: int
    make: Callable[[], Check]
    _open: deque[tuple[int, JudgedCheck]] = field(factory=deque)

    @property
    def step(self) -> int:
        """How far apart panes begin, in microseconds."""
        return max(1, self.window // STEPS)

    def turn(self, at: int) -> int:
        """Open a pane if a step begins at or before *at*, and close those that left the window.

        Returns:
            When the next step begins.
        """
        begins = at - at % self.step
        if not self._open or self._open[-1][0] < begins:
            self._open.append((begins, JudgedCheck(self.make())))
        while len(self._open) > 1 and self._open[0][0] < at - self.window:
            self._open.popleft()
        return begins + self.step

    def observe(self, batch: Batch) -> None:
        """Give *batch* to all panes."""
        for _, check in self._open:
            check.observe(batch)

    def result(self, now: int) -> CheckResult:
        """What the check says of the window that ends *now*; without any trace, what it says of nothing."""
        inside = (check for begins, check in self._open if begins >= now - self.window)
        check = next(inside, None) or JudgedCheck(self.make())
        return check.result(to_datetime(now))

    def saved(self) -> list[Any]:
        """The panes as JSON values; none of a check that keeps no state."""
        states = [(begins, check.saved()) for begins, check in self._open]
        return [[begins, state] for begins, state in states if state is not None]

    def restore(self, saved: Any) -> None:
        """Go on from what was saved.

        Raises:
            StateError: it is of another check, release or option, or is damaged.
        """
        panes = deque[tuple[int, JudgedCheck]]()
        for begins, state in saved:
            judged = JudgedCheck(self.make())
            judged.check = judged.resumed(state)
            panes.append((int(begins), judged))
        self._open = panes
