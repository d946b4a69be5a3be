"""Runs that are due: each once, also after a restart, a sleep, a crash and a jump of the clock."""

from __future__ import annotations

import multiprocessing
import sqlite3
import threading
from datetime import UTC, datetime, timedelta
from multiprocessing import Queue
from multiprocessing.synchronize import Barrier, Event as Flag
from pathlib import Path

import pytest
from attrs import evolve

from kumon_observe.config.watching import JOBS, JobSettings
from kumon_observe.model.jobs import JobRun, Outcome
from kumon_observe.model.profile import Profile
from kumon_observe.model.zones import named_zone
from kumon_observe.schedules.schedule import Run, Schedule
from kumon_observe.state.database import FILE, NoState

ZONE = named_zone("America/Sao_Paulo")
HOURLY = {"hourly": JobSettings(cron="0 * * * *")}
NIGHTLY = {"archive": JobSettings(cron="0 2 * * *", run="archive", profile="night")}


def at(day: int, hour: int, minute: int = 0, second: int = 0) -> datetime:
    """A moment of January 2025 by the clocks of São Paulo."""
    return datetime(2025, 1, day, hour, minute, second, tzinfo=ZONE).astimezone(UTC)


def schedule(folder: Path, jobs: dict[str, JobSettings], **options: object) -> Schedule:
    return Schedule(jobs, ZONE, folder / "state", **options)  # type: ignore[arg-type]


def done(schedule: Schedule, now: datetime, outcome: Outcome = Outcome.OK) -> list[Run]:
    """What is due at *now*, done at once."""
    runs = schedule.due(now)
    for run in runs:
        schedule.started(run, now)
        schedule.finished(run, now, outcome)
    return runs


def moments(runs: list[Run]) -> list[tuple[str, datetime, int]]:
    return [(run.job, run.planned, len(run.made_up_for)) for run in runs]


def test_a_job_seen_for_the_first_time_begins_with_its_next_moment(tmp_path: Path) -> None:
    jobs = schedule(tmp_path, HOURLY)
    assert jobs.due(at(1, 9, 30)) == []
    assert jobs.next_due(at(1, 9, 30)) == at(1, 10)
    assert jobs.due(at(1, 9, 59, 59)) == []
    assert moments(done(jobs, at(1, 10, 0, 1))) == [("hourly", at(1, 10), 0)]
    assert jobs.due(at(1, 10, 0, 2)) == []
    assert jobs.take_missed() == ()


def test_a_day_of_the_guide_has_its_runs(tmp_path: Path) -> None:
    jobs = schedule(tmp_path, dict(JOBS))
    now, counts = at(1, 7, 59), dict.fromkeys(JOBS, 0)
    jobs.due(now)
    while (following := jobs.next_due(now)) and following < at(2, 8):
        now = following
        for run in done(jobs, now):
            assert run.made_up_for == ()
            counts[run.job] += 1
    assert counts == {
        "morning-delivery": 16,
        "afternoon-health": 20,
        "afternoon-report": 5,
        "night-health": 10,
        "night-archive": 1,
    }


def test_a_restart_neither_repeats_nor_skips(tmp_path: Path) -> None:
    first = schedule(tmp_path, HOURLY)
    first.due(at(1, 9, 30))
    done(first, at(1, 10))
    first.close()
    second = schedule(tmp_path, HOURLY)
    assert second.due(at(1, 10, 0, 5)) == []
    second.close()
    third = schedule(tmp_path, HOURLY)
    assert moments(third.due(at(1, 11, 0, 30))) == [("hourly", at(1, 11), 0)]


def test_a_run_that_was_missed_is_made_up_for_once_if_it_is_not_too_late(tmp_path: Path) -> None:
    jobs = schedule(tmp_path, {"often": JobSettings(cron="*/15 * * * *")}, late=3600.0)
    jobs.due(at(1, 8, 50))
    (run,) = done(jobs, at(1, 12, 10))
    assert run.planned == at(1, 12)
    assert run.made_up_for == (at(1, 11, 15), at(1, 11, 30), at(1, 11, 45), at(1, 12))
    (missed,) = jobs.take_missed()
    assert (missed.outcome, missed.planned, missed.runs) == (Outcome.MISSED, at(1, 11), 9)
    assert jobs.take_missed() == ()
    assert moments(done(jobs, at(1, 12, 15))) == [("often", at(1, 12, 15), 0)]


def test_a_run_that_is_too_late_is_said_to_be_missed_and_not_done(tmp_path: Path) -> None:
    jobs = schedule(tmp_path, NIGHTLY, late=3600.0)
    jobs.due(at(1, 12))
    assert jobs.due(at(2, 3, 0, 1)) == []
    assert [(run.job, run.planned, run.runs) for run in jobs.take_missed()] == [("archive", at(2, 2), 1)]
    assert moments(done(jobs, at(3, 2))) == [("archive", at(3, 2), 0)]


def test_months_of_sleep_are_one_missed_run(tmp_path: Path) -> None:
    jobs = schedule(tmp_path, {"often": JobSettings(cron="* * * * *")}, late=0.0)
    jobs.due(at(1, 0))
    now = at(1, 0) + timedelta(days=200)
    done(jobs, now)
    (missed,) = jobs.take_missed()
    assert missed.runs == 31 * 24 * 60 - 1


def test_a_clock_that_goes_back_a_little_repeats_nothing(tmp_path: Path) -> None:
    jobs = schedule(tmp_path, HOURLY)
    jobs.due(at(1, 9, 30))
    done(jobs, at(1, 10))
    assert jobs.due(at(1, 9, 40)) == []
    assert jobs.due(at(1, 10, 1)) == []
    assert moments(done(jobs, at(1, 11))) == [("hourly", at(1, 11), 0)]


def test_a_clock_that_was_far_ahead_is_followed_back(tmp_path: Path) -> None:
    jobs = schedule(tmp_path, HOURLY)
    jobs.due(at(1, 9, 30))
    done(jobs, at(1, 10) + timedelta(days=365))
    assert jobs.due(at(1, 10, 30)) == []
    assert moments(done(jobs, at(1, 11))) == [("hourly", at(1, 11), 0)]


def test_with_a_profile_only_its_jobs_are_due(tmp_path: Path) -> None:
    jobs = schedule(tmp_path, dict(JOBS), profile=Profile.NIGHT)
    jobs.due(at(1, 7, 30))
    assert moments(done(jobs, at(1, 8, 30))) == []
    assert jobs.next_due(at(1, 8, 30)) == at(1, 22)


def test_a_job_that_is_switched_off_and_on_again_missed_nothing(tmp_path: Path) -> None:
    done(schedule(tmp_path, HOURLY), at(1, 9, 30))
    off = schedule(tmp_path, {"hourly": evolve(HOURLY["hourly"], enabled=False)})
    assert off.due(at(1, 12)) == []
    assert off.next_due(at(1, 12)) is None
    again = schedule(tmp_path, HOURLY)
    assert again.due(at(1, 15, 30)) == []
    assert again.take_missed() == ()


def test_another_cron_line_begins_anew(tmp_path: Path) -> None:
    done(schedule(tmp_path, NIGHTLY), at(1, 9, 30))
    changed = schedule(tmp_path, {"archive": evolve(NIGHTLY["archive"], cron="0 * * * *")})
    assert changed.due(at(1, 14, 30)) == []
    assert moments(changed.due(at(1, 15))) == [("archive", at(1, 15), 0)]


def test_a_job_is_not_due_while_its_last_run_goes_on(tmp_path: Path) -> None:
    jobs, other = schedule(tmp_path, HOURLY), schedule(tmp_path, HOURLY)
    jobs.due(at(1, 9, 30))
    (run,) = jobs.due(at(1, 10))
    jobs.started(run, at(1, 10))
    assert jobs.due(at(1, 11)) == []
    assert other.due(at(1, 11)) == []
    jobs.finished(run, at(1, 11, 5), Outcome.WARNING)
    assert moments(other.due(at(1, 11, 6))) == [("hourly", at(1, 11), 1)]
    assert jobs.due(at(1, 11, 6)) == []


@pytest.mark.parametrize("was_started", [False, True])
def test_what_a_process_that_died_left_is_done_once_more(tmp_path: Path, was_started: bool) -> None:
    for number, (tried, expected) in enumerate([(at(2, 2), 0), (at(2, 2, 5), 1), (at(2, 2, 10), None)]):
        process = schedule(tmp_path, NIGHTLY)
        if number == 0:
            process.due(at(1, 12))
        runs = process.due(tried)
        assert moments(runs) == ([] if expected is None else [("archive", at(2, 2), expected)])
        if expected is None:
            assert [run.outcome for run in process.take_missed()] == [Outcome.INTERRUPTED]
        elif was_started:
            process.started(runs[0], tried)
        process.close()


def test_what_was_left_is_part_of_the_next_run_when_that_is_due_too(tmp_path: Path) -> None:
    dead = schedule(tmp_path, HOURLY)
    dead.due(at(1, 9, 30))
    dead.started(dead.due(at(1, 10))[0], at(1, 10))
    dead.close()
    process = schedule(tmp_path, HOURLY)
    (run,) = done(process, at(1, 11))
    assert (run.planned, run.made_up_for) == (at(1, 11), (at(1, 10),))
    assert [(r.planned, r.outcome) for r in process.take_missed()] == [(at(1, 10), Outcome.INTERRUPTED)]


def _race(folder: str, barrier: Barrier, results: Queue[int]) -> None:
    jobs = schedule(Path(folder), HOURLY)
    barrier.wait()
    results.put(len(jobs.due(at(1, 10))))
    barrier.wait()


def test_of_many_processes_one_gets_a_run(tmp_path: Path) -> None:
    schedule(tmp_path, HOURLY).due(at(1, 9, 30))
    context = multiprocessing.get_context("spawn")
    barrier, results = context.Barrier(4), context.Queue()
    processes = [context.Process(target=_race, args=(str(tmp_path), barrier, results)) for _ in range(4)]
    for process in processes:
        process.start()
    given = sorted(results.get(timeout=60) for _ in processes)
    for process in processes:
        process.join(60)
    assert given == [0, 0, 0, 1]


def _begins_and_hangs(folder: str, begun: Flag) -> None:
    jobs = schedule(Path(folder), HOURLY)
    (run,) = jobs.due(at(1, 10))
    jobs.started(run, at(1, 10))
    begun.set()
    threading.Event().wait()


def test_what_a_killed_process_left_is_known_by_its_lock(tmp_path: Path) -> None:
    schedule(tmp_path, HOURLY).due(at(1, 9, 30))
    context = multiprocessing.get_context("spawn")
    begun = context.Event()
    process = context.Process(target=_begins_and_hangs, args=(str(tmp_path), begun))
    process.start()
    assert begun.wait(60)
    other = schedule(tmp_path, HOURLY)
    assert other.due(at(1, 10, 5)) == []
    process.kill()
    process.join(60)
    assert moments(done(other, at(1, 10, 6))) == [("hourly", at(1, 10), 1)]
    assert other.due(at(1, 10, 7)) == []


def test_the_lock_of_an_owner_goes_with_it(tmp_path: Path) -> None:
    jobs = schedule(tmp_path, HOURLY)
    jobs.due(at(1, 9))
    assert len(list((tmp_path / "state").glob("owner-*.lock"))) == 1
    jobs.close()
    assert list((tmp_path / "state").glob("owner-*.lock")) == []


def test_a_state_folder_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    (tmp_path / "state").touch()
    with pytest.raises(NoState, match="state cannot be used: File exists"):
        schedule(tmp_path, HOURLY).due(at(1, 9))


def test_what_became_of_runs_is_kept(tmp_path: Path) -> None:
    jobs = schedule(tmp_path, HOURLY)
    jobs.due(at(1, 9, 30))
    (run,) = jobs.due(at(1, 10))
    jobs.started(run, at(1, 10, 0, 1))
    jobs.finished(run, at(1, 10, 0, 9), Outcome.CRITICAL, "2 lost hand-offs")
    from kumon_observe.state.database import reading
    from kumon_observe.state.jobs import last_run, runs_since

    with reading(tmp_path / "state", 1) as connection:
        last = last_run(connection, "hourly")
        assert runs_since(connection, at(1, 10)) == [last]
    assert last == JobRun(
        job="hourly",
        planned=at(1, 10),
        begun=at(1, 10, 0, 1),
        ended=at(1, 10, 0, 9),
        outcome=Outcome.CRITICAL,
        detail="2 lost hand-offs",
    )


def test_without_its_state_nothing_is_given(tmp_path: Path) -> None:
    (tmp_path / "state").mkdir()
    connection = sqlite3.connect(tmp_path / "state" / FILE)
    connection.execute("CREATE TABLE other (x)")
    connection.close()
    with pytest.raises(NoState, match="is no state of kumon-observe, and is left alone"):
        schedule(tmp_path, HOURLY).due(at(1, 10))
