"""Judges what a program logs, inside that program: the same answer as for a log file of the same records."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING, Final, NamedTuple

from kumon_observe.clock import Clock, utc_now
from kumon_observe.config.settings import Settings
from kumon_observe.engine.analyze import verdict_of, wanted_checks
from kumon_observe.engine.explain import explanation_of
from kumon_observe.engine.grave import Gravity
from kumon_observe.engine.judge import Judging
from kumon_observe.engine.recent import Keep, Kept, Recent
from kumon_observe.engine.run import Run
from kumon_observe.engine.shown import ConversationMatch, listed_record, listed_row
from kumon_observe.engine.sources import Sources
from kumon_observe.engine.story import Entry
from kumon_observe.engine.window import Window
from kumon_observe.model.evidence import CheckResult, Sentence
from kumon_observe.model.listing import Explanation
from kumon_observe.model.rows import PlainRow
from kumon_observe.model.verdict import Verdict
from kumon_observe.parsing.grammar import context_kind
from kumon_observe.parsing.logged import LoggedScanner
from kumon_observe.parsing.records import LoggedRecord
from kumon_observe.plugins.registry import Registry
from kumon_observe.reading import Chain, LogFile

if TYPE_CHECKING:
    from logging import LogRecord

_STARTS: Final = ("OUTBOX_TRACE|", "INSTANCE_TRACE|", "DELIVERY", "OUTBOX_GUARD|", "INSTANCE_GUARD|", "\x1b")
_LONGEST_HEAD: Final = 16
_LATEST: Final = 253_402_300_799.0
"""The last second of the calendar, since the epoch."""


class LiveRecord(NamedTuple):
    """What one ``logging.LogRecord`` holds of use; ``created`` in seconds since the epoch."""

    created: float
    logger: str
    level: str
    message: str
    process: str


def record_of(record: LogRecord) -> LiveRecord:
    """What *record* holds of use, its message without any formatter.

    Raises:
        Exception: its arguments do not fit its message; ``logging`` writes no line of it either.
    """
    message = record.getMessage()
    return LiveRecord(record.created, record.name, record.levelname, message, str(record.process or ""))


def may_be_trace(message_or_msg: str) -> bool:
    """Whether a message, or the ``msg`` from which ``%`` makes it, may be a trace; never wrongly false."""
    return message_or_msg.startswith(_STARTS) or "%" in message_or_msg[:_LONGEST_HEAD]


class Live:
    """Judges log records as they come; for one thread at a time.

    Memory is bounded: the checks give up the oldest open turns, :class:`Keep` says how much stays to explain.

    Args:
        settings: configuration; the defaults without any.
        registry: plugins; those that are installed, without any.
        checks: names of the checks that judge; all that are installed without any.
        name: what stands as the source's name in evidence and reports.
        show_personal_data: mask neither phones nor texts.
        clock: tells when an answer was made.
        keep: how many records of how many conversations stay to be explained.

    Raises:
        UsageError: an unknown check was asked for.
    """

    def __init__(
        self,
        *,
        settings: Settings | None = None,
        registry: Registry | None = None,
        checks: Collection[str] | None = None,
        name: str = "logging",
        show_personal_data: bool = False,
        clock: Clock = utc_now,
        keep: Keep | None = None,
    ) -> None:
        self._run = _LiveRun(
            specs=(name,),
            settings=settings,
            registry=registry,
            show_personal_data=show_personal_data,
            clock=clock,
        )
        self._all_checks = checks is None
        self._judging = Judging(wanted_checks(self._run.plugins, checks))
        self._gravity = Gravity(self._judging.apart)
        self._recent = Recent(keep or Keep())
        self._scanner = self._run.scanner

    def take(self, records: Iterable[LiveRecord]) -> bool:
        """Judge *records*, in their order.

        Returns:
            Whether they may be evidence of a critical violation, so that a verdict is worth its time now.
        """
        batch: list[PlainRow] = []
        for record in records:
            found = self._scanner.take(_microseconds(record.created), *record[1:])
            if found:
                batch += found
                self._recent.note(found)
            elif context_kind(record.message) is not None:
                self._recent.context(self._scanner.latest())
        grave = self._gravity.may_be_grave(batch)
        self._run.sources.seen.note(batch)
        self._judging.observe(batch)
        return grave

    def verdict(
        self,
        *,
        now: datetime | None = None,
        command: str = "health",
        reasons: Iterable[Sentence] = (),
    ) -> Verdict:
        """What the checks say of all records taken, as of a file.

        *now* is the moment up to which is judged (the latest record's without any; a naive one is in the
        settings' zone). *reasons* tell why the answer cannot be ``ok``, such as records that were dropped.
        """
        results = self._results(now)
        return verdict_of(self._run, results, command, self._all_checks, also_lost=reasons)

    def explain(
        self, conv: str, *, now: datetime | None = None, reasons: Iterable[Sentence] = ()
    ) -> Explanation:
        """The timeline of *conv* (its id or its pseudonym), as far back as its records are kept.

        The other arguments are those of :meth:`verdict`.
        """
        run = self._run
        matches = ConversationMatch(run, conv)
        names = [name for name in self._recent.conversations() if matches(name)]
        entries = [self._entry(kept) for name in names for kept in self._recent.of(name)]
        entries.sort(key=lambda entry: entry.offset)
        return explanation_of(run, matches, entries, self._results(now), also_lost=reasons)

    def _results(self, now: datetime | None) -> list[CheckResult]:
        if now is not None and now.tzinfo is None:
            now = now.replace(tzinfo=self._run.zone)
        return self._judging.results(self._run.now() if now is None else now)

    def _entry(self, kept: Kept) -> Entry:
        if isinstance(kept, LoggedRecord):
            ref, shown = kept.ref, listed_record(self._run, kept)
            return Entry(ref.at, ref.source, ref.offset, row=None, shown=shown)
        return Entry(kept[1], kept[2], kept[4], row=kept, shown=listed_row(self._run, kept))


class _LiveRun(Run):
    """A run that reads no log: its one source is what is handed over, named by its one spec."""

    @cached_property
    def scanner(self) -> LoggedScanner:
        """What takes the records."""
        return LoggedScanner(self.scan_options, process="0")

    @cached_property
    def sources(self) -> Sources:
        """The one source."""
        (name,) = self.specs
        sources = Sources((Chain(name, (LogFile(name=name),)),), self.scan_options, Window())
        sources.files[0].scanner = self.scanner
        return sources


def _microseconds(created: float) -> int | None:
    """A record's time; ``None`` if it lies beyond the calendar, as nothing that ``logging`` makes does."""
    return round(created * 1_000_000) if 0 <= created <= _LATEST else None
