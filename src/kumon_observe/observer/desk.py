"""Where the records of one process are judged: its queue, its checks, and who is told of what they say."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import TYPE_CHECKING, Final

from attrs import evolve, frozen

from kumon_observe.engine.live import Live
from kumon_observe.model.moments import to_datetime
from kumon_observe.model.phrase import Phrase, counted, phrase
from kumon_observe.model.verdict import Verdict
from kumon_observe.observer.channel import Channel
from kumon_observe.observer.intake import Intake
from kumon_observe.observer.isolated import IsolatingRegistry
from kumon_observe.observer.lane import OwnThreads
from kumon_observe.observer.news import News

if TYPE_CHECKING:
    from kumon_observe.model.alert import Alert
    from kumon_observe.model.listing import Explanation
    from kumon_observe.observer.plan import Plan

_LEAST: Final = 4
_MOST: Final = 128
_SHARE: Final = 4
_HEARTBEATS: Final = 5
_BETWEEN_URGENT: Final = 0.02
_DUTY: Final = 5
_LATEST_URGENT: Final = 0.06
_END_OF_CALENDAR: Final = 253_402_300_799.0


@frozen
class Published:
    """A verdict with the moment at which it was reached, by the monotonic clock in seconds."""

    verdict: Verdict
    at: float


class Desk:
    """Everything here but *intake* is for one thread at a time.

    Records are judged a few at a time (:meth:`take`), so that whoever judges can let others go first.
    *missing* names the loggers that should hand over their records and do not.
    """

    def __init__(self, plan: Plan, missing: Callable[[], Iterable[str]]) -> None:
        self.plan = plan
        self.own: OwnThreads = set()
        self.intake = Intake(plan.capacity, self.own)
        self.since = plan.clock()
        self.process = str(os.getpid())
        self.taken = 0
        self.most_violations: dict[str, int] = {}
        self.published: Published | None = None
        self.is_behind = False
        self._is_urgent = False
        self._cost = 0.0
        self._missing = missing
        self._news = News(f"{self.process}-{self.since.timestamp():.6f}")
        self.channels: tuple[Channel, ...] = ()
        self._live: Live | None = None
        self.fault: Phrase | None = None
        self._created = 0.0

    @property
    def lost(self) -> int:
        """How many records came and were not judged."""
        return self.intake.dropped + self.intake.unreadable

    def take(self) -> None:
        """Judge the next few records; the more, the more wait."""
        records = self.intake.take(min(_MOST, max(_LEAST, len(self.intake) // _SHARE)))
        if not records:
            return
        self.is_behind = True
        self.taken += len(records)
        self._created = max(self._created, *(record.created for record in records))
        try:
            self._is_urgent |= self._judge().take(records)
        except Exception as error:  # noqa: BLE001 - a thread that died would judge no more
            self._failed(error)

    def evaluate_if_due(self) -> None:
        """Look at the checks if it is time to: soon after what may be critical, else now and then."""
        last = self.published
        age = float("inf") if last is None else time.monotonic() - last.at
        if self._is_urgent:
            due = age >= min(max(_BETWEEN_URGENT, _DUTY * self._cost), _LATEST_URGENT)
        else:
            due = age >= self.plan.interval * (1 if self.is_behind else _HEARTBEATS)
        if due:
            self.evaluate()

    def evaluate(self) -> Verdict | None:
        """The verdict at this moment, what is new in it handed to the channels; ``None``: see *fault*."""
        self._is_urgent = self.is_behind = False
        try:
            return self._evaluated()
        except Exception as error:  # noqa: BLE001 - as above
            self._failed(error)
            return None

    def _evaluated(self) -> Verdict:
        began = time.monotonic()
        verdict = self._judge().verdict(now=self._now(), reasons=self._losses())
        verdict = evolve(verdict, reasons=(*verdict.reasons, *self._troubles()))
        for result in verdict.checks:
            found = len(result.violations) + result.omitted
            self.most_violations[result.name] = max(found, self.most_violations.get(result.name, 0))
        self.published = Published(verdict, time.monotonic())
        self._cost = self.published.at - began
        for alert in self._news.of(verdict):
            self._tell(alert)
        return verdict

    def explain(self, conv: str) -> Explanation:
        """The timeline of *conv*."""
        return self._judge().explain(conv, now=self._now(), reasons=self._losses())

    def _tell(self, alert: Alert) -> None:
        if not self.channels:
            told = self.plan.receivers()
            self.channels = tuple(Channel(name, deliver, self.own) for name, deliver in told)
        for channel in self.channels:
            channel.hand(alert)

    def _judge(self) -> Live:
        if self._live is None:
            registry = IsolatingRegistry.of(self.plan.registry, self.own)
            self._live = Live(
                settings=self.plan.settings, registry=registry, name=self.plan.name, clock=self.plan.clock
            )
        return self._live

    def _now(self) -> datetime | None:
        """The log's own time: that of the latest record of any kind, as in a file."""
        latest = max(self.intake.latest, self._created)
        return to_datetime(round(latest * 1_000_000)) if 0 < latest <= _END_OF_CALENDAR else None

    def _losses(self) -> list[Phrase]:
        """Why the answer cannot be ``ok``."""
        losses = [
            phrase(
                "the observer was taken from the logger {name}: call install() after logging is configured",
                name=name or "root",
            )
            for name in self._missing()
        ]
        if self.intake.dropped:
            losses.append(
                counted(
                    self.intake.dropped,
                    "1 record was dropped: the queue of the observer was full",
                    "{n} records were dropped: the queue of the observer was full",
                )
            )
        if self.intake.unreadable:
            losses.append(
                counted(
                    self.intake.unreadable,
                    "1 record could not be read: its arguments do not fit its message",
                    "{n} records could not be read: their arguments do not fit their messages",
                )
            )
        if self.fault is not None:
            losses.append(self.fault)
        return losses

    def _troubles(self) -> list[Phrase]:
        """What is wrong with the delivery of alerts; it changes no status."""
        return [trouble for channel in self.channels if (trouble := channel.trouble()) is not None]

    def _failed(self, error: Exception) -> None:
        self.fault = phrase("the observer failed: {error}", error=f"{type(error).__name__}: {error}")
