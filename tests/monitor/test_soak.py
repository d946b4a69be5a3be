"""A day of accelerated traffic with hourly rotation: every loss is told, nothing else, and memory is flat."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.monitor.soak import STEP, Day
from tests.shell import ROOT, uncovered

HOURS = 24
_SOON = STEP + 1
"""Seconds: traces of several logs wait for each other until the next turn of the loop."""

_GREW = 60 + _SOON
"""Seconds: a message that an incident grew comes a minute after the one before."""

_SLACK = 1 << 20


def soaked(folder: Path, replicas: int) -> Day:
    command = [
        sys.executable,
        "-m",
        "tests.monitor.soak",
        str(folder),
        f"{replicas}",
        f"{HOURS}",
        f"{replicas}",
    ]
    ran = subprocess.run(
        command, cwd=ROOT, env=uncovered(), capture_output=True, text=True, check=False, timeout=300
    )
    assert ran.returncode == 0, ran.stderr
    return Day(**json.loads(ran.stdout))


@pytest.mark.parametrize("replicas", [1, 2])
def test_a_day_of_traffic_with_hourly_rotation(replicas: int, tmp_path: Path) -> None:
    day = soaked(tmp_path, replicas)

    assert len(day.lost) == HOURS
    assert sum(day.incidents) == HOURS
    for at in day.lost:
        assert any(
            (rule, news) in {("handoff", "fired"), ("handoff", "grew")} and 0 < told - at <= _GREW
            for told, rule, news, _ in day.told
        ), at

    begun = [told for told, _, news, _ in day.told if news == "fired"]
    assert {rule for _, rule, _, _ in day.told} == {"handoff"}
    assert len(begun) == len(day.incidents)
    assert all(any(0 < told - at <= _SOON for at in day.lost) for told in begun)
    assert [news for _, _, news, _ in day.told].count("resolved") == len(day.incidents)

    assert set(day.rotations) == {"rename", "copytruncate", "truncate"}
    assert sum(day.rotations.values()) >= (HOURS - 1) * replicas
    assert day.problems == []
    assert max(day.memory[18:]) - max(day.memory[6:18]) < _SLACK
    assert max(day.descriptors[6:]) <= max(day.descriptors[:6])
