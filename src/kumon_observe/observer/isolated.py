"""Checks of plugins, kept apart: one that hangs or exits takes neither the app nor other checks with it."""

from __future__ import annotations

import threading
from collections import deque
from datetime import datetime
from typing import TYPE_CHECKING, Final, Self

from kumon_observe.engine.judge import JudgedCheck
from kumon_observe.model.errors import MergeError
from kumon_observe.model.evidence import CheckResult
from kumon_observe.model.phrase import counted, phrase
from kumon_observe.observer.lane import Lane, OwnThreads
from kumon_observe.plugins.kinds import CHECK
from kumon_observe.plugins.plugin import BUILT_IN
from kumon_observe.plugins.registry import Registry

if TYPE_CHECKING:
    from kumon_observe.model.events import TraceEvent
    from kumon_observe.model.protocols import Check
    from kumon_observe.model.rows import Batch

_PATIENCE: Final = 0.25
_MOST_WAITING: Final = 10_000


class IsolatingRegistry(Registry):
    """A registry whose checks of plugins come isolated."""

    own: OwnThreads

    @classmethod
    def of(cls, registry: Registry, own: OwnThreads) -> Self:
        """The same plugins as *registry*."""
        isolating = cls.__new__(cls)
        vars(isolating).update(vars(registry))
        isolating.own = own
        return isolating

    def checks(self) -> list[Check]:
        """New checks that have seen nothing."""
        return [
            check if plugin.name == BUILT_IN else Isolated(check, self.own)
            for plugin, check in self._collect(CHECK)
        ]


class _Question:
    """What does the check say at this moment?"""

    def __init__(self, now: datetime | None) -> None:
        self.now = now
        self.answered = threading.Event()
        self.answer: CheckResult | None = None


class Isolated:
    """A check that is called in a thread of its own.

    It is asked with little patience: one that does not come back answers ``unknown`` until it does. One
    that is too slow misses traces, which are counted, and is ``unknown`` from then on.
    """

    def __init__(self, check: Check, own: OwnThreads) -> None:
        self.name = check.name
        self._check = check
        self._judged: JudgedCheck | None = None
        self._given_up: CheckResult | None = None
        self._calls: deque[Batch | _Question] = deque()
        self._handed = self._done = self._missed = 0
        self._asked: _Question | None = None
        self._lane = Lane(f"kumon-observe check {self.name}", self._step, own)

    def at_log_start(self) -> None:
        """The check is told so in its own thread."""

    def observe(self, event: TraceEvent) -> None:
        """Take in one event."""
        self.observe_many([event.row()])

    def observe_many(self, batch: Batch) -> None:
        """Let the check take in *batch*; returns at once."""
        if self._handed - self._done > _MOST_WAITING:
            self._missed += len(batch)
            return
        self._handed += len(batch)
        self._calls.append(batch)
        self._lane.poke()

    def merge(self, later: Self) -> None:
        """An app's own process has no later part.

        Raises:
            MergeError: always.
        """
        raise MergeError(f"{self.name} judges as the records come: there is nothing to merge")

    def result(self, now: datetime | None) -> CheckResult:
        """What the check says; ``unknown`` if it does not come back."""
        late = self._asked is not None and not self._asked.answered.is_set()
        if not late:
            self._asked = _Question(now)
            self._calls.append(self._asked)
            self._lane.poke()
        question = self._asked
        if question is None or late or not question.answered.wait(_PATIENCE):
            return CheckResult.failed(self.name, phrase("the check does not come back"))
        answer = question.answer or CheckResult.failed(self.name, phrase("it gave no result"))
        if self._missed:
            missed = counted(
                self._missed, "1 trace came too fast for the check", "{n} traces came too fast for the check"
            )
            return answer.degraded(missed)
        return answer

    def _step(self) -> bool:
        if not self._calls:
            return False
        call = self._calls.popleft()
        try:
            if self._given_up is None:
                self._called(call)
        except BaseException as error:  # noqa: BLE001 - an exit in a check is no exit of the app
            reason = phrase("the check failed: {error}", error=f"{type(error).__name__}: {error}")
            self._given_up = CheckResult.failed(self.name, reason)
        if isinstance(call, _Question):
            call.answer = call.answer or self._given_up
            call.answered.set()
        else:
            self._done += len(call)
        return True

    def _called(self, call: Batch | _Question) -> None:
        if self._judged is None:
            self._judged = JudgedCheck(self._check)
        if isinstance(call, _Question):
            call.answer = self._judged.result(call.now)
        else:
            self._judged.observe(call)
