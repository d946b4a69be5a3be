"""The observer: install it in an app, and the app's own log records are judged as they are made."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Collection, Iterable
from typing import TYPE_CHECKING, Final, Self, TypeVar

from attrs import define, field, validators

from kumon_observe.clock import Clock, utc_now
from kumon_observe.config.settings import Settings
from kumon_observe.model.errors import KumonObserveError, UsageError
from kumon_observe.model.status import Status
from kumon_observe.observer import processes
from kumon_observe.observer.handler import TraceHandler
from kumon_observe.observer.plan import Plan
from kumon_observe.observer.worker import Worker
from kumon_observe.plugins.registry import Registry

if TYPE_CHECKING:
    from kumon_observe.model.listing import Explanation
    from kumon_observe.model.protocols import Sink
    from kumon_observe.model.verdict import Verdict
    from kumon_observe.observer.asgi import ASGIApp
    from kumon_observe.observer.plan import Callback

_LOOK_EVERY: Final = 0.01
_T = TypeVar("_T")

Condition = Callable[["Verdict"], bool]
"""What :meth:`Observer.wait_for` waits for: says of a verdict whether it is so."""


def _tuple_or_none(sinks: Iterable[Sink] | None) -> tuple[Sink, ...] | None:
    return None if sinks is None else tuple(sinks)


def _names(names: str | Iterable[str]) -> tuple[str, ...]:
    return (names,) if isinstance(names, str) else tuple(names)


@define(eq=False, kw_only=True)
class Observer:
    """Judges what this process logs, by the checks that judge a log file.

    ``with Observer():`` (or ``async with``) takes records until the block ends; :meth:`install` and
    :meth:`close` do the same by hand. Records are taken from the loggers themselves, whatever handlers and
    formatters there are. Nothing of it raises into a log call or makes it wait; what could not be judged is
    counted, and the verdict is then ``unknown`` at best. After a fork the child observes itself alone,
    beginning with nothing.

    Args:
        on_alert: called with each alert, in a thread of its own; it may raise or hang.
        sinks: what alerts are sent to; the sinks of the registry if neither these nor *on_alert* are given.
        loggers: the names of the loggers whose records are taken; ``""`` is the root.
        settings: configuration; the defaults without any.
        registry: plugins; those that are installed, without any.
        name: what stands as the source's name in evidence.
        interval: seconds between two looks at all checks; a critical trace is looked at within 0.1 s.
        capacity: how many records may wait to be judged; what comes then is dropped and counted.
        clock: tells when an answer was made.

    Raises:
        UsageError: *on_alert* is a coroutine function, or something in *sinks* is no sink.
        ValueError: *interval* or *capacity* is not above zero, or no logger is named.
    """

    on_alert: Callback | None = None
    sinks: tuple[Sink, ...] | None = field(default=None, converter=_tuple_or_none)
    loggers: tuple[str, ...] = field(default=("",), converter=_names, validator=validators.min_len(1))
    settings: Settings = field(factory=Settings)
    registry: Registry | None = field(default=None, repr=False)
    name: str = "logging"
    interval: float = field(default=1.0, validator=validators.gt(0.0))
    capacity: int = field(default=10_000, validator=validators.gt(0))
    clock: Clock = field(default=utc_now, repr=False)
    _worker: Worker = field(init=False, repr=False)
    _handler: TraceHandler = field(init=False, repr=False)
    _is_installed: bool = field(init=False, default=False)
    _hooks: processes.Hooks = field(init=False, repr=False)

    def __attrs_post_init__(self) -> None:
        plan = Plan(
            settings=self.settings,
            registry=self.registry or Registry.load(self.settings),
            name=self.name,
            interval=self.interval,
            capacity=self.capacity,
            clock=self.clock,
            on_alert=self.on_alert,
            sinks=self.sinks,
        )
        self._worker = Worker(plan, self._lost_loggers)
        self._handler = TraceHandler(self._worker.intake, self._start)
        self._hooks = processes.Hooks(
            before_fork=self._before_fork, after_fork=self._after_fork, forked=self._forked, end=self.close
        )

    # on and off

    def install(self) -> Self:
        """Take records from now on; once is enough, and a second call repairs what a new logging setup undid.

        Raises:
            UsageError: one of the loggers passes its records on to another one.
        """
        for name in self.loggers:
            self._refuse_doubles(name)
        for name in self._lost_loggers(always=True):
            logging.getLogger(name).addHandler(self._handler)
        self._worker.resume()
        self._is_installed = True
        processes.keep(self._hooks)
        return self

    def close(self, timeout: float = 2.0) -> bool:
        """Take no more records, judge those that wait and deliver what they call for.

        Returns:
            Whether all of that was done within *timeout* seconds. The verdict can still be asked for.
        """
        for name in self.loggers:
            logging.getLogger(name).removeHandler(self._handler)
        self._is_installed = False
        processes.drop(self._hooks)
        return self._worker.close(timeout)

    def __enter__(self) -> Self:
        return self.install()

    def __exit__(self, *_: object) -> None:
        self.close()

    async def __aenter__(self) -> Self:
        return self.install()

    async def __aexit__(self, *_: object) -> None:
        await _in_a_thread(self.close)

    # questions

    def verdict(self) -> Verdict:
        """What the checks say of all that this process logged before this call."""
        return self._worker.verdict()

    def explain(self, conv: str) -> Explanation:
        """The timeline of *conv* (its id or its pseudonym), as far back as its records are kept.

        Raises:
            KumonObserveError: judging does not come back.
        """
        explanation = self._worker.explain(conv)
        if explanation is None:
            raise KumonObserveError(f"{conv} cannot be explained now: judging does not come back; try again")
        return explanation

    def wait_for(self, condition: Condition, timeout: float = 5.0) -> Verdict:
        """Wait until *condition* holds of the verdict, and give that verdict; not for a running event loop.

        ``observer.wait_for(lambda verdict: verdict.coverage.delivery >= 2)``

        Raises:
            TimeoutError: it did not hold within *timeout* seconds.
        """
        ends = time.monotonic() + timeout
        while True:
            verdict = self.verdict()
            if condition(verdict):
                return verdict
            if time.monotonic() >= ends:
                raise TimeoutError(_in_vain(timeout, verdict))
            time.sleep(_LOOK_EVERY)

    async def wait_for_async(self, condition: Condition, timeout: float = 5.0) -> Verdict:
        """As :meth:`wait_for`, while the event loop goes on.

        Raises:
            TimeoutError: it did not hold within *timeout* seconds.
        """
        import asyncio

        ends = time.monotonic() + timeout
        while True:
            verdict = await _in_a_thread(self.verdict)
            if condition(verdict):
                return verdict
            if time.monotonic() >= ends:
                raise TimeoutError(_in_vain(timeout, verdict))
            await asyncio.sleep(_LOOK_EVERY)

    def asgi(
        self,
        *,
        token: str | None = None,
        healthy: Collection[Status] = (Status.OK, Status.WARNING),
    ) -> ASGIApp:
        """An ASGI app with ``/healthz``, ``/verdict`` and ``/metrics`` of this process, to be mounted.

        Args:
            token: what a request must bring as ``Authorization: Bearer …``; anybody may ask without one.
            healthy: the statuses to which ``/healthz`` answers 200 instead of 503.

        Raises:
            UsageError: *token* is empty.
        """
        from kumon_observe.observer.asgi import ObserverApp

        return ObserverApp(lambda: self._worker, token=token, healthy=frozenset(healthy))

    # what logging and the system do

    def _before_fork(self) -> None:
        """Let the slice of records that is being judged come to its end."""
        self._worker.pause()

    def _after_fork(self) -> None:
        self._worker.go_on()

    def _forked(self) -> None:
        """Begin anew in a forked process: with nothing seen, and no thread."""
        self._worker = Worker(self._worker.desk.plan, self._lost_loggers)
        self._handler.intake = self._worker.intake

    def _start(self) -> None:
        self._worker.start()

    def _lost_loggers(self, *, always: bool = False) -> list[str]:
        """The loggers that do not hand their records to this observer, although they should."""
        if not (self._is_installed or always):
            return []
        return [name for name in self.loggers if self._handler not in logging.getLogger(name).handlers]

    def _refuse_doubles(self, name: str) -> None:
        logger: logging.Logger | None = logging.getLogger(name)
        others = {logging.getLogger(other): other for other in self.loggers if other != name}
        while logger is not None and logger.propagate and logger.parent is not None:
            logger = logger.parent
            if logger in others:
                above = others[logger] or "the root"
                raise UsageError(
                    f"the records of {name} reach {above} as well and would be judged twice: name one of them"
                )


def _in_vain(timeout: float, verdict: Verdict) -> str:
    says = "; ".join(f"{result.name}: {result.summary}" for result in verdict.checks)
    return (
        f"waited {timeout:g} s in vain: the verdict is {verdict.status} ({says or 'no check has answered'})"
    )


async def _in_a_thread(call: Callable[[], _T]) -> _T:
    import asyncio

    return await asyncio.get_running_loop().run_in_executor(None, call)
