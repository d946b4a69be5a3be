"""What delivery reads and writes in the outbox, and what it does while that cannot be read or written."""

from __future__ import annotations

import sqlite3
import threading
from collections import OrderedDict
from collections.abc import Callable, Container, Iterable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final, TypeVar

from attrs import evolve, frozen

from kumon_observe.alerting.backoff import next_wait
from kumon_observe.clock import Clock
from kumon_observe.config.alerting import AlertingSettings
from kumon_observe.model.evidence import Sentence
from kumon_observe.state import claims
from kumon_observe.state.claims import Claimed, Claimer, Failure
from kumon_observe.state.database import FILE, NoState, reading, unusable, writing
from kumon_observe.state.outbox import prune
from kumon_observe.state.owners import Owner

_Answer = TypeVar("_Answer")

_WAIT: Final = 2.0
_TOLD: Final = timedelta(minutes=5)
_PRUNED: Final = timedelta(hours=1)
_MOST_DIRECT: Final = 10_000

_UNWRITABLE: Final = frozenset(
    (sqlite3.SQLITE_READONLY, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_FULL, sqlite3.SQLITE_CANTOPEN)
)


@frozen
class _Settled:
    """What became of a row: the *failure*, ``None`` if it was sent; tried again in *wait* seconds."""

    row: Claimed
    failure: Failure | None
    at: datetime
    wait: float

    def may_be_sent(self, now: datetime) -> bool:
        """Whether it is to be tried again *now*."""
        waited = abs(now - self.at) >= timedelta(seconds=self.wait)
        return self.failure is not None and not self.failure.lasting and waited


class Postbag:
    """The outbox in *directory*, for all threads of one who delivers to the sinks called *sinks*.

    *spare* are those of them that may get what another sink does not take.

    What cannot be written down is kept in memory and written with whatever is written next. While the disk is
    full or read-only, what waits is sent without being claimed: better twice, by two processes, than never.
    """

    def __init__(
        self,
        directory: Path,
        sinks: Iterable[str],
        spare: Iterable[str],
        settings: AlertingSettings,
        clock: Clock,
        chance: Callable[[], float],
    ) -> None:
        self.clock = clock
        self._directory = directory
        self._sinks = tuple(sinks)
        self._spare = tuple(spare)
        self._settings = settings
        self._chance = chance
        self._owner = Owner(directory)
        self._lock = threading.Lock()
        self._unwritten: dict[int, _Settled] = {}
        self._direct: OrderedDict[tuple[str, str], None] = OrderedDict()
        self._trouble: tuple[Sentence, datetime] | None = None
        self.works = True
        self._pruned: datetime | None = None

    @property
    def trouble(self) -> Sentence | None:
        """Why the outbox cannot be used, or could not within the last minutes."""
        trouble = self._trouble
        if trouble is None or (self.works and abs(self.clock() - trouble[1]) > _TOLD):
            return None
        return trouble[0]

    def failed(self, why: Sentence) -> None:
        """Something hinders the delivery."""
        self._trouble, self.works = (why, self.clock()), False

    def read(self, question: Callable[[sqlite3.Connection], _Answer], otherwise: _Answer) -> _Answer:
        """What *question* answers; *otherwise* where there is no outbox, or it cannot be read."""
        if not (self._directory / FILE).exists():
            return otherwise
        try:
            with reading(self._directory, _WAIT) as connection:
                return question(connection)
        except NoState as why:
            self.failed(why.sentence)
            return otherwise

    def due(self) -> frozenset[str]:
        """The sinks for which something is due."""
        return self.read(lambda connection: claims.due_sinks(connection, self.clock()), frozenset())

    def take(self, sink: str, per_minute: int, lease: float, not_again: Container[int]) -> Claimed | None:
        """The next row that is to be sent to *sink*, claimed for *lease* seconds; ``None``: nothing now."""

        def taken(connection: sqlite3.Connection) -> Claimed | None:
            if claims.may_send(connection, sink, self.clock(), per_minute):
                for one in claims.up(connection, sink, self.clock(), claimer, not_again):
                    if (one.key, sink) not in self._direct:
                        return claims.claim(connection, one, self.clock(), claimer)
                    claims.sent(connection, one, self.clock())
            return None

        def unclaimed(connection: sqlite3.Connection) -> Claimed | None:
            if claims.may_send(connection, sink, self.clock(), per_minute):
                for one in claims.up(connection, sink, self.clock(), claimer, not_again):
                    if self._may_be_sent(one):
                        return evolve(one, attempts=one.attempts + 1)
            return None

        claimer = Claimer(owner="", lease=lease, lives=self._owner.lives)
        try:
            claimer = Claimer(owner=self._owner.name, lease=lease, lives=self._owner.lives)
            return self._write(taken)
        except NoState as why:
            return self.read(unclaimed, None) if _cannot_be_written(why) else None
        except OSError as error:
            self.failed(unusable(self._directory, error))
            return self.read(unclaimed, None)

    def settle(self, row: Claimed, failure: Failure | None) -> None:
        """Write down what became of *row*, now or as soon as it can be."""
        settings = self._settings
        wait = next_wait(row.attempts, settings.retry_first, settings.retry_most, self._chance())
        with self._lock:
            self._unwritten[row.id] = _Settled(row, failure, self.clock(), wait)
        try:
            self._write(lambda _: None)
        except NoState:
            return

    def sent_directly(self, key: str, sink: str) -> None:
        """The *sink* took the alert *key* past the outbox: if it gets there later, it is not sent again."""
        with self._lock:
            self._direct[key, sink] = None
            while len(self._direct) > _MOST_DIRECT:
                self._direct.popitem(last=False)

    def tend(self) -> bool:
        """Hand over what is undeliverable, forget what is old; whether another sink got something to send."""
        now, settings = self.clock(), self._settings

        def tended(connection: sqlite3.Connection) -> bool:
            claims.orphaned(connection, self._sinks, now, settings.give_up)
            if self._pruned is None or abs(now - self._pruned) >= _PRUNED:
                prune(connection, now, settings.keep)
                self._owner.sweep()
            return claims.hand_over(connection, self._spare, now, settings.escalate_1)

        if not (self._directory / FILE).exists():
            return False
        try:
            handed = self._write(tended)
        except NoState:
            return False
        if self._pruned is None or abs(now - self._pruned) >= _PRUNED:
            self._pruned = now
        return handed

    def close(self) -> None:
        """What is claimed and not settled is free for others."""
        self._owner.release()

    def _write(self, work: Callable[[sqlite3.Connection], _Answer]) -> _Answer:
        """What *work* answers; it is kept, and so is what could not be written before.

        Raises:
            NoState: nothing of it could be written.
        """
        with self._lock:
            unwritten = dict(self._unwritten)
        try:
            with writing(self._directory, _WAIT) as connection:
                for settled in unwritten.values():
                    self._settle(connection, settled)
                answer = work(connection)
        except NoState as why:
            self.failed(why.sentence)
            raise
        with self._lock:
            for number, settled in unwritten.items():
                if self._unwritten.get(number) is settled:
                    del self._unwritten[number]
        self.works = True
        return answer

    def _settle(self, connection: sqlite3.Connection, settled: _Settled) -> None:
        if settled.failure is None:
            claims.sent(connection, settled.row, settled.at)
        else:
            give_up = self._settings.give_up
            claims.failed(connection, settled.row, settled.at, settled.failure, settled.wait, give_up)

    def _may_be_sent(self, row: Claimed) -> bool:
        settled = self._unwritten.get(row.id)
        return (row.key, row.sink) not in self._direct and (
            settled is None or settled.may_be_sent(self.clock())
        )


def _cannot_be_written(why: NoState) -> bool:
    """Whether the disk is full or read-only, rather than that somebody else is writing."""
    cause = why.__cause__
    code = getattr(cause, "sqlite_errorcode", 0) & 0xFF
    return isinstance(cause, OSError) or code in _UNWRITABLE
