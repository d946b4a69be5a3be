"""From what the rules say to what waits to be sent, whatever becomes of the disk meanwhile."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from attrs import define, field

from kumon_observe.alerting.alerting import Alerting
from kumon_observe.alerting.delivery import Delivery
from kumon_observe.clock import Clock
from kumon_observe.model.evidence import Sentence
from kumon_observe.model.phrase import phrase
from kumon_observe.monitor.evaluator import Evaluator
from kumon_observe.state.book import Book
from kumon_observe.state.database import NoState

if TYPE_CHECKING:
    from kumon_observe.config.settings import Settings
    from kumon_observe.model.alert import Alert

_TRY_AGAIN: Final = timedelta(seconds=5)
"""How long a store that could not be used is left alone: to find it locked takes as long."""


@define(eq=False)
class Telling:
    """Asks the rules, and sees to it that what they say is told: through *book*, or directly from memory."""

    settings: Settings
    evaluator: Evaluator
    book: Book
    delivery: Delivery
    clock: Clock
    unkept: Sentence | None = None
    """Why incidents cannot be kept, if so: then they are told from memory."""

    notes: list[Sentence] = field(factory=list)
    """What is to be said once, and was not yet."""

    _stored: Alerting = field(init=False)
    _from_memory: Alerting | None = None
    _failed: datetime | None = None
    _opened: int = 0

    def __attrs_post_init__(self) -> None:
        self._stored = self.evaluator.alerting

    def told(self, ask: Callable[[], list[Alert]]) -> list[Alert]:
        """What *ask* stored, and woke the delivery for; told directly while it cannot be stored."""
        now = self.clock()
        if self._failed is not None and timedelta(0) <= now - self._failed < _TRY_AGAIN:
            return self._told_from_memory(ask, now)
        self.evaluator.alerting = self._stored
        try:
            alerts = ask() + self._unknown_to_the_store(now)
        except NoState as why:
            self.unkept, self._failed = why.sentence, self.clock()
            return self._told_from_memory(ask, now)
        self.unkept = self._failed = self._from_memory = None
        if alerts:
            self.delivery.wake()
        return alerts

    def _unknown_to_the_store(self, now: datetime) -> list[Alert]:
        """What a store has not heard that could not be used, or was deleted or put aside as damaged."""
        is_new = self._opened not in (0, self.book.opened)
        self._opened = self.book.opened
        if is_new:
            self.notes.append(phrase("the state was made anew: what it knew of incidents is gone"))
        if not is_new and self._from_memory is None:
            return []
        self.evaluator.want(now)
        return self.evaluator.turn(now)

    def _told_from_memory(self, ask: Callable[[], list[Alert]], now: datetime) -> list[Alert]:
        """Go on in memory while the disk is full or damaged: better told twice than never."""
        if self._from_memory is None:
            self._from_memory = Alerting(self.settings, self.book.copied(), self.delivery.names)
            self.evaluator.want(now)
        self.evaluator.alerting = self._from_memory
        alerts = ask()
        for alert in alerts:
            self.delivery.send_now(alert)
        return alerts
