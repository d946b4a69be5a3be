"""Reads all sources of a run: each through its scan, several merged by time."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, datetime
from itertools import chain, islice
from operator import itemgetter
from typing import TYPE_CHECKING, Final

from kumon_observe.engine.judge import Judging
from kumon_observe.engine.seen import Seen
from kumon_observe.engine.window import Window
from kumon_observe.model import rows
from kumon_observe.model.evidence import Sentence
from kumon_observe.model.phrase import phrase
from kumon_observe.model.rows import PlainRow
from kumon_observe.parsing.choice import scanner_of
from kumon_observe.parsing.head import HEAD_BYTES, inspect
from kumon_observe.parsing.options import ScanOptions
from kumon_observe.parsing.scan import Scanner
from kumon_observe.reading import Chain, LogFile
from kumon_observe.reading.files import OpenFile

if TYPE_CHECKING:
    from kumon_observe.engine.cursor import Keeper
    from kumon_observe.engine.keeping import Keeping

if TYPE_CHECKING:
    from kumon_observe.engine.progress import Progress

_BATCH = 4096
_LEAST_DIVIDED = 32 << 20
"""Bytes from which on it is worth while that several processes read a file."""


_TWO: Final = 2
"""With so many processors one thread reads and another judges, which costs nothing twice as processes do."""

Tap = Callable[["ReadFile", bytes], None]
"""Is given each block of each file as it is read, and an empty one at the file's end."""


class ReadFile:
    """One file of a run with its scan; ``source`` is its number in rows, ``lost`` what failed in reading."""

    def __init__(self, file: LogFile, chain: int, source: int, scanner: Scanner) -> None:
        self.file = file
        self.chain = chain
        self.source = source
        self.scanner = scanner
        self.lost: list[Sentence] = []

    def unreadable(self) -> Sentence | None:
        """What was lost of this file, if anything."""
        return self.file.error or self.scanner.unreadable or next(iter(self.lost), None)


class Sources:
    """The sources of one run. ``batches`` can be called once; the rest tells what it saw.

    ``tap`` sees the bytes as well, for answers that need more than the traces. Settled turns may come folded
    to ``judging``. Large files are read, or decompressed, by ``jobs`` processes. ``keeper`` spares one from
    being read again.
    """

    def __init__(
        self, chains: Sequence[Chain], options: ScanOptions, window: Window, *, jobs: int = 1
    ) -> None:
        self.chains = chains
        self.options = options
        self.window = window
        self.jobs = jobs
        self.tap: Tap | None = None
        self.judging: Judging | None = None
        self.keeper: Keeper | None = None
        self.progress: Progress | None = None
        self.files: list[ReadFile] = []
        self.seen = Seen()
        for number, siblings in enumerate(self.chains):
            for file in siblings.files:
                if self.jobs > 1 and len(self.chains) == 1 and not file.seekable:
                    from kumon_observe.engine.decompressing import elsewhere

                    file.content = elsewhere(file.content)
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
                self.seen.note(cut)
                yield cut

    def now(self) -> int | None:
        """The log's own time: that of the latest record of all sources, inside the window."""
        times = [read.scanner.tally.last for read in self.files]
        return self.window.clamp(max((at for at in times if at is not None), default=None))

    @property
    def recognised(self) -> bool:
        """Whether any record was."""
        return any(read.scanner.tally.recognised for read in self.files)

    def _chain(self, number: int) -> Iterator[list[PlainRow]]:
        """The rows of one source: its files one after the other, oldest first."""
        reads = [read for read in self.files if read.chain == number]
        begun, prefixed = self._begin(reads)
        for read in reads:
            scanner = read.scanner
            scanner.may_be_plain = not prefixed
            apart = None if self._folding is None else self._folding.apart
            scanner.fold(apart, read.file.read_at if read.file.seekable else None)
            keeping = self._keeping(read)
            if keeping is not None:
                keeping.start()
            if read in begun or self.tap is not None or not read.file.opens:
                yield from self._fed(read, begun.get(read) or read.file.blocks())
            else:
                yield from self._read(read)
            if keeping is not None and read.unreadable() is None:
                keeping.keep()
            found = scanner.finish(complete_tail=read.file.complete_tail, cut=read.file.truncated)
            if found:
                yield found
            prefixed = prefixed or scanner.prefixed

    def _fed(self, read: ReadFile, blocks: Iterator[bytes]) -> Iterator[list[PlainRow]]:
        """The rows of a file that comes in blocks."""
        for block in blocks:
            if self.tap is not None:
                self.tap(read, block)
            found = read.scanner.feed(block)
            if found:
                yield found
            self._reached(read)
        if self.tap is not None:
            self.tap(read, b"")

    def _divided(self, read: ReadFile, file: OpenFile) -> Iterator[list[PlainRow]]:
        from kumon_observe.engine.parts import Divided

        return Divided(file, read.scanner, self._folding, self.jobs, read.lost).batches()

    def _told(self, read: ReadFile, batches: Iterable[list[PlainRow]]) -> Iterator[list[PlainRow]]:
        """The *batches* that hold something; behind each it is told how far the file was read."""
        for batch in batches:
            if batch:
                yield batch
            self._reached(read)

    def _reached(self, read: ReadFile) -> None:
        if self.progress is not None:
            self.progress.reached(read.source, read.file.name, read.scanner.bytes_read)

    @property
    def _folding(self) -> Judging | None:
        """Who is given settled turns folded: nobody where something may come between their traces."""
        alone = len(self.chains) == 1 and not self.window.bounded
        return self.judging if alone and self.judging is not None and self.judging.takes_folds else None

    def _keeping(self, read: ReadFile) -> Keeping | None:
        """What keeps the state for the next run: of one plain file that is judged from beginning to end."""
        alone = len(self.files) == 1 and not self.window.bounded
        if self.keeper is None or not alone or self.tap is not None or not read.file.opens:
            return None
        return self.keeper.of(read.file, read.scanner, self.seen)

    def _read(self, read: ReadFile) -> Iterator[list[PlainRow]]:
        """The rows of a plain file, which the scan reads by itself."""
        with read.file.opened() as file:
            if file is None:
                return
            if not read.scanner.bytes_read:
                read.scanner.begin(file.at(0, HEAD_BYTES))
            file.position = read.scanner.bytes_read
            if self.jobs > 1 and file.end - file.position >= _LEAST_DIVIDED:
                read.scanner.ahead = self.jobs == _TWO and read.scanner.reads_ahead
                if not read.scanner.ahead:
                    yield from self._told(read, self._divided(read, file))
            while file.goes_on():
                before = file.position
                yield from self._told(read, read.scanner.read(file.descriptor, file.end))
                file.position = read.scanner.bytes_read
                if file.position == before:
                    break

    def _begin(self, reads: Sequence[ReadFile]) -> tuple[dict[ReadFile, Iterator[bytes]], bool]:
        """Begin as many siblings as the source's head spans; whether any of them has prefixes.

        Siblings are one source, so a bare line at the end of an old one is no trace if the next has them.
        """
        begun: dict[ReadFile, Iterator[bytes]] = {}
        explainer = self.options.explainer()
        size, prefixed = 0, False
        for read in reads if len(reads) > 1 else ():
            blocks = read.file.blocks()
            first = next(blocks, b"")
            begun[read] = chain((first,) if first else (), blocks)
            prefixed = prefixed or inspect(first, explainer).recognised
            size += len(first)
            if size >= HEAD_BYTES:
                break
        return begun, prefixed

    def _merged(self) -> Iterator[list[PlainRow]]:
        from heapq import merge

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
            from kumon_observe.engine.unread import no_record

            return no_record(read.file, self.options)
        for failed in read.scanner.failed_layouts:
            return failed
        return None
