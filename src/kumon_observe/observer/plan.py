"""How an observer is set up: what holds in every process that it is forked into."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Iterator

from attrs import frozen

from kumon_observe.clock import Clock
from kumon_observe.config.settings import Settings
from kumon_observe.model.alert import Alert
from kumon_observe.model.errors import UsageError
from kumon_observe.model.protocols import Sink
from kumon_observe.plugins.registry import Registry

Callback = Callable[[Alert], object]
"""What is called with each alert, in a thread of its own; what it returns is not looked at."""


@frozen(kw_only=True)
class Plan:
    """``interval`` in seconds, ``capacity`` in records; without ``sinks`` the registered ones are meant."""

    settings: Settings
    registry: Registry
    name: str
    interval: float
    capacity: int
    clock: Clock
    on_alert: Callback | None
    sinks: tuple[Sink, ...] | None

    def __attrs_post_init__(self) -> None:
        if inspect.iscoroutinefunction(self.on_alert):
            raise UsageError(
                "on_alert is a coroutine function, which nobody would await: give a plain function, "
                "which may call asyncio.run_coroutine_threadsafe(…, loop)"
            )

        for sink in self.sinks or ():
            if not isinstance(sink, Sink):
                raise UsageError(
                    f"an object of {type(sink).__name__} is no sink: it needs a name and send(alert)"
                )

    def receivers(self) -> Iterator[tuple[str, Callback]]:
        """Who is to be told of alerts, by name; sinks of plugins are new ones at every call."""
        if self.on_alert is not None:
            yield "on_alert", self.on_alert
        for sink in self._sinks():
            yield sink.name, sink.send

    def _sinks(self) -> Iterable[Sink]:
        if self.sinks is not None:
            return self.sinks
        return () if self.on_alert is not None else self.registry.sinks()
