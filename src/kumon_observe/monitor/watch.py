"""The watch: one loop that follows, judges and tells, until it is told to end."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection
from datetime import datetime, timedelta
from typing import Final

from attrs import define, field

from kumon_observe.config.secret_files import secret
from kumon_observe.engine.following import Following
from kumon_observe.engine.pseudonym_key import state_directory
from kumon_observe.model.errors import KumonObserveError
from kumon_observe.model.evidence import Sentence
from kumon_observe.model.phrase import phrase
from kumon_observe.model.profile import Profile
from kumon_observe.monitor.heartbeat import Heartbeat, heartbeat_file
from kumon_observe.monitor.lock import Lock, WatchIsRunning
from kumon_observe.monitor.looking_on import progress_of
from kumon_observe.monitor.plan import Plan
from kumon_observe.monitor.session import Session
from kumon_observe.monitor.systemd import Systemd
from kumon_observe.monitor.wanted import Wanted
from kumon_observe.monitor.work import Work

_SECOND: Final = timedelta(seconds=1)

_PROGRESS: Final = timedelta(seconds=30)

TAKEOVER: Final = 10.0
"""Seconds that a watch which is asked to end is waited for."""


@define
class Behind:
    """Says how far the watch has come with what it finds, if that takes long."""

    _since: datetime | None = None
    _told: datetime | None = None

    def tell(self, following: Following, now: datetime, say: Callable[[Sentence], None]) -> None:
        """Say it, where it is time to."""
        if not following.behind:
            if self._told is not None:
                say(phrase("all that was there is read"))
            self._since = self._told = None
            return
        self._since = self._since or now
        if abs(now - (self._told or self._since)) >= (_SECOND if self._told is None else _PROGRESS):
            _, done, total = progress_of(following)
            self._told = now
            say(phrase("{done} of {total} MiB are read", done=done >> 20, total=total >> 20))


@define(eq=False, slots=False)
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
    _said: Collection[Sentence] = ()
    _beaten: datetime | None = None
    _behind: Behind = field(factory=Behind)

    def run(self, *, take_over: bool = False) -> Session:
        """Watch; the session as it was at the end, for its verdict.

        Raises:
            WatchIsRunning: another watch holds the state, and does not end.
            ConfigError, UsageError: the configuration cannot be used.
        """
        plan = self.plan()
        self._lock = _locked(plan, take_over=take_over, is_over=lambda: self.wanted.end)
        try:
            return self._run(Session.begin(plan))
        finally:
            self._lock.release()

    def _run(self, session: Session) -> Session:
        work = self._started(session)
        self.systemd.ready()
        heartbeat = _heartbeat(session.plan)
        while not self.wanted.end:
            if self.wanted.reload:
                self.wanted.reload = False
                fresh = self._reloaded(session)
                if fresh is not session:
                    session, heartbeat = fresh, _heartbeat(fresh.plan)
                    work = self._started(session, before=work)
                self.systemd.ready()
            session.step()
            self._behind.tell(session.following, session.plan.clock(), self.say)
            work.turn(session.plan.clock())
            if session.following.over:
                session.finish()
                break
            if not self._beat(session, work, heartbeat):
                break
            if self._lock.is_wanted:
                self.say(phrase("another watch takes this one's place"))
                break
            if not session.following.behind:
                session.wait(work.next_due(session.plan.clock()))
        self.systemd.stopping()
        session.end(session.plan.settings.watch.stop)
        work.close()
        return session

    def _started(self, session: Session, before: Work | None = None) -> Work:
        """The work of *session*, which delivers from now on; *before* is that of the one before."""
        logs, sinks = ", ".join(session.plan.specs), ", ".join(session.delivery.names)
        self.say(phrase("watching {logs}; alerts go to {sinks}", logs=logs, sinks=sinks))
        session.start()
        return Work.of(session, self.profile, self.say, before)

    def _beat(self, session: Session, work: Work, heartbeat: Heartbeat) -> bool:
        """Give the heartbeat if all is well; say what is not, once. Asked once a second at most.

        False: another watch has the state by now.
        """
        now = session.plan.clock()
        if self._beaten is not None and timedelta(0) <= now - self._beaten < _SECOND:
            return True
        self._beaten = now
        try:
            self._lock.hold_on(now)
        except WatchIsRunning as error:
            self.say(error.sentence)
            return False
        for note in session.take_notes():
            self.say(note)
        serious = session.hindrances()
        hindrances: list[Sentence] = []
        for one in (*serious, work.trouble, self._lock.fault, *heartbeat.troubles()):
            if one is not None and one not in hindrances:
                hindrances.append(one)
        for sentence in hindrances:
            if sentence not in self._said:
                self.say(sentence)
        if self._said and not hindrances:
            self.say(phrase("all is well again"))
        self._said = hindrances
        if not serious and not session.following.behind:
            heartbeat.beat(now, {"logs": list(session.plan.specs)})
        # systemd is to restart a watch that hangs, not one whose log is missing.
        self.systemd.alive(str(hindrances[0]) if hindrances else "watching")
        return True

    def _reloaded(self, session: Session) -> Session:
        """A session of the new configuration, or the old one if that cannot be used."""
        self.systemd.reloading(time.monotonic())
        lock = self._lock
        try:
            plan = self.plan()
            if state_directory(plan.settings) != state_directory(session.plan.settings):
                lock = _locked(plan)
            session.save(plan.clock())
            fresh = Session.begin(plan)
        except KumonObserveError as error:
            if lock is not self._lock:
                lock.release()
            self.say(phrase("the new configuration cannot be used, the old one stays: {why}", why=str(error)))
            return session
        session.let_go(session.plan.settings.watch.stop)
        if lock is not self._lock:
            self._lock.release()
            self._lock = lock
        self.say(phrase("the configuration was read anew"))
        return fresh


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
    lock = _locked(asked, take_over=take_over)
    try:
        session = Session.begin(asked)
        if lock.fault is not None:
            session.telling.notes.append(lock.fault)
        session.step()
        while session.following.behind:
            session.step()
        session.finish()
        session.delivery.run_due()
        session.end(0.0)
        return session
    finally:
        lock.release()


def _locked(plan: Plan, *, take_over: bool = False, is_over: Callable[[], bool] = lambda: False) -> Lock:
    lock = Lock(state_directory(plan.settings))
    if take_over:
        lock.take_over(plan.clock(), TAKEOVER, is_over=is_over)
    else:
        lock.take(plan.clock())
    return lock
