"""From what the rules say to what waits to be sent, whatever becomes of the disk meanwhile."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from attrs import define

from kumon_observe.alerting.alerting import Alerting
from kumon_observe.alerting.delivery import Delivery
from kumon_observe.clock import Clock
from kumon_observe.model.evidence import Sentence
from kumon_observe.monitor.evaluator import Evaluator
from kumon_observe.state.book import Book
from kumon_observe.state.database import NoState

if TYPE_CHECKING:
    from kumon_observe.config.settings import Settings
    from kumon_observe.model.alert import Alert

_RETRY: Final = timedelta(seconds=5)


@define(eq=False)
class Telling:
    """Asks the rules, and sees to it that what they say is told: through *book*, or directly from memory."""

    settings: Settings
    evaluator: Evaluator
    book: Book
    delivery: Delivery
    clock: Clock
    unkept: Sentence | None = None
    """Why incidents cannot be kept, if so."""

    _kept: Alerting | None = None
    """The incidents on disk, while those in memory take their place; ``None``: nothing hinders."""

    _retried: datetime | None = None

    def told(self, ask: Callable[[], list[Alert]]) -> list[Alert]:
        """What *ask* stored, and woke the delivery for; told directly while it cannot be stored."""
        self._try_the_disk()
        try:
            alerts = ask()
        except NoState as why:
            self._go_on_in_memory(why.sentence)
            alerts = ask()
        if self._kept is None and alerts:
            self.delivery.wake()
        elif self._kept is not None:
            for alert in alerts:
                self.delivery.send_now(alert)
        return alerts

    def _go_on_in_memory(self, why: Sentence) -> None:
        """While the disk is full, what is known goes on as a copy: better told twice than never."""
        settings, evaluator = self.settings, self.evaluator
        self._kept, self.unkept, self._retried = evaluator.alerting, why, self.clock()
        evaluator.alerting = Alerting(settings, self.book.copied(), self.delivery.names)

    def _try_the_disk(self) -> None:
        """See now and then whether incidents can be kept again; all rules are asked for them then."""
        kept, now = self._kept, self.clock()
        if kept is None or (self._retried is not None and timedelta(0) <= now - self._retried < _RETRY):
            return
        in_memory, self._retried = self.evaluator.alerting, now
        self.evaluator.alerting = kept
        try:
            self.evaluator.ask_all(now)
        except NoState as why:
            self.evaluator.alerting, self.unkept = in_memory, why.sentence
        else:
            self._kept = self.unkept = None
            self.delivery.wake()
