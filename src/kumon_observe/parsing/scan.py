"""The scan: large byte blocks in, rows out; only lines that may hold a trace are looked at closely."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, tzinfo
from typing import Final, Protocol, Self, runtime_checkable

from attrs import evolve, field, frozen

from kumon_observe.model.evidence import Sentence
from kumon_observe.model.phrase import phrase
from kumon_observe.model.protocols import Parser
from kumon_observe.model.rows import PlainRow, Ref
from kumon_observe.parsing.explainer import Explainer
from kumon_observe.parsing.grammar import HINT
from kumon_observe.parsing.head import HEAD_BYTES, decode, inspect
from kumon_observe.parsing.lines import LineReader
from kumon_observe.parsing.stretches import Stretches
from kumon_observe.parsing.tally import Tally
from kumon_observe.parsing.templates import NotUsual, Template
from kumon_observe.parsing.trust import TrustedLoggers

_TAIL: Final = 64 << 10
_DOCKER_ENTRY: Final = b'"stream":'
_WHOLE_ENTRY: Final = b'\\n","stream":'
_ESCAPED_ENTRY: Final = b'\\\\n","stream":'
_PLAIN: Final = "plain"


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


class _Cursor:
    """Numbers the lines of a block, asked for in rising order."""

    def __init__(self, data: bytes, first: int) -> None:
        self.data = data
        self._number = first
        self._counted = 0

    def number(self, start: int) -> int:
        """The number of the line that begins at *start*."""
        self._number += self.data.count(b"\n", self._counted, start)
        self._counted = start
        return self._number


class Scanner:
    """Reads one source block by block; the answer does not depend on where the blocks are cut.

    ``keep_text`` puts each trace's text into its row, for sources that cannot be read a second time.
    With ``stretching``, several traces of a healthy turn may come as one row. ``may_be_plain`` is to be
    made false when another part of the same source was seen to have prefixes.
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
        self.stretching = False
        self._stretches = Stretches(self._lines.templates)
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
        if not data.isascii():
            self._count_undecodable(data)
        found: list[PlainRow] = []
        end = len(data)
        too_long = self._too_long(data)
        lines = _Cursor(data, self.tally.lines + 1)
        done = 0
        if self._holds_chunks(data):
            done = self._walk(lines, 0, end, too_long, found, forgiving, always=True)
        done = self._hints(lines, done, too_long, found, forgiving)
        if self._lines.waiting:
            self._walk(lines, done, end, too_long, found, forgiving)
        self.tally.lines = lines.number(end) - 1
        self._offset += end - tail
        self._tail = data[-_TAIL:]
        return found

    def _hints(
        self, lines: _Cursor, done: int, too_long: set[int], found: list[PlainRow], forgiving: bool
    ) -> int:
        """Take the lines that may hold a trace; where the line after the last of them begins."""
        text = lines.data.decode("latin-1")  # one character a byte: places in it are places in the data
        reader, templates = self._lines, self._lines.templates
        stretching = self.stretching and not too_long
        for hint in HINT.finditer(text, done):
            bar = hint.start()
            if bar >= done and reader.waiting:
                done = self._walk(lines, done, bar, too_long, found, forgiving)
            if bar < done:
                continue
            start = text.rfind("\n", done, bar) + 1 or done
            key = text[bar - 7 : bar + 2]
            if stretching and (stretch := self._stretches.find(text, start, key)) is not None:
                row = reader.stretch(*stretch, lines.number(start), self._offset)
                if row is not None:
                    found.append(row)
                    done = stretch[1].end()
                    continue
            known = templates.find(text, start, key) if start not in too_long else None
            if known is not None and self._usual(lines, start, *known, found):
                done = known[1].end()
            else:
                done = self._line(lines, start, too_long, found, forgiving)
        return done

    def _usual(
        self, lines: _Cursor, start: int, template: Template, match: re.Match[str], found: list[PlainRow]
    ) -> bool:
        """Take the line at *start*, which *template* matched; false if only the layouts can tell it."""
        stop = match.end()
        length = stop - start - (2 if match.string[stop - 2] == "\r" else 1)
        ref = (lines.number(start), self._offset + start, length)
        try:
            row = self._lines.usual(template, match, ref, self._offset + stop)
        except NotUsual:
            return False
        if row is not None:
            found.append(row)
        return True

    def _walk(
        self,
        lines: _Cursor,
        start: int,
        end: int,
        too_long: set[int],
        found: list[PlainRow],
        forgiving: bool,
        *,
        always: bool = False,
    ) -> int:
        """Take every line from *start* to the one at *end*, while some record waits for them."""
        while start < end and (always or self._lines.waiting):
            start = self._line(lines, start, too_long, found, forgiving)
        return start

    def _line(
        self, lines: _Cursor, start: int, too_long: set[int], found: list[PlainRow], forgiving: bool
    ) -> int:
        """Take the line at *start*; where the next one begins."""
        data = lines.data
        stop = data.find(b"\n", start)
        if start not in too_long:
            raw = data[start : stop - 1 if data[stop - 1 : stop] == b"\r" else stop]
            ref = Ref(None, self._source, lines.number(start), self._offset + start, len(raw), None)
            found += self._lines.take(raw, ref, self._offset + stop + 1, forgiving)
        return stop + 1

    def _holds_chunks(self, data: bytes) -> bool:
        """Whether some docker entry may be a chunk, judged by counting alone in the usual case."""
        if _DOCKER_ENTRY not in data:
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

    def _count_undecodable(self, data: bytes) -> None:
        try:
            data.decode()
        except UnicodeDecodeError:
            for line in data.split(b"\n"):
                if not line.isascii():
                    try:
                        line.decode()
                    except UnicodeDecodeError:
                        self.tally.problem("undecodable")

    def _last_time(self) -> int | None:
        """The time of the last record that has one, which tells how far the log goes."""
        for line in reversed(self._tail.split(b"\n")):
            record = self._explainer.explain(decode(line.removesuffix(b"\r"))) if line else None
            if record is not None and record.at is not None:
                return record.at
        return None
