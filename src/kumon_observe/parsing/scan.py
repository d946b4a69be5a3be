"""The scan: large byte blocks in, rows out; only lines that may hold a trace are looked at closely."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, tzinfo
from typing import Final, Protocol, Self, runtime_checkable

from attrs import Factory, define, evolve, field, frozen

from kumon_observe.model.apart import Apart
from kumon_observe.model.evidence import Sentence
from kumon_observe.model.phrase import phrase
from kumon_observe.model.protocols import Parser
from kumon_observe.model.rows import PlainRow, Ref
from kumon_observe.parsing.explainer import Explainer
from kumon_observe.parsing.grammar import HINT
from kumon_observe.parsing.head import HEAD_BYTES, decode, inspect
from kumon_observe.parsing.lines import LineReader
from kumon_observe.parsing.tally import Tally
from kumon_observe.parsing.templates import NotUsual, Template
from kumon_observe.parsing.trust import TrustedLoggers

_TAIL: Final = 64 << 10
_DOCKER_ENTRY: Final = b'"stream":'
_WHOLE_ENTRY: Final = b'\\n","stream":'
_ESCAPED_ENTRY: Final = b'\\\\n","stream":'
_PLAIN: Final = "plain"

Reread = Callable[[int, int], bytes]
"""Gives *length* bytes from *offset* of a source once more."""


@runtime_checkable
class Dated(Protocol):
    """A layout whose times lack the year: it takes the latest that is not after a reference."""

    def with_reference(self, moment: datetime) -> Parser:
        """The layout for a file that was last written at *moment*."""


@frozen(kw_only=True)
class ScanOptions:
    """How sources are read: the layouts, the zone of times without one, who is trusted, sizes in bytes."""

    parsers: Sequence[Parser]
    zone: tzinfo = UTC
    layout: str = ""
    trusted: Callable[[str | None], bool] = field(
        factory=lambda: TrustedLoggers(("app.*", "kumon_observe.*"))
    )
    max_record: int = 1 << 20

    def written_at(self, moment: datetime) -> Self:
        """The options for a file last written at *moment*, which tells the year of times without one."""
        parsers = [
            parser.with_reference(moment) if isinstance(parser, Dated) else parser for parser in self.parsers
        ]
        return evolve(self, parsers=parsers)

    def explainer(self) -> Explainer:
        """A fresh explainer for one source."""
        return Explainer(self.parsers, self.zone, self.layout)


@define(eq=False)
class Block:
    """Whole lines of a source that are read now; numbers its lines, asked for in rising order.

    ``too_long`` are the starts of lines over the limit; ``forgiving`` says that the last line may be cut off;
    ``found`` are the rows so far.
    """

    data: bytes
    too_long: set[int]
    forgiving: bool
    line: int
    found: list[PlainRow] = Factory(list)
    _counted: int = 0

    def number(self, start: int) -> int:
        """The number of the line that begins at *start*."""
        self.line += self.data.count(b"\n", self._counted, start)
        self._counted = start
        return self.line


class Scanner:
    """Reads one source block by block; the answer does not depend on where the blocks are cut.

    ``keep_text`` puts each trace's text into its row, for sources that cannot be read a second time.
    ``may_be_plain`` is to be made false when another part of the same source was seen to have prefixes.
    """

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
            limit=options.max_record,
            source=source,
            process=process,
            keep_text=keep_text,
        )
        self.may_be_plain = True
        self._source = source
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
    def failed_layouts(self) -> list[Sentence]:
        """The layouts that raised, each as a sentence."""
        return [
            phrase("layout {layout} failed: {error}", layout=name, error=f"{type(error).__name__}: {error}")
            for name, error in self._explainer.failed.items()
        ]

    def fold(self, apart: Callable[[], Apart] | None, reread: Reread | None) -> None:
        """Settled turns may come folded, where this scan can; *apart* tells what must come trace by trace.

        *reread* gives bytes of the source once more; without it they are kept while they may be asked for.
        """

    def feed(self, block: bytes) -> list[PlainRow]:
        """The rows of the traces that end in *block*."""
        if self._head is not None:
            self._head += block
            if len(self._head) < HEAD_BYTES:
                return []
            block = self._open()
        return self._take(block)

    def finish(self, *, complete_tail: bool = True, cut: bool = False) -> list[PlainRow]:
        """The rest, at the end of the source.

        With ``complete_tail`` false the last line is still being written: it counts only if it is
        already a usable trace, and is no problem if it is not. With ``cut`` the source was cut off, so that
        a last line without its end is not used at all.
        """
        found = self._take(self._open()) if self._head is not None else []
        if self._carry and not cut:
            last, self._carry = self._carry, b""
            found += self._scan(last + b"\n", tail=True, forgiving=not complete_tail)
        found += self._lines.finish()
        self.tally.seen_at(self._last_time())
        return found

    def _open(self) -> bytes:
        """Look at the source's head once: what it is, and whether bare lines may be traces."""
        block = bytes(self._head or b"")
        self._head = None
        self._lines.head = block[:HEAD_BYTES]
        head = inspect(block, self._explainer)
        self.unreadable = head.unreadable
        self.tally.recognised = head.recognised
        self.tally.seen_at(head.first)
        forced = self._options.layout
        prefixed = head.recognised or not self.may_be_plain
        self._lines.plain = forced == _PLAIN or (not forced and not prefixed)
        return block

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
        """The rows of *data*, which is whole lines and starts at the present offset."""
        if not self._is_utf8(data):
            self._count_undecodable(data)
        found = self._read(Block(data, self._too_long(data), forgiving, self.tally.lines + 1), tail)
        self._offset += len(data) - tail
        self._tail = data[-_TAIL:]
        return found

    def _read(self, block: Block, tail: bool) -> list[PlainRow]:
        """The rows of *block*; with *tail* it is the source's last line."""
        del tail
        end = len(block.data)
        done = self._hints(block, self._chunks(block))
        if self._lines.waiting:
            self._walk(block, done, end)
        self.tally.lines = block.number(end) - 1
        return block.found

    def _chunks(self, block: Block) -> int:
        """Take every line if some of them may be chunks of docker's; where the next one begins."""
        return self._walk(block, 0, len(block.data), always=True) if self._holds_chunks(block.data) else 0

    def _hints(self, block: Block, done: int) -> int:
        """Take the lines that may hold a trace; where the line after the last of them begins."""
        text = block.data.decode("latin-1")  # one character a byte: places in it are places in the data
        reader, templates = self._lines, self._lines.templates
        for hint in HINT.finditer(text, done):
            bar = hint.start()
            if bar >= done and reader.waiting:
                done = self._walk(block, done, bar)
            if bar < done:
                continue
            start = text.rfind("\n", done, bar) + 1 or done
            known = templates.find(text, start, bar) if start not in block.too_long else None
            if known is not None and self._usual(block, start, *known):
                done = known[1].end()
            else:
                done = self._line(block, start)
        return done

    def _usual(self, block: Block, start: int, template: Template, match: re.Match[str]) -> bool:
        """Take the line at *start*, which *template* matched; false if only the layouts can tell it."""
        stop = match.end()
        length = stop - start - (2 if match.string[stop - 2] == "\r" else 1)
        ref = (block.number(start), self._offset + start, length)
        try:
            row = self._lines.usual(template, match, ref, self._offset + stop)
        except NotUsual:
            return False
        if row is not None:
            block.found.append(row)
        return True

    def _walk(self, block: Block, start: int, end: int, *, always: bool = False) -> int:
        """Take every line from *start* to the one at *end*, while some record waits for them."""
        while start < end and (always or self._lines.waiting):
            start = self._line(block, start)
        return start

    def _line(self, block: Block, start: int) -> int:
        """Take the line at *start*; where the next one begins."""
        data = block.data
        stop = data.find(b"\n", start)
        if start not in block.too_long:
            raw = data[start : stop - 1 if data[stop - 1 : stop] == b"\r" else stop]
            ref = Ref(None, self._source, block.number(start), self._offset + start, len(raw), None)
            block.found += self._lines.take(raw, ref, self._offset + stop + 1, block.forgiving)
        return stop + 1

    def _holds_chunks(self, data: bytes) -> bool:
        """Whether some docker entry may be a chunk, judged by counting alone in the usual case."""
        if not self._holds(data, _DOCKER_ENTRY):
            return False
        return data.count(_WHOLE_ENTRY) != data.count(b"\n") or _ESCAPED_ENTRY in data

    def _too_long(self, data: bytes) -> set[int]:
        """Starts of the lines in *data* that are over the limit; each is counted."""
        limit = self._options.max_record
        starts: set[int] = set()
        start = 0
        while start + limit < len(data):
            newline = data.rfind(b"\n", start, start + limit + 1)
            if newline < 0:
                newline = data.find(b"\n", start + limit)
                starts.add(start)
                line = self.tally.lines + 1 + data.count(b"\n", 0, start)
                self._oversized(line, self._offset + start, newline - start)
            start = newline + 1
        return starts

    def _oversized(self, line: int, offset: int, length: int) -> None:
        self.tally.problem("oversized", Ref(None, self._source, line, offset, min(length, 200), None))

    def _is_utf8(self, data: bytes) -> bool:
        return is_utf8(data)

    def _holds(self, data: bytes, part: bytes) -> bool:
        return part in data

    def _count_undecodable(self, data: bytes) -> None:
        for line in data.split(b"\n"):
            if not is_utf8(line):
                self.tally.problem("undecodable")

    def _last_time(self) -> int | None:
        """The time of the last record that has one, which tells how far the log goes."""
        for line in reversed(self._tail.split(b"\n")):
            record = self._explainer.explain(decode(line.removesuffix(b"\r"))) if line else None
            if record is not None and record.at is not None:
                return record.at
        return None


def is_utf8(data: bytes) -> bool:
    """Whether *data* is UTF-8."""
    if data.isascii():
        return True
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return True
