"""The scan: large byte blocks in, rows out; only lines that may hold a trace are looked at closely."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from typing import ClassVar, Final, Self

from kumon_observe.model.apart import Apart
from kumon_observe.model.evidence import Sentence
from kumon_observe.model.phrase import phrase
from kumon_observe.model.rows import PlainRow, Ref
from kumon_observe.parsing.block import Block
from kumon_observe.parsing.folded import BlockPlace
from kumon_observe.parsing.grammar import HINT
from kumon_observe.parsing.head import HEAD_BYTES, inspect, last_time
from kumon_observe.parsing.lines import NO_TRACE, LineReader, Previous
from kumon_observe.parsing.options import ScanOptions
from kumon_observe.parsing.standing import Beginning, Reading, Reread, Standing
from kumon_observe.parsing.tally import Tally
from kumon_observe.parsing.templates import NotUsual, Template

TAIL: Final = 64 << 10
"""How many of a source's last bytes are looked at for the time up to which it goes."""

_PLAIN: Final = "plain"
_BLOCK: Final = 1 << 18


class Scanner:
    """Reads one source block by block; the answer does not depend on where the blocks are cut.

    ``keep_text`` puts each trace's text into its row, for sources that cannot be read a second time.
    ``may_be_plain`` is to be made false when another part of the same source was seen to have prefixes.
    ``ahead`` lets a second thread read while this one scans, in a scan that ``reads_ahead``.
    """

    reads_ahead: ClassVar[bool] = False

    def __init__(
        self,
        options: ScanOptions,
        *,
        source: int = 0,
        process: str = "",
        keep_text: bool = False,
    ) -> None:
        self.tally = Tally()
        self.unreadable: Sentence | None = None
        self._options = options
        self._explainer = options.explainer()
        self._lines = LineReader(
            self._explainer,
            self.tally,
            trusted=options.trusted,
            sealer=options.sealer,
            limit=options.max_record,
            source=source,
            process=process,
            keep_text=keep_text,
        )
        self.may_be_plain = True
        self.ahead = False
        self.reread: Reread | None = None
        self._second: Scanner | None = None
        self._source, self._process, self._keep_text = source, process, keep_text
        self._head: bytearray | None = bytearray()
        self._carry = b""
        self._offset = 0
        self._skipping = False
        self._tail = b""

    @property
    def prefixed(self) -> bool:
        """Whether records with a prefix were seen, so that a bare line is never a trace here."""
        return self.tally.recognised and not self._lines.plain

    @property
    def bytes_read(self) -> int:
        """How many bytes were taken in, the unfinished last line included."""
        return self._offset + len(self._carry) + len(self._head or b"")

    @property
    def offset(self) -> int:
        """Where the line begins that comes next, or that is unfinished."""
        return self._offset

    @property
    def previous(self) -> Previous:
        """The trace that was read last."""
        return self._lines.previous

    @property
    def settled(self) -> bool:
        """Whether nothing that was read waits for what comes, an unfinished last line excepted."""
        return self._head is None and not self._skipping and not self._lines.waiting

    @property
    def failed(self) -> dict[str, str]:
        """The layouts that raised, each with what."""
        return self._explainer.failed

    @property
    def failed_layouts(self) -> list[Sentence]:
        """The layouts that raised, each as a sentence."""
        return [
            phrase("layout {layout} failed: {error}", layout=name, error=error)
            for name, error in self.failed.items()
        ]

    def fold(self, apart: Callable[[], Apart] | None, reread: Reread | None) -> None:
        """Settled turns may come folded, where this scan can; *apart* tells what must come trace by trace.

        *reread* gives bytes of the source once more; without it they are kept while they may be asked for.
        """
        del apart
        self.reread = reread

    def feed(self, block: bytes) -> list[PlainRow]:
        """The rows of the traces that end in *block*."""
        if self._head is not None:
            self._head += block
            if len(self._head) < HEAD_BYTES:
                return []
            block = bytes(self._head)
            self.begin(block)
        return self._take(block)

    def finish(self, *, complete_tail: bool = True, cut: bool = False) -> list[PlainRow]:
        """The rest, at the end of the source.

        With ``complete_tail`` false the last line is still being written: it counts only if it is
        already a usable trace, and is no problem if it is not. With ``cut`` the source was cut off, so that
        a last line without its end is not used at all.
        """
        found: list[PlainRow] = []
        if self._head is not None:
            whole = bytes(self._head)
            self.begin(whole)
            found = self._take(whole)
        if self._carry and not cut:
            last, self._carry = self._carry, b""
            found += self._scan(last + b"\n", tail=True, forgiving=not complete_tail)
        found += self._lines.finish()
        self.tally.seen_at(last_time(self._tail, self._explainer))
        return found

    def begin(self, beginning: bytes) -> None:
        """Look at the source's *beginning*: what it is, and whether bare lines may be traces.

        It is fed none of it. :meth:`feed` calls this itself; who follows a short source does as it grows.
        """
        self._head = None
        self._lines.head = beginning[:HEAD_BYTES]
        head = inspect(beginning, self._explainer)
        self.unreadable = head.unreadable
        self.tally.recognised = head.recognised or self.tally.recognised
        self.tally.seen_at(head.first)
        forced = self._options.layout
        prefixed = head.recognised or not self.may_be_plain
        self._lines.plain = forced == _PLAIN or (not forced and not prefixed)

    def resume(
        self, beginning: Beginning, offset: int, lines: int, previous: Previous, tail: bytes = b""
    ) -> None:
        """Go on at *offset*, where a line begins; so many *lines*, *previous* and *tail* stand before it."""
        self._head = None
        self._tail = tail
        self._lines.plain, self._lines.head, self._lines.previous = *beginning, previous
        self._offset = offset
        self.tally.lines = lines

    def sibling(self) -> Self:
        """A scan of the same source from its beginning, which is known."""
        made = type(self)(
            self._options, source=self._source, process=self._process, keep_text=self._keep_text
        )
        made.resume(self.beginning, 0, 0, NO_TRACE)
        return made

    @property
    def standing(self) -> Standing:
        """Where it stands, at the beginning of a line."""
        return Standing(self._offset, self.tally.lines, self._lines.previous, self._lines.pending)

    def stand(self, standing: Standing, lines: int = 0) -> None:
        """Stand where another scan of the source does, whose lines are counted from *lines* on."""
        self._offset, self.tally.lines = standing.offset, lines + standing.lines
        self._carry, self._skipping = b"", False
        self._lines.go_on(standing.previous, standing.pending, lines)

    def stand_after(self, descriptor: int, offset: int) -> None:
        """Stand at *offset* of an open file, where a line begins; of those before, the last is looked at."""
        self.stand(Standing(offset, 0, NO_TRACE))
        start = max(0, offset - self._options.max_record - 2)
        before = os.pread(descriptor, offset - start, start)
        line = before[before.rfind(b"\n", 0, -1) + 1 :]
        if offset and (len(line) < len(before) or not start):
            other = self.sibling()
            other.stand(Standing(offset - len(line), 0, NO_TRACE))
            other.feed(line)
            self._lines.previous = other.previous

    def again(self, place: BlockPlace, apart: Apart | None = None) -> list[PlainRow]:
        """The rows of a block once more; settled turns are folded if *apart* is given, but for those."""
        scanner = self._second
        if scanner is None:
            scanner = self._second = self.sibling()  # kept for what it has learnt
        scanner.stand(Standing(place.offset, place.lines, place.previous))
        scanner.fold(None if apart is None else lambda: apart, self.reread)
        return scanner.feed(self.reread(place.offset, place.length) if self.reread is not None else b"")

    @property
    def beginning(self) -> Beginning:
        """What is known from the source's beginning."""
        return Beginning(self._lines.plain, self._lines.head)

    def read(self, descriptor: int, end: int) -> Iterator[list[PlainRow]]:
        """The rows of each block from the present place to *end*, an offset of an open file.

        What follows the last newline is carried, as with :meth:`feed`.

        Raises:
            OSError: it cannot be read.
        """
        while self.bytes_read < end:
            block = os.pread(descriptor, min(_BLOCK, end - self.bytes_read), self.bytes_read)
            if not block:
                break
            yield self._take(block)
        self.look_back(descriptor)

    def look_back(self, descriptor: int) -> None:
        """Get the last bytes before the present place, which tell how far the log goes."""
        before = max(0, self._offset - TAIL)
        self._tail = os.pread(descriptor, self._offset - before, before)

    def _take(self, block: bytes) -> list[PlainRow]:
        if self._skipping:
            end = block.find(b"\n") + 1
            self._offset += end or len(block)
            if not end:
                return []
            self._skipping = False
            self.tally.lines += 1
            block = block[end:]
        data = self._carry + block if self._carry else block
        end = data.rfind(b"\n") + 1
        found = self._scan(data[:end] if end < len(data) else data) if end else []
        self._carry = data[end:]
        if len(self._carry) > self._options.max_record:
            self._oversized(self.tally.lines + 1, self._offset, len(self._carry))
            self._offset += len(self._carry)
            self._carry = b""
            self._skipping = True
        return found

    def _scan(self, data: bytes, *, tail: bool = False, forgiving: bool = False) -> list[PlainRow]:
        """The rows of *data*, which is whole lines and starts at the present offset.

        With *tail* it is the source's last line, whose newline was added.
        """
        found = self._read(self._block(data), tail=tail, forgiving=forgiving)
        self._tail = (data if len(data) >= TAIL else self._tail + data)[-TAIL:]
        self._offset -= tail
        return found

    def _block(self, data: bytes) -> Block:
        return Block(data, self.tally.lines + 1, self._options.max_record)

    def _read(self, block: Block, *, tail: bool = False, forgiving: bool = False) -> list[PlainRow]:
        """The rows of *block*, which begins at the present offset."""
        found = self._rows(self._reading(block, forgiving), fold=not tail)
        self._pass(block)
        return found

    def _reading(self, block: Block, forgiving: bool = False) -> Reading:
        """The reading of *block*; what is wrong with its bytes is counted."""
        for start, length, line in block.too_long:
            self._oversized(line, self._offset + start, length)
        self.tally.problems["undecodable"] += block.undecodable
        return Reading(block, frozenset(line.start for line in block.too_long), forgiving)

    def _pass(self, block: Block) -> None:
        """Stand behind *block*, whose lines are counted."""
        self.tally.lines = block.last_line
        self._offset += block.size

    def _rows(self, reading: Reading, *, fold: bool) -> list[PlainRow]:
        """What is found in a block; settled turns may be folded with *fold*."""
        del fold
        done = self._hints(reading, self._chunks(reading))
        if self._lines.waiting:
            self._walk(reading, done, reading.block.size)
        return reading.found

    def _chunks(self, reading: Reading) -> int:
        """Take every line if some of them may be chunks of docker's; where the next one begins."""
        block = reading.block
        return self._walk(reading, 0, block.size, always=True) if block.may_hold_chunks else 0

    def _hints(self, reading: Reading, done: int) -> int:
        """Take the lines that may hold a trace; where the line after the last of them begins."""
        text = reading.block.data.decode("latin-1")  # one character a byte: places are those in the data
        reader, templates = self._lines, self._lines.templates
        for hint in HINT.finditer(text, done):
            bar = hint.start()
            if bar >= done and reader.waiting:
                done = self._walk(reading, done, bar)
            if bar < done:
                continue
            start = text.rfind("\n", done, bar) + 1 or done
            known = templates.find(text, start, bar) if start not in reading.too_long else None
            if known is not None and self._usual(reading, start, *known):
                done = known[1].end()
            else:
                done = self._line(reading, start)
        return done

    def _usual(self, reading: Reading, start: int, template: Template, match: re.Match[str]) -> bool:
        """Take the line at *start*, which *template* matched; false if only the layouts can tell it."""
        stop = match.end()
        length = stop - start - (2 if match.string[stop - 2] == "\r" else 1)
        ref = (reading.block.number(start), self._offset + start, length)
        try:
            row = self._lines.usual(template, match, ref, self._offset + stop)
        except NotUsual:
            return False
        if row is not None:
            reading.found.append(row)
        return True

    def _walk(self, reading: Reading, start: int, end: int, *, always: bool = False) -> int:
        """Take every line from *start* to the one at *end*, while some record waits for them."""
        while start < end and (always or self._lines.waiting):
            start = self._line(reading, start)
        return start

    def _line(self, reading: Reading, start: int) -> int:
        """Take the line at *start*; where the next one begins."""
        block = reading.block
        raw, after = block.raw(start)
        if start not in reading.too_long:
            ref = Ref(None, self._source, block.number(start), self._offset + start, len(raw), None)
            reading.found += self._lines.take(raw, ref, self._offset + after, reading.forgiving)
        return after

    def _oversized(self, line: int, offset: int, length: int) -> None:
        self.tally.problem("oversized", Ref(None, self._source, line, offset, min(length, 200), None))
