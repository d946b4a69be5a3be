"""The JSON objects of ``schedule`` and ``checklist``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kumon_observe.model.document.values import JsonObject, time_to

if TYPE_CHECKING:
    from kumon_observe.model.jobs import JobReport, JobRun, ScheduleReport


def schedule_to(report: ScheduleReport) -> JsonObject:
    """What is done when, and what became of it."""
    return {
        "schema": "kumon-observe/schedule/1",
        "generated_at": time_to(report.now),
        "timezone": report.timezone,
        "profile": report.profile.value,
        "reason": str(report.reason) or None,
        "jobs": [_job(job) for job in report.jobs],
    }


def _job(job: JobReport) -> JsonObject:
    return {
        "name": job.job,
        "profile": job.profile.value,
        "run": job.run,
        "cron": job.cron,
        "enabled": job.enabled,
        "next": [time_to(moment) for moment in job.next],
        "last": None if job.last is None else _run(job.last),
        "missed": [_run(run) for run in job.missed],
    }


def _run(run: JobRun) -> JsonObject:
    return {
        "planned": time_to(run.planned),
        "begun": time_to(run.begun),
        "ended": time_to(run.ended),
        "outcome": None if run.outcome is None else run.outcome.value,
        "detail": run.detail or None,
        "runs": run.runs,
    }
