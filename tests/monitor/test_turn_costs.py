"""The work of a watch, counted in calls: an idle turn is little, and no turn costs more as time goes on."""

from __future__ import annotations

import sys
from collections import Counter
from datetime import timedelta
from pathlib import Path
from typing import Any

from attrs import evolve

from kumon_observe.config.watching import WatchSettings
from kumon_observe.testing.clock import FakeClock
from tests.monitor.watched import Watched, configured
from tests.scenarios import START, Story

HOUR = 3600
IDLE = 300
"""Calls of an idle turn, a third more than there are."""

TURN = 6_100
"""Calls for a turn of the app, seven traces, once all windows are full; a third more than there are."""


def watch(folder: Path) -> Watched:
    settings = evolve(configured(folder), watch=WatchSettings(save=1e9))
    return Watched(folder, settings, FakeClock(START))


def play(watched: Watched, begin: float, end: float, every: float = 60.0) -> None:
    """A turn of the app *every* so many seconds."""
    at = begin
    while at < end:
        watched.writes(Story().at(at).turn(f"c{at}").records)
        watched.clock.set(START + timedelta(seconds=at + 1))
        watched.step()
        at += every


def calls(watched: Watched) -> int:
    """How many Python functions a turn of the loop calls."""
    seen: Counter[str] = Counter()

    def count(_frame: Any, event: str, _argument: Any) -> None:
        seen[event] += 1

    sys.setprofile(count)
    try:
        watched.step()
    finally:
        sys.setprofile(None)
    return seen["call"]


def test_an_idle_turn_is_little_work(tmp_path: Path) -> None:
    watched = watch(tmp_path)
    play(watched, 0, 600)
    for _ in range(8):  # what was read is judged, and nothing is due
        watched.clock.advance(1)
        watched.step()
    assert calls(watched) < IDLE


def test_a_turn_of_the_app_costs_the_same_all_day(tmp_path: Path) -> None:
    watched = watch(tmp_path)
    found = []
    for hour in (7, 14):
        play(watched, (hour - 7) * HOUR, hour * HOUR)
        watched.writes(Story().at(hour * HOUR).turn("counted").records)
        watched.clock.set(START + timedelta(seconds=hour * HOUR + 1))
        found.append(calls(watched))
    assert found[0] < TURN
    assert found[1] < found[0] * 1.05
