"""What the watch does by the clock: it looks, reports, archives and goes through the checklist."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Final

from attrs import define, evolve, field

from kumon_observe.alerting.routing import takers
from kumon_observe.engine.pseudonym_key import state_directory
from kumon_observe.model.alert import Alert
from kumon_observe.model.document.values import time_to
from kumon_observe.model.errors import MissingExtraError
from kumon_observe.model.evidence import Sentence
from kumon_observe.model.jobs import Outcome
from kumon_observe.model.phrase import phrase
from kumon_observe.model.profile import Profile
from kumon_observe.model.status import Severity, Status
from kumon_observe.model.verdict import Verdict
from kumon_observe.model.zones import named_zone
from kumon_observe.schedules.schedule import Run, Schedule
from kumon_observe.state import incidents
from kumon_observe.state.database import NoState
from kumon_observe.state.outbox import enqueue

if TYPE_CHECKING:
    from kumon_observe.monitor.session import Session

REPORTS: Final = "reports"
"""The folder of reports in the state folder."""

_ON_CALL: Final = 1
_TRY_AGAIN: Final = timedelta(seconds=5)
"""How long a state that could not be used is left alone: to find it locked takes as long."""

_SEVERITIES: Final = {
    Status.CRITICAL: Severity.CRITICAL,
    Status.WARNING: Severity.MODERATE,
    Status.UNKNOWN: Severity.HIGH,
}

Done = tuple[Outcome, Sentence]
"""What became of a run, and that in a sentence."""


@define(eq=False)
class Work:
    """Does the jobs of *schedule* with what *session* knows; *say* tells a person what became of each.

    What takes long has a thread of its own, so that no loss waits for it.
    """

    session: Session
    schedule: Schedule
    say: Callable[[Sentence], None]
    trouble: Sentence | None = None
    """Why what is due cannot be told, if so."""

    before: Work | None = None
    """What ended before this one with jobs that still run: they are waited for, and not begun again."""

    _running: list[_Apart] = field(factory=list)
    _failed: datetime | None = None

    @classmethod
    def of(
        cls,
        session: Session,
        profile: Profile | None,
        say: Callable[[Sentence], None],
        before: Work | None = None,
    ) -> Work:
        """The work of *profile* (``None``: of the whole day), as the session's configuration has it."""
        settings = session.plan.settings
        schedule = Schedule(
            settings.jobs,
            named_zone(settings.schedule.timezone),
            state_directory(settings),
            profile=profile,
            late=settings.schedule.late,
        )
        return cls(session, schedule, say, before=before)

    def turn(self, now: datetime) -> None:
        """Begin what is due, and tell what is done."""
        self.collect(now)
        if self._failed is not None and timedelta(0) <= now - self._failed < _TRY_AGAIN:
            return
        try:
            for run in self.schedule.due(now):
                self.schedule.started(run, now)
                self._begin(run, now)
            for missed in self.schedule.take_missed():
                due = time_to(missed.planned)
                self.say(phrase("{job} was missed: it was due {planned}", job=missed.job, planned=due))
            self.trouble = self._failed = None
        except NoState as why:
            self.trouble, self._failed = why.sentence, self.session.plan.clock()
        except MissingExtraError as error:
            self.trouble = str(error)

    def next_due(self, now: datetime) -> datetime | None:
        """When there is something to do next."""
        return None if self.trouble is not None else self.schedule.next_due(now)

    def _begin(self, run: Run, now: datetime) -> None:
        quick = {"delivery": self._delivery, "health": self._health, "report": self._report}
        long = {"archive": self._archive, "checklist": self._checklist}
        name = run.settings.run
        if name in quick:
            self._finished(run, now, _caught(lambda: quick[name](run, now)))
        else:
            self._running.append(_Apart(run, lambda: long[name](run, now)))

    def close(self) -> None:
        """Begin nothing more; what still runs and is not done when the process ends is done anew."""
        self.schedule.close()

    def collect(self, now: datetime) -> bool:
        """Tell what is done; whether something still runs."""
        if self.before is not None and not self.before.collect(now):
            self.before.close()
            self.before = None
        for apart in list(self._running):
            if apart.done is not None:
                self._running.remove(apart)
                self._finished(apart.due, now, apart.done)
        return bool(self._running) or self.before is not None

    def _finished(self, run: Run, now: datetime, done: Done) -> None:
        outcome, sentence = done
        self.say(phrase("{job}: {what}", job=run.job, what=sentence))
        try:
            self.schedule.finished(run, now, outcome, str(sentence))
        except NoState as why:
            self.trouble = why.sentence

    def _delivery(self, run: Run, now: datetime) -> Done:
        verdict = self.session.verdict("delivery")
        return self._judged(evolve(verdict, checks=(verdict.check("delivery"),)), run, now)

    def _health(self, run: Run, now: datetime) -> Done:
        return self._judged(self.session.verdict("health"), run, now)

    def _judged(self, verdict: Verdict, run: Run, now: datetime) -> Done:
        if run.settings.on_call and verdict.status is not Status.OK:
            self._call(verdict, run, now)
        return Outcome(verdict.status.value), _summary(verdict)

    def _call(self, verdict: Verdict, run: Run, now: datetime) -> None:
        """Tell those on call how it stands, unless an incident has told them."""
        settings, book = self.session.plan.settings, self.session.book
        severity = _SEVERITIES[verdict.status]
        bad = {check.name for check in verdict.checks if check.status is not Status.OK}
        with book.changing() as connection:
            told = {one.check for one in incidents.open_incidents(connection) if one.fired is not None}
            if bad <= told:
                return
            alert = Alert(
                key=f"job/{run.job}/{time_to(run.planned)}",
                check=run.settings.run,
                severity=severity,
                status=verdict.status,
                title=phrase("{job}: {status}", job=run.job, status=str(verdict.status)),
                summary=_summary(verdict),
                action=verdict.action,
                at=now,
                level=_ON_CALL,
                place=settings.alerting.place,
                link=settings.alerting.link,
            )
            sinks = takers(settings, self.session.delivery.names, "", severity, _ON_CALL)
            enqueue(connection, alert, sinks, now)
        self.session.delivery.wake()

    def _report(self, run: Run, now: datetime) -> Done:
        from kumon_observe.present import markdown
        from kumon_observe.present.language import Language
        from kumon_observe.present.view import View

        settings = self.session.plan.settings
        verdict = self.session.verdict("report")
        local = now.astimezone(self.schedule.zone)
        folder = _reports(self.session)
        path = folder / f"report-{local:%Y%m%d-%H%M}.md"
        view = View(language=Language(settings.lang or "en"), zone=self.schedule.zone)
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        draft = path.with_name(f".{path.name}")
        draft.write_text(markdown.render(verdict, view), encoding="utf-8")
        draft.replace(path)
        return Outcome(verdict.status.value), phrase("report written to {path}", path=str(path))

    def _archive(self, run: Run, now: datetime) -> Done:
        from kumon_observe.archiving.archive import archive_all

        plan = self.session.plan
        logs = [spec for spec in plan.specs if spec != "-"]
        done = archive_all(logs, plan.settings.archive, clock=plan.clock)
        if not done:
            return Outcome.UNKNOWN, phrase("no log to archive")
        worst = Status.worst(each.status for each in done)
        sentences = tuple(phrase("{source}: {what}", source=each.log, what=each.sentence) for each in done)
        return Outcome(worst.value), phrase("{text}", text=sentences)

    def _checklist(self, run: Run, now: datetime) -> Done:
        from kumon_observe.monitor.checklist.run import run_checklist

        plan = self.session.plan
        found = run_checklist(
            plan.settings, plan.registry, plan.specs, now, profile=Profile(run.settings.profile)
        )
        open_items = [item.name for item in found.items if item.status is not Status.OK]
        if not open_items:
            return Outcome.OK, phrase("the checklist is done")
        return Outcome(found.status.value), phrase("to look after: {items}", items=", ".join(open_items))


class _Apart:
    """A *due* run in a thread of its own; ``done`` is what became of it, once it is over."""

    def __init__(self, due: Run, work: Callable[[], Done]) -> None:
        self.due = due
        self.done: Done | None = None
        self._work = work
        threading.Thread(target=self._run, name=f"kumon-observe {due.job}", daemon=True).start()

    def _run(self) -> None:
        self.done = _caught(self._work)


def _caught(work: Callable[[], Done]) -> Done:
    """What *work* gives; one that fails is said and tried at its next time, and the watch goes on."""
    try:
        return work()
    except Exception as error:  # noqa: BLE001 - whatever a job does, watching goes on
        return Outcome.FAILED, phrase("failed: {error}", error=f"{type(error).__name__}: {error}")


def _summary(verdict: Verdict) -> Sentence:
    """What decides the verdict, in a sentence."""
    decided = tuple(check.summary for check in verdict.checks if check.status is verdict.status)
    words = tuple(word if not isinstance(word, str) else phrase("{text}", text=word) for word in decided)
    return phrase("{status}: {what}", status=str(verdict.status), what=words)


def _reports(session: Session) -> Path:
    settings = session.plan.settings
    folder = settings.schedule.reports
    return Path(folder) if folder else state_directory(settings) / REPORTS
