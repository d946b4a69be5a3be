"""What the live screen shows at one moment: the verdict, how it came about, and whether anybody watches."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import NamedTuple

from attrs import frozen

from kumon_observe.model.evidence import Sentence
from kumon_observe.model.incident import Incident
from kumon_observe.model.listing import ListedRecord
from kumon_observe.model.value import Value
from kumon_observe.model.verdict import Verdict
from kumon_observe.model.watched import FRESH


class Step(NamedTuple):
    """What one step of a trend added: ``part`` of ``whole``.

    Of a ratio ``part`` is what was good; else it counts violations, and ``whole`` what they were found in.
    """

    part: int
    whole: int


@frozen(kw_only=True, eq=False, repr=False)
class Trend(Value):
    """How a check's figure went, by the log's own time.

    Attributes:
        check: its name.
        is_ratio: whether the steps are shares of what was good, or counts of violations.
        steps: oldest first; ``None`` where a step has no data.
        width: of a step.
        until: when the last step ends, aware; ``None`` where the log has no times.
    """

    check: str
    is_ratio: bool
    steps: tuple[Step | None, ...]
    width: timedelta
    until: datetime | None = None


@frozen(kw_only=True, eq=False, repr=False)
class Board(Value):
    """Everything on the screen.

    Attributes:
        at: when it was made, by the clock, aware.
        verdict: what the checks say of all that was read.
        losses: what could not be read.
        trends: one for each check of the verdict that has a figure.
        records: the last traces, oldest first, masked.
        newest: the time of the newest trace, by the log, or where it has no times by when it came; ``None``
            where that cannot be told.
        stale_after: with a newest trace older than this, nothing is known of the present.
        incidents: those that are not over.
        untold: why the incidents cannot be told, if so.
        beat: the last sign of life of the watch; ``None``: there is none in this state.
    """

    at: datetime
    verdict: Verdict
    losses: tuple[Sentence, ...] = ()
    trends: tuple[Trend, ...] = ()
    records: tuple[ListedRecord, ...] = ()
    newest: datetime | None = None
    stale_after: timedelta = timedelta(minutes=10)
    incidents: tuple[Incident, ...] = ()
    untold: Sentence | None = None
    beat: datetime | None = None

    @property
    def age(self) -> timedelta | None:
        """How old the newest trace is; negative where the log is ahead of the clock."""
        return None if self.newest is None else self.at - self.newest

    @property
    def sees(self) -> bool:
        """Whether the newest trace is near enough to the clock to say something of the present."""
        return self.age is not None and abs(self.age) <= self.stale_after

    @property
    def is_watched(self) -> bool:
        """Whether the watch lives."""
        return self.beat is not None and self.at - self.beat <= FRESH
