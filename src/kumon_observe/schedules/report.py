"""What ``schedule show`` tells: the next runs of each job, its last one, and what was missed."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from kumon_observe.config.settings import Settings
from kumon_observe.model.evidence import Sentence
from kumon_observe.model.jobs import JobReport, JobRun, Outcome, ScheduleReport
from kumon_observe.model.profile import Profile, profile_at
from kumon_observe.model.zones import named_zone
from kumon_observe.schedules.cron import CronLine
from kumon_observe.state import jobs as kept
from kumon_observe.state.database import FILE, NoState, reading

RECENT: Final = timedelta(days=1)
"""So long what was missed is shown."""

_WAIT: Final = 1.0
_SHOWN: Final = 3


def schedule_report(
    settings: Settings, directory: Path, now: datetime, profile: Profile | None = None
) -> ScheduleReport:
    """The jobs of *profile* (``None``: of the whole day), as the state in *directory* knows them at *now*.

    Raises:
        MissingExtraError: cronsim is not installed.
    """
    zone = named_zone(settings.schedule.timezone)
    jobs = {
        name: job for name, job in settings.jobs.items() if profile is None or job.profile == profile.value
    }
    last, recent, reason = _known(directory, list(jobs), now)
    reports = []
    for name, job in jobs.items():
        coming = CronLine(job.cron, zone).after(now) if job.enabled else iter(())
        reports.append(
            JobReport(
                job=name,
                profile=Profile(job.profile),
                run=job.run,
                cron=job.cron,
                enabled=job.enabled,
                next=tuple(moment for moment, _ in zip(coming, range(_SHOWN), strict=False)),
                last=last.get(name),
                missed=tuple(run for run in recent if run.job == name and run.outcome is Outcome.MISSED),
            )
        )
    return ScheduleReport(
        now=now,
        timezone=settings.schedule.timezone,
        profile=profile_at(now, zone),
        jobs=tuple(reports),
        reason=reason,
    )


def _known(
    directory: Path, jobs: list[str], now: datetime
) -> tuple[dict[str, JobRun], list[JobRun], Sentence]:
    """The last run of each job, what was planned lately, and why nothing is known, if so."""
    if not (directory / FILE).exists():
        return {}, [], ""
    try:
        with reading(directory, _WAIT) as connection:
            last = {name: kept.last_run(connection, name) for name in jobs}
            recent = kept.runs_since(connection, now - RECENT)
    except NoState as why:
        return {}, [], why.sentence
    return {name: run for name, run in last.items() if run is not None}, recent, ""
