"""An outbox in a folder, and sinks that behave as a test wants."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any, Final

from attrs import evolve

from kumon_observe.alerting.delivery import Delivery
from kumon_observe.config.alerting import AlertingSettings, RouteSettings
from kumon_observe.config.settings import Settings
from kumon_observe.model.alert import Alert, News
from kumon_observe.model.protocols import Sink
from kumon_observe.state.database import reading, writing
from kumon_observe.state.outbox import Letter, dead, enqueue, waiting
from kumon_observe.testing import FakeClock, an_alert

GIVE_UP = 3600.0
MEMORY: Final = "/dev/shm" if Path("/dev/shm").is_dir() else None
"""Where a file is made without a disk, for tests that write thousands of times; ``None``: as in others."""


def message(incident: str = "i1", number: int = 0, **changes: Any) -> Alert:
    """An alert of *incident*, told as its state *number*."""
    return an_alert(
        **{"key": f"{incident}/{number}", "incident": incident, "news": News.ESCALATED, **changes}
    )


def settings(*, per_minute: int = 0, sinks: Iterable[str] = ("pager", "mail"), **alerting: Any) -> Settings:
    """Settings with no limit a minute unless one is given, and an hour until an alert is given up."""
    routes = {name: RouteSettings(per_minute=per_minute) for name in sinks}
    return evolve(Settings(), alerting=AlertingSettings(**{"give_up": GIVE_UP, **alerting}), routes=routes)


class Post:
    """One state folder, its clock, and what was put into its outbox."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.clock = FakeClock()
        self._deliveries: list[Delivery] = []

    def close(self) -> None:
        """Let go of what each who delivered holds."""
        for delivery in self._deliveries:
            delivery.stop(0)

    def put(self, *alerts: Alert, sinks: Sequence[str] = ("pager",)) -> None:
        """Let *alerts* wait."""
        with writing(self.folder, 5) as connection:
            for alert in alerts:
                enqueue(connection, alert, sinks, self.clock())

    def delivery(self, *sinks: Sink, **options: Any) -> Delivery:
        """One who delivers to *sinks*; each wait is as long as it may be."""
        usual: dict[str, Any] = {"settings": settings(), "clock": self.clock, "chance": lambda: 1.0}
        self._deliveries.append(Delivery(self.folder, sinks, **{**usual, **options}))
        return self._deliveries[-1]

    def waiting(self) -> list[Letter]:
        """What waits."""
        with reading(self.folder, 5) as connection:
            return waiting(connection)

    def dead(self) -> list[Letter]:
        """What could not be delivered."""
        with reading(self.folder, 5) as connection:
            return dead(connection)


class ScriptedSink:
    """A sink that does with each alert what *answer* does, and keeps what it took."""

    def __init__(self, name: str, answer: Callable[[Alert], object]) -> None:
        self.name = name
        self.took: list[Alert] = []
        self.asked: list[str] = []
        self._answer = answer

    def send(self, alert: Alert) -> None:
        self.asked.append(alert.key)
        self._answer(alert)
        self.took.append(alert)


class StuckSink:
    """A sink whose calls do not come back until :attr:`free` is set."""

    def __init__(self, name: str = "pager") -> None:
        self.name = name
        self.free = threading.Event()
        self.called = threading.Semaphore(0)
        self.took: list[str] = []

    def send(self, alert: Alert) -> None:
        self.called.release()
        self.free.wait(30)
        self.took.append(alert.key)
