"""Several logs are followed: order, restarts, what is known of them, and verdicts."""

from __future__ import annotations

import json
import os
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from kumon_observe.config.settings import Settings
from kumon_observe.config.watching import WatchSettings
from kumon_observe.engine.analyze import analyze, verdict_of, wanted_checks
from kumon_observe.engine.following import Following
from kumon_observe.engine.judge import Judging
from kumon_observe.model.errors import StateError, UsageError
from kumon_observe.model.rows import PlainRow
from kumon_observe.model.status import Status
from kumon_observe.model.verdict import Verdict
from kumon_observe.reading.following import Waiter
from tests.following.life import Life, Ticking
from tests.scenarios import START, Story


def convs(rows: list[PlainRow]) -> list[str | None]:
    return [row[8] for row in rows]


def planners(*names: str, at: float = 0, layout: str = "json") -> bytes:
    story = Story().at(at)
    for name in names:
        story.planner(name)
    return story.render(layout)


@pytest.fixture
def clock() -> Ticking:
    return Ticking()


def following(*specs: Path | str, clock: Ticking, **options: Any) -> Following:
    return Following([str(spec) for spec in specs], clock=clock, **options)


def without_texts(rows: list[PlainRow]) -> list[PlainRow]:
    return [(*row[:6], None, *row[7:]) for row in rows]


def judged(follow: Following, rows: list[PlainRow]) -> Verdict:
    judging = Judging(wanted_checks(follow.run.plugins, None))
    judging.observe(rows)
    return verdict_of(follow.run, judging.results(follow.now), "watch", all_checks=True)


def test_the_rows_of_one_log_come_at_once(tmp_path: Path, clock: Ticking) -> None:
    log = Life(tmp_path / "app.log")
    log.append(planners("a", "b"))
    follow = following(log.path, clock=clock)
    assert convs(follow.poll()) == ["a", "b"]
    log.append(planners("c", at=5))
    assert convs(follow.poll()) == ["c"]
    assert follow.now == START + timedelta(seconds=5)
    assert follow.ages == {str(log.path): clock.now}
    follow.close()


def test_the_rows_of_two_replicas_are_put_in_order(tmp_path: Path, clock: Ticking) -> None:
    first, second = Life(tmp_path / "a.log"), Life(tmp_path / "b.log")
    first.append(planners("1", at=1) + planners("3", at=3))
    follow = following(first.path, second.path, clock=clock)
    assert follow.poll() == []
    clock.passes(0.3)
    second.append(planners("2", at=2) + planners("4", at=4))
    assert follow.poll() == []
    clock.passes(0.3)
    assert convs(follow.poll()) == ["1"]  # what is before it in the other log has settled too
    clock.passes(0.3)
    assert convs(follow.poll()) == ["2", "3", "4"]
    follow.close()


def test_a_log_of_which_more_waits_holds_up_what_is_later(
    tmp_path: Path, clock: Ticking, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kumon_observe.engine.following.MOST", 40_000)
    monkeypatch.setattr("kumon_observe.engine.following._STEP", 40_000)
    old, new = Life(tmp_path / "a.log"), Life(tmp_path / "b.log")
    old.append(b"".join(planners(str(n), at=n) for n in range(1000)))
    new.append(planners("late", at=5000))
    follow = following(old.path, new.path, clock=clock, settle=timedelta())
    found = follow.poll()
    behind = [follow.behind, follow.wait(60)]
    while follow.behind:
        found += follow.poll()
    assert behind == [True, True]
    assert convs(found) == [*map(str, range(1000)), "late"]
    follow.close()


def test_replicas_come_and_go(tmp_path: Path, clock: Ticking) -> None:
    first = Life(tmp_path / "app-1.log")
    first.append(planners("a"))
    follow = following(tmp_path / "*.log", clock=clock, settle=timedelta())
    assert convs(follow.poll()) == ["a"]
    second = Life(tmp_path / "other.log")
    second.append(planners("b"))
    clock.passes(1)
    assert convs(follow.poll()) == ["b"]
    first.delete()
    clock.passes(3)
    follow.poll()
    clock.passes(3)
    assert list(map(str, follow.losses())) == [f"{first.path}: it does not exist: check the path"]
    clock.passes(3600)
    follow.poll()
    assert follow.losses() == []
    follow.close()


def test_a_log_that_was_named_is_missed_for_ever(tmp_path: Path, clock: Ticking) -> None:
    log = Life(tmp_path / "app-1.log")
    log.append(planners("a"))
    follow = following(log.path, clock=clock, settle=timedelta())
    follow.poll()
    log.delete()
    for _ in range(3):
        clock.passes(3600)
        follow.poll()
    assert list(map(str, follow.losses())) == [f"{log.path}: it does not exist: check the path"]
    follow.close()


def test_in_a_folder_the_newest_of_dated_logs_is_followed(tmp_path: Path, clock: Ticking) -> None:
    for day in (14, 15):
        Life(tmp_path / f"app-202501{day}.log").append(planners(str(day)))
    follow = following(tmp_path, clock=clock)
    assert convs(follow.poll()) == ["15"]
    Life(tmp_path / "app-20250116.log").append(planners("16"))
    assert convs(follow.poll()) == ["16"]
    follow.close()


def test_a_pattern_without_logs_is_said_until_there_is_one(tmp_path: Path, clock: Ticking) -> None:
    follow = following(tmp_path / "*.log", clock=clock)
    follow.poll()
    assert list(map(str, follow.losses())) == [f"{tmp_path}/*.log: no log matches it: check the pattern"]
    Life(tmp_path / "app.log").append(planners("a"))
    clock.passes(1)
    assert convs(follow.poll()) == ["a"]
    assert follow.losses() == []
    follow.close()


def test_a_verdict_of_followed_logs_is_that_of_the_files(tmp_path: Path, clock: Ticking) -> None:
    log = Life(tmp_path / "app.log")
    log.append(Story().others(3).turn("ana", 2, 0).render("json"))
    settings = Settings(state_dir=str(tmp_path / "state"))
    follow = following(log.path, clock=clock, settings=settings)
    found = judged(follow, follow.poll())
    expected = analyze(str(log.path), settings=settings, clock=clock)
    assert found.status is Status.CRITICAL
    assert found.checks == expected.checks
    assert found.coverage == expected.coverage
    (source,), (other,) = found.sources, expected.sources
    assert (source.name, source.read, source.lines) == (other.name, other.read, other.lines)
    follow.close()


def test_evidence_survives_a_rotation(tmp_path: Path, clock: Ticking) -> None:
    log = Life(tmp_path / "app.log")
    log.append(Story().turn("ana", 2, 0).render("json"))
    follow = following(log.path, clock=clock)
    rows = follow.poll()
    log.rename()
    log.append(Story().at(3600).turn("bia").render("json"))
    clock.passes(100)
    rows += follow.poll()
    clock.passes(100)
    rows += follow.poll()
    log.compress()
    (violation,) = judged(follow, rows).check("handoff").violations
    place = [(one.source, one.line) for one in violation.evidence]
    assert place == [(str(log.path), 2), (str(log.path), 3)]
    assert all("conv=ana" in one.text for one in violation.evidence)
    (violation,) = judged(follow, without_texts(rows)).check("handoff").violations
    assert all("conv=ana" in one.text for one in violation.evidence)
    follow.close()


def test_a_restart_goes_on_with_the_same_numbers_and_no_text(tmp_path: Path, clock: Ticking) -> None:
    log = Life(tmp_path / "app.log")
    log.append(Story().noise(900).turn("ana", 2, 0).render("json"))
    follow = following(log.path, clock=clock)
    rows = follow.poll()
    saved = json.dumps(follow.saved())
    assert "ana" not in saved
    follow.close()
    log.rename()
    log.append(Story().at(3600).turn("bia").render("json"))
    again = following(log.path, clock=clock)
    again.restore(json.loads(saved))
    later = again.poll()
    assert {row[8] for row in later} == {"bia"}
    verdict = judged(again, without_texts([*rows, *later]))
    (violation,) = verdict.check("handoff").violations
    assert all("conv=ana" in one.text for one in violation.evidence)
    (source,) = verdict.sources
    assert source.traces == len(rows) + len(later)
    again.close()


def test_rows_that_were_not_handed_out_are_read_again(tmp_path: Path, clock: Ticking) -> None:
    first, second = Life(tmp_path / "a.log"), Life(tmp_path / "b.log")
    first.append(planners("1", at=1) + planners("3", at=3))
    second.append(planners("2", at=2))
    follow = following(first.path, second.path, clock=clock)
    assert follow.poll() == []
    saved = follow.saved()
    follow.close()
    again = following(first.path, second.path, clock=clock)
    again.restore(saved)
    again.poll()
    clock.passes(1)
    assert convs(again.poll()) == ["1", "2", "3"]
    again.close()


def test_what_is_saved_is_as_before_the_unfinished_tail(tmp_path: Path, clock: Ticking) -> None:
    log = Life(tmp_path / "app.log")
    whole = planners("a", "b")
    log.append(whole[:-1])
    follow = following(log.path, clock=clock)
    assert convs(follow.poll()) == ["a"]
    assert convs(follow.finish()) == ["b"]
    saved = follow.saved()
    follow.close()
    log.append(whole[-1:])
    again = following(log.path, clock=clock)
    again.restore(saved)
    assert convs(again.poll()) == ["b"]
    again.close()


@pytest.mark.parametrize("saved", [None, {}, {"form": 2}, {"form": 1, "sources": 1, "logs": {"x": {}}}])
def test_a_damaged_state_is_refused(saved: object, clock: Ticking) -> None:
    follow = following("app.log", clock=clock)
    with pytest.raises(StateError, match="where the logs were read up to is not known"):
        follow.restore(saved)


def test_without_a_name_nothing_is_followed(clock: Ticking) -> None:
    with pytest.raises(UsageError, match="no log was named"):
        following(clock=clock)
    with pytest.raises(UsageError, match="no log was named"):
        following(" ", clock=clock)


def test_lost_bytes_keep_answers_from_being_ok_for_an_hour(
    tmp_path: Path, clock: Ticking, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kumon_observe.engine.following.MOST", 3000)
    log = Life(tmp_path / "app.log")
    log.append(planners(*map(str, range(50))))
    follow = following(log.path, clock=clock)
    follow.poll()
    log.truncate()
    follow.poll()
    (loss,) = map(str, follow.losses())
    assert loss.startswith(f"{log.path}: ")
    assert loss.endswith("bytes of it are lost: it was cut before they were read, and no copy is there")
    clock.passes(3601)
    assert follow.losses() == []
    assert [str(note) for note in follow.sources[0].notes] == [loss.removeprefix(f"{log.path}: ")]
    follow.close()


def test_bare_lines_wait_until_it_is_clear_that_they_are_traces(tmp_path: Path, clock: Ticking) -> None:
    log = Life(tmp_path / "app.log")
    log.append(planners("a", layout="plain"))
    follow = following(log.path, clock=clock)
    assert follow.poll() == []
    clock.passes(0.9)
    assert follow.poll() == []
    clock.passes(0.1)
    assert convs(follow.poll()) == ["a"]
    log.append(planners("b", layout="plain"))
    assert convs(follow.poll()) == ["b"]
    log.append(planners("c", layout="json") + planners("forged", layout="plain"))
    assert convs(follow.poll()) == ["c"]
    follow.close()


def test_the_configuration_says_how_often_logs_are_looked_at_and_how_long_rows_wait(
    tmp_path: Path, clock: Ticking, monkeypatch: pytest.MonkeyPatch
) -> None:
    slept: list[float] = []
    monkeypatch.setattr("time.sleep", slept.append)
    settings = Settings(watch=WatchSettings(poll=2.0, settle=3.0))
    follow = following(tmp_path / "app.log", clock=clock, settings=settings)
    assert not follow.wait(5)
    assert (slept, follow.settle) == ([2.0, 2.0, 1.0], timedelta(seconds=3))
    follow.close()


def test_a_log_of_another_kind_is_said(tmp_path: Path, clock: Ticking) -> None:
    log = Life(tmp_path / "app.log")
    log.append(b"only words\n" * 3)
    follow = following(log.path, clock=clock)
    follow.poll()
    clock.passes(1)
    follow.poll()
    assert list(map(str, follow.losses())) == [f"{log.path}: no line of it is a log record of a known layout"]
    follow.close()


def test_standard_input_is_followed_to_its_end(clock: Ticking) -> None:
    ours, theirs = os.pipe()
    with os.fdopen(ours, "rb") as stream:
        follow = following("-", clock=clock, stdin=stream, waiter=Waiter(sleep=lambda _: None))
        assert follow.poll() == []
        assert not follow.wait(0.5)
        os.write(theirs, planners("a") + planners("b")[:-1])
        assert follow.wait(0.5)
        assert convs(follow.poll()) == ["a"]
        ended = [follow.over]
        os.close(theirs)
        assert convs(follow.poll()) == ["b"]
        assert [*ended, follow.over] == [False, True]
        assert follow.finish() == []
        assert follow.saved()["logs"] == {}


def test_only_the_end_of_a_large_log_is_read_with_right_line_numbers(tmp_path: Path, clock: Ticking) -> None:
    log = Life(tmp_path / "app.log")
    log.append(planners(*map(str, range(5000))))
    follow = following(log.path, clock=clock, last=1000)
    rows = follow.poll()
    assert convs(rows) == ["4997", "4998", "4999"]
    assert [row[3] for row in rows] == [4998, 4999, 5000]
    log.rename()
    log.append(planners("new"))
    assert convs(follow.poll()) == ["new"]
    follow.close()


def test_memory_of_generations_is_bounded(tmp_path: Path, clock: Ticking) -> None:
    log = Life(tmp_path / "app.log")
    log.append(planners("a"))
    follow = following(log.path, clock=clock)
    rows = follow.poll()
    for number in range(60):
        log.rename()
        log.append(planners(str(number), at=number))
        clock.passes(61)
        rows += follow.poll()
        clock.passes(61)
        rows += follow.poll()
    assert len(rows) == 61
    (source,) = follow.sources
    assert (source.traces, source.lines) == (61, 61)
    assert source.read == sum(map(len, log.written))
    scanned = {id(read.scanner) for read in follow.run.sources.files}
    assert len(scanned) <= 3
    follow.close()
