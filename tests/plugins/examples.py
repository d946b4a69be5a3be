"""Plugins as other people write them, good and bad."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from kumon_observe import Alert, CheckResult, Explained, Status, TraceEvent, hookimpl
from kumon_observe.config.settings import Settings


class EventCount:
    """A check: counts events."""

    def __init__(self, name: str = "event-count") -> None:
        self.name = name
        self.seen = 0

    def observe(self, event: TraceEvent) -> None:
        self.seen += 1

    def merge(self, later: EventCount) -> None:
        self.seen += later.seen

    def result(self, now: datetime | None) -> CheckResult:
        return CheckResult(name=self.name, status=Status.OK, summary="counted", counts={"events": self.seen})


class Logfmt:
    """A layout: ``msg="…"``."""

    name = "logfmt"

    def explain(self, record: str) -> Explained | None:
        return Explained(message=record[5:-1]) if record.startswith('msg="') else None


class Memory:
    """A sink: keeps what it is given."""

    name = "memory"

    def __init__(self) -> None:
        self.sent: list[Alert] = []

    def send(self, alert: Alert) -> None:
        self.sent.append(alert)


class Checks:
    """A plugin whose hook for checks is *give*; named like a module, as *name*."""

    def __init__(self, name: str, give: Callable[[], Any]) -> None:
        self.__name__ = name
        self._give = give

    @hookimpl
    def kumon_register_checks(self) -> Any:
        return self._give()


class Everything:
    """A plugin with all three hooks; it wants the settings for one of them alone."""

    __name__ = "everything"

    @hookimpl
    def kumon_register_checks(self, settings: Settings) -> Iterable[object]:
        yield EventCount(f"count-of-{settings.limit}")

    @hookimpl
    def kumon_register_parsers(self) -> Iterable[object]:
        return (Logfmt(),)

    @hookimpl
    def kumon_register_sinks(self) -> Iterable[object]:
        return [Memory()]
