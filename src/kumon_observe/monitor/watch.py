"""The watch: one loop that follows, judges and tells, until it is told to end."""

from __future__ import annotations

import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from types import FrameType
from typing import Final

from attrs import define, field

from kumon_observe.config.secret_files import secret
from kumon_observe.engine.pseudonym_key import state_directory
from kumon_observe.model.errors import KumonObserveError
from kumon_observe.model.evidence import Sentence
from kumon_observe.model.phrase import phrase
from kumon_observe.model.profile import Profile
from kumon_observe.monitor.heartbeat import Heartbeat, heartbeat_file
from kumon_observe.monitor.lock import Lock
from kumon_observe.monitor.plan import Plan
from kumon_observe.monitor.session import Session
from kumon_observe.monitor.systemd import Systemd
from kumon_observe.monitor.work import Work

_SECOND: Final = timedelta(seconds=1)

TAKEOVER: Final = 10.0
"""Seconds that a watch which is asked to end is waited for."""


@define
class Wanted:
    """What signals ask of the watch."""

    end: bool = False
    interrupted: bool = False
    reload: bool = False

    def asked(self, number: int, _frame: FrameType | None = None) -> None:
        """A signal came."""
        if number == signal.SIGHUP:
            self.reload = True
        else:
            self.end = True
            self.interrupted = number == signal.SIGINT


@define(eq=False)
class Watch:
    """Watches until it is told to end.

    ``plan`` reads the configuration and says what is to be done; it is asked again at SIGHUP. ``say`` tells a
    person what happens. Of what is scheduled, that of ``profile`` is done (``None``: of the whole day).
    """

    plan: Callable[[], Plan]
    say: Callable[[Sentence], None]
    profile: Profile | None = None
    systemd: Systemd = field(factory=Systemd)
    wanted: Wanted = field(factory=Wanted)
    _said: Sentence | None = None
    _beaten: datetime | None = None

    def run(self, *, take_over: bool = False) -> Session:
        """Watch; the session as it was at the end, for its verdict.

        Raises:
            WatchIsRunning: another watch holds the state, and does not end.
            ConfigError, UsageError: the configuration cannot be used.
        """
        plan = self.plan()
        lock = Lock(state_directory(plan.settings))
        if take_over:
            lock.take_over(plan.clock(), TAKEOVER)
        else:
            lock.take(plan.clock())
        try:
            with self._signals():
                return self._run(Session.begin(plan), lock)
        finally:
            lock.release()

    def _run(self, session: Session, lock: Lock) -> Session:
        work = self._started(session)
        self.systemd.ready()
        heartbeat = _heartbeat(session.plan)
        while not self.wanted.end:
            if self.wanted.reload:
                self.wanted.reload = False
                fresh = self._reloaded(session)
                if fresh is not session:
                    work.close()
                    session, heartbeat = fresh, _heartbeat(fresh.plan)
                    work = self._started(session)
                self.systemd.ready()
            session.step()
            work.turn(session.plan.clock())
            if session.following.over:
                session.finish()
                break
            self._beat(session, work, heartbeat)
            if lock.is_wanted:
                self.say(phrase("another watch takes this one's place"))
                break
            if not session.following.behind:
                session.wait(work.next_due(session.plan.clock()))
        self.systemd.stopping()
        work.close()
        session.end(session.plan.settings.watch.stop)
        return session

    def _started(self, session: Session) -> Work:
        """The work of *session*, which delivers from now on."""
        for note in session.notes:
            self.say(note)
        session.start()
        return Work.of(session, self.profile, self.say)

    def _beat(self, session: Session, work: Work, heartbeat: Heartbeat) -> None:
        """Give the heartbeat if all is well; say what is not, once. Asked once a second at most."""
        now = session.plan.clock()
        if self._beaten is not None and timedelta(0) <= now - self._beaten < _SECOND:
            return
        self._beaten = now
        serious = session.hindrances()
        late = () if work.trouble is None else (work.trouble,)
        hindrances = [*serious, *late, *heartbeat.troubles()]
        first = hindrances[0] if hindrances else None
        if first != self._said:
            self._said = first
            self.say(phrase("all is well again") if first is None else first)
        if not serious and not session.following.behind:
            heartbeat.beat(now, {"logs": list(session.plan.specs)})
        # systemd is to restart a watch that hangs, not one whose log is missing.
        self.systemd.alive("watching" if first is None else str(first))

    def _reloaded(self, session: Session) -> Session:
        """A session of the new configuration, or the old one if that cannot be used."""
        self.systemd.reloading(time.monotonic())
        try:
            plan = self.plan()
            session.save(plan.clock())
            fresh = Session.begin(plan)
        except KumonObserveError as error:
            self.say(phrase("the new configuration cannot be used, the old one stays: {why}", why=str(error)))
            return session
        session.let_go(session.plan.settings.watch.stop)
        self.say(phrase("the configuration was read anew"))
        return fresh

    @contextmanager
    def _signals(self) -> Iterator[None]:
        """SIGTERM and SIGINT end the watch, SIGHUP reads the configuration anew."""
        numbers = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)
        before = {number: signal.signal(number, self.wanted.asked) for number in numbers}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)


def _heartbeat(plan: Plan) -> Heartbeat:
    watch = plan.settings.watch
    url = secret("watch.ping_url", watch.ping_url, watch.ping_url_file)
    return Heartbeat(heartbeat_file(plan.settings), url, watch.ping_every)


def once(plan: Callable[[], Plan], *, take_over: bool = False) -> Session:
    """Judge what there is, tell what is to be told, and end; the session as it was then.

    Raises:
        WatchIsRunning, ConfigError, UsageError: as :meth:`Watch.run`.
    """
    asked = plan()
    lock = Lock(state_directory(asked.settings))
    if take_over:
        lock.take_over(asked.clock(), TAKEOVER)
    else:
        lock.take(asked.clock())
    try:
        session = Session.begin(asked)
        session.step()
        while session.following.behind:
            session.step()
        session.finish()
        session.delivery.run_due()
        session.end(0.0)
        return session
    finally:
        lock.release()
