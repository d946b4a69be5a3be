"""A watch on a log that a test writes, under a clock that the test moves."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from attrs import define, evolve, field

from kumon_observe.config.settings import Settings
from kumon_observe.hookspecs import hookimpl
from kumon_observe.model.alert import Alert
from kumon_observe.model.protocols import Sink
from kumon_observe.monitor.plan import Plan
from kumon_observe.monitor.session import Session
from kumon_observe.plugins.registry import Registry
from kumon_observe.testing.clock import FakeClock
from tests.scenarios import Said, rendered

Told = tuple[datetime, str, str, str, int, int]
"""When, the sink, the rule, the news, the level, how many were found."""


def told(at: datetime, sink: str, alert: Alert) -> Told:
    return at, sink, alert.rule, str(alert.news), alert.level, alert.found


BEGUN: list[Session] = []
"""Every session, to be ended after its test."""


@define
class Pager:
    """A sink that notes what it is told, and when by the test's clock."""

    name: str
    clock: FakeClock
    heard: list[Told]

    def send(self, alert: Alert) -> None:
        self.heard.append(told(self.clock.now, self.name, alert))


@define
class Pagers:
    """A plugin with two sinks beside the built-in one."""

    clock: FakeClock
    heard: list[Told] = field(factory=list)

    @hookimpl
    def kumon_register_sinks(self) -> Iterable[Sink]:
        return [Pager("pager", self.clock, self.heard), Pager("boss", self.clock, self.heard)]


@define(eq=False)
class Watched:
    """A session over the logs *names* in *folder*; ``heard`` is what its sinks were told."""

    folder: Path
    settings: Settings
    clock: FakeClock
    names: Sequence[str] = ("app.log",)
    heard: list[Told] = field(factory=list)
    session: Session = field(init=False)

    def __attrs_post_init__(self) -> None:
        self.log.touch()
        self.begin()

    @property
    def log(self) -> Path:
        return self.folder / self.names[0]

    def begin(self) -> None:
        """A new session, as after a restart; the old one is as if it had been killed."""
        registry = Registry.load(self.settings, extra=[Pagers(self.clock, self.heard)], entry_points=False)
        self.session = Session.begin(
            Plan(
                settings=self.settings,
                registry=registry,
                specs=[str(self.folder / name) for name in self.names],
                clock=self.clock,
                without=("stdout",),
            )
        )
        BEGUN.append(self.session)

    def writes(self, records: Iterable[Said], layout: str = "json", log: int = 0) -> None:
        """The app writes *records* into the log of that number."""
        with (self.folder / self.names[log]).open("ab") as file:
            file.write(rendered(records, layout))

    def step(self) -> list[Alert]:
        """One turn of the loop, and the delivery of what it gave."""
        alerts = self.session.step()
        if alerts:
            self.session.delivery.run_due()
        return alerts

    def play(self, records: Sequence[Said], after: float = 0.0) -> None:
        """The app writes *records* at their times; the loop turns once a second, and *after* seconds on."""
        waiting = list(records)
        end = whole(records[-1].at) + timedelta(seconds=after)
        while self.clock.now <= end:
            due = [record for record in waiting if record.at <= self.clock.now]
            waiting = waiting[len(due) :]
            self.writes(due)
            self.step()
            self.clock.advance(1)


def whole(moment: datetime) -> datetime:
    """The whole second at which a record of *moment* can be read."""
    return datetime.fromtimestamp(math.ceil(moment.timestamp()), UTC)


def configured(folder: Path, **tables: Any) -> Settings:
    """Settings whose state is in *folder*; *tables* are further ones."""
    return evolve(Settings(state_dir=str(folder / "state")), **tables)
