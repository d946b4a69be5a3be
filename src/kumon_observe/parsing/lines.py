"""From a line that may hold a trace to a row, or to a problem that is counted."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, Final, NamedTuple

from kumon_observe.model.phrase import phrase
from kumon_observe.model.protocols import Explained
from kumon_observe.model.rows import PlainRow, Ref
from kumon_observe.parsing.chunks import ChunkJoiner
from kumon_observe.parsing.escaping import MARK
from kumon_observe.parsing.explainer import Explainer, Record
from kumon_observe.parsing.grammar import TOKEN, Malformed, Trace, is_trace, parse_message
from kumon_observe.parsing.head import decode
from kumon_observe.parsing.sealing import Sealer
from kumon_observe.parsing.tally import Tally
from kumon_observe.parsing.templates import Template, Templates

_MOST_CONTINUED_LINES: Final = 16
_PLAIN_LAYOUTS: Final = ("plain",)

Previous = tuple[int, int | None, str, Record]
"""The trace read last: the offset of the line after it, its time and message, and its record."""

NO_TRACE: Final[Previous] = (-1, None, "", Record((), None))
"""None was read yet."""


class _Incomplete(NamedTuple):
    """A trace whose value held a newline: the fields behind it stand on the lines that follow."""

    record: Record
    ref: Ref
    message: str
    reason: Malformed
    lines: int = 1


class LineReader:
    """Reads the lines of one source in order; holds only what a later line may complete."""

    def __init__(
        self,
        explainer: Explainer,
        tally: Tally,
        *,
        trusted: Callable[[str | None], bool],
        limit: int,
        source: int,
        process: str,
        keep_text: bool,
        sealer: Sealer | None = None,
    ) -> None:
        self.plain = False
        self.head = b""
        self._fractions: dict[tuple[str, ...], bool] = {}
        self.templates = Templates(explainer.microseconds)
        self._explainer = explainer
        self._tally = tally
        self._trusted = trusted
        self._sealer = sealer
        self._source = source
        self._process = process
        self._processes: dict[str, str] = {}
        self._keep_text = keep_text
        self._chunks = ChunkJoiner(limit)
        self._incomplete: _Incomplete | None = None
        self.previous = NO_TRACE

    @property
    def pending(self) -> object:
        """What a later line may complete, for another reader of the source; ``None`` if there is nothing."""
        return (self._incomplete, self._chunks.pending) if self.waiting else None

    def go_on(self, previous: Previous, pending: Any, lines: int) -> None:
        """Be where another reader is, whose lines are counted from *lines* on."""
        self.previous = previous
        incomplete, self._chunks.pending = pending or (None, {})
        for chunk in self._chunks.pending.values():
            chunk.ref = _moved(chunk.ref, lines)
        self._incomplete = incomplete and incomplete._replace(ref=_moved(incomplete.ref, lines))

    @property
    def waiting(self) -> bool:
        """Whether the next lines must be seen even if they hold no trace."""
        return self._incomplete is not None or self._chunks.waiting

    def take(self, raw: bytes, ref: Ref, end: int, forgiving: bool) -> list[PlainRow]:
        """The rows that the line *raw* completes; *end* is the offset of the line after it."""
        text = decode(raw)
        found = self._explainer.outermost(text)
        if found is None:
            return self._record(None, text, ref, end, raw, forgiving)
        layout, explained = found
        self._tally.recognised = True
        if explained.inner is None or (explained.inner_ends and not self._chunks.waiting):
            record = self._explainer.record(layout, explained)
            return self._record(record, text, ref, end, raw, forgiving)
        return self._chunk(layout, explained, ref, end, raw, forgiving)

    def logged(self, record: Record, ref: Ref, end: int, raw: bytes) -> list[PlainRow]:
        """The row of a *record* that is no line of a log; *raw* is its message."""
        return self._record(record, "", ref, end, raw, False)

    def finish(self) -> list[PlainRow]:
        """What the end of the source completes."""
        rows: list[PlainRow] = []
        for joined in self._chunks.leftovers():
            if joined.oversized:
                self._tally.problem("oversized", joined.ref)
                continue
            record = self._explainer.record(joined.layout, joined.explained)
            rows += self._record(record, "", joined.ref, -1, b"", True)
        if self._incomplete is not None:
            self._give_up(self._incomplete)
        return rows

    def _chunk(
        self, layout: str, explained: Explained, ref: Ref, end: int, raw: bytes, forgiving: bool
    ) -> list[PlainRow]:
        joined = self._chunks.take(layout, explained, ref)
        if joined is None:
            return []
        if joined.oversized:
            self._tally.problem("oversized", joined.ref)
            return []
        record = self._explainer.record(layout, joined.explained)
        if joined.chunks > 1:
            inner = joined.explained.inner or ""
            return self._record(record, "", joined.ref, end, inner.encode(), forgiving, joined=True)
        return self._record(record, decode(raw), ref, end, raw, forgiving)

    def _record(
        self,
        record: Record | None,
        text: str,
        ref: Ref,
        end: int,
        raw: bytes,
        forgiving: bool,
        *,
        joined: bool = False,
    ) -> list[PlainRow]:
        if record is None and self.plain and is_trace(text):
            record = Record(_PLAIN_LAYOUTS, text)
            self._tally.recognised = True
        bare = text if record is None else record.bare
        if self._incomplete is not None:
            if bare is not None and not TOKEN.search(raw):
                return self._continue(self._incomplete, bare, end)
            self._give_up(self._incomplete)
        if record is None or record.message is None or not is_trace(record.message):
            if TOKEN.search(raw):
                self._tally.problem("embedded", ref)
            return []
        if not self._trusted(record.logger):
            reason = phrase("logger {logger} is not trusted", logger=record.logger)
            self._tally.problem("untrusted", ref, reason)
            return []
        fault = None if self._sealer is None else self._sealer.fault(record.message)
        if fault is not None:
            if not forgiving:
                self._tally.problem("unsealed", ref, fault)
            return []
        if joined:
            ref = ref._replace(text=record.message)
        return self._trace(record, record.message, ref, end, forgiving, "" if joined else text)

    def _trace(
        self, record: Record, message: str, ref: Ref, end: int, forgiving: bool, line: str
    ) -> list[PlainRow]:
        parsed = parse_message(message)
        if isinstance(parsed, Trace):
            return self._row(record, message, parsed, ref, end, line)
        if isinstance(parsed, Malformed) and not forgiving:
            incomplete = _Incomplete(record, ref, message, parsed)
            if parsed.incomplete and not record.is_whole:
                self._incomplete = incomplete
            else:
                self._give_up(incomplete)
        return []

    def _continue(self, incomplete: _Incomplete, bare: str, end: int) -> list[PlainRow]:
        message = f"{incomplete.message}\n{bare}"
        parsed = parse_message(message)
        if isinstance(parsed, Trace):
            self._incomplete = None
            ref = incomplete.ref._replace(text=message)
            return self._row(incomplete.record, message, parsed, ref, end)
        self._incomplete = incomplete._replace(message=message, lines=incomplete.lines + 1)
        if incomplete.lines >= _MOST_CONTINUED_LINES or len(message) > self._chunks.limit:
            self._give_up(incomplete)
        return []

    def _give_up(self, incomplete: _Incomplete) -> None:
        self._incomplete = None
        self._tally.problem("malformed", incomplete.ref, incomplete.reason.reason)

    def usual(
        self, template: Template, match: re.Match[str], ref: tuple[int, int, int], end: int
    ) -> PlainRow | None:
        """The row of a line that *template* matched, *ref* being its line, offset and length.

        ``None`` if one of its times is none, so that the layouts must look, or if it repeats the line
        before it (then it is counted).
        """
        at = template.at(match)
        record = template.record
        if record.may_repeat and self._repeats(record, at, match[template.message], ref[1], end):
            return None
        self._count(record, at)
        return self._row_of(template, match, at, ref)

    def _row_of(
        self, template: Template, match: re.Match[str], at: int | None, ref: tuple[int, int, int]
    ) -> PlainRow:
        text = match[template.message] if self._keep_text else None
        kind, conv, idem, a, b, c, d = template.form.read(match.group(*template.values))
        process = self.process_of(template.record)
        return (kind, at, self._source, *ref, text, process, conv, idem, a, b, c, d)

    def _row(
        self, record: Record, message: str, trace: Trace, ref: Ref, end: int, line: str = ""
    ) -> list[PlainRow]:
        if record.may_repeat and self._repeats(record, record.at, message, ref.offset, end):
            return []
        if line and self._sealer is None and MARK not in message:  # a template knows no seal, and no escape
            self.templates.learn(line, record)
        self._count(record, record.at)
        self._tally.extra_fields += len(trace.extra)
        text = message if self._keep_text else ref.text
        kind, conv, idem, a, b, c, d, _, process = trace
        place = (self._source, ref.line, ref.offset, ref.length, text, self.process_of(record, process))
        return [(kind, record.at, *place, conv, idem, a, b, c, d)]

    def _repeats(self, record: Record, at: int | None, message: str, start: int, end: int) -> bool:
        """Whether a handler wrote the record directly before this one a second time (TRACES section 8)."""
        before, self.previous = self.previous, (end, at, message, record)
        if before[0] != start or before[1] != at or before[2] != message:
            return False
        same = before[3].writer == record.writer and self.proves_repeats(record)
        self._tally.duplicates += same
        return same

    def proves_repeats(self, record: Record) -> bool:
        """Whether its time is precise: JSON's may lack a fraction, as ``isoformat`` drops a zero one."""
        layouts = record.layouts
        if record.precise or not record.may_repeat:
            return record.precise
        if layouts not in self._fractions:
            lines = self.head.split(b"\n")
            records = (self._explainer.explain(decode(line.removesuffix(b"\r"))) for line in lines)
            self._fractions[layouts] = any(
                record is not None and record.precise and record.layouts == layouts for record in records
            )
        return self._fractions[layouts]

    def _count(self, record: Record, at: int | None) -> None:
        tally = self._tally
        tally.traces += 1
        tally.forms[record.layouts] += 1
        if at is not None and (
            tally.last is None or at > tally.last or tally.first is None or at < tally.first
        ):
            tally.seen_at(at)

    def process_of(self, record: Record, own: str | None = None) -> str:
        """Whose ``id()`` numbers the traces of *record* hold; *own* is what a trace itself says."""
        if record.process is None and own is None:
            return self._process
        named = "/".join(filter(None, (record.process, own)))
        name = self._processes.get(named)
        if name is None:
            name = f"{self._process}/{named}"
            if len(self._processes) < 4096:
                self._processes[named] = name
        return name


def _moved(ref: Ref, lines: int) -> Ref:
    return ref._replace(line=ref.line + lines)
