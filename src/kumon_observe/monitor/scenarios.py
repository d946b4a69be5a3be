"""Tries labelled scenarios: what the rules tell of them, against what they should have told."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

from kumon_observe.model.backtest import Accuracy, Expected, RulesTest, Scenario, Sent
from kumon_observe.model.document.values import time_to
from kumon_observe.model.evidence import Sentence
from kumon_observe.model.phrase import phrase
from kumon_observe.monitor.replay import Replay, ReplayedRun
from kumon_observe.monitor.scenario_file import ScenarioFile, Written

if TYPE_CHECKING:
    from kumon_observe.config.settings import Settings
    from kumon_observe.model.backtest import Backtest
    from kumon_observe.plugins.registry import Registry


def try_scenarios(
    path: Path, settings: Settings, registry: Registry, clock: Callable[[], datetime]
) -> RulesTest:
    """Replay each scenario of the file *path* under *settings*.

    A log is read with its rotated siblings.

    Raises:
        UsageError: the file is none of scenarios.
    """
    rules = [name for name, rule in settings.rules.items() if rule.enabled]
    sinks = [sink.name for sink in registry.sinks()]
    tried = []
    for scenario in ScenarioFile(path, rules, sinks).scenarios():
        run = ReplayedRun(
            specs=scenario.logs or "-",
            settings=settings,
            registry=registry,
            rotated=True,
            stdin=BytesIO(scenario.traces),
            clock=clock,
        )
        tried.append(_tried(scenario, Replay(run, sinks, scenario.after).result()))
    return RulesTest(file=str(path), scenarios=tuple(tried), accuracy=_accuracy(tried, rules))


def _tried(scenario: Written, backtest: Backtest) -> Scenario:
    fired, alarms = backtest.fired, scenario.alarms
    faults: list[Sentence] = [*backtest.reasons]
    if scenario.expected is not None:
        faults += _differences(scenario.expected, backtest.sent)
    faults += [phrase("{rule} fired and should not", rule=rule) for rule in sorted(fired - alarms)]
    faults += [phrase("{rule} should fire and did not", rule=rule) for rule in sorted(alarms - fired)]
    return Scenario(
        name=scenario.name,
        alarms=alarms,
        backtest=backtest,
        expected=scenario.expected,
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
    parts += [] if expected.at is None else [str(time_to(expected.at))]
    return " ".join(parts)


def _sent_words(sent: Sent) -> str:
    alert = sent.alert
    return f"{alert.rule} {alert.news} level {alert.level} {sent.sink} {time_to(sent.at)}"


def _accuracy(tried: Iterable[Scenario], rules: Collection[str]) -> Accuracy:
    """What could not be replayed decides nothing."""
    replayed = [one for one in tried if one.backtest.begins is not None]
    decisions = [(rule in one.fired, rule in one.alarms) for one in replayed for rule in rules]
    return Accuracy(
        right_alarms=decisions.count((True, True)),
        false_alarms=decisions.count((True, False)),
        missed=decisions.count((False, True)),
        right_silences=decisions.count((False, False)),
    )
