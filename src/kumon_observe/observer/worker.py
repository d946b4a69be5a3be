"""The one thread that feeds the checks of an observer, and those who ask it from other threads."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from attrs import evolve

from kumon_observe.model.phrase import phrase
from kumon_observe.model.verdict import Verdict
from kumon_observe.observer.desk import Desk, Published

if TYPE_CHECKING:
    from kumon_observe.model.listing import Explanation
    from kumon_observe.observer.plan import Plan

_BREATH: Final = 0.002
_GLANCE: Final = 0.0005
_MOST_GLANCES: Final = 20
_CROWD: Final = 256
_POLL: Final = 0.01
_PATIENCE: Final = 5.0
_LONGEST_PAUSE: Final = 1.0
_LONGEST_SLEEP: Final = 60.0


class Worker:
    """An observer in one process. After a fork the child makes a new one, which has seen nothing.

    The thread judges a few records at a time, sleeps between, and lets a burst of records come to its end,
    since a thread of the app that wants to run has to wait while it does. Whoever asks for a verdict judges
    what still waits himself: what was logged before the call is in it. One lock holds these two apart; no
    log call ever takes it.
    """

    def __init__(self, plan: Plan, missing: Callable[[], Iterable[str]]) -> None:
        self.desk = Desk(plan, missing)
        self.intake = self.desk.intake
        self._next = threading.Lock()
        self._judging = threading.Lock()
        self._starting = threading.Lock()
        self._thread: threading.Thread | None = None
        self._stopping = False
        self._forking: int | None = None
        self._latest = 0.0
        self._glances = 0

    def start(self) -> None:
        """Start the thread if it does not run; waits for nobody."""
        if not self._starting.acquire(blocking=False):
            return
        try:
            if not (self.intake.is_watched or self._stopping):
                self._begin()
        finally:
            self._starting.release()

    def resume(self) -> None:
        """Let the thread be started again after :meth:`close`."""
        self._stopping = False

    @contextmanager
    def judging(self, patience: float | None = None) -> Iterator[bool]:
        """Keep everybody else from the desk meanwhile; false if it is not free within *patience* seconds."""
        mine = self._acquire(_PATIENCE if patience is None else max(0.0, patience))
        try:
            yield mine
        finally:
            if mine:
                self._judging.release()

    def pause(self) -> None:
        """Keep the desk free while this thread forks, so that the child finds no lock taken beneath it.

        Python's own (of imports, of cached properties) stay taken in a child if another thread held them.
        """
        if self._acquire(_LONGEST_PAUSE):
            self._forking = threading.get_ident()

    def go_on(self) -> None:
        """The fork is done."""
        if self._forking == threading.get_ident():
            self._forking = None
            self._judging.release()

    def verdict(self) -> Verdict:
        """The verdict on all that was logged before."""
        self._catch_up()
        with self.judging() as mine:
            verdict = self.desk.evaluate() if mine else None
        return verdict or self._unanswered()

    def explain(self, conv: str) -> Explanation | None:
        """The timeline of *conv*; ``None`` if judging does not come back."""
        self._catch_up()
        with self.judging() as mine:
            return self.desk.explain(conv) if mine else None

    def latest(self) -> Published:
        """What was published last; judged now only if nothing was."""
        return self.desk.published or Published(self.verdict(), time.monotonic())

    def close(self, timeout: float) -> bool:
        """Judge what waits, deliver what is to be told, end the thread; whether all that was done in time."""
        ends = time.monotonic() + timeout
        self._stopping = True
        self.intake.wake()
        if self._thread is not None:
            self._thread.join(timeout)
        self._catch_up(ends)
        with self.judging(ends - time.monotonic()) as mine:
            if not mine:
                return False
            if self.desk.is_behind:
                self.desk.evaluate()
        told = [channel.finish(ends - time.monotonic()) for channel in self.desk.channels]
        return all(told) and not len(self.intake)

    def _lets_go_first(self, waits: int) -> bool:
        """Whether the app logs at this moment: a turn comes to its end before its traces are judged.

        That ends when nothing was logged between two glances, or too much waits, or it went on for long.
        """
        latest = self.intake.latest
        if latest == self._latest or waits > _CROWD or self._glances >= _MOST_GLANCES:
            self._glances = 0
            return False
        self._latest = latest
        self._glances += 1
        return True

    def _catch_up(self, ends: float = float("inf")) -> None:
        """Judge what waits now, not later than *ends*; others come to the desk between two slices."""
        waits = len(self.intake)
        goal = self.desk.taken + waits
        is_mine = True
        while is_mine and len(self.intake) and self.desk.taken < goal and time.monotonic() < ends:
            with self.judging(min(_PATIENCE, ends - time.monotonic())) as is_mine:
                if is_mine:
                    self.desk.take()

    def _acquire(self, patience: float) -> bool:
        """Take the desk; one waits for it at a time, so that nobody who asks in a loop can keep it."""
        if not self._next.acquire(timeout=patience):
            return False
        try:
            return self._judging.acquire(timeout=patience)
        finally:
            self._next.release()

    def _begin(self) -> None:
        thread = threading.Thread(target=self._run, name="kumon-observe", daemon=True)
        self.intake.is_watched = True
        try:
            thread.start()
        except RuntimeError:  # the interpreter ends: who closes the observer judges what waits
            self.intake.is_watched = False
        else:
            self._thread = thread

    def _run(self) -> None:
        me = threading.get_ident()
        self.desk.own.add(me)
        try:
            while not self._stopping:
                self._turn()
        finally:
            self.desk.own.discard(me)
            self.intake.is_watched = False

    def _turn(self) -> None:
        """One slice of records, or a look at the time, and then rest."""
        waits = len(self.intake)
        if waits and self._lets_go_first(waits):
            time.sleep(_GLANCE)
            return
        with self.judging() as mine:
            if mine and waits:
                self.desk.take()
            if mine:
                self.desk.evaluate_if_due()
        if waits:
            time.sleep(_BREATH)
        elif self.desk.is_behind:
            time.sleep(_POLL)
        else:
            self.intake.sleep(min(self.desk.plan.interval, _LONGEST_SLEEP))

    def _unanswered(self) -> Verdict:
        reason = self.desk.fault or phrase("judging does not come back: this is what was known before")
        known = self.desk.published
        if known is None:
            at = self.desk.plan.clock()
            return Verdict(command="health", generated_at=at, checks=(), reasons=(reason,))
        checks = tuple(result.degraded(reason) for result in known.verdict.checks)
        return evolve(known.verdict, checks=checks, reasons=(*known.verdict.reasons, reason))
