"""Makes the live screen's values: judges rows as they come, and says at any moment how it stands."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from kumon_observe.engine.run import Run
from kumon_observe.engine.shown import listed_row
from kumon_observe.engine.trends import SPAN, Trends
from kumon_observe.model.board import Board, Trend
from kumon_observe.model.listing import ListedRecord
from kumon_observe.model.rows import PlainRow
from kumon_observe.model.verdict import Verdict
from kumon_observe.monitor.judged import Judged
from kumon_observe.monitor.onlooker import Onlooker, told

MOST_RECORDS: Final = 100
"""How many traces the largest screen shows."""

STALE: Final = timedelta(minutes=10)
"""How old the newest trace may be, unless somebody says otherwise."""


def board_once(
    run: Run, onlooker: Onlooker, *, span: timedelta = SPAN, stale_after: timedelta = STALE
) -> Board:
    """The board of all that a *run* reads; the other arguments are those of :class:`Boards`.

    Raises:
        UsageError: no source, or an empty window was asked for.
    """
    boards = Boards(run, onlooker, span=span, stale_after=stale_after)
    for batch in run.sources.batches():
        boards.take(batch, None)
    return boards.board()


class Boards:
    """The boards of a *run*, whose rows are handed over as they come.

    Args:
        run: what is read.
        onlooker: tells of the watch.
        span: how far the trends go back.
        stale_after: with a newest trace older than this, nothing is known of the present.
    """

    def __init__(
        self, run: Run, onlooker: Onlooker, *, span: timedelta = SPAN, stale_after: timedelta = STALE
    ) -> None:
        self._run = run
        self._onlooker = onlooker
        self._stale_after = stale_after
        self._judged = Judged(run, {}, run.clock())
        self._trends = Trends(self._judged.checks, span)
        self._last: deque[PlainRow] = deque(maxlen=MOST_RECORDS)
        self._came: datetime | None = None
        self._stamp: tuple[object, ...] | None = None
        self._answer: tuple[Verdict, tuple[Trend, ...], tuple[ListedRecord, ...]] | None = None

    def take(self, rows: Sequence[PlainRow], came: datetime | None) -> None:
        """Judge *rows*, which were written at about *came*, if that can be told."""
        if not rows:
            return
        for part in self._trends.parts(rows):
            self._judged.take(part, came or self._run.clock())
        self._last.extend(rows)
        self._came = came
        self._stamp = None

    def board(self, read: int = 0) -> Board:
        """How it stands now. *read* tells by any number how far the logs were read.

        As long as nothing was read and nothing else is lost, the verdict is not made again.
        """
        losses = tuple(self._judged.losses())
        stamp = (read, losses)
        if self._answer is None or stamp != self._stamp:
            self._stamp = stamp
            records = tuple(listed_row(self._run, row) for row in self._last)
            self._answer = self._judged.verdict("dashboard"), self._trends.trends(), records
        verdict, trends, records = self._answer
        incidents, untold = told(self._onlooker)
        return Board(
            at=self._run.clock(),
            verdict=verdict,
            losses=losses,
            trends=trends,
            records=records,
            newest=verdict.coverage.last or self._came,
            stale_after=self._stale_after,
            incidents=incidents,
            untold=untold,
            beat=self._onlooker.beat(),
        )
