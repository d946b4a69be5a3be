"""Jobs and their runs in the database, by the connection of a transaction."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from kumon_observe.model.jobs import JobRun, Outcome
from kumon_observe.model.moments import to_datetime, to_microseconds

if TYPE_CHECKING:
    import sqlite3

KEPT: Final = timedelta(days=400)
"""For how long runs are kept."""

_RUN: Final = "job, planned, begun, ended, outcome, detail, runs"
_Row = tuple[str, int, int | None, int | None, str | None, str, int]


def handled(connection: sqlite3.Connection, job: str, line: str) -> datetime | None:
    """Up to when the runs of *job* were looked at under the cron line *line*; ``None``: never."""
    row = connection.execute("SELECT handled FROM jobs WHERE job = ? AND line = ?", (job, line)).fetchone()
    return None if row is None else to_datetime(row[0])


def handle(connection: sqlite3.Connection, job: str, line: str, moment: datetime) -> None:
    """The runs of *job* up to *moment* are looked at."""
    connection.execute(
        "INSERT OR REPLACE INTO jobs (job, line, handled) VALUES (?, ?, ?)",
        (job, line, to_microseconds(moment)),
    )


def forget_others(connection: sqlite3.Connection, jobs: Collection[str], now: datetime) -> None:
    """Begin anew with all but *jobs*, should they come back; old runs are forgotten."""
    marks = ", ".join("?" * len(jobs))
    connection.execute(f"DELETE FROM jobs WHERE job NOT IN ({marks})", tuple(jobs))  # noqa: S608 - only marks
    connection.execute("DELETE FROM job_runs WHERE planned < ?", (to_microseconds(now - KEPT),))


def claim(connection: sqlite3.Connection, run: JobRun, owner: str, tries: int) -> None:
    """The process *owner* takes on *run*, which is its *tries*-th time."""
    connection.execute(
        "INSERT INTO job_runs (job, planned, runs, owner, tries, detail) VALUES (?, ?, ?, ?, ?, '') "
        "ON CONFLICT (job, planned) DO UPDATE SET "
        "runs = excluded.runs, owner = excluded.owner, tries = excluded.tries, "
        "begun = NULL, ended = NULL, outcome = NULL, detail = ''",
        (run.job, to_microseconds(run.planned), run.runs, owner, tries),
    )


def keep(connection: sqlite3.Connection, run: JobRun) -> None:
    """Write *run* as it is now."""
    begun, ended = (None if at is None else to_microseconds(at) for at in (run.begun, run.ended))
    outcome = None if run.outcome is None else run.outcome.value
    connection.execute(
        "INSERT INTO job_runs (job, planned, runs, tries, begun, ended, outcome, detail) "
        "VALUES (?, ?, ?, 0, ?, ?, ?, ?) ON CONFLICT (job, planned) DO UPDATE SET "
        "begun = excluded.begun, ended = excluded.ended, "
        "outcome = excluded.outcome, detail = excluded.detail",
        (run.job, to_microseconds(run.planned), run.runs, begun, ended, outcome, run.detail),
    )


def going_on(connection: sqlite3.Connection, job: str) -> list[tuple[JobRun, str, int]]:
    """The runs of *job* that were taken on and are not done, each with its owner and which time it is."""
    rows = connection.execute(
        f"SELECT {_RUN}, owner, tries FROM job_runs WHERE job = ? AND outcome IS NULL ORDER BY planned",  # noqa: S608
        (job,),
    )
    return [(_run(row[:-2]), row[-2], row[-1]) for row in rows]


def last_run(connection: sqlite3.Connection, job: str) -> JobRun | None:
    """The latest run of *job* that was begun."""
    row = connection.execute(
        f"SELECT {_RUN} FROM job_runs WHERE job = ? AND begun IS NOT NULL ORDER BY planned DESC LIMIT 1",  # noqa: S608
        (job,),
    ).fetchone()
    return None if row is None else _run(row)


def runs_since(connection: sqlite3.Connection, moment: datetime) -> list[JobRun]:
    """All runs that were planned for *moment* or later, newest first."""
    rows = connection.execute(
        f"SELECT {_RUN} FROM job_runs WHERE planned >= ? ORDER BY planned DESC, job",  # noqa: S608
        (to_microseconds(moment),),
    )
    return [_run(row) for row in rows]


def _run(row: _Row) -> JobRun:
    job, planned, begun, ended, outcome, detail, runs = row
    return JobRun(
        job=job,
        planned=to_datetime(planned),
        begun=None if begun is None else to_datetime(begun),
        ended=None if ended is None else to_datetime(ended),
        outcome=None if outcome is None else Outcome(outcome),
        detail=detail,
        runs=runs,
    )
