"""Calls a sink, whatever it does: raise, exit the thread, or never come back."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Final

from attrs import define, field

from kumon_observe.model.alert import Alert
from kumon_observe.model.errors import DeclinedError, PermanentSinkError, TemporarySinkError
from kumon_observe.model.phrase import phrase
from kumon_observe.model.protocols import Sink
from kumon_observe.state.claims import Failure

_MOST_HANGING: Final = 3


class Caller:
    """Calls *sink* in threads of its own and waits for each at most *patience* seconds.

    A call that does not come back counts as failed. Its thread is left alone; when three are, the sink is
    called no more until one of them returns.
    """

    def __init__(self, sink: Sink, patience: float) -> None:
        self.name = sink.name
        self.patience = patience
        self._sink = sink
        self._lock = threading.Lock()
        self._hanging = 0

    @property
    def hanging(self) -> bool:
        """Whether a call has not come back in time, and still has not."""
        return self._hanging > 0

    def send(self, alert: Alert, late: Callable[[], None] = lambda: None) -> Failure | None:
        """Send *alert*; why it was not taken, ``None`` if it was.

        *late* is called, in another thread, if the sink takes it after it has been waited for in vain.
        """
        if self._hanging >= _MOST_HANGING:
            return self._does_not_return()
        call = _Call()
        run = threading.Thread(
            target=self._run,
            args=(call, alert, late),
            name=f"kumon-observe sends to {self.name}",
            daemon=True,
        )
        try:
            run.start()
        except RuntimeError:
            return Failure(sentence=phrase("no thread can be started: the program ends, or it has too many"))
        call.ended.wait(self.patience)
        with self._lock:
            if call.ended.is_set():
                return call.failure
            call.given_up = True
            self._hanging += 1
        return self._does_not_return()

    def _run(self, call: _Call, alert: Alert, late: Callable[[], None]) -> None:
        try:
            self._sink.send(alert)
        except BaseException as error:  # noqa: BLE001 - whatever a sink raises, the others are served
            call.failure = failure_of(error)
        with self._lock:
            call.ended.set()
            if call.given_up:
                self._hanging -= 1
        if call.given_up and call.failure is None:
            late()

    def _does_not_return(self) -> Failure:
        return Failure(sentence=phrase("it does not come back within {n} s", n=f"{self.patience:g}"))


@define(eq=False)
class _Call:
    """One call: whether it has ended, and how; whether it was given up before."""

    ended: threading.Event = field(factory=threading.Event)
    failure: Failure | None = None
    given_up: bool = False


def failure_of(error: BaseException) -> Failure:
    """What a sink raised. The text of an error that is no sink's own may hold a secret, and is not told."""
    if isinstance(error, DeclinedError):
        return Failure(sentence=str(error), lasting=True, declined=True)
    if isinstance(error, PermanentSinkError):
        return Failure(sentence=str(error), lasting=True)
    if isinstance(error, TemporarySinkError):
        return Failure(sentence=str(error), rest=error.retry_after)
    return Failure(sentence=phrase("it failed: {error}", error=type(error).__name__))
