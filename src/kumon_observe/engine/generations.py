"""Checks over a log that never ends: they are renewed in turn, so that an answer is about the last day."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from kumon_observe.engine.judge import Judging
from kumon_observe.model.apart import Apart
from kumon_observe.model.protocols import Check
from kumon_observe.model.rows import Batch


class Generations:
    """Two rows of checks, of which *make* gives new ones: the older answers, the younger will.

    A check lists its first findings and counts the others, so one that is asked for months would show what
    was long dealt with. By :meth:`renew`, which is called when all that was found is known elsewhere, the
    younger takes the place of the older once that is *horizon* microseconds old, by the log's own time. So an
    answer is about between half of the horizon and a little more than all of it.
    """

    def __init__(self, make: Callable[[], Sequence[Check]], horizon: int) -> None:
        self._make = make
        self._half = max(1, horizon // 2)
        self._older = Judging(make())
        self._younger: Judging | None = None
        self._begun: int | None = None
        self._latest = 0

    @property
    def older(self) -> Judging:
        """The checks that answer."""
        return self._older

    def apart(self) -> Apart:
        """What they hold open."""
        return self._older.apart()

    def observe(self, batch: Batch) -> None:
        """Give *batch* to both."""
        self._latest = max(self._latest, max((row[1] or 0 for row in batch), default=0))
        if self._begun is None and self._latest:
            self._begun = self._latest
        self._older.observe(batch)
        if self._younger is not None:
            self._younger.observe(batch)

    def renew(self) -> None:
        """Begin the younger row, or let it take the place of the older, where its time has come."""
        if self._begun is None or self._latest - self._begun < self._half:
            return
        self._begun = self._latest
        if self._younger is not None:
            self._older = self._younger
        self._younger = Judging(self._make())

    def saved(self) -> Mapping[str, Any] | None:
        """Both as JSON values; ``None`` where a check keeps no state."""
        older = _saved(self._older)
        younger = None if self._younger is None else _saved(self._younger)
        if older is None or (younger is None) != (self._younger is None):
            return None
        return {"older": older, "younger": younger, "begun": self._begun, "latest": self._latest}

    def restore(self, saved: Any) -> None:
        """Go on from what was saved.

        Raises:
            StateError: a check cannot go on.
            KeyError, TypeError, ValueError: it is no such thing.
        """
        older = _restored(Judging(self._make()), saved["older"])
        younger = saved["younger"]
        self._younger = None if younger is None else _restored(Judging(self._make()), younger)
        self._older = older
        self._begun = None if saved["begun"] is None else int(saved["begun"])
        self._latest = int(saved["latest"])


def _saved(judging: Judging) -> dict[str, Any] | None:
    states = {judged.check.name: judged.saved() for judged in judging.checks}
    return None if None in states.values() else states


def _restored(judging: Judging, saved: Any) -> Judging:
    for judged in judging.checks:
        judged.check = judged.resumed(saved[judged.check.name])
    return judging
