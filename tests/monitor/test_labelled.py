"""The labelled scenarios: each goes as its label says, replayed and watched live alike."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from attrs import evolve

from kumon_observe.config.alerting import RouteSettings
from kumon_observe.config.settings import Settings
from kumon_observe.config.watching import WatchSettings
from kumon_observe.model.backtest import Backtest, RulesTest
from kumon_observe.monitor.replay import Replay, ReplayedRun
from kumon_observe.plugins.registry import Registry
from kumon_observe.testing.clock import FakeClock
from tests.labelled import SCENARIOS, page
from tests.labelled.files import FOLDER, content, files, names_of
from tests.labelled.scenario import Labelled
from tests.monitor.watched import Told, Watched, configured, told, whole
from tests.scenarios import START, Said

SINKS = ("pager", "boss")
ROUTES = {"boss": RouteSettings(level=1)}
RARELY = WatchSettings(settle=0, save=1800)
NOW = datetime(2025, 2, 1, tzinfo=UTC)


@pytest.fixture(scope="module")
def tested() -> RulesTest:
    return page.tested()


def test_every_scenario_goes_as_its_label_says(tested: RulesTest) -> None:
    assert {tried.name: tried.faults for tried in tested.scenarios if tried.faults} == {}
    assert [tried.name for tried in tested.scenarios] == [scenario.name for scenario in SCENARIOS]


def test_the_guides_goals_are_met(tested: RulesTest) -> None:
    assert len(tested.scenarios) >= 30
    assert tested.accuracy.right_alarms > 50
    assert tested.accuracy.is_accurate
    assert tested.accuracy.is_believable


def test_the_page_shows_what_they_add_up_to(tested: RulesTest) -> None:
    assert page.shown() == page.block(tested)


def test_every_rule_has_a_scenario_in_which_it_is_right_to_fire_and_many_in_which_it_is_not() -> None:
    for name in Settings().rules:
        fires = sum(name in scenario.alarms for scenario in SCENARIOS)
        assert 0 < fires < len(SCENARIOS) / 2, name


def test_the_files_are_those_of_the_stories() -> None:
    assert {path.name: content(path) for path in FOLDER.iterdir()} == files()


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.slug)
def test_a_watch_tells_live_what_the_replay_told(scenario: Labelled, tmp_path: Path) -> None:
    wanted = evolve(configured(tmp_path, routes=ROUTES), watch=RARELY)
    expected = [told(one.at, one.sink, one.alert) for one in replayed(scenario, wanted).sent]
    heard = watched(tmp_path, scenario, wanted)
    assert alike(heard, scenario) == alike(expected, scenario)


def alike(notifications: list[Told], scenario: Labelled) -> list[tuple[object, ...]]:
    """What must be the same, in an order of its own, as sinks do not wait for each other.

    That a log is missing, and not about to be there, a watch knows a minute later than a replay; that one is
    a copy of another, not at all while both grow.
    """
    without = {0} if scenario.missing else {5} if len(set(scenario.logs)) < len(scenario.logs) else set()
    return sorted(
        tuple(part for number, part in enumerate(one) if number not in without) for one in notifications
    )


def replayed(scenario: Labelled, wanted: Settings) -> Backtest:
    names = [*names_of(scenario), *filter(None, [scenario.missing])]
    packed = [FOLDER / f"{name}.gz" for name in names]
    run = ReplayedRun(
        specs=[str(path) if path.exists() else str(FOLDER / path.stem) for path in packed],
        settings=wanted,
        registry=Registry.load(wanted, entry_points=False),
        rotated=True,
        clock=lambda: NOW,
    )
    return Replay(run, SINKS, timedelta(minutes=scenario.after)).result()


def watched(folder: Path, scenario: Labelled, wanted: Settings) -> list[Told]:
    """What a watch tells that looks when something was written or is due, and every minute."""
    begins = min(whole(records[0].at) for records in scenario.logs)
    names = [*names_of(scenario), *filter(None, [scenario.missing])]
    watch = Watched(folder, wanted, FakeClock(begins), names)
    writing = dict(seconds(scenario))
    ends = max(writing) + timedelta(minutes=scenario.after)
    renamed = None if scenario.renamed is None else START + timedelta(seconds=scenario.renamed)
    while watch.clock.now <= ends:
        now = watch.clock.now
        for log, record in writing.pop(now, ()):
            if renamed is not None and record.at >= renamed:
                watch.log.rename(folder / f"{watch.log.name}.1")
                renamed = None
            watch.writes([record], scenario.layout, log)
        watch.step()
        due = watch.session.evaluator.next_due(now) or ends
        later = min(next(iter(writing), ends), due, now + timedelta(minutes=1))
        watch.clock.set(max(whole(later), now + timedelta(seconds=1)))
    watch.session.end(1)
    return watch.heard


def seconds(scenario: Labelled) -> Iterator[tuple[datetime, list[tuple[int, Said]]]]:
    """The records by the second in which they can be read, each with the number of its log."""
    records = [(log, record) for log, records in enumerate(scenario.logs) for record in records]
    found: dict[datetime, list[tuple[int, Said]]] = {}
    for log, record in sorted(records, key=lambda one: one[1].at):
        found.setdefault(whole(record.at), []).append((log, record))
    return iter(found.items())
