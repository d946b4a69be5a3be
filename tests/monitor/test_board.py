from __future__ import annotations

import io
import os
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from kumon_observe.config.settings import Settings
from kumon_observe.engine.analyze import analyze
from kumon_observe.engine.following import Following
from kumon_observe.engine.run import Run
from kumon_observe.model.board import Step
from kumon_observe.model.status import Status
from kumon_observe.monitor.board import MOST_RECORDS, Boards, board_once
from kumon_observe.monitor.looking_on import LookingOn
from kumon_observe.monitor.onlooker import Onlooker
from kumon_observe.testing.clock import FakeClock
from tests.scenarios import PHONE, START, Story
from tests.verdicts import judged


class Log:
    """A log that a story's records are appended to."""

    def __init__(self, folder: Path, layout: str = "json") -> None:
        self.path = folder / "app.log"
        self.story = Story()
        self._layout = layout

    def grow(self) -> None:
        """Append what the story says by now."""
        with self.path.open("ab") as file:
            file.write(self.story.render(self._layout))
        self.story.records.clear()


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(state_dir=str(tmp_path / "state"))


@pytest.fixture
def log(tmp_path: Path) -> Log:
    return Log(tmp_path)


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock(START + timedelta(minutes=1))


def looking_on(log: Log, settings: Settings, clock: FakeClock, **options: Any) -> LookingOn:
    following = Following(str(log.path), settings=settings, clock=clock, **options)
    return LookingOn(following, Boards(following.run, Onlooker.of(settings)))


def test_once_the_verdict_is_that_of_health(log: Log, settings: Settings, clock: FakeClock) -> None:
    log.story.others(5).turn("ana", 2, 0).at(600).others(3, "late").send("bia", instance="thread_1")
    log.grow()
    board = board_once(Run(specs=str(log.path), settings=settings, clock=clock), Onlooker.of(settings))
    verdict = analyze(str(log.path), settings=settings, clock=clock, command="dashboard")
    assert board.verdict == verdict
    assert board.newest == verdict.coverage.last
    assert board.at == clock.now


def test_followed_the_verdict_is_that_of_health_at_any_moment(
    log: Log, settings: Settings, clock: FakeClock
) -> None:
    log.path.touch()
    looking = looking_on(log, settings, clock)
    for number in range(6):
        log.story.turn(f"c{number}", 1, number % 3).wait(20)
        log.grow()
        clock.advance(20)
        assert not looking.step()
        verdict = analyze(str(log.path), settings=settings, clock=clock)
        board = looking.board()
        assert judged(board.verdict) == judged(verdict)
        assert board.verdict.coverage == verdict.coverage


def test_what_came_is_in_the_trends_and_among_the_last_traces_masked(
    log: Log, settings: Settings, clock: FakeClock
) -> None:
    log.story.turn(f"conv_{PHONE}", 1, 0)
    log.grow()
    looking = looking_on(log, settings, clock)
    looking.step()
    board = looking.board()
    assert {trend.check: trend.steps[-1] for trend in board.trends}["handoff"] == Step(1, 1)
    assert [record.kind for record in board.records] == ["OUTBOX_TRACE"] * 3
    assert not any(PHONE in record.text for record in board.records)


def test_the_last_traces_are_bounded(log: Log, settings: Settings, clock: FakeClock) -> None:
    log.story.others(100)
    log.grow()
    looking = looking_on(log, settings, clock)
    looking.step()
    records = looking.board().records
    assert len(records) == MOST_RECORDS
    assert records[-1].conv == "other-99"


def test_an_idle_screen_judges_nothing_again_but_is_of_a_later_moment(
    log: Log, settings: Settings, clock: FakeClock
) -> None:
    log.story.others(3)
    log.grow()
    looking = looking_on(log, settings, clock)
    looking.step()
    before = looking.board()
    clock.advance(2)
    looking.step()
    after = looking.board()
    assert after.verdict is before.verdict
    assert after.records is before.records
    assert before.newest is not None
    assert after.at - before.at == timedelta(seconds=2)
    assert after.age == clock.now - before.newest


def test_lines_without_traces_make_a_new_verdict(log: Log, settings: Settings, clock: FakeClock) -> None:
    log.story.others(3)
    log.grow()
    looking = looking_on(log, settings, clock)
    looking.step()
    before = looking.board().verdict.sources[0].lines
    log.story.noise(4)
    log.grow()
    looking.step()
    assert looking.board().verdict.sources[0].lines == before + 4


def test_a_missing_log_is_said_and_nothing_is_ok(log: Log, settings: Settings, clock: FakeClock) -> None:
    looking = looking_on(log, settings, clock)
    for _ in range(2):
        looking.step()
        clock.advance(3)
    board = looking.board()
    assert list(map(str, board.losses)) == [f"{log.path}: it does not exist: check the path"]
    assert board.verdict.status is Status.UNKNOWN
    assert (board.newest, board.age, board.sees) == (None, None, False)


def test_a_log_that_goes_away_is_said(log: Log, settings: Settings, clock: FakeClock) -> None:
    log.story.others(3)
    log.grow()
    looking = looking_on(log, settings, clock)
    looking.step()
    assert looking.board().verdict.status is Status.OK
    log.path.unlink()
    for _ in range(2):
        clock.advance(3)
        looking.step()
    assert looking.board().losses
    assert looking.board().verdict.status is Status.UNKNOWN


def test_traces_without_times_are_as_old_as_their_coming(
    settings: Settings, clock: FakeClock, tmp_path: Path
) -> None:
    log = Log(tmp_path, "basic")
    log.story.others(3)
    log.grow()
    looking = looking_on(log, settings, clock)
    looking.step()
    assert looking.board().newest is None
    log.story.others(1, "new")
    log.grow()
    looking.step()
    came = clock.now
    clock.advance(30)
    assert looking.board().newest == came
    assert looking.board().age == timedelta(seconds=30)


def test_how_far_the_first_reading_is(log: Log, settings: Settings, clock: FakeClock) -> None:
    log.story.others(12_000)
    log.grow()
    looking = looking_on(log, settings, clock)
    assert looking.step()
    name, done, total = looking.progress()
    assert name.endswith("app.log")
    assert 0 < done < total == log.path.stat().st_size
    while looking.step():
        pass
    assert looking.progress()[1:] == (total, total)


def test_the_end_of_standard_input_is_judged_too(log: Log, settings: Settings, clock: FakeClock) -> None:
    ours, theirs = os.pipe()
    os.write(theirs, Story().turn("ana", 1, 0).render("json").rstrip(b"\n"))
    os.close(theirs)
    with io.FileIO(ours) as stdin:
        following = Following("-", settings=settings, clock=clock, stdin=stdin)
        looking = LookingOn(following, Boards(following.run, Onlooker.of(settings)))
        while not looking.over:
            looking.step()
        looking.finish()
        assert looking.board().verdict.status is Status.CRITICAL
