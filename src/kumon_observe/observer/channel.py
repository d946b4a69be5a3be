"""Hands alerts to a callback or a sink, whatever becomes of it."""

from __future__ import annotations

import threading
from collections.abc import Callable

from kumon_observe.model.alert import Alert
from kumon_observe.model.phrase import Phrase, phrase
from kumon_observe.observer.lane import Lane, OwnThreads

_HANGS_AFTER = 10.0


class Channel:
    """One receiver of alerts, called in a thread of its own, so that it may be slow, hang, raise or exit.

    While it is busy, only the newest alert of each check waits for it: an alert tells the whole of its
    check, and what waits stays bounded.
    """

    def __init__(self, name: str, deliver: Callable[[Alert], object], own: OwnThreads) -> None:
        self.name = name
        self.delivered = 0
        self.failed = 0
        self._deliver = deliver
        self._error: str | None = None
        self._waiting: dict[str, Alert] = {}
        self._lock = threading.Lock()
        self._lane = Lane(f"kumon-observe alerts to {name}", self._step, own)

    def hand(self, alert: Alert) -> None:
        """Deliver *alert* soon; returns at once."""
        with self._lock:
            self._waiting[alert.check] = alert
        if not self._lane.poke():
            self._lose("no thread can be started while the interpreter ends")

    def finish(self, seconds: float) -> bool:
        """Wait until all is delivered, at most *seconds*; whether it is."""
        return self._lane.wait(seconds)

    def trouble(self) -> Phrase | None:
        """What is wrong with it, ``None`` if nothing is known to be."""
        if self._lane.busy > _HANGS_AFTER:
            return phrase("alerts are not delivered: {channel} does not come back", channel=self.name)
        if self._error is not None:
            return phrase(
                "an alert was not delivered: {channel} failed: {error}", channel=self.name, error=self._error
            )
        return None

    def _step(self) -> bool:
        with self._lock:
            if not self._waiting:
                return False
            alert = self._waiting.pop(next(iter(self._waiting)))
        try:
            self._deliver(alert)
        except BaseException as error:  # noqa: BLE001 - whatever it raises, its thread and the app go on
            self._lose(type(error).__name__)
        else:
            self.delivered += 1
            self._error = None
        return True

    def _lose(self, why: str) -> None:
        self.failed += 1
        self._error = why
