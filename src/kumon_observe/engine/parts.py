"""A large file read by several processes: each scans parts of it, the answers are put together in order.

Parts begin at lines. What a process finds in a part is what one reading would have found there, if the part
before left nothing unfinished; else, and where a process dies, this process reads the part by itself.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, NamedTuple

from attrs import evolve, frozen

from kumon_observe.engine.judge import Judging
from kumon_observe.engine.workers import Died, Send, Worker, can_fork
from kumon_observe.model import rows
from kumon_observe.model.apart import Apart
from kumon_observe.model.evidence import Sentence
from kumon_observe.model.phrase import phrase
from kumon_observe.model.rows import PlainRow
from kumon_observe.parsing.folded import FoldedBlock
from kumon_observe.parsing.scan import Scanner
from kumon_observe.parsing.standing import Standing
from kumon_observe.parsing.tally import Tally
from kumon_observe.reading.files import OpenFile

PART: Final = 16 << 20
"""About how many bytes a part has."""

_NEAR: Final = 1 << 16
_LEAD: Final = 1 << 18


class Piece(NamedTuple):
    """What a process found in one block: where it stood behind it, the rows, what they add up to."""

    standing: Standing
    batch: list[PlainRow]
    tally: Tally
    failed: dict[str, str]


class Part(NamedTuple):
    """The lines of a file from *start* to *end*, offsets in bytes."""

    start: int
    end: int


def parts_of(file: OpenFile, start: int, size: int) -> list[Part]:
    """The parts of *file* from *start* on, each of about *size* bytes."""
    places = [start]
    while file.end - places[-1] > size + size // 2:
        place = _next_line(file, places[-1] + size)
        if place >= file.end:
            break
        places.append(place)
    return [Part(*ends) for ends in zip(places, [*places[1:], file.end], strict=True)]


def even(length: int, jobs: int) -> int:
    """The size near :data:`PART` of the parts of *length* bytes of which all *jobs* get as many."""
    rounds = max(1, round(length / (PART * jobs)))
    return max(1, -(-length // (rounds * jobs)))


def _next_line(file: OpenFile, offset: int) -> int:
    while piece := file.at(offset, _NEAR):
        newline = piece.find(b"\n")
        if newline >= 0:
            return offset + newline + 1
        offset += len(piece)
    return file.end


@frozen
class Divided:
    """One open *file* that *jobs* processes read; *scanner* has seen its head, and stands where to begin.

    Settled turns may be folded for ``judging``: each process has a copy of it that sees its parts alone, and
    folds for that; here it is seen whether it suits the whole. What went wrong is told in ``lost``.
    """

    file: OpenFile
    scanner: Scanner
    judging: Judging | None
    jobs: int
    lost: list[Sentence]

    def batches(self) -> Iterator[list[PlainRow]]:
        """The rows of the file's parts, in order; nothing if there is one only, or no process can be made."""
        start = self.scanner.offset
        parts = parts_of(self.file, start, even(self.file.end - start, self.jobs))
        if len(parts) < 2 or not can_fork():
            return
        workers: list[Worker] = []
        try:
            for number in range(min(self.jobs, len(parts))):
                workers.append(Worker.begin(self._work, parts[number :: self.jobs], workers))
            for number, part in enumerate(parts):
                yield from self._part(part, workers[number % self.jobs])
        finally:
            for worker in workers:
                worker.end()
        self.scanner.look_back(self.file.descriptor)

    # -- in this process -------------------------------------------------------------------------

    def _part(self, part: Part, worker: Worker) -> Iterator[list[PlainRow]]:
        """The rows of one part: from *worker* where its answer can be used, the rest is read here."""
        scanner = self.scanner
        try:
            if not worker.dead:
                yield from self._received(worker)
        except Died as died:
            self.lost.append(
                phrase(
                    "the process that read it from byte {start} to {end} died ({how}): run again",
                    start=part.start,
                    end=part.end,
                    how=died.how,
                )
            )
        while scanner.bytes_read < part.end:
            before = scanner.bytes_read
            for batch in scanner.read(self.file.descriptor, part.end):
                self.file.position = scanner.bytes_read
                yield batch
            if scanner.bytes_read == before:
                return

    def _received(self, worker: Worker) -> Iterator[list[PlainRow]]:
        scanner = self.scanner
        begun: Standing = worker.receive()
        usable = begun.follows(scanner.standing) and scanner.settled
        lines = scanner.tally.lines
        while (piece := worker.receive()) is not None:
            if usable:
                yield self._taken(piece, lines)

    def _taken(self, piece: Piece, lines: int) -> list[PlainRow]:
        """The batch of a piece, whose lines are counted after *lines*, as if it was read here."""
        scanner = self.scanner
        scanner.tally.add(piece.tally, lines)
        scanner.stand(piece.standing, lines)
        scanner.failed.update(piece.failed)
        self.file.position = scanner.bytes_read
        blocks = {id(row[11]): row[11] for row in piece.batch if row[0] == rows.FOLDED}
        apart = self.judging.apart() if blocks and self.judging is not None else None
        for block in blocks.values():
            if not self._suits(block, lines, apart):
                return scanner.again(block.place, apart)
        if not lines:
            return piece.batch
        return [row if row[0] == rows.FOLDED else (*row[:3], row[3] + lines, *row[4:]) for row in piece.batch]

    def _suits(self, block: FoldedBlock, lines: int, apart: Apart | None) -> bool:
        """Whether what was folded in *block* may stay so; it is made one of this process."""
        block.place = evolve(block.place, lines=block.place.lines + lines)
        block.again_by = self.scanner.again
        return apart is not None and block.suits(apart)

    # -- in the others ---------------------------------------------------------------------------

    def _lead_in(self, scanner: Scanner, part: Part) -> None:
        """Stand where *part* begins, having seen what is open there, so that less is folded in vain."""
        begin = max(self.scanner.offset, part.start - _LEAD)
        scanner.stand_after(self.file.descriptor, _next_line(self.file, begin) if begin else begin)
        for batch in scanner.read(self.file.descriptor, part.start):
            if self.judging is not None:
                self.judging.observe(batch)
        scanner.tally.taken()
        scanner.tally.lines = 0

    def _work(self, parts: list[Part], send: Send) -> None:
        """Scan *parts* one after the other and send what each block holds."""
        judging = self.judging
        scanner = self.scanner.sibling()
        scanner.fold(judging.apart if judging is not None else None, self.scanner.reread)
        for part in parts:
            self._lead_in(scanner, part)
            send(scanner.standing)
            for batch in scanner.read(self.file.descriptor, part.end):
                send(Piece(scanner.standing, batch, scanner.tally.taken(), scanner.failed))
                if judging is not None:
                    judging.observe(batch)
            send(None)
