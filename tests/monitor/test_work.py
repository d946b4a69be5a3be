"""What the watch does by the clock: each job once, with what the watch knows, and its outcome is kept."""

from __future__ import annotations

import gzip
import threading
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from kumon_observe.config.alerting import RouteSettings
from kumon_observe.config.watching import JobSettings, ScheduleSettings
from kumon_observe.model.evidence import Sentence
from kumon_observe.model.jobs import Outcome
from kumon_observe.model.profile import Profile
from kumon_observe.monitor.work import Work
from kumon_observe.schedules.report import schedule_report
from kumon_observe.testing.clock import FakeClock
from tests.monitor.watched import Watched, configured
from tests.scenarios import START, Story

NOON = datetime(2025, 1, 15, 15, 0, tzinfo=UTC)
"""Twelve o'clock in São Paulo."""


class Day:
    """A watch with one job a minute, and what its work said."""

    def __init__(self, folder: Path, run: str, story: Story, **changes: object) -> None:
        job = JobSettings(cron="* * * * *", run=run, profile="afternoon", **changes)  # type: ignore[arg-type]
        settings = configured(
            folder,
            jobs={"job": job},
            schedule=ScheduleSettings(reports=str(folder / "reports")),
            routes={"pager": RouteSettings(level=2)},
        )
        self.watched = Watched(folder, settings, FakeClock(NOON))
        self.watched.writes(story.records)
        self.watched.step()
        self.said: list[Sentence] = []
        self.work = Work.of(self.watched.session, None, self.said.append)
        self.work.turn(self.watched.clock())

    def minutes(self, count: int = 1) -> None:
        for _ in range(count):
            self.watched.clock.advance(60)
            self.work.turn(self.watched.clock())

    def until_said(self) -> None:
        """Wait for a job in a thread of its own."""
        ends = time.monotonic() + 20
        while not self.said and time.monotonic() < ends:
            self.work.turn(self.watched.clock())
            time.sleep(0.01)

    @property
    def words(self) -> list[str]:
        return [str(sentence) for sentence in self.said]

    @property
    def outcome(self) -> Outcome | None:
        settings = self.watched.settings
        report = schedule_report(settings, Path(settings.state_dir), self.watched.clock())
        last = report.jobs[0].last
        return None if last is None else last.outcome


def lost() -> Story:
    return Story().turn("ana").turn("bia", 1, 0)


def test_health_says_what_decides_the_verdict_and_keeps_its_status(tmp_path: Path) -> None:
    day = Day(tmp_path, "health", lost())
    day.minutes()
    assert day.words == ["job: critical: 1 lost hand-off in 2 turns"]
    assert day.outcome is Outcome.CRITICAL
    day.minutes(2)
    assert len(day.said) == 3


def test_delivery_looks_at_deliveries_alone(tmp_path: Path) -> None:
    day = Day(tmp_path, "delivery", lost())
    day.minutes()
    assert day.words == ["job: ok: 100% delivered (1 of 1)"]
    assert day.outcome is Outcome.OK


def test_a_report_is_written_to_a_file_of_its_time(tmp_path: Path) -> None:
    day = Day(tmp_path, "report", lost())
    day.minutes()
    path = tmp_path / "reports" / "report-20250115-1201.md"
    assert day.words == [f"job: report written to {path}"]
    assert "1 lost hand-off in 2 turns" in path.read_text()
    assert [one.name for one in path.parent.iterdir()] == [path.name]


def test_a_report_that_cannot_be_written_is_said_and_tried_again(tmp_path: Path) -> None:
    day = Day(tmp_path, "report", lost())
    (tmp_path / "reports").write_text("a file where the folder should be")
    day.minutes()
    assert day.words[0].startswith("job: failed: FileExistsError")
    assert day.outcome is Outcome.FAILED
    (tmp_path / "reports").unlink()
    day.minutes()
    assert day.words[1].startswith("job: report written to ")


def test_the_log_is_archived_while_it_is_watched_and_nothing_of_it_is_lost_or_doubled(tmp_path: Path) -> None:
    story = lost().others(300)
    day = Day(tmp_path, "archive", story)
    before = day.watched.session.verdict().check("handoff").counts
    day.minutes()
    day.until_said()
    assert "went into" in day.words[0], day.words
    day.watched.writes(Story().at(500).turn("carla", 1, 0).records)
    for _ in range(3):
        day.watched.clock.advance(61)
        day.watched.step()
    verdict = day.watched.session.verdict()
    assert verdict.check("handoff").counts["violations"] == 2
    assert verdict.check("handoff").counts["turns"] == int(str(before["turns"])) + 1
    archived = [path for path in tmp_path.iterdir() if path.name.endswith(".gz")]
    assert len(archived) == 1
    assert b"bia" in gzip.decompress(archived[0].read_bytes())


def test_the_checklist_says_what_is_to_be_looked_after(tmp_path: Path) -> None:
    day = Day(tmp_path, "checklist", lost())
    day.minutes()
    day.until_said()
    assert day.words[0].startswith("job: to look after: ")


@pytest.mark.parametrize(("story", "told"), [(Story().turn("ana"), []), (lost(), [])])
def test_those_on_call_are_not_told_what_is_well_or_what_an_incident_told(
    tmp_path: Path, story: Story, told: list[str]
) -> None:
    day = Day(tmp_path, "health", story, on_call=True)
    day.watched.session.delivery.run_due()
    day.watched.heard.clear()
    day.minutes()
    day.watched.session.delivery.run_due()
    assert [sink for _, sink, *_ in day.watched.heard] == told


def test_those_on_call_are_told_of_a_verdict_that_no_incident_tells(tmp_path: Path) -> None:
    story = Story()
    for _ in range(4):
        story.turn("ana", ok=False)
    day = Day(tmp_path, "health", story, on_call=True)
    day.minutes()
    day.watched.session.delivery.run_due()
    ((_, sink, rule, news, level, _),) = day.watched.heard
    assert (sink, rule, news, level) == ("boss", "", "fired", 1)


def test_a_job_of_another_part_of_the_day_is_left_alone(tmp_path: Path) -> None:
    day = Day(tmp_path, "health", lost())
    day.work = Work.of(day.watched.session, Profile.NIGHT, day.said.append)
    day.minutes(2)
    assert day.said == []


def test_a_run_that_was_missed_for_long_is_said(tmp_path: Path) -> None:
    day = Day(tmp_path, "health", lost())
    day.minutes()
    day.watched.clock.advance(timedelta(hours=5).total_seconds())
    day.minutes()
    assert any("was missed: it was due" in word for word in day.words)


def test_without_cronsim_that_is_said_and_the_watch_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import sys

    day = Day(tmp_path, "health", lost())
    monkeypatch.setitem(sys.modules, "cronsim", None)
    day.work = Work.of(day.watched.session, None, day.said.append)
    day.minutes()
    assert (
        str(day.work.trouble) == "doing things by the clock needs an extra: install kumon-observe[schedule]"
    )
    assert day.work.next_due(day.watched.clock()) is None


def test_a_job_that_runs_over_a_new_configuration_is_waited_for_and_not_begun_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, may_end = threading.Semaphore(0), threading.Event()

    def slow(*_: object, **__: object) -> list[object]:
        begun.release()
        assert may_end.wait(20)
        return []

    monkeypatch.setattr("kumon_observe.archiving.archive.archive_all", slow)
    jobs = {"nightly": JobSettings(cron="* * * * *", run="archive")}
    watched = Watched(tmp_path, configured(tmp_path, jobs=jobs), FakeClock(START + timedelta(hours=1)))
    said: list[str] = []
    before = Work.of(watched.session, None, lambda sentence: said.append(str(sentence)))
    before.turn(watched.clock.now)
    watched.clock.advance(60)
    before.turn(watched.clock.now)
    assert begun.acquire(timeout=20)
    after = Work.of(watched.session, None, lambda sentence: said.append(str(sentence)), before)
    watched.clock.advance(60)
    after.turn(watched.clock.now)
    assert not begun.acquire(blocking=False)
    may_end.set()
    while after.collect(watched.clock.now):
        pass
    assert said == ["nightly: no log to archive"]
    after.turn(watched.clock.now)
    assert begun.acquire(timeout=20)
    after.close()
