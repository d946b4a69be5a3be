"""Which jobs are due: each run is given to one process, once; what was missed is made up for or said."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta, tzinfo
from itertools import takewhile
from pathlib import Path
from typing import TYPE_CHECKING, Final

from attrs import evolve, field, frozen

from kumon_observe.config.watching import JobSettings
from kumon_observe.model.jobs import JobRun, Outcome
from kumon_observe.model.profile import Profile
from kumon_observe.schedules.cron import CronLine
from kumon_observe.state import jobs as kept
from kumon_observe.state.database import NoState, unusable, writing
from kumon_observe.state.owners import Owner

if TYPE_CHECKING:
    import sqlite3

PUNCTUAL: Final = timedelta(minutes=1)
"""A run that begins within this time was not missed."""

FARTHEST: Final = timedelta(days=31)
"""Runs that were missed longer ago are not counted any more."""

_TURNED_BACK: Final = timedelta(hours=1)
_WAIT: Final = 5.0
_MOST_TRIES: Final = 2


@frozen(kw_only=True)
class Run:
    """A run that is due now, and given to nobody else.

    Attributes:
        job: the job's name.
        settings: what it does.
        planned: when it was due, in UTC.
        made_up_for: the planned moments, oldest first, that were missed and that this one run stands for;
            empty: it is in time.
    """

    job: str
    settings: JobSettings
    planned: datetime
    made_up_for: tuple[datetime, ...] = field(default=())


class Schedule:
    """The jobs of the day, and what became of their runs.

    Args:
        jobs: by name, as ``settings.jobs`` has them; those that are not enabled are left out.
        zone: of their cron lines.
        directory: the state folder, which tells the runs to a restart and to other processes.
        profile: only the jobs of this part of the day; ``None``: all.
        late: a run that was missed is made up for if it is not later than this, in seconds.
    """

    def __init__(
        self,
        jobs: Mapping[str, JobSettings],
        zone: tzinfo,
        directory: Path,
        *,
        profile: Profile | None = None,
        late: float = 3600.0,
    ) -> None:
        self.zone = zone
        self._enabled = [name for name, job in jobs.items() if job.enabled]
        self._jobs = {
            name: jobs[name]
            for name in self._enabled
            if profile is None or jobs[name].profile == profile.value
        }
        self._lines = {name: CronLine(job.cron, zone) for name, job in self._jobs.items()}
        self._directory = directory
        self._late = timedelta(seconds=late)
        self._owner = Owner(directory)
        self._missed: list[JobRun] = []
        self._quiet: tuple[datetime, datetime] | None = None

    def due(self, now: datetime) -> list[Run]:
        """The runs that are to be begun at *now* (aware), taken on by this process.

        A job that this state sees for the first time, or with another cron line, begins with the next
        moment of its line. One that still runs, here or in another process, is not due before it is done.
        What a process that died left unfinished is done once more, if it is not too late for it. A clock
        that was put back by more than an hour is followed; within that hour nothing is done twice.

        Raises:
            NoState: the state cannot be used, so that nobody knows what others do.
            MissingExtraError: cronsim is not installed.
        """
        if self._quiet is not None and self._quiet[0] <= now < self._quiet[1]:
            return []
        owner = self._named()
        busy = False
        found: list[Run] = []
        with writing(self._directory, _WAIT) as connection:
            for name in self._jobs:
                try:
                    run = self._due(connection, name, now, owner)
                except _StillRunning:
                    busy = True
                else:
                    found += [] if run is None else [run]
            kept.forget_others(connection, self._enabled, now)
        following = self.next_due(now)
        self._quiet = None if busy or found or following is None else (now, following)
        return found

    def started(self, run: Run, now: datetime) -> None:
        """*run* is begun at *now*.

        Raises:
            NoState: the state cannot be written.
        """
        with writing(self._directory, _WAIT) as connection:
            kept.keep(connection, JobRun(job=run.job, planned=run.planned, begun=now))

    def finished(self, run: Run, now: datetime, outcome: Outcome, detail: str = "") -> None:
        """*run* ended at *now* with *outcome*; *detail* is kept with it.

        Raises:
            NoState: the state cannot be written.
        """
        with writing(self._directory, _WAIT) as connection:
            begun = [r.begun for r, *_ in kept.going_on(connection, run.job) if r.planned == run.planned]
            ended = JobRun(job=run.job, planned=run.planned, begun=begun[0] if begun else None, ended=now)
            kept.keep(connection, evolve(ended, begun=ended.begun or now, outcome=outcome, detail=detail))

    def take_missed(self) -> tuple[JobRun, ...]:
        """What :meth:`due` found missed or interrupted since this was asked last, to be told."""
        missed, self._missed = tuple(self._missed), []
        return missed

    def next_due(self, now: datetime) -> datetime | None:
        """The next moment after *now* at which a job is due, in UTC; ``None``: there is no job.

        Raises:
            MissingExtraError: cronsim is not installed.
        """
        moments = (next(line.after(now), None) for line in self._lines.values())
        return min((moment for moment in moments if moment is not None), default=None)

    def close(self) -> None:
        """This process takes on nothing more; what it did not finish is another one's."""
        self._owner.release()

    def _named(self) -> str:
        """The name under which runs are taken on."""
        try:
            return self._owner.name
        except OSError as error:
            raise NoState(unusable(self._directory, error)) from error

    def _due(self, connection: sqlite3.Connection, name: str, now: datetime, owner: str) -> Run | None:
        """The run of *name* that is taken on by *owner*, if one is due.

        Raises:
            _StillRunning: the one before is not done.
        """
        left = self._left(connection, name)
        planned = self._planned(connection, name, now)
        waiting = [run.planned for run, _ in left] + planned
        given = tuple(moment for moment in waiting if now - moment <= self._late)
        for run, tries in left:
            if not given or run.planned != given[-1] or tries >= _MOST_TRIES:
                self._say(connection, evolve(run, ended=now, outcome=Outcome.INTERRUPTED))
        too_late = [moment for moment in planned if moment not in given]
        if too_late:
            missed = JobRun(job=name, planned=too_late[-1], outcome=Outcome.MISSED, runs=len(too_late))
            self._say(connection, missed)
        tries = 1 + sum(tries for run, tries in left if given and run.planned == given[-1])
        if not given or tries > _MOST_TRIES:
            return None
        is_in_time = given[-1] in planned and now - given[-1] <= PUNCTUAL
        taken = JobRun(job=name, planned=given[-1], runs=len(given))
        kept.claim(connection, taken, owner, tries)
        return Run(
            job=name,
            settings=self._jobs[name],
            planned=given[-1],
            made_up_for=given[:-1] if is_in_time else given,
        )

    def _left(self, connection: sqlite3.Connection, name: str) -> list[tuple[JobRun, int]]:
        """What a process that died left undone of *name*, with how many times it was tried."""
        found = kept.going_on(connection, name)
        if any(self._owner.lives(owner) for _, owner, _ in found):
            raise _StillRunning
        return [(run, tries) for run, _, tries in found]

    def _planned(self, connection: sqlite3.Connection, name: str, now: datetime) -> list[datetime]:
        """The moments of *name* up to *now* that nobody looked at; from now on somebody did."""
        line = f"{self._jobs[name].cron} {self.zone}"
        since = kept.handled(connection, name, line)
        if since is None or since > now + _TURNED_BACK:
            since = now
        moments = self._lines[name].after(max(since, now - FARTHEST))
        planned = list(takewhile(lambda moment: moment <= now, moments))
        kept.handle(connection, name, line, planned[-1] if planned else since)
        return planned

    def _say(self, connection: sqlite3.Connection, run: JobRun) -> None:
        kept.keep(connection, run)
        self._missed.append(run)


class _StillRunning(Exception):
    """The job's last run is not done."""
