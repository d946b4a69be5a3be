"""Replays logs through the checks and the rules in the log's own time: what a watch would have told."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from attrs import evolve

from kumon_observe.alerting.alerting import Alerting
from kumon_observe.engine.analyze import verdict_of, wanted_checks
from kumon_observe.engine.judge import Judging
from kumon_observe.engine.run import Run
from kumon_observe.model.backtest import Backtest, Sent
from kumon_observe.model.moments import to_datetime
from kumon_observe.model.phrase import phrase
from kumon_observe.model.rows import MICROSECONDS, PlainRow
from kumon_observe.monitor.evaluator import Evaluator
from kumon_observe.monitor.judged import Judged
from kumon_observe.state import incidents, outbox
from kumon_observe.state.book import Book

if TYPE_CHECKING:
    from kumon_observe.config.settings import Settings
    from kumon_observe.model.incident import Incident

_SECOND: Final = timedelta(seconds=1)
_MOST: Final = 1_000_000
_FOREVER: Final = timedelta(days=36_500).total_seconds()


class ReplayedRun(Run):
    """A run that knows a log only as far as it was replayed."""

    reached: datetime | None = None

    def now(self) -> datetime | None:
        """The log's own time at this point of the replay."""
        return self.reached


class Replay:
    """A watch over the sources of *run*, in their own time: each second of them is one turn of its loop.

    *sinks* are the names of those who would be told; *after* goes on so long after the last record.
    """

    def __init__(self, run: ReplayedRun, sinks: Sequence[str], after: timedelta = timedelta()) -> None:
        self.run = run
        self.sent: list[Sent] = []
        self._after = after
        self._sinks = tuple(sinks)
        self._book = Book.in_memory()

    def result(self) -> Backtest:
        """Replay all of it, once."""
        seconds = iter(_by_second(self.run.sources.batches()))
        first = next(seconds, None)
        if first is None:
            judged = Judged(self.run, self.run.settings.rules, self.run.generated_at())
            reasons = (phrase("no trace has a time, so there is nothing to replay"), *self.run.losses())
            return Backtest(verdict=judged.verdict("backtest"), reasons=reasons)
        begins, rows = first
        self.now = begins
        judged = Judged(self.run, self.run.settings.rules, begins)
        self._evaluator = self._made(judged)
        self._whole = Judging(wanted_checks(self.run.plugins, None))
        self._turn(begins, rows)
        for second, more in seconds:
            self._pass(second)
            self._turn(second, more)
        ends = self.now + self._after
        self._pass(ends)
        self._turn(ends)
        return Backtest(
            verdict=verdict_of(self.run, self._whole.results(self.run.now()), "backtest", True),
            begins=begins,
            ends=ends,
            incidents=tuple(self._incidents()),
            sent=tuple(self.sent),
        )

    def _made(self, judged: Judged) -> Evaluator:
        settings = self.run.settings
        alerting = Alerting(_keeping_all(settings), self._book, self._sinks)
        # What asking costs here says nothing of what it would have cost then.
        return Evaluator(judged, alerting, settings.rules, timer=lambda: 0.0)

    def _pass(self, until: datetime) -> None:
        """Let the time before *until* pass: what is due in it without any record."""
        while True:
            due = self._evaluator.next_due(self.now)
            if due is None:
                return
            at = max(_whole(due), self.now + _SECOND)
            if at >= until:
                return
            self._turn(at)

    def _turn(self, now: datetime, rows: Sequence[PlainRow] = ()) -> None:
        self.now = now
        if rows:
            times = [row[1] for row in rows if row[1] is not None]
            latest = to_datetime(max(times)) if times else now
            self.run.reached = latest if self.run.reached is None else max(latest, self.run.reached)
            self._whole.observe(rows)
            self._evaluator.take(rows, now)
        if self._evaluator.turn(now):
            self._send(now)

    def _send(self, now: datetime) -> None:
        with self._book.changing() as connection:
            letters = outbox.take_all(connection, now)
        for letter in letters:
            if letter.alert is not None:
                self.sent.append(Sent(at=now, sink=letter.sink, alert=letter.alert))

    def _incidents(self) -> Iterable[Incident]:
        with self._book.reading() as connection:
            found = [*incidents.open_incidents(connection), *incidents.ended_incidents(connection, _MOST)]
        return sorted(found, key=lambda one: (one.broken, one.id))


def _by_second(batches: Iterable[Sequence[PlainRow]]) -> Iterator[tuple[datetime, list[PlainRow]]]:
    """The rows of each whole second at which a watch that looks once a second would have read them.

    Times that go back, and rows without any, come with the row before them.
    """
    second: int | None = None
    rows: list[PlainRow] = []
    for batch in batches:
        for row in batch:
            at = row[1]
            begins = None if at is None else -(-at // MICROSECONDS)
            if begins is not None and (second is None or begins > second):
                if second is not None:
                    yield to_datetime(second * MICROSECONDS), rows
                    rows = []
                second = begins
            rows.append(row)
    if second is not None:
        yield to_datetime(second * MICROSECONDS), rows


def _keeping_all(settings: Settings) -> Settings:
    """*settings* under which no incident is forgotten, however long the log is."""
    return evolve(settings, alerting=evolve(settings.alerting, keep=_FOREVER))


def _whole(moment: datetime) -> datetime:
    """*moment*, or the next whole second."""
    return moment if not moment.microsecond else moment.replace(microsecond=0) + _SECOND
