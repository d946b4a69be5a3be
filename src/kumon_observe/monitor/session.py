"""A watch as long as its configuration holds: what it follows, judges, tells and keeps."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, BinaryIO

from attrs import define, field, frozen

from kumon_observe.alerting.alerting import Alerting
from kumon_observe.alerting.delivery import Delivery
from kumon_observe.alerting.faults import faults
from kumon_observe.clock import Clock
from kumon_observe.engine.following import Following
from kumon_observe.engine.pseudonym_key import state_directory
from kumon_observe.model.errors import StateError
from kumon_observe.model.evidence import Sentence
from kumon_observe.model.phrase import phrase
from kumon_observe.monitor.evaluator import Evaluator
from kumon_observe.monitor.judged import Judged
from kumon_observe.monitor.saving import Saving
from kumon_observe.state.book import Book
from kumon_observe.state.cursors import Cursors
from kumon_observe.state.database import NoState

if TYPE_CHECKING:
    from kumon_observe.config.settings import Settings
    from kumon_observe.model.alert import Alert
    from kumon_observe.model.protocols import Sink
    from kumon_observe.model.verdict import Verdict
    from kumon_observe.plugins.registry import Registry

_IDLE = 1.0


@frozen(kw_only=True)
class Plan:
    """What a watch is asked to do.

    Attributes:
        settings: the configuration.
        registry: the plugins.
        specs: the logs.
        layout: the one log layout to accept; ``None``: the settings'.
        show_personal_data: mask neither phones nor texts.
        stdin: what ``-`` reads.
        clock: tells the time.
        without: the sinks that are not told, by name.
    """

    settings: Settings
    registry: Registry
    specs: Sequence[str]
    clock: Clock
    layout: str | None = None
    show_personal_data: bool = False
    stdin: BinaryIO | None = None
    without: Collection[str] = ()

    def sinks(self) -> list[Sink]:
        """New sinks, those that are told."""
        return [sink for sink in self.registry.sinks() if sink.name not in self.without]


def _faults(plan: Plan) -> list[Sentence]:
    """What of the configuration will not work when it is needed."""
    sinks = plan.sinks()
    found: list[Sentence] = [
        phrase("the sink {name} cannot deliver: {why}", name=sink.name, why=why)
        for sink in sinks
        if (why := getattr(sink, "fault", None))
    ]
    checks = [check.name for check in plan.registry.checks()]
    return found + list(faults(plan.settings, checks, [sink.name for sink in sinks]))


@define(eq=False)
class Session:
    """Everything that depends on the configuration; made anew when that changes."""

    plan: Plan
    following: Following
    judged: Judged
    evaluator: Evaluator
    book: Book
    delivery: Delivery
    saving: Saving
    unsaved: Sentence | None = None
    """Why what was judged cannot be kept, if so."""

    unkept: Sentence | None = None
    """Why incidents cannot be kept, if so: then they are told from memory."""

    _from_memory: Evaluator | None = None
    _is_over: bool = False

    notes: list[Sentence] = field(factory=list)
    """What was found when it began."""

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
            session.notes.append(note)
        session.notes += _faults(plan)
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
        session = cls(
            plan=plan,
            following=following,
            judged=judged,
            evaluator=Evaluator(judged, alerting, settings.rules),
            book=book,
            delivery=Delivery(directory, sinks, settings, plan.clock),
            saving=Saving(Cursors(directory, plan.clock), following, judged, plan.specs),
        )
        return session, session.saving.load() if resume else None

    def start(self) -> None:
        """Let what waits be delivered."""
        self.delivery.start()

    def step(self) -> list[Alert]:
        """Read, judge and tell what there is now; waits for nothing."""
        now = self.plan.clock()
        self.evaluator.take(self.following.poll(), now)
        alerts = self._told(lambda evaluator: evaluator.turn(now))
        if self._is_to_be_saved(now):
            self.save(now)
        return alerts

    def ask_all(self) -> list[Alert]:
        """Ask all rules now, whatever their time."""
        now = self.plan.clock()
        return self._told(lambda evaluator: evaluator.ask_all(now))

    def wait(self, until: datetime | None = None) -> None:
        """Wait until something is written or due, and not much longer than a second."""
        now = self.plan.clock()
        evaluator = self._from_memory or self.evaluator
        due: datetime | None = None
        with suppress(NoState):  # the next step meets it too, and says so
            due = evaluator.next_due(now)
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
        """Save, deliver what can be delivered in *timeout* seconds, let everything go; whether all was."""
        self.save(self.plan.clock())
        told = self.delivery.stop(timeout)
        self.following.close()
        return told

    def verdict(self, command: str = "watch") -> Verdict:
        """What all checks say of all that was read."""
        return self.judged.verdict(command)

    def hindrances(self) -> list[Sentence]:
        """Why nobody may rely on this watch now: then it gives no heartbeat."""
        found = (self.unkept, self.unsaved, *self.judged.losses(), *self.judged.failed(), self._undelivered())
        return [sentence for sentence in found if sentence is not None]

    @property
    def is_untold(self) -> bool:
        """Whether a critical alert did not reach those it was for."""
        return self.delivery.outcome().is_undeliverable

    def _undelivered(self) -> Sentence | None:
        outcome = self.delivery.outcome()
        if outcome.is_undeliverable:
            return phrase("a critical alert could not be delivered: kumon-observe alerts list says which")
        return None if outcome.works else outcome.trouble

    def _told(self, ask: Callable[[Evaluator], list[Alert]]) -> list[Alert]:
        try:
            alerts = ask(self.evaluator)
        except NoState as why:
            self.unkept = why.sentence
            return self._told_from_memory(ask)
        self.unkept = self._from_memory = None
        if alerts:
            self.delivery.wake()
        return alerts

    def _told_from_memory(self, ask: Callable[[Evaluator], list[Alert]]) -> list[Alert]:
        """Go on in memory while the disk is full or damaged: better told twice than never."""
        if self._from_memory is None:
            settings = self.plan.settings
            alerting = Alerting(settings, self.book.copied(), self.delivery.names)
            self._from_memory = Evaluator(self.judged, alerting, settings.rules)
            alerts = self._from_memory.ask_all(self.plan.clock())
        else:
            alerts = ask(self._from_memory)
        for alert in alerts:
            self.delivery.send_now(alert)
        return alerts

    def _is_to_be_saved(self, now: datetime) -> bool:
        before = self.saving.saved_at
        if before is None or now < before:
            return True
        return now - before >= timedelta(seconds=self.plan.settings.watch.save)
