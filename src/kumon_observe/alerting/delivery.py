"""Delivers what waits in the outbox, each alert at least once to each of its sinks (docs/delivery.md)."""

from __future__ import annotations

import math
import random
import threading
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Final

from attrs import evolve

from kumon_observe.alerting.calling import Caller
from kumon_observe.alerting.lane import Lane
from kumon_observe.alerting.outcome import Outcome
from kumon_observe.alerting.postbag import Postbag
from kumon_observe.clock import Clock, utc_now
from kumon_observe.config.alerting import RouteSettings
from kumon_observe.config.settings import Settings
from kumon_observe.model.alert import Alert
from kumon_observe.model.evidence import Sentence
from kumon_observe.model.phrase import phrase
from kumon_observe.model.protocols import KeepingSink, Sink
from kumon_observe.state.keeps import StateKeep
from kumon_observe.state.standing import SinkStanding, standing

_POLL: Final = 1.0
_PATIENCE: Final = 60.0
_ANSWER: Final = 5.0
_TIMEOUTS: Final = 3
"""A sink may use its time-out more than once in a call: to connect, to write, to read."""


class Delivery:
    """Empties the outbox in the state *directory* into *sinks*: in threads, or by :meth:`run_due`.

    *patience* is in seconds: how long a call of a sink may take; ``None``: a minute, or three times its
    configured time-out where that is more. *chance* gives numbers from 0 to 1 for the jitter. *step* is told
    each step that is done (``claimed``, ``called``, ``settled``), for tests that kill it there.
    """

    def __init__(
        self,
        directory: Path,
        sinks: Iterable[Sink],
        settings: Settings,
        clock: Clock = utc_now,
        *,
        patience: float | None = None,
        chance: Callable[[], float] = random.random,
        step: Callable[[str], object] = lambda name: None,
    ) -> None:
        sinks = tuple(sinks)
        for sink in sinks:
            if isinstance(sink, KeepingSink):
                sink.keep_in(StateKeep(directory, sink.name, settings.alerting.keep, clock))
        self._after = settings.alerting.escalate_1
        self._telling = tuple(sink.name for sink in sinks if not getattr(sink, "acts", False))
        names = [sink.name for sink in sinks]
        self._postbag = Postbag(directory, names, self._telling, settings.alerting, clock, chance)
        self._lanes = {
            sink.name: Lane(
                self._postbag,
                Caller(sink, _patience(sink.name, settings) if patience is None else patience),
                settings.routes.get(sink.name, RouteSettings()).per_minute,
                step,
            )
            for sink in sinks
        }
        self._awake = threading.Event()
        self._ending = False
        self._thread: threading.Thread | None = None
        self._unstored: set[str] = set()

    @property
    def names(self) -> tuple[str, ...]:
        """The sinks, by name."""
        return tuple(self._lanes)

    def start(self) -> None:
        """Deliver in threads of their own, one for each sink, from now on."""
        for lane in self._lanes.values():
            lane.start()
        self._thread = threading.Thread(target=self._run, name="kumon-observe delivery", daemon=True)
        self._thread.start()

    def wake(self) -> None:
        """Something was put into the outbox. Without being told, the threads look once in a second."""
        self._awake.set()

    def stop(self, timeout: float) -> bool:
        """Begin nothing more and wait at most *timeout* seconds for what has begun; whether that is done.

        What waits, waits for the next one who delivers.
        """
        self._ending = True
        self._awake.set()
        for lane in self._lanes.values():
            lane.end()
        until = time.monotonic() + timeout
        done = True
        for lane in self._lanes.values():
            done &= lane.ended(until - time.monotonic())
        if self._thread is not None:
            self._thread.join(max(0.0, until - time.monotonic()))
            done &= not self._thread.is_alive()
        if done:
            self._postbag.close()
        return done

    def run_due(self) -> int:
        """Try what is due, each alert once; how many were sent. Sinks do not wait for each other."""
        sent = self._emptied()
        if self._postbag.tend():
            sent += self._emptied()
        return sent

    def send_now(self, alert: Alert, sinks: Iterable[str] | None = None) -> dict[str, Sentence | None]:
        """Send *alert* once, past the outbox: for one that cannot be stored there.

        It goes to *sinks*, by name, at the same time; ``None``: to all but those that act. The answer, which
        comes within seconds, says for each why it did not take it, ``None`` if it did. Where the alert is
        stored later all the same, it is not sent again to those that took it, as long as this object lives.
        """
        lanes = [
            lane for name, lane in self._lanes.items() if name in (self._telling if sinks is None else sinks)
        ]
        told: dict[str, Sentence | None] = {
            lane.name: phrase("it has not answered within {n} s", n=f"{_ANSWER:g}") for lane in lanes
        }
        self._unstored.add(alert.key)

        def taken(lane: Lane) -> None:
            self._postbag.sent_directly(alert.key, lane.name)
            self._unstored.discard(alert.key)

        def sent(lane: Lane) -> None:
            failure = lane.caller.send(alert, late=lambda: taken(lane))
            if failure is None:
                taken(lane)
            told[lane.name] = None if failure is None else failure.sentence

        _at_once(sent, lanes, _ANSWER)
        return dict(told)

    def outcome(self, patience: float | None = None) -> Outcome:
        """How delivery stands; a critical alert may wait for *patience* seconds, else ``escalate_1``."""
        after = self._after if patience is None else patience
        found: dict[str, SinkStanding] = {}
        found |= self._postbag.read(
            lambda connection: standing(connection, self._postbag.clock(), after), found
        )
        for name, lane in self._lanes.items():
            one = found.get(name, SinkStanding(name=name))
            found[name] = evolve(one, hanging=lane.caller.hanging)
        return Outcome(
            sinks=tuple(found[name] for name in sorted(found)),
            unstored=len(self._unstored),
            trouble=self._postbag.trouble,
            works=self._postbag.works,
        )

    def _emptied(self) -> int:
        due = self._postbag.due()
        counts: list[int] = []
        lanes = [lane for name, lane in self._lanes.items() if name in due]
        _at_once(lambda lane: counts.append(lane.empty()), lanes)
        return sum(counts)

    def _run(self) -> None:
        while not self._ending:
            try:
                for name in self._postbag.due():
                    if name in self._lanes:
                        self._lanes[name].poke()
                if self._postbag.tend():
                    continue
            except Exception as error:  # noqa: BLE001 - a thread that died would deliver no more
                self._postbag.failed(
                    phrase("delivering failed: {error}", error=f"{type(error).__name__}: {error}")
                )
            self._awake.wait(_POLL)
            self._awake.clear()


def _patience(name: str, settings: Settings) -> float:
    timeout = getattr(getattr(settings.sinks, name, None), "timeout", 0.0)
    return max(_PATIENCE, _TIMEOUTS * float(timeout))


def _at_once(work: Callable[[Lane], object], lanes: Iterable[Lane], seconds: float = math.inf) -> None:
    """Do *work* for each of *lanes*, without one waiting for the other; waits at most *seconds* for all."""
    threads = [threading.Thread(target=work, args=(lane,), daemon=True) for lane in lanes]
    for thread in threads:
        thread.start()
    until = time.monotonic() + seconds
    for thread in threads:
        thread.join(None if math.isinf(until) else max(0.0, until - time.monotonic()))
