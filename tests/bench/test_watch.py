"""The benchmark of the watch measures what it says, on a small scale."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench.place import Place
from bench.processes import CommandFailed
from bench.watch import WatchFigures
from bench.watched import watched

_NOTHING = "--rates --idle 0 --storm 0 --kills 0"
_SMALL = "--rates 0 1000 --losses 2 --idle 1 --storm 500 --minute 1 --kills 3"


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> WatchFigures:
    return watched(Place(tmp_path_factory.mktemp("bench")), *_SMALL.split())


def test_every_figure_is_measured(found: WatchFigures) -> None:
    assert [(one.rate, one.n) for one in found.delays] == [(0, 2), (1000, 2)]
    assert all(0 < one.middle <= one.p99 <= one.worst < 60 for one in found.delays)
    assert [one.written > 0 for one in found.delays] == [False, True]
    assert found.idle is not None
    assert found.idle.memory > 1 << 20


def test_a_storm_is_one_incident_that_is_told_whole(found: WatchFigures) -> None:
    assert found.storm is not None
    assert (found.storm.incidents, found.storm.losses, found.storm.found) == (1, 500, 500)
    assert found.storm.messages < 10


def test_a_watch_that_is_killed_loses_nothing_and_repeats_what_was_on_its_way(found: WatchFigures) -> None:
    kills = found.kills
    assert kills is not None
    assert (kills.kills, kills.told, kills.unheard) == (3, kills.losses, 0)
    assert kills.most <= 1


def test_parts_may_be_left_out(tmp_path: Path) -> None:
    assert watched(Place(tmp_path), *_NOTHING.split()) == WatchFigures(
        delays=(), idle=None, storm=None, kills=None
    )


def test_what_cannot_be_measured_is_told(tmp_path: Path) -> None:
    with pytest.raises(CommandFailed, match="unrecognized arguments: --nothing"):
        watched(Place(tmp_path), "--nothing")
