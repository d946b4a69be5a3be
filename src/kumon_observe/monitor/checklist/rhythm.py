"""Items about what is done by the clock: the report, the archive, the schedule."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from kumon_observe.model.ages import age
from kumon_observe.model.checklist import Item
from kumon_observe.model.errors import MissingExtraError
from kumon_observe.model.jobs import Outcome
from kumon_observe.model.phrase import Phrase, counted, phrase
from kumon_observe.monitor.checklist.look import Look, attention, ok, unknown
from kumon_observe.present.language import translatable
from kumon_observe.schedules.report import schedule_report
from kumon_observe.state.database import FILE, reading
from kumon_observe.state.jobs import runs_since

A_NIGHT: Final = timedelta(hours=26)
"""An archive that is made every night is never older."""

_WORDS: Final = {
    None: translatable("{job} goes on since {age}"),
    Outcome.OK: translatable("{job} was done {age} ago"),
    Outcome.WARNING: translatable("{job} was done {age} ago, with a warning"),
    Outcome.UNKNOWN: translatable("{job} could not do all of it, {age} ago"),
    Outcome.CRITICAL: translatable("{job} could not do all of it, {age} ago"),
    Outcome.FAILED: translatable("{job} failed {age} ago"),
    Outcome.INTERRUPTED: translatable("{job} was interrupted {age} ago"),
    Outcome.MISSED: translatable("{job} was missed {age} ago"),
}
_WAIT: Final = 1.0


def report(look: Look) -> Item:
    """Whether a report of the day was written."""
    name, title = "report", phrase("a report of the day is written")
    named = look.settings.schedule.reports
    folder = Path(named).expanduser() if named else look.directory / "reports"
    files = [path for path in folder.iterdir() if path.is_file()] if folder.is_dir() else []
    newest = max(files, key=lambda path: path.stat().st_mtime, default=None)
    command = "kumon-observe report --output report.md"
    if newest is None:
        found = phrase("there is no report in {folder}", folder=folder)
        return attention(name, title, found, file=str(folder), command=command)
    written = datetime.fromtimestamp(newest.stat().st_mtime, UTC)
    found = phrase("the newest report is {age} old", age=age(look.now - written))
    if written < look.day:
        return attention(name, title, found, file=str(newest), command=command)
    return ok(name, title, found, file=str(newest))


def archive(look: Look) -> Item:
    """Whether the logs were archived in the last night."""
    name, title = "archive", phrase("the logs are archived")
    jobs = {job for job, told in look.settings.jobs.items() if told.enabled and told.run == "archive"}
    if not jobs:
        return unknown(
            name,
            title,
            phrase("no job archives: it is switched off, or done elsewhere"),
            command="kumon-observe schedule show",
        )
    runs = []
    if (look.directory / FILE).exists():
        with reading(look.directory, _WAIT) as connection:
            runs = [run for run in runs_since(connection, look.now - A_NIGHT) if run.job in jobs]
    if not runs:
        found = phrase("no archive was made in the last {age}", age=age(A_NIGHT))
        return attention(name, title, found, command="kumon-observe archive")
    last = runs[0]
    found = Phrase(_WORDS[last.outcome], {"job": last.job, "age": age(look.now - last.planned)})
    if last.outcome in (None, Outcome.OK, Outcome.WARNING):
        return ok(name, title, found, file=last.detail)
    return attention(name, title, found, file=last.detail, command="kumon-observe archive")


def schedule(look: Look) -> Item:
    """What is done next, and whether anything was missed."""
    name, title = "schedule", phrase("what is due is done")
    command = "kumon-observe schedule show"
    try:
        told = schedule_report(look.settings, look.directory, look.now)
    except MissingExtraError as error:
        return unknown(name, title, str(error), command=command)
    if told.reason:
        return unknown(name, title, told.reason, command=command)
    missed = [run for job in told.jobs for run in job.missed]
    if missed:
        runs = sum(run.runs for run in missed)
        found = counted(runs, "1 run was missed in the last day", "{n} runs were missed in the last day")
        return attention(name, title, found, command=command)
    coming = sorted((job.next[0], job.job) for job in told.jobs if job.next)
    if not coming:
        return attention(name, title, phrase("every job is switched off"), command=command)
    moment, job_name = coming[0]
    found = phrase("next: {job} at {time}", job=job_name, time=look.said(moment))
    return ok(name, title, found, command=command)
