"""What every question to the logs has in common: sources, settings, window, pseudonyms."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime, tzinfo
from functools import cached_property
from typing import TYPE_CHECKING, BinaryIO, Final, TypedDict

from attrs import define, evolve, field

from kumon_observe.clock import Clock, utc_now
from kumon_observe.config.settings import Settings
from kumon_observe.engine.sources import ReadFile, Sources
from kumon_observe.engine.window import Window
from kumon_observe.model.errors import UsageError
from kumon_observe.model.evidence import CheckResult, Evidence, Sentence
from kumon_observe.model.moments import to_datetime
from kumon_observe.model.phrase import counted
from kumon_observe.model.verdict import Problem, SourceReport
from kumon_observe.model.zones import named_zone
from kumon_observe.parsing.options import ScanOptions
from kumon_observe.parsing.sealing import Sealer
from kumon_observe.parsing.trust import TrustedLoggers
from kumon_observe.plugins.registry import Registry
from kumon_observe.reading import open_sources

if TYPE_CHECKING:
    from kumon_observe.engine.evidence import EvidenceResolver
    from kumon_observe.engine.masking import Masks
    from kumon_observe.engine.progress import Told
    from kumon_observe.engine.pseudonym_key import Key
    from kumon_observe.parsing.tally import Place, Tally

SourceSpec = str | os.PathLike[str]
"""A file, a directory, a glob, or ``-`` for standard input."""


def _as_names(specs: SourceSpec | Iterable[SourceSpec]) -> tuple[str, ...]:
    if isinstance(specs, (str, os.PathLike)):
        return (os.fspath(specs),)
    return tuple(os.fspath(spec) for spec in specs)


def _or_defaults(settings: Settings | None) -> Settings:
    return settings if settings is not None else Settings()


class RunOptions(TypedDict, total=False):
    """The options that all questions to the logs share.

    Attributes:
        settings: configuration; the defaults without any.
        registry: plugins; those that are installed, without any.
        since: judge traces from this moment on. Naive moments are in the settings' zone.
        until: judge traces before this moment.
        layout: the one log layout to accept (empty: each record is explained on its own).
        rotated: read rotated siblings with their file.
        show_personal_data: mask neither phones nor texts.
        jobs: how many cores read a large file: with 2 a thread reads ahead in the compiled scan, otherwise
            processes divide it (``fork``: only where no other threads run).
        stdin: what ``-`` reads.
        clock: tells when the answer was made.
        progress: is told how far the reading has come.
    """

    settings: Settings | None
    registry: Registry | None
    since: datetime | None
    until: datetime | None
    layout: str | None
    rotated: bool
    show_personal_data: bool
    jobs: int
    stdin: BinaryIO | None
    clock: Clock
    progress: Told | None


_OTHERS_WORDS: Final = ("embedded", "oversized")
_IGNORED: Final = (
    ("malformed", "1 malformed trace was ignored", "{n} malformed traces were ignored"),
    (
        "embedded",
        "1 embedded trace was ignored: it stands inside another message",
        "{n} embedded traces were ignored: they stand inside other messages",
    ),
    (
        "untrusted",
        "1 untrusted trace was ignored: its logger is none of the app's",
        "{n} untrusted traces were ignored: their loggers are none of the app's",
    ),
    (
        "unsealed",
        "1 unsealed trace was ignored: it has no seal that a key of [sealing] made",
        "{n} unsealed traces were ignored: they have no seal that a key of [sealing] made",
    ),
    (
        "oversized",
        "1 oversized record was ignored: it is longer than max_record",
        "{n} oversized records were ignored: they are longer than max_record",
    ),
    (
        "undecodable",
        "1 line holds undecodable bytes, which are no UTF-8",
        "{n} lines hold undecodable bytes, which are no UTF-8",
    ),
)


@define(
    eq=False, repr=False, kw_only=True, slots=False
)  # so that its cached properties cost nothing to declare
class Run:
    """One reading of the sources *specs*; the options are explained at :class:`RunOptions`."""

    specs: Sequence[str] = field(converter=_as_names)
    settings: Settings = field(default=None, converter=_or_defaults)
    registry: Registry | None = None
    since: datetime | None = None
    until: datetime | None = None
    layout: str | None = None
    rotated: bool = False
    show_personal_data: bool = False
    jobs: int = 1
    stdin: BinaryIO | None = None
    clock: Clock = utc_now
    progress: Told | None = None

    @cached_property
    def plugins(self) -> Registry:
        """The plugins of this run."""
        return self.registry or Registry.load(self.settings)

    @cached_property
    def zone(self) -> tzinfo:
        """The zone of times that name none."""
        return named_zone(self.settings.timezone)

    @cached_property
    def display_zone(self) -> tzinfo | None:
        """The zone in which times are shown; ``None`` is the machine's, as ``astimezone`` takes it."""
        name = self.settings.display_timezone
        return named_zone(name) if name else None

    @cached_property
    def scan_options(self) -> ScanOptions:
        """How the sources' bytes are read.

        Raises:
            UsageError: the forced layout is not known.
            ConfigError: traces are to be sealed, and the keys cannot be used.
        """
        parsers = self.plugins.parsers()
        layout = self.layout if self.layout is not None else self.settings.layout
        names = sorted(parser.name for parser in parsers)
        if layout and layout not in names:
            raise UsageError(f"there is no layout {layout!r}: use one of {', '.join(names)}")
        return ScanOptions(
            parsers=parsers,
            zone=self.zone,
            layout=layout,
            trusted=TrustedLoggers(self.settings.trusted_loggers),
            max_record=self.settings.max_record,
            sealer=Sealer.of(self.settings.sealing),
        )

    @cached_property
    def sources(self) -> Sources:
        """The opened sources.

        Raises:
            UsageError: no source was named, or an empty one, or the window ends before it begins.
        """
        if not self.specs:
            raise UsageError("no log was named: give a file, a directory, a glob, or - for standard input")
        if not all(map(str.strip, self.specs)):
            raise UsageError(
                "a log's name is empty: give a file, a directory, a glob, or - for standard input"
            )
        since, until = self._aware(self.since), self._aware(self.until)
        if since is not None and until is not None and since >= until:
            raise UsageError(
                f"the window is empty: {since.isoformat()} is not before {until.isoformat()}: "
                "name a beginning before the end"
            )
        chains = open_sources(self.specs, rotated=self.rotated, stdin=self.stdin)
        window = Window.between(since, until)
        sources = Sources(chains, self.scan_options, window, jobs=self.jobs)
        if self.progress is not None:
            from kumon_observe.engine.progress import Progress

            sources.progress = Progress.of((read.file.size for read in sources.files), self.progress)
        return sources

    @cached_property
    def masks(self) -> Masks:
        """What masks personal data in all that is shown."""
        from kumon_observe.engine.masking import Masks
        from kumon_observe.model.privacy import Pseudonyms

        return Masks.none() if self.show_personal_data else Masks(Pseudonyms(self._key.value))

    @cached_property
    def _key(self) -> Key:
        from kumon_observe.engine.pseudonym_key import load_key

        return load_key(self.settings)

    @cached_property
    def resolver(self) -> EvidenceResolver:
        """What makes evidence readable."""
        from kumon_observe.engine.evidence import EvidenceResolver

        return EvidenceResolver(self.sources.files, self.scan_options, self.masks)

    def resolved(self, result: CheckResult, limit: int) -> CheckResult:
        """*result* with at most *limit* violations, resolved and masked; as it is if it shows no record."""
        named = any(count for count in result.counts.values() if not isinstance(count, int))
        return (
            self.resolver.result(result, limit) if named or result.violations or result.warnings else result
        )

    def generated_at(self) -> datetime:
        """The moment of the answer."""
        return self.clock()

    def now(self) -> datetime | None:
        """The log's own time, once everything is read."""
        now = self.sources.now()
        return None if now is None else to_datetime(now)

    def losses(self) -> list[Sentence]:
        """Why this run's answer cannot be ``ok``: what was not read, and what the window could not place."""
        losses = self.sources.losses()
        untimed = self.sources.window.untimed
        if untimed:
            losses.append(
                counted(
                    untimed,
                    "1 trace has no time, so the window leaves it out",
                    "{n} traces have no time, so the window leaves them out",
                )
            )
        return losses

    def ignored(self) -> list[Sentence]:
        """What was read and not used; it is named, and changes no status."""
        totals = Counter[str]()
        for tally in self._tallies():
            totals.update(tally.problems)
        return [counted(totals[kind], one, many) for kind, one, many in _IGNORED if totals[kind]]

    def _tallies(self) -> Iterable[Tally]:
        """What was counted, in any parts."""
        return (read.scanner.tally for read in self.sources.files)

    def unkept(self) -> list[Sentence]:
        """That no later run will know the pseudonyms of this one, where it is so."""
        if self.show_personal_data or self._key.is_kept:
            return []
        from kumon_observe.engine.pseudonym_key import state_directory
        from kumon_observe.model.privacy import unkept

        return [unkept(str(state_directory(self.settings)))]

    def reports(self) -> tuple[SourceReport, ...]:
        """What was read of each source."""
        return tuple(self._report(read) for read in self.sources.files)

    def _report(self, read: ReadFile) -> SourceReport:
        file, scanner = read.file, read.scanner
        report = self.report_of(file.name, scanner.tally, file.size, scanner.bytes_read)
        problems = {**report.problems, "truncated": report.problems["truncated"] + file.truncated}
        return evolve(report, problems=problems, error=self.sources.loss_of(read), notes=tuple(file.notes))

    def report_of(self, name: str, tally: Tally, size: int | None, read: int) -> SourceReport:
        """What the source *name* added up to, of which *read* of *size* bytes were read."""
        return SourceReport(
            name=name,
            size=size,
            read=read,
            lines=tally.lines,
            traces=tally.traces,
            extra_fields=tally.extra_fields,
            duplicates=tally.duplicates,
            layouts=dict(tally.layouts.most_common()),
            first=None if tally.first is None else to_datetime(tally.first),
            last=None if tally.last is None else to_datetime(tally.last),
            problems=dict(tally.problems),
            places=tuple(
                Problem(
                    kind=place.kind,
                    evidence=self._unused(place),
                    reason=place.reason,
                )
                for place in sorted(tally.places, key=lambda place: (place.ref.source, place.ref.offset))
            ),
        )

    def _unused(self, place: Place) -> Evidence:
        """The record that was not used; one that is no trace holds people's words, which are not shown."""
        if self.show_personal_data or place.kind not in _OTHERS_WORDS:
            return self.resolver.evidence(Evidence.at_ref(place.ref))
        from kumon_observe.parsing.grammar import TOKEN

        quoted = TOKEN.search(self.resolver.text(place.ref).encode(errors="replace"))
        return self.resolver.placed(place.ref, f"… {quoted[0].decode()} …" if quoted else "")

    def _aware(self, moment: datetime | None) -> datetime | None:
        if moment is None or moment.tzinfo is not None:
            return moment
        return moment.replace(tzinfo=self.zone)
