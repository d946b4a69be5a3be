"""All records of a source, one by one, with the lines that continue them: slower than the scan, and whole."""

from __future__ import annotations

from typing import Final

from attrs import Factory, define

from kumon_observe.model.rows import Ref
from kumon_observe.parsing.chunks import ChunkJoiner
from kumon_observe.parsing.explainer import Record
from kumon_observe.parsing.grammar import is_trace
from kumon_observe.parsing.head import HEAD_BYTES, decode, inspect
from kumon_observe.parsing.options import ScanOptions

_MOST_CONTINUED: Final = 500
_LONGEST_LINE: Final = 64 << 10


@define(eq=False)
class LoggedRecord:
    """One record: ``message`` is its own text, ``continued`` the bare lines that followed."""

    ref: Ref
    record: Record
    message: str
    continued: list[str] = Factory(list)

    @property
    def text(self) -> str:
        """The whole text."""
        return "\n".join((self.message, *self.continued))


class RecordReader:
    """Takes the blocks of one source and gives its records; the last one only when it is complete."""

    def __init__(self, options: ScanOptions, source: int = 0) -> None:
        self._options = options
        self._explainer = options.explainer()
        self._source = source
        self._chunks = ChunkJoiner(options.max_record)
        self._head: bytearray | None = bytearray()
        self._carry = b""
        self._skipping = False
        self._plain = False
        self._line = 0
        self._offset = 0
        self._last: LoggedRecord | None = None

    def feed(self, block: bytes) -> list[LoggedRecord]:
        """The records that are complete with *block*."""
        if self._head is not None:
            self._head += block
            if len(self._head) < HEAD_BYTES:
                return []
            block = self._open()
        return self._take(block)

    def finish(self) -> list[LoggedRecord]:
        """The rest, at the end of the source."""
        found = self._take(self._open()) if self._head is not None else []
        if self._carry and not self._skipping:
            found += self._take(b"\n")
        if self._last is not None:
            found.append(self._last)
            self._last = None
        return found

    def begin(self, beginning: bytes, offset: int = 0, lines: int = 0) -> None:
        """Look at the source's *beginning*, and go on at *offset*, behind so many *lines*."""
        self._head = None
        head = inspect(beginning, self._explainer)
        self._plain = self._options.layout == "plain" or not (self._options.layout or head.recognised)
        self._offset, self._line = offset, lines

    @property
    def unfinished(self) -> LoggedRecord | None:
        """The last record, which may yet be continued."""
        return self._last

    def still(self) -> list[LoggedRecord]:
        """The last record, when nothing more came for a while: it is taken to be complete."""
        if self._last is None or self._carry:
            return []
        last, self._last = self._last, None
        return [last]

    def _open(self) -> bytes:
        block = bytes(self._head or b"")
        self.begin(block)
        return block

    def _take(self, block: bytes) -> list[LoggedRecord]:
        lines = (self._carry + block).split(b"\n")
        self._carry = lines.pop()
        found: list[LoggedRecord] = []
        for raw in lines:
            self._line += 1
            if self._skipping:
                self._skipping = False
            elif len(raw) <= self._options.max_record:
                complete = self._record(raw.removesuffix(b"\r"))
                if complete is not None:
                    found.append(complete)
            self._offset += len(raw) + 1
        if len(self._carry) > self._options.max_record:
            self._offset += len(self._carry)
            self._carry = b""
            self._skipping = True
        return found

    def _record(self, raw: bytes) -> LoggedRecord | None:
        """The record before this line, if the line begins another one."""
        text = decode(raw)
        ref = Ref(None, self._source, self._line, self._offset, len(raw), None)
        outermost = self._explainer.outermost(text)
        if outermost is None:
            if self._plain and is_trace(text):
                return self._begin(ref, Record(("plain",), text), text)
            self._continue(text)
            return None
        layout, explained = outermost
        if explained.inner is not None and (self._chunks.waiting or not explained.inner_ends):
            joined = self._chunks.take(layout, explained, ref)
            if joined is None or joined.oversized:
                return None
            explained, ref = joined.explained, joined.ref
        record = self._explainer.record(layout, explained)
        if record.message is None:
            self._continue(record.bare or "")
            return None
        return self._begin(ref, record, record.message)

    def _begin(self, ref: Ref, record: Record, message: str) -> LoggedRecord | None:
        complete, self._last = self._last, LoggedRecord(ref._replace(at=record.at), record, message)
        return complete

    def _continue(self, text: str) -> None:
        if self._last is not None and len(self._last.continued) < _MOST_CONTINUED:
            self._last.continued.append(text[:_LONGEST_LINE])
