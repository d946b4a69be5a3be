"""A watch as long as its configuration holds: what it follows, judges, tells and keeps."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from attrs import define, field

from kumon_observe.alerting.alerting import Alerting
from kumon_observe.alerting.delivery import Delivery
from kumon_observe.engine.following import Following
from kumon_observe.engine.pseudonym_key import state_directory
from kumon_observe.model.errors import StateError
from kumon_observe.model.evidence import Sentence
from kumon_observe.model.phrase import phrase
from kumon_observe.monitor.evaluator import Evaluator
from kumon_observe.monitor.judged import Judged
from kumon_observe.monitor.plan import Plan, faults_of
from kumon_observe.monitor.saving import Saving
from kumon_observe.monitor.skew import Skew
from kumon_observe.monitor.telling import Telling
from kumon_observe.state.book import Book
from kumon_observe.state.cursors import Cursors
from kumon_observe.state.database import NoState

if TYPE_CHECKING:
    from kumon_observe.model.alert import Alert
    from kumon_observe.model.verdict import Verdict

_IDLE: Final = 1.0


@define(eq=False)
class Session:
    """Everything that depends on the configuration; made anew when that changes."""

    plan: Plan
    following: Following
    judged: Judged
    evaluator: Evaluator
    book: Book
    delivery: Delivery
    telling: Telling
    saving: Saving
    unsaved: Sentence | None = None
    """Why what was judged cannot be kept, if so."""

    _skew: Skew = field(factory=Skew)
    _is_over: bool = False

    @classmethod
    def begin(cls, plan: Plan) -> Session:
        """Open everything, and go on from what the last watch saved.

        Raises:
            ConfigError, UsageError: the configuration cannot be used.
        """
        try:
            session, note = cls._made(plan, resume=True)
        except StateError as error:
            session, note = cls._made(plan, resume=False)[0], str(error)
        if note is not None:
            session.telling.notes.append(note)
        session.telling.notes += faults_of(plan)
        # What the last watch had read and saved, and was not asked about any more.
        session.evaluator.want(plan.clock())
        return session

    @classmethod
    def _made(cls, plan: Plan, *, resume: bool) -> tuple[Session, Sentence | None]:
        settings, directory = plan.settings, state_directory(plan.settings)
        following = Following(
            plan.specs,
            settings=settings,
            registry=plan.registry,
            layout=plan.layout,
            show_personal_data=plan.show_personal_data,
            stdin=plan.stdin,
            clock=plan.clock,
        )
        judged = Judged(following.run, settings.rules, plan.clock())
        sinks = plan.sinks()
        book = Book(directory)
        alerting = Alerting(settings, book, [sink.name for sink in sinks])
        evaluator = Evaluator(judged, alerting, settings.rules)
        delivery = Delivery(directory, sinks, settings, plan.clock)
        session = cls(
            plan=plan,
            following=following,
            judged=judged,
            evaluator=evaluator,
            book=book,
            delivery=delivery,
            telling=Telling(settings, evaluator, book, delivery, plan.clock),
            saving=Saving(Cursors(directory, plan.clock), following, judged, plan.specs),
        )
        return session, session.saving.load() if resume else None

    def start(self) -> None:
        """Let what waits be delivered."""
        self.delivery.start()

    def step(self) -> list[Alert]:
        """Read, judge and tell what there is now; waits for nothing."""
        now = self.plan.clock()
        rows = self.following.poll()
        skew = self._skew.of(rows, now, behind=self.following.behind)
        if skew is not None:
            self.telling.notes.append(skew)
        self.evaluator.take(rows, now)
        alerts = self.telling.told(lambda: self.evaluator.turn(now))
        if self._is_to_be_saved(now):
            self.save(now)
        return alerts

    def ask_all(self) -> list[Alert]:
        """Ask all rules now, whatever their time."""
        now = self.plan.clock()
        return self.telling.told(lambda: self.evaluator.ask_all(now))

    def wait(self, until: datetime | None = None) -> None:
        """Wait until something is written or due, and not much longer than a second."""
        now = self.plan.clock()
        due: datetime | None = None
        with suppress(NoState):  # the next step meets it too, and says so
            due = self.evaluator.next_due(now)
        times = [at for at in (until, due) if at is not None]
        seconds = min((max(0.0, (at - now).total_seconds()) for at in times), default=_IDLE)
        self.following.wait(min(seconds, _IDLE))

    def finish(self) -> list[Alert]:
        """Judge the unfinished tail too, as nothing follows; what is known before is saved, and no more."""
        self.save(self.plan.clock())
        self._is_over = True
        self.evaluator.take(self.following.finish(), self.plan.clock())
        return self.ask_all()

    def save(self, now: datetime) -> None:
        """Keep what is known."""
        if self._is_over:
            return
        self.unsaved = self.saving.save(now)

    def end(self, timeout: float) -> bool:
        """Save, let what is being delivered be delivered in *timeout* seconds; whether it was."""
        self.save(self.plan.clock())
        return self.let_go(timeout)

    def let_go(self, timeout: float) -> bool:
        """Let everything go that is held open, as another session goes on; otherwise as :meth:`end`."""
        told = self.delivery.stop(timeout)
        self.following.close()
        self.book.close()
        return told

    def take_notes(self) -> list[Sentence]:
        """What is to be said once, and was not asked for before."""
        notes, self.telling.notes = self.telling.notes, []
        return notes

    def verdict(self, command: str = "watch") -> Verdict:
        """What all checks say of all that was read."""
        return self.judged.verdict(command)

    def hindrances(self) -> list[Sentence]:
        """Why nobody may rely on this watch now: then it gives no heartbeat."""
        stored = self.telling.unkept or self.unsaved
        found = (stored, *self.judged.losses(), *self.judged.failed(), self._undelivered())
        return [sentence for sentence in found if sentence is not None]

    @property
    def is_untold(self) -> bool:
        """Whether a critical alert did not reach those it was for until now."""
        return self.delivery.outcome(patience=0.0).is_undeliverable

    def _undelivered(self) -> Sentence | None:
        outcome = self.delivery.outcome()
        if outcome.is_undeliverable:
            return phrase("a critical alert could not be delivered: kumon-observe alerts list says which")
        return None if outcome.works else outcome.trouble

    def _is_to_be_saved(self, now: datetime) -> bool:
        before = self.saving.saved_at
        if before is None or now < before:
            return True
        return now - before >= timedelta(seconds=self.plan.settings.watch.save)
