"""The scan with the help of ``kumon-observe-native``, which reads usual lines and folds settled turns.

It gives what :class:`~kumon_observe.parsing.scan.Scanner` gives: the layouts still explain every form of line
once, and every line that has none.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any, ClassVar, Final, NamedTuple

import kumon_observe_native as native

from kumon_observe.model.apart import Apart
from kumon_observe.model.rows import MICROSECONDS, Fold, PlainRow
from kumon_observe.parsing.block import Block, LongLine
from kumon_observe.parsing.folded import Again, BlockPlace, FoldedBlock
from kumon_observe.parsing.forms import FORMS, Form, Given
from kumon_observe.parsing.lines import Previous
from kumon_observe.parsing.options import ScanOptions
from kumon_observe.parsing.scan import Scanner
from kumon_observe.parsing.standing import Reading, Reread
from kumon_observe.parsing.templates import Template, Text, Time

_PIECE: Final = 2 << 20
"""Bytes that are read at once: as many as a processor's own cache holds."""

_BLOCK: Final = 16 << 20
_TRACES: Final = 12_000
"""Bytes and traces of a block: the more, the more turns are whole in it; the less, the less memory."""

_OUTCOMES: Final = (None, False, True)
_KEY_BEFORE: Final = 7
_KEY_AFTER: Final = 9


class _Begun(NamedTuple):
    """Where a block begins, after so many lines and a record; ``settled`` if nothing was unfinished there."""

    offset: int
    lines: int
    previous: Previous
    settled: bool


class NativeBlock(Block):
    """The bytes that the compiled scan holds."""

    def __init__(self, scan: native.Scan, limit: int) -> None:
        self.size = scan.size
        self.too_long = tuple(map(LongLine._make, scan.lines_over(limit)))
        self._scan = scan

    @property
    def last_line(self) -> int:
        """The number of its last line, known from reading."""
        return self._scan.first_line + self._scan.lines - 1

    @property
    def lines(self) -> int:
        """How many lines there are."""
        return self._scan.lines

    @property
    def undecodable(self) -> int:
        """How many lines are not UTF-8."""
        return self._scan.undecodable

    def number(self, start: int) -> int:
        """The number of the line that begins at *start*; to be asked for in rising order."""
        return self._scan.line_of(start)

    def raw(self, start: int) -> tuple[bytes, int]:
        """The line that begins at *start*, without its end, and where the next one begins."""
        return self._scan.raw(start)

    def holds(self, part: bytes) -> bool:
        """Whether *part* stands anywhere in it."""
        return self._scan.holds(part)

    def count(self, part: bytes) -> int:
        """How often *part* stands in it."""
        return self._scan.count_of(part)


class CompiledScanner(Scanner):
    """Reads one source as :class:`Scanner` does."""

    reads_ahead: ClassVar[bool] = True

    def __init__(
        self,
        options: ScanOptions,
        *,
        source: int = 0,
        process: str = "",
        keep_text: bool = False,
    ) -> None:
        super().__init__(options, source=source, process=process, keep_text=keep_text)
        self._apart: Callable[[], Apart] | None = None
        self._native = native.Scan(
            forms=_native_forms(), fold=Fold, source=source, keep_text=keep_text, limit=options.max_record
        )
        self._learnt = 0

    def fold(self, apart: Callable[[], Apart] | None, reread: Reread | None) -> None:
        """Fold settled turns but for those *apart*."""
        self._apart, self.reread = apart, reread

    def _block(self, data: bytes) -> Block:
        self._native.begin(data, self._offset, self.tally.lines + 1)
        return NativeBlock(self._native, self._options.max_record)

    def _rows(self, reading: Reading, *, fold: bool) -> list[PlainRow]:
        begun = self._begun()
        self._take_in(reading)
        return self._given(begun, reading.block.size, fold=fold)

    def _begun(self) -> _Begun:
        return _Begun(self._offset, self.tally.lines, self._lines.previous, not self._lines.waiting)

    def _take_in(self, reading: Reading) -> None:
        """Take the lines of the bytes that are there now; their traces stay with the compiled scan."""
        reader, end = self._lines, reading.block.size
        done = self._chunks(reading)
        self._hand_over(reading)
        while done < end:
            if reader.waiting:
                done = self._walk(reading, done, end)
            else:
                done = self._run(done)
                if done < end:
                    done = self._line(reading, done)
            self._hand_over(reading)
        self._count()

    def _given(self, begun: _Begun, length: int, *, fold: bool = True) -> list[PlainRow]:
        """The rows of the block that has *begun* and has *length* bytes."""
        if not fold or self._apart is None or not begun.settled:
            return self._native.rows()[0]
        return self._folded(BlockPlace(begun.offset, length, begun.lines, begun.previous), self._apart())

    def _run(self, done: int) -> int:
        """Read usual lines from *done* on; where the first one begins that is not usual."""
        scan, reader = self._native, self._lines
        end, at, message, record = reader.previous
        scan.previous = (end, at, message.encode("utf-8", "surrogatepass"), record, record.writer)
        done = scan.run(done)
        reader.previous = scan.previous
        return done

    def _hand_over(self, reading: Reading) -> None:
        """Give what was read line by line to the compiled scan: the rows, and what was learnt from them."""
        for row in reading.found:
            self._native.add(row)
        reading.found.clear()
        learnt = self._lines.templates.learnt
        for template in learnt[self._learnt :]:
            self._teach(template)
        self._learnt = len(learnt)

    def _teach(self, template: Template) -> None:
        record = template.record
        self._native.learn(
            form=FORMS.index(template.form),
            pieces=tuple(map(_native_piece, template.pieces)),
            own=-1 if template.own is None else template.own,
            record=record,
            writer=record.writer,
            layouts=record.layouts,
            process=self._lines.process_of(record),
            may_repeat=record.may_repeat,
            proves_repeats=self._lines.proves_repeats(record),
        )

    def _count(self) -> None:
        tally = self.tally
        traces, duplicates, forms, first, last = self._native.tally()
        tally.traces += traces
        tally.duplicates += duplicates
        for layouts, n in forms:
            tally.forms[layouts] += n
        tally.seen_at(first)
        tally.seen_at(last)

    def _folded(self, place: BlockPlace, apart: Apart) -> list[PlainRow]:
        """The rows of the present block, settled turns folded."""
        block = FoldedBlock(place, again_by=self._kept() if self.reread is None else self.again)
        rows, told, block.most_open, block.numbers, block.exact, block.last = self._native.rows(
            block=block,
            fold=True,
            names=apart.names,
            convs=apart.convs,
            sending=apart.sending,
            held=apart.held,
            vouches=apart.vouches,
            singly=sum(1 << _number(outcome) for outcome in apart.pairs),
            longest=int(apart.longest * MICROSECONDS),
            room=apart.room,
            until=apart.until,
            exact=apart.exact,
        )
        block.names, block.vague, block.going_on, block.still, block.outboxes = told
        return rows

    def _kept(self) -> Again:
        """What reads the present block once more from its bytes, which are kept."""
        data, last = self._native.text(), self.sibling()
        last.reread = lambda _offset, _length: data
        return last.again

    def read(self, descriptor: int, end: int) -> Iterator[list[PlainRow]]:
        """The rows of each block from the present place to *end*; the bytes do not come to Python."""
        self._carry = b""  # it is read again
        room = max(_PIECE, 2 * self._options.max_record)
        begun: _Begun | None = None
        while self._offset < end:
            whole, got = self._native.load(
                descriptor, self._offset, end, room, self.tally.lines + 1, begun is not None, self.ahead
            )
            if whole:
                begun = begun or self._begun()
                block = NativeBlock(self._native, self._options.max_record)
                self._take_in(self._reading(block))
                self._pass(block)
            if begun is not None and (not whole or self._is_full(begun)):
                yield self._given(begun, self._offset - begun.offset)
                begun = None
            if not whole:
                if got < room:
                    break
                self._pass_over(descriptor, end)
        if begun is not None:
            yield self._given(begun, self._offset - begun.offset)
        self.look_back(descriptor)
        rest = os.pread(descriptor, max(0, end - self._offset), self._offset)
        if rest:
            yield self._take(rest)

    def _is_full(self, begun: _Begun) -> bool:
        """Whether the block ends here: at once, if its bytes must be kept in case that they are asked for."""
        length = self._offset - begun.offset
        return length >= _BLOCK or self._native.traces >= _TRACES or self.reread is None

    def _pass_over(self, descriptor: int, end: int) -> None:
        """Leave out a line that is longer than any record may be."""
        self._oversized(self.tally.lines + 1, self._offset, end - self._offset)
        while self._offset < end:
            piece = os.pread(descriptor, min(_BLOCK, end - self._offset), self._offset)
            newline = piece.find(b"\n")
            if newline >= 0 or not piece:
                self._offset += newline + 1
                self.tally.lines += newline >= 0
                return
            self._offset += len(piece)
        self._skipping = True


def _number(outcome: tuple[bool | None, bool | None]) -> int:
    return 3 * _OUTCOMES.index(outcome[0]) + _OUTCOMES.index(outcome[1])


def _native_piece(piece: object) -> object:
    if isinstance(piece, Text):
        return piece.text.encode()
    if isinstance(piece, Time):
        return piece.times.minute, piece.fraction
    return None


@cache
def _native_forms() -> tuple[Any, ...]:
    return tuple(map(_native_form, FORMS))


def _native_form(form: Form) -> tuple[Any, ...]:
    conv, idem, *places = form.parts
    payload = tuple(
        (-1, False, part) if place is None else (place, isinstance(part, Given) and part.known, None)
        for place, part in zip(places, form.payload, strict=True)
    )
    parts = [part.encode() for part in re.split(r"([*#])", form.text) if part]
    bar = form.text.index("|")
    start = max(0, bar - _KEY_BEFORE)
    key = form.text[start : bar + _KEY_AFTER].partition("*")[0].encode()
    return (
        form.kind,
        tuple(parts),
        -1 if conv is None else conv,
        -1 if idem is None else idem,
        payload,
        key,
        bar - start,
    )
