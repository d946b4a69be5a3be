"""Plays a story in this process: what the app would log, through ``logging`` itself."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from kumon_observe import Alert, Observer
from kumon_observe.config.settings import Settings
from kumon_observe.plugins.registry import Registry
from kumon_observe.testing import CapturingSink, FakeClock
from tests.engine.logged import LATER
from tests.scenarios import APP, Said, Story

LOST = Story().others(3).turn("ana", 2, 0)
"""Three healthy turns and a lost hand-off."""

SOON = 10.0
"""How long a test waits for what happens in another thread before it fails, in seconds."""


def play(story: Story | Iterable[Said]) -> None:
    """Log every record of *story* at the story's own times."""
    for said in story.records if isinstance(story, Story) else story:
        logger = logging.getLogger(said.logger)
        level = logging.getLevelNamesMapping()[said.level]
        record = logger.makeRecord(said.logger, level, "app.py", 46, said.message, (), None)
        record.created = said.at.timestamp()
        logger.handle(record)


def observer(folder: Path, *plugins: object, **options: Any) -> Observer:
    """An observer of the app's loggers that keeps its key in *folder* and knows the given plugins alone."""
    settings = options.pop("settings", None) or Settings(state_dir=str(folder / "state"))
    registry = Registry.load(settings, extra=plugins, entry_points=False)
    own = {"loggers": "app", "sinks": (), "clock": FakeClock(LATER)}
    return Observer(settings=settings, registry=registry, **{**own, **options})


def until(holds: Callable[[], object], what: str) -> None:
    """Wait until *holds* gives something true; fail with *what* if it never does."""
    ends = time.monotonic() + SOON
    while not holds():
        assert time.monotonic() < ends, what
        time.sleep(0.002)


class Inbox(CapturingSink):
    """A callback that keeps what it is told, with the moment by the clock of the processor."""

    def __init__(self) -> None:
        super().__init__("inbox")
        self.moments: list[float] = []

    def __call__(self, alert: Alert) -> None:
        self.moments.append(time.perf_counter())
        self.send(alert)

    def has(self, number: int) -> bool:
        """Whether so many alerts came."""
        return len(self.alerts) == number

    def checks(self) -> list[str]:
        """The checks that were told of, in order."""
        return [alert.check for alert in self.alerts]


def logger(name: str = APP) -> logging.Logger:
    """One of the app's loggers."""
    return logging.getLogger(name)
