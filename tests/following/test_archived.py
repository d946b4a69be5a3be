"""``archive`` itself takes lines out of a log that is followed, night after night."""

from __future__ import annotations

from pathlib import Path

import pytest

from kumon_observe.archiving.archive import archive
from kumon_observe.config.archiving import ArchiveSettings
from kumon_observe.engine.following import Following
from tests.following.life import Life, Ticking
from tests.scenarios import Story


def planners(first: int, count: int) -> bytes:
    story = Story().at(first)
    for number in range(first, first + count):
        story.planner(f"c{number}").wait(0.5)
    return story.render("json")


@pytest.mark.parametrize("down", [False, True])
def test_no_trace_is_lost_or_doubled_by_archive(tmp_path: Path, *, down: bool) -> None:
    clock = Ticking()
    log = Life(tmp_path / "app.log")
    log.append(planners(0, 100))
    following = Following(str(log.path), clock=clock)
    found = following.poll()
    for night in range(1, 4):
        log.append(planners(1000 * night, 300))
        found += following.poll()
        log.append(planners(1000 * night + 300, 10 * night))
        archived = archive(str(log.path), ArchiveSettings(least_free=0), clock=clock)
        clock.passes(86_400)
        if down:
            saved = following.saved()
            following.close()
            following = Following(str(log.path), clock=clock)
            following.restore(saved)
        log.append(planners(1000 * night + 500, 5))
        found += following.poll()
        assert archived.archive, archived
    written = [0, 100], *([1000 * n, 300 + 10 * n] for n in range(1, 4))
    expected = [f"c{n}" for first, count in written for n in range(first, first + count)]
    expected += [f"c{1000 * night + 500 + n}" for night in range(1, 4) for n in range(5)]
    assert sorted(row[8] or "" for row in found) == sorted(expected)
    assert [row[1] for row in found] == sorted(row[1] or 0 for row in found)
    assert following.losses() == []
    following.close()
