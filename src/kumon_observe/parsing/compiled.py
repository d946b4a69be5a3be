"""The scan with the help of ``kumon-observe-native``, which reads usual lines and folds settled turns.

It gives what :class:`~kumon_observe.parsing.scan.Scanner` gives: the layouts still explain every form of line
once, and every line that has none.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from functools import cache
from typing import Any, Final

import kumon_observe_native as native
from attrs import define, field, frozen

from kumon_observe.model.apart import Apart
from kumon_observe.model.rows import MICROSECONDS, PLANNER, Fold, PlainRow
from kumon_observe.parsing.forms import FORMS, Form, Given
from kumon_observe.parsing.lines import Previous
from kumon_observe.parsing.scan import Block, Reread, Scanner, ScanOptions
from kumon_observe.parsing.templates import Template, Text, Time

_LONGEST_TURN: Final = 3600 * MICROSECONDS
_OUTCOMES: Final = (None, False, True)
_KEY_BEFORE: Final = 7
_KEY_AFTER: Final = 9


@frozen(eq=False)
class FoldedBlock:
    """A block of a source; *names* tells how many traces of a conversation were folded, its first ones."""

    names: Mapping[str, int]
    _rows: Callable[[], list[PlainRow]] = field(repr=False)

    def holds(self, name: str) -> bool:
        """Whether settled turns of *name* are in it."""
        return name in self.names

    def again(self, names: Collection[str]) -> list[tuple[int, PlainRow]]:
        """The traces of the conversations *names*, each with its number among the block's planner traces."""
        found: list[tuple[int, PlainRow]] = []
        planners = 0
        left = {name: self.names[name] for name in names if name in self.names}
        for row in self._rows():
            planners += row[0] == PLANNER
            if left.get(row[8] or "", 0):
                left[row[8] or ""] -= 1
                found.append((planners, row))
        return found


@define(eq=False)
class _NumberedBlock(Block):
    """A block whose lines the compiled scan numbers."""

    scan: native.Scan = field(kw_only=True)

    def number(self, start: int) -> int:
        """The number of the line that begins at *start*."""
        return self.scan.line_of(start)


class CompiledScanner(Scanner):
    """Reads one source as :class:`Scanner` does."""

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
        self._reread: Reread | None = None
        self._native = native.Scan(
            forms=_native_forms(), fold=Fold, source=source, keep_text=keep_text, limit=options.max_record
        )
        self._learnt = 0
        self._again = (options, source, process, keep_text)

    def fold(self, apart: Callable[[], Apart] | None, reread: Reread | None) -> None:
        """Fold settled turns but for those *apart*."""
        self._apart, self._reread = apart, reread

    def _read(self, block: Block, tail: bool) -> list[PlainRow]:
        scan, reader, end = self._native, self._lines, len(block.data)
        begun = self._offset, self.tally.lines, reader.previous
        settled = not reader.waiting
        scan.begin(block.data, self._offset, block.line)
        block = _NumberedBlock(block.data, block.too_long, block.forgiving, block.line, scan=scan)
        done = self._chunks(block)
        self._hand_over(block)
        while done < end:
            if reader.waiting:
                done = self._walk(block, done, end)
            else:
                done = self._run(done)
                if done < end:
                    done = self._line(block, done)
            self._hand_over(block)
        self.tally.lines = block.number(end) - 1
        self._count()
        if tail or self._apart is None or not settled:
            return scan.rows()[0]
        return self._folded(block.data, begun, self._apart())

    def _is_utf8(self, data: bytes) -> bool:
        return native.is_utf8(data)

    def _holds(self, data: bytes, part: bytes) -> bool:
        return native.holds(data, part)

    def _run(self, done: int) -> int:
        """Read usual lines from *done* on; where the first one begins that is not usual."""
        scan, reader = self._native, self._lines
        before = reader.previous
        scan.previous = (*before, before[3].writer)
        done = scan.run(done)
        reader.previous = scan.previous
        return done

    def _hand_over(self, block: Block) -> None:
        """Give what was read line by line to the compiled scan: the rows, and what was learnt from them."""
        for row in block.found:
            self._native.add(row)
        block.found.clear()
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

    def _folded(self, data: bytes, begun: tuple[int, int, Previous], apart: Apart) -> list[PlainRow]:
        names: dict[str, int] = {}
        block = FoldedBlock(names, self._reader_of(data, begun))
        rows, folded = self._native.rows(
            block=block,
            fold=True,
            names=apart.names,
            vouches=apart.vouches,
            singly=sum(1 << _number(outcome) for outcome in apart.pairs),
            longest=_LONGEST_TURN,
            room=apart.room,
        )
        names.update(folded or {})
        return rows

    def _reader_of(self, data: bytes, begun: tuple[int, int, Previous]) -> Callable[[], list[PlainRow]]:
        """What reads the block once more that holds *data* and was *begun* so, every trace by itself."""
        offset, lines, previous = begun
        plain, head, reread, length = self._lines.plain, self._lines.head, self._reread, len(data)
        kept = data if reread is None else b""
        options, source, process, keep_text = self._again

        def rows() -> list[PlainRow]:
            again = CompiledScanner(options, source=source, process=process, keep_text=keep_text)
            again._head = None
            again._offset = offset
            again.tally.lines = lines
            again._lines.plain, again._lines.head, again._lines.previous = plain, head, previous
            return again._take(kept or (reread(offset, length) if reread is not None else b""))

        return rows


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
