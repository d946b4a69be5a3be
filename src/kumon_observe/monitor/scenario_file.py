"""Reads a file of labelled scenarios: given these traces, expect these notifications.

docs/backtest.md shows one.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final

from attrs import frozen

from kumon_observe.model.alert import News
from kumon_observe.model.backtest import Expected
from kumon_observe.model.errors import UsageError
from kumon_observe.model.lengths import length_of

_MEMBERS: Final = ("name", "log", "traces", "after", "alarms", "expect")
_LONGEST: Final = timedelta(days=31)
_DEMANDED: Final = {"rule", "news"}
_NOTIFICATION: Final = {*_DEMANDED, "sink", "level", "at"}
_Wrong = Callable[[str], UsageError]


@frozen(kw_only=True)
class Written:
    """One scenario as it stands in the file.

    Attributes:
        name: the scenario's.
        logs: the files, as paths that can be opened; empty: ``traces`` are the records.
        traces: the records themselves.
        after: how long time goes on after the last record.
        alarms: the rules that are right to fire.
        expected: the notifications in order; ``None``: none in particular.
    """

    name: str
    logs: tuple[str, ...]
    traces: bytes
    after: timedelta
    alarms: frozenset[str]
    expected: tuple[Expected, ...] | None


@frozen
class ScenarioFile:
    """The file *path*, which may name these *rules* and *sinks*."""

    path: Path
    rules: Collection[str]
    sinks: Collection[str]

    def scenarios(self) -> list[Written]:
        """All of them, in their order.

        Raises:
            UsageError: the file cannot be read, or something in it is no scenario; names the scenario.
        """
        import tomllib

        try:
            document = tomllib.loads(self.path.read_text(encoding="utf-8"))
        except OSError as error:
            raise UsageError(f"{self.path} cannot be read: {error.strerror or error}") from None
        except ValueError as error:
            raise UsageError(f"{self.path} is no TOML: {error}") from None
        tables = document.pop("scenario", None)
        if document:
            raise UsageError(
                f"{self.path} has {min(document)!r}, which means nothing: use [[scenario]] alone"
            )
        if not isinstance(tables, list) or not tables:
            raise UsageError(f"{self.path} has no scenario: write one under [[scenario]]")
        return [self._scenario(table, number) for number, table in enumerate(tables, start=1)]

    def _scenario(self, table: Any, number: int) -> Written:
        name = table.get("name") if isinstance(table, dict) else None
        if not isinstance(name, str) or not name.strip():
            raise UsageError(f"{self.path}: scenario {number} has no name: give it one")

        def wrong(why: str) -> UsageError:
            return UsageError(f"{self.path}: scenario {name!r} {why}")

        if unknown := set(table) - set(_MEMBERS):
            raise wrong(f"has {min(unknown)!r}, which means nothing: use {', '.join(_MEMBERS)}")
        logs, traces = self._records(table, wrong)
        return Written(
            name=name,
            logs=logs,
            traces=traces,
            after=_after(table.get("after", "0s"), wrong),
            alarms=self._alarms(table.get("alarms", []), wrong),
            expected=self._expected(table.get("expect"), wrong),
        )

    def _records(self, table: Any, wrong: _Wrong) -> tuple[tuple[str, ...], bytes]:
        log, traces = table.get("log"), table.get("traces")
        if (log is None) == (traces is None):
            raise wrong("needs either log (a file, or a list of files) or traces (the records)")
        if log is None:
            if not isinstance(traces, str):
                raise wrong("needs a text as traces")
            return (), traces.encode()
        logs = [log] if isinstance(log, str) else log
        if not isinstance(logs, list) or not logs or not all(isinstance(one, str) and one for one in logs):
            raise wrong("needs the name of a file as log, or a list of names")
        return tuple(str(self.path.parent / one) for one in logs), b""

    def _alarms(self, alarms: Any, wrong: _Wrong) -> frozenset[str]:
        if not isinstance(alarms, list) or not all(isinstance(rule, str) for rule in alarms):
            raise wrong("needs a list of rules as alarms")
        for rule in alarms:
            self._known(rule, wrong)
        return frozenset(alarms)

    def _expected(self, expected: Any, wrong: _Wrong) -> tuple[Expected, ...] | None:
        if expected is None:
            return None
        if not isinstance(expected, list):
            raise wrong("needs a list of notifications as expect")
        return tuple(self._notification(one, wrong) for one in expected)

    def _notification(self, table: Any, wrong: _Wrong) -> Expected:
        if not isinstance(table, dict) or not _DEMANDED <= set(table) <= _NOTIFICATION:
            raise wrong('expects a notification that is none: write { rule = "handoff", news = "fired" }')
        self._known(table["rule"], wrong)
        news = [str(one) for one in News]
        if table["news"] not in news:
            raise wrong(f"expects the news {table['news']!r}: there are {', '.join(news)}")
        level, sink, at = table.get("level"), table.get("sink"), table.get("at")
        if level not in (None, 0, 1, 2):
            raise wrong(f"expects the level {level!r}: there are 0, 1 and 2")
        if sink is not None and sink not in self.sinks:
            raise wrong(f"expects that the sink {sink!r} is told: there are {', '.join(sorted(self.sinks))}")
        if at is not None and (not isinstance(at, datetime) or at.tzinfo is None):
            raise wrong("expects a time that is none: write at = 2025-01-15T10:00:00Z")
        return Expected(rule=table["rule"], news=table["news"], sink=sink, level=level, at=at)

    def _known(self, rule: Any, wrong: _Wrong) -> None:
        if rule not in list(self.rules):
            raise wrong(f"names the rule {rule!r}: those in force are {', '.join(sorted(self.rules))}")


def _after(text: Any, wrong: _Wrong) -> timedelta:
    try:
        found = length_of(text if isinstance(text, str) else repr(text))
    except ValueError:
        raise wrong(f"has after = {text!r}, which is no length of time: write 90s, 6m or 1h30m") from None
    if found > _LONGEST:
        raise wrong(f"has after = {text!r}: write {_LONGEST.days}d at most")
    return found
