"""A run whose sources are followed logs, so that verdicts, listings and evidence are made as of any run."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING

from attrs import evolve

from kumon_observe.engine.part import FollowedFile, no_bytes
from kumon_observe.engine.run import Run
from kumon_observe.engine.sources import ReadFile, Sources
from kumon_observe.engine.window import Window
from kumon_observe.model.evidence import Sentence
from kumon_observe.model.moments import to_datetime
from kumon_observe.model.verdict import SourceReport
from kumon_observe.parsing.scan import Scanner

if TYPE_CHECKING:
    from kumon_observe.engine.following import Following
    from kumon_observe.parsing.tally import Tally


class FollowedRun(Run):
    """The run of a *following*, which is set before anything is asked."""

    following: Following

    @cached_property
    def sources(self) -> Sources:
        """The generations of all logs, by their numbers in rows."""
        return Sources((), self.scan_options, Window())

    def now(self) -> datetime | None:
        """The logs' own latest time."""
        times = [log.tally().last for log in self.following.logs]
        latest = max((at for at in times if at is not None), default=None)
        return None if latest is None else to_datetime(latest)

    def losses(self) -> list[Sentence]:
        """Why an answer of this moment cannot be ``ok``."""
        return self.following.losses()

    def reports(self) -> tuple[SourceReport, ...]:
        """What was read of each log."""
        now = self.clock()
        return tuple(
            evolve(
                self.report_of(log.name, log.tally(), None, log.bytes_read()),
                error=log.loss(now),
                notes=log.notes(),
            )
            for log in self.following.logs
        )

    def leave_room(self, sources: int) -> None:
        """The numbers of *sources* were given in an earlier run, of whose rows a check may still know."""
        gone = ReadFile(FollowedFile("?", no_bytes), 0, 0, Scanner(self.scan_options))
        self.sources.files.extend([gone] * sources)

    def _tallies(self) -> Iterable[Tally]:
        return (log.tally() for log in self.following.logs)
