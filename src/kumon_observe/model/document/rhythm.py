"""The JSON objects of ``schedule`` and ``checklist``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kumon_observe.model.document.values import JsonObject, time_to

if TYPE_CHECKING:
    from kumon_observe.model.checklist import Acknowledgement, Checklist, Item
    from kumon_observe.model.jobs import JobReport, JobRun, ScheduleReport
    from kumon_observe.model.profile import Profile


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


def checklist_to(checklist: Checklist) -> JsonObject:
    """A checklist as it was run."""
    previous = checklist.previous
    return {
        "schema": "kumon-observe/checklist/1",
        "generated_at": time_to(checklist.now),
        "status": checklist.status.value,
        "profile": checklist.profile.value,
        "timezone": checklist.timezone,
        "begin": time_to(checklist.begin),
        "end": time_to(checklist.end),
        "items": [_item(item) for item in checklist.items],
        "previous": None
        if previous is None
        else {"at": time_to(previous.at), "status": previous.status.value},
        "reason": str(checklist.reason) or None,
    }


def acknowledgement_to(profile: Profile, said: Acknowledgement) -> JsonObject:
    """That somebody looked after an item."""
    return {
        "schema": "kumon-observe/acknowledgement/1",
        "profile": profile.value,
        "item": said.item,
        **_said(said),
    }


def _item(item: Item) -> JsonObject:
    return {
        "name": item.name,
        "title": str(item.title),
        "state": item.state.value,
        "status": item.status.value,
        "found": str(item.found),
        "file": item.file or None,
        "command": item.command or None,
        "acknowledged": None if item.acknowledged is None else _said(item.acknowledged),
        "before": None if item.before is None else _said(item.before),
    }


def _said(said: Acknowledgement) -> JsonObject:
    return {"by": said.by, "at": time_to(said.at), "comment": said.comment or None}


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
