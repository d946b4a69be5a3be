"""A file of labelled scenarios for rules: given these traces, expect these notifications.

docs/backtest.md shows one.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from attrs import frozen

from kumon_observe.model.alert import News
from kumon_observe.model.backtest import Accuracy, Expected, RulesTest, Scenario, Sent
from kumon_observe.model.errors import UsageError
from kumon_observe.model.evidence import Sentence
from kumon_observe.model.phrase import phrase
from kumon_observe.monitor.replay import Replay, ReplayedRun

if TYPE_CHECKING:
    from kumon_observe.config.settings import Settings
    from kumon_observe.model.backtest import Backtest
    from kumon_observe.plugins.registry import Registry

_MEMBERS: Final = ("name", "log", "traces", "after", "alarms", "expect")
_UNITS: Final = {"h": "hours", "m": "minutes", "s": "seconds"}
_DURATION: Final = re.compile(r"(?:\d{1,6}[hms])+", re.ASCII)
_PART: Final = re.compile(r"(\d+)([hms])", re.ASCII)


@frozen(kw_only=True)
class Written:
    """One scenario as it stands in the file; ``source`` is a path, or the records themselves."""

    name: str
    source: Path | bytes
    after: timedelta
    alarms: frozenset[str]
    expected: tuple[Expected, ...] | None


def read_scenarios(path: Path, rules: Iterable[str]) -> list[Written]:
    """The scenarios in the file *path*, which may name *rules*.

    Raises:
        UsageError: the file cannot be read, or something in it is no scenario; names the scenario.
    """
    import tomllib

    try:
        document = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror or error}") from None
    except ValueError as error:
        raise UsageError(f"{path} is no TOML: {error}") from None
    tables = document.get("scenario")
    if not isinstance(tables, list) or not tables:
        raise UsageError(f"{path} has no scenario: write one under [[scenario]]")
    known = frozenset(rules)
    return [_scenario(table, path, number, known) for number, table in enumerate(tables, start=1)]


def try_scenarios(
    path: Path, settings: Settings, registry: Registry, clock: Callable[[], datetime]
) -> RulesTest:
    """Replay each scenario of the file *path* under *settings*.

    Raises:
        UsageError: the file is none of scenarios.
    """
    scenarios = read_scenarios(path, settings.rules)
    sinks = [sink.name for sink in registry.sinks()]
    tried = []
    for scenario in scenarios:
        is_file = isinstance(scenario.source, Path)
        run = ReplayedRun(
            specs=[str(scenario.source) if is_file else "-"],
            settings=settings,
            registry=registry,
            stdin=None if isinstance(scenario.source, Path) else BytesIO(scenario.source),
            clock=clock,
        )
        tried.append(_tried(scenario, Replay(run, sinks, scenario.after).result()))
    rules = [name for name, rule in settings.rules.items() if rule.enabled]
    return RulesTest(file=str(path), scenarios=tuple(tried), accuracy=_accuracy(tried, rules))


def _scenario(table: Any, path: Path, number: int, rules: frozenset[str]) -> Written:
    name = table.get("name") if isinstance(table, dict) else None
    if not isinstance(name, str) or not name.strip():
        raise UsageError(f"{path}: scenario {number} has no name: give it one")

    def wrong(why: str) -> UsageError:
        return UsageError(f"{path}: scenario {name!r} {why}")

    unknown = sorted(set(table) - set(_MEMBERS))
    if unknown:
        raise wrong(f"has {unknown[0]!r}, which means nothing: use {', '.join(_MEMBERS)}")
    log, traces = table.get("log"), table.get("traces")
    if (log is None) == (traces is None):
        raise wrong("needs either log (a file) or traces (the records)")
    if not isinstance(log if traces is None else traces, str):
        raise wrong("needs a text as log or traces")
    alarms = table.get("alarms", [])
    if not isinstance(alarms, list) or not all(isinstance(rule, str) for rule in alarms):
        raise wrong("needs a list of rules as alarms")
    expected = table.get("expect")
    if expected is not None and not isinstance(expected, list):
        raise wrong("needs a list of notifications as expect")
    found = None if expected is None else tuple(_expected(one, wrong) for one in expected)
    for rule in (*alarms, *(one.rule for one in found or ())):
        if rule not in rules:
            raise wrong(f"names the rule {rule!r}: there are {', '.join(sorted(rules))}")
    return Written(
        name=name,
        source=path.parent / log if traces is None else traces.encode(),
        after=_duration(table.get("after", "0s"), wrong),
        alarms=frozenset(alarms),
        expected=found,
    )


def _expected(table: Any, wrong: Callable[[str], UsageError]) -> Expected:
    members = {"rule", "news", "sink", "level", "at"}
    if not isinstance(table, dict) or not {"rule", "news"} <= set(table) <= members:
        raise wrong('expects a notification that is none: write { rule = "handoff", news = "fired" }')
    news = [str(one) for one in News]
    if table["news"] not in news:
        raise wrong(f"expects the news {table['news']!r}: there are {', '.join(news)}")
    at = table.get("at")
    if at is not None and (not isinstance(at, datetime) or at.tzinfo is None):
        raise wrong("expects a time that is none: write at = 2025-01-15T10:00:00Z")
    return Expected(
        rule=table["rule"], news=table["news"], sink=table.get("sink"), level=table.get("level"), at=at
    )


def _duration(text: Any, wrong: Callable[[str], UsageError]) -> timedelta:
    if not isinstance(text, str) or not _DURATION.fullmatch(text):
        raise wrong(f"has after = {text!r}, which is no duration: write 90s, 6m or 1h30m")
    return sum((timedelta(**{_UNITS[unit]: int(n)}) for n, unit in _PART.findall(text)), timedelta())


def _tried(scenario: Written, backtest: Backtest) -> Scenario:
    faults: list[Sentence] = [*backtest.reasons]
    sent = backtest.sent
    if scenario.expected is not None:
        faults += _differences(scenario.expected, sent)
    tried = Scenario(
        name=scenario.name, alarms=scenario.alarms, backtest=backtest, expected=scenario.expected
    )
    faults += [phrase("{rule} fired and should not", rule=r) for r in sorted(tried.fired - tried.alarms)]
    faults += [phrase("{rule} should fire and did not", rule=r) for r in sorted(tried.alarms - tried.fired)]
    return Scenario(
        name=tried.name,
        alarms=tried.alarms,
        backtest=backtest,
        expected=tried.expected,
        faults=tuple(faults),
    )


def _differences(expected: Sequence[Expected], sent: Sequence[Sent]) -> list[Sentence]:
    """What was sent otherwise than *expected*; without a sink in any of them each alert counts once."""
    seen = list(sent) if any(one.sink for one in expected) else _once_each(sent)
    found: list[Sentence] = []
    for number in range(max(len(expected), len(seen))):
        if number >= len(seen):
            found.append(phrase("not sent: {what}", what=_words(expected[number])))
        elif number >= len(expected):
            found.append(phrase("sent and not expected: {what}", what=_sent_words(seen[number])))
        elif not _fits(expected[number], seen[number]):
            found.append(
                phrase(
                    "sent {sent} instead of {expected}",
                    sent=_sent_words(seen[number]),
                    expected=_words(expected[number]),
                )
            )
    return found


def _once_each(sent: Iterable[Sent]) -> list[Sent]:
    first: dict[str, Sent] = {}
    for one in sent:
        first.setdefault(one.alert.key, one)
    return list(first.values())


def _fits(expected: Expected, sent: Sent) -> bool:
    alert = sent.alert
    return (
        (expected.rule, expected.news) == (alert.rule, str(alert.news))
        and expected.sink in (None, sent.sink)
        and expected.level in (None, alert.level)
        and expected.at in (None, sent.at)
    )


def _words(expected: Expected) -> str:
    parts = [expected.rule, expected.news]
    parts += [] if expected.level is None else [f"level {expected.level}"]
    parts += [] if expected.sink is None else [expected.sink]
    parts += [] if expected.at is None else [expected.at.isoformat()]
    return " ".join(parts)


def _sent_words(sent: Sent) -> str:
    alert = sent.alert
    return f"{alert.rule} {alert.news} level {alert.level} {sent.sink} {sent.at.isoformat()}"


def _accuracy(tried: Iterable[Scenario], rules: Sequence[str]) -> Accuracy:
    counts = dict.fromkeys(("right_alarms", "false_alarms", "missed", "right_silences"), 0)
    for one in tried:
        for rule in rules:
            fired, should = rule in one.fired, rule in one.alarms
            name = ("missed" if should else "right_silences") if not fired else None
            counts[name or ("right_alarms" if should else "false_alarms")] += 1
    return Accuracy(**counts)
