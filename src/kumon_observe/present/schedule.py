"""The day's rhythm: what is done next, what was done last, what was missed."""

from __future__ import annotations

from datetime import datetime

from attrs import evolve

from kumon_observe.model.evidence import Sentence
from kumon_observe.model.jobs import JobReport, JobRun, Outcome, ScheduleReport
from kumon_observe.model.phrase import counted, phrase
from kumon_observe.model.profile import Profile
from kumon_observe.model.zones import named_zone
from kumon_observe.present.page import Page, Span
from kumon_observe.present.view import View

PROFILES = {
    Profile.MORNING: phrase("morning"),
    Profile.AFTERNOON: phrase("afternoon"),
    Profile.NIGHT: phrase("night"),
}
_OUTCOMES = {
    Outcome.OK: phrase("OK"),
    Outcome.UNKNOWN: phrase("UNKNOWN"),
    Outcome.WARNING: phrase("WARNING"),
    Outcome.CRITICAL: phrase("CRITICAL"),
    Outcome.FAILED: phrase("FAILED"),
    Outcome.INTERRUPTED: phrase("INTERRUPTED"),
    Outcome.MISSED: phrase("MISSED"),
}
_STYLES = {Outcome.OK: "ok", Outcome.UNKNOWN: "unknown", Outcome.WARNING: "warning"}


def render(report: ScheduleReport, view: View) -> str:
    """The whole screen, in the zone of the schedule; with ``quiet`` its first line alone."""
    view = evolve(view, zone=named_zone(report.timezone))
    page = view.page()
    now = phrase(
        "it is {profile}: {time} ({zone})",
        profile=PROFILES[report.profile],
        time=view.clock(report.now, view.day(report.now), seconds=False),
        zone=report.timezone,
    )
    page.line(Span(view.say(now), "bold"))
    if view.quiet:
        return page.text()
    if report.reason:
        page.line(Span(view.say(report.reason), "unknown"), hang=2)
    if not report.jobs:
        page.line(view.say(phrase("no job is configured for it")))
    for job in report.jobs:
        _job(page, view, job, report.now)
    return page.text()


def _job(page: Page, view: View, job: JobReport, now: datetime) -> None:
    page.blank()
    what = f"  {view.say(PROFILES[job.profile])}, {job.run}  "
    page.line(Span(job.job, "bold"), what, Span(job.cron, "dim"), hang=2)
    if not job.enabled:
        page.line(Span(view.say(phrase("switched off")), "dim"), indent=4)
    elif job.next:
        before = (now, *job.next)
        coming = ", ".join(_time(view, moment, last) for last, moment in zip(before, job.next, strict=False))
        page.line(view.say(phrase("next: {times}", times=coming)), indent=4, hang=6)
    if job.last is not None:
        page.line(*_last(view, job.last, now), indent=4, hang=6)
    if job.missed:
        page.line(Span(view.say(missed(view, job.missed, now)), "warning"), indent=4, hang=6)


def _last(view: View, run: JobRun, now: datetime) -> tuple[str | Span, ...]:
    label = view.say(phrase("last: {time}", time=_time(view, run.planned, now)))
    if run.outcome is None:
        return (f"{label}  ", view.say(phrase("goes on")))
    detail = f"  {run.detail}" if run.detail else ""
    return (f"{label}  ", outcome(view, run.outcome), detail)


def outcome(view: View, of: Outcome) -> Span:
    """The word for what became of a run, in its colour."""
    return Span(view.say(_OUTCOMES[of]), _STYLES.get(of, "critical"))


def missed(view: View, runs: tuple[JobRun, ...], now: datetime) -> Sentence:
    """How many runs were missed lately, and when the last of them was due."""
    return counted(
        sum(run.runs for run in runs),
        "1 run was missed: {time}",
        "{n} runs were missed, the last at {time}",
        time=_time(view, runs[0].planned, now),
    )


def _time(view: View, moment: datetime, before: datetime) -> str:
    """The time of *moment*, with its date unless that is the one of the moment *before*."""
    return view.clock(moment, view.day(before), seconds=False)
