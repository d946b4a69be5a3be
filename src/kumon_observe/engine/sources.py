"""Reads all sources of a run: each through its scan, several merged by time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from heapq import merge
from itertools import chain, islice
from operator import itemgetter

from attrs import Factory, define

from kumon_observe.engine.unread import no_record
from kumon_observe.engine.window import Window
from kumon_observe.model import rows
from kumon_observe.model.apart import Apart
from kumon_observe.model.events import to_datetime
from kumon_observe.model.evidence import Sentence
from kumon_observe.model.phrase import phrase
from kumon_observe.model.rows import PlainRow
from kumon_observe.model.verdict import Coverage
from kumon_observe.parsing.choice import scanner_of
from kumon_observe.parsing.head import HEAD_BYTES, inspect
from kumon_observe.parsing.scan import Scanner, ScanOptions
from kumon_observe.reading import Chain, LogFile

_BATCH = 4096
_OUTBOX = (rows.PLANNER, rows.DELIVERY)
_DELIVERY = (rows.SEND, rows.RESULT, rows.TURN_RESULT)
_GUARDS = (rows.HANDOFF_GUARD, rows.OUTBOX_GUARD, rows.BAD_INSTANCE, rows.OTHER_GUARD)


Tap = Callable[["ReadFile", bytes], None]
"""Is given each block of each file as it is read, and an empty one at the file's end."""


@define(eq=False)
class ReadFile:
    """One file of a run with its scan; ``source`` is its number in rows."""

    file: LogFile
    chain: int
    source: int
    scanner: Scanner

    def unreadable(self) -> Sentence | None:
        """What was lost of this file, if anything."""
        return self.file.error or self.scanner.unreadable


@define(eq=False)
class Sources:
    """The sources of one run. ``batches`` can be called once; the rest tells what it saw.

    ``tap`` sees the bytes as well, for answers that need more than the traces. Where ``apart`` tells what
    must come trace by trace, settled turns may come folded.
    """

    chains: Sequence[Chain]
    options: ScanOptions
    window: Window = Factory(Window)
    tap: Tap | None = None
    apart: Callable[[], Apart] | None = None
    files: list[ReadFile] = Factory(list)
    _kinds: Counter[int] = Factory(Counter)
    _first: int | None = None
    _last: int | None = None

    def __attrs_post_init__(self) -> None:
        for number, siblings in enumerate(self.chains):
            for file in siblings.files:
                options = self.options
                if file.modified is not None:
                    options = options.written_at(datetime.fromtimestamp(file.modified, UTC))
                scanner = scanner_of(
                    options, source=len(self.files), process=str(number), keep_text=not file.seekable
                )
                self.files.append(ReadFile(file, number, len(self.files), scanner))

    def batches(self) -> Iterator[list[PlainRow]]:
        """All rows inside the window, in log order, several sources merged by time."""
        found = self._chain(0) if len(self.chains) == 1 else self._merged()
        for batch in found:
            cut = self.window.cut(batch)
            if cut:
                self._note(cut)
                yield cut

    def now(self) -> int | None:
        """The log's own time: that of the latest record of all sources, inside the window."""
        times = [read.scanner.tally.last for read in self.files]
        return self.window.clamp(max((at for at in times if at is not None), default=None))

    def coverage(self) -> Coverage:
        """How many traces of each kind were judged, and the time that they span."""
        return Coverage(
            outbox=sum(self._kinds[kind] for kind in _OUTBOX),
            instance=self._kinds[rows.INSTANCE],
            delivery=sum(self._kinds[kind] for kind in _DELIVERY),
            guards=sum(self._kinds[kind] for kind in _GUARDS),
            first=None if self._first is None else to_datetime(self._first),
            last=None if self._last is None else to_datetime(self._last),
        )

    @property
    def seen(self) -> bool:
        """Whether any trace was judged."""
        return bool(self._kinds)

    @property
    def recognised(self) -> bool:
        """Whether any record was."""
        return any(read.scanner.tally.recognised for read in self.files)

    def _note(self, batch: list[PlainRow]) -> None:
        self._kinds.update(map(itemgetter(0), batch))
        times = [row[1] for row in batch if row[1] is not None]
        for fold in (row[10] for row in batch if row[0] == rows.FOLDED):
            for kind, n in fold.kinds():
                self._kinds[kind] += n
            if fold.first is not None:
                times += (fold.first, fold.last)
        if times:
            first, last = min(times), max(times)
            self._first = first if self._first is None else min(first, self._first)
            self._last = last if self._last is None else max(last, self._last)

    def _chain(self, number: int) -> Iterator[list[PlainRow]]:
        """The rows of one source: its files one after the other, oldest first."""
        reads = [read for read in self.files if read.chain == number]
        begun, prefixed = self._begin(reads)
        for read, blocks in chain(begun, ((read, read.file.blocks()) for read in reads[len(begun) :])):
            scanner = read.scanner
            scanner.may_be_plain = not prefixed
            if len(self.chains) == 1 and not self.window.bounded:
                scanner.fold(self.apart, read.file.read_at if read.file.seekable else None)
            for block in blocks:
                if self.tap is not None:
                    self.tap(read, block)
                found = scanner.feed(block)
                if found:
                    yield found
            if self.tap is not None:
                self.tap(read, b"")
            found = scanner.finish(complete_tail=read.file.complete_tail, cut=read.file.truncated)
            if found:
                yield found
            prefixed = prefixed or scanner.prefixed

    def _begin(self, reads: Sequence[ReadFile]) -> tuple[list[tuple[ReadFile, Iterator[bytes]]], bool]:
        """Begin as many siblings as the source's head spans; whether any of them has prefixes.

        Siblings are one source, so a bare line at the end of an old one is no trace if the next has them.
        """
        begun: list[tuple[ReadFile, Iterator[bytes]]] = []
        explainer = self.options.explainer()
        size, prefixed = 0, False
        for read in reads if len(reads) > 1 else ():
            blocks = read.file.blocks()
            first = next(blocks, b"")
            begun.append((read, chain((first,) if first else (), blocks)))
            prefixed = prefixed or inspect(first, explainer).recognised
            size += len(first)
            if size >= HEAD_BYTES:
                break
        return begun, prefixed

    def _merged(self) -> Iterator[list[PlainRow]]:
        keyed = merge(*map(self._keyed, range(len(self.chains))), key=itemgetter(0))
        unkeyed = map(itemgetter(1), keyed)
        while batch := list(islice(unkeyed, _BATCH)):
            yield batch

    def _keyed(self, number: int) -> Iterator[tuple[tuple[int, int], PlainRow]]:
        """The rows of one source, each with a time that never goes back; one without stays where it is.

        At one time the steps of a turn decide, so that what a planner in one source wrote comes before what
        a delivery in another one found; within a source the log's own order stands.
        """
        latest, step = 0, 0
        for batch in self._chain(number):
            for row in batch:
                at = row[1]
                if at is not None and at > latest:
                    latest, step = at, 0
                step = max(step, rows.STEPS[row[0]])
                yield (latest, step), row

    def losses(self) -> list[Sentence]:
        """What was not read of which source: none of it may count as healthy."""
        found: list[Sentence] = []
        for read in self.files:
            lost = self.loss_of(read)
            if lost is not None:
                found.append(phrase("{source}: {what}", source=read.file.name, what=lost))
        return found

    def loss_of(self, read: ReadFile) -> Sentence | None:
        """What was not read of one file."""
        lost = read.unreadable()
        if lost is not None:
            return lost
        siblings = [other for other in self.files if other.chain == read.chain]
        if siblings[0] is read and not any(other.scanner.tally.recognised for other in siblings):
            return no_record(read.file, self.options)
        for failed in read.scanner.failed_layouts:
            return failed
        return None
