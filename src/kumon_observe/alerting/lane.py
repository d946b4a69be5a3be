"""The way to one sink: what is due for it is sent, one alert after the other."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Final

from kumon_observe.alerting.calling import Caller
from kumon_observe.alerting.postbag import Postbag
from kumon_observe.model.errors import SchemaError
from kumon_observe.model.phrase import phrase
from kumon_observe.state.claims import Claimed, Failure

_MARGIN: Final = 30.0
"""Seconds by which a claim outlives the longest call."""


class Lane:
    """Empties the outbox of what is due for the sink of *caller*, at most *per_minute* alerts a minute.

    *step* is told the name of each step when it is done: ``claimed``, ``called``, ``settled``.
    """

    def __init__(
        self, postbag: Postbag, caller: Caller, per_minute: int, step: Callable[[str], object]
    ) -> None:
        self.name = caller.name
        self.caller = caller
        self._postbag = postbag
        self._per_minute = per_minute
        self._step = step
        self._one_at_a_time = threading.Lock()
        self._poked = threading.Event()
        self._ending = False
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Go on in a thread of its own: empty it whenever it is poked."""
        self._thread = threading.Thread(
            target=self._run, name=f"kumon-observe delivers to {self.name}", daemon=True
        )
        self._thread.start()

    def poke(self) -> None:
        """Something is due."""
        self._poked.set()

    def end(self) -> None:
        """Begin nothing more."""
        self._ending = True
        self._poked.set()

    def ended(self, seconds: float) -> bool:
        """Wait at most *seconds* for what it has begun; whether that is done."""
        if self._thread is None:
            return True
        self._thread.join(max(0.0, seconds))
        return not self._thread.is_alive()

    def empty(self) -> int:
        """Try what is due, each alert once; how many were sent. A call that does not come back ends it."""
        with self._one_at_a_time:
            tried: set[int] = set()
            sent = 0
            while not self._ending:
                lease = self.caller.patience + _MARGIN
                row = self._postbag.take(self.name, self._per_minute, lease, tried)
                if row is None:
                    break
                self._step("claimed")
                tried.add(row.id)
                failure = self._sent(row)
                self._step("called")
                self._postbag.settle(row, failure)
                self._step("settled")
                sent += failure is None
                if failure is not None and self.caller.hanging:
                    break
            return sent

    def _sent(self, row: Claimed) -> Failure | None:
        from kumon_observe.model.document.stored import alert_from_stored

        try:
            alert = alert_from_stored(row.alert)
        except SchemaError as error:
            return Failure(
                sentence=phrase("this release cannot read it: {error}", error=str(error)), lasting=True
            )
        return self.caller.send(alert, late=lambda: self._postbag.settle(row, None))

    def _run(self) -> None:
        while not self._ending:
            self._poked.wait()
            self._poked.clear()
            try:
                self.empty()
            except Exception as error:  # noqa: BLE001 - a thread that died would deliver no more
                self._postbag.failed(
                    phrase("delivering failed: {error}", error=f"{type(error).__name__}: {error}")
                )
