"""One generation of a followed log as it is scanned, and where the scan can be taken up after a restart."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, Final

from attrs import fields

from kumon_observe.engine.errors import LEVELS
from kumon_observe.engine.settling import Item
from kumon_observe.engine.sources import ReadFile
from kumon_observe.model.errors import StateError
from kumon_observe.model.moments import to_microseconds
from kumon_observe.model.rows import PlainRow
from kumon_observe.parsing.bookmark import Bookmark
from kumon_observe.parsing.choice import scanner_of
from kumon_observe.parsing.grammar import is_trace
from kumon_observe.parsing.head import HEAD_BYTES, inspect
from kumon_observe.parsing.lines import NO_TRACE
from kumon_observe.parsing.options import ScanOptions
from kumon_observe.parsing.records import LoggedRecord, RecordReader
from kumon_observe.parsing.scan import Scanner
from kumon_observe.parsing.tally import Tally
from kumon_observe.reading import LogFile

STILL: Final = timedelta(seconds=1)
"""How long a log without any prefix must say nothing more, before its bare lines are taken for traces; and
how long a record may still be continued."""

_PIECE: Final = 1 << 20
Again = Callable[[int, int], bytes]


def no_bytes(offset: int, length: int) -> bytes:
    """What can be had of a file that is not known any more."""
    del offset, length
    return b""


class FollowedFile(LogFile):
    """What is shown of a generation; *again* gives its bytes once more, wherever they stand by now."""

    def __init__(self, name: str, again: Again) -> None:
        super().__init__(name)
        self._again = again

    @property
    def seekable(self) -> bool:
        """Whether its bytes can be had once more."""
        return True

    def read_at(self, offset: int, length: int) -> bytes:
        """*length* bytes from *offset*; fewer where they are gone."""
        return self._again(offset, length)


class Part:
    """The scan of one generation, whose number in rows is *source*.

    ``made`` counts its rows, ``given`` those that were handed out. Rows that were given before a restart are
    made once more and left out.
    """

    def __init__(
        self, generation: int, source: int, process: str, file: LogFile, options: ScanOptions, errors: bool
    ) -> None:
        self.generation = generation
        self.over = False
        self.made = self.given = self.base = 0
        self._left_out = 0
        self._options = options
        self._file = file
        self._source, self._process = source, process
        self.read = ReadFile(file, 0, source, self._scanner())
        self._records = RecordReader(options, source) if errors else None
        self._head: bytearray | None = bytearray()
        self._begun = False
        self._came: datetime | None = None
        self._marks: list[tuple[int, Bookmark]] = []

    @property
    def scanner(self) -> Scanner:
        """What reads it."""
        return self.read.scanner

    @property
    def is_new(self) -> bool:
        """Whether nothing was read of it, nor gone on from."""
        return not self._begun and not self._head and not self.base

    @property
    def waits(self) -> bool:
        """Whether something is held back until it is clear that nothing more comes."""
        undecided = not self._begun and bool(self._head)
        last = None if self._records is None else self._records.unfinished
        return undecided or (last is not None and _is_error(last))

    @property
    def settled(self) -> bool:
        """Whether all of it was handed out."""
        return self.over and self.given == self.made

    def feed(self, data: bytes, now: datetime) -> list[Item]:
        """What *data* completes."""
        self._came = now
        if self._begun:
            return self._fed(self._learn(data))
        self._head = (self._head or bytearray()) + data
        return self._taken() if self._is_clear() else []

    def still(self, now: datetime) -> list[Item]:
        """What is taken to be complete, since nothing more came for a while."""
        if self._came is None or timedelta() <= now - self._came < STILL:
            return []
        if not self._begun and self._head and b"\n" in self._head:
            return self._taken()
        if self._records is None:
            return []
        return self._ordered([], self._records.still())

    def finish(self, *, complete_tail: bool = True, cut: bool = False) -> list[Item]:
        """The rest, at the end of the generation; with *cut* its unfinished last line comes elsewhere."""
        found = self._taken() if not self._begun else []
        self.over = True
        rows = self._new(self.scanner.finish(complete_tail=complete_tail, cut=cut))
        return found + self._ordered(rows, self._records.finish() if self._records is not None else [])

    # where it begins

    def start(self, offset: int, first: bytes) -> None:
        """Begin at *offset*, where a line begins and *first* stands; what is before it is only counted."""
        again = self._file.read_at
        hole = again(0, 1) == b"\0"
        beginning = first if hole else again(0, HEAD_BYTES)
        lines = 0
        for at in range(0, 0 if hole else offset, _PIECE):
            lines += again(at, min(_PIECE, offset - at)).count(b"\n")
        self.base = offset
        self._begin(beginning)
        self._head = None
        self.scanner.resume(self.scanner.beginning, offset, lines, NO_TRACE)
        if self._records is not None:
            self._records.begin(beginning, offset, lines)

    def go_on(self, saved: dict[str, Any], offset: int, now: datetime) -> None:
        """Go on as was *saved*, at *offset*; what cannot be gone on from is read once more."""
        self.base = saved["base"]
        self.given = saved["given"]
        if saved["mark"] is not None:
            try:
                mark = Bookmark.restored(saved["mark"])
                mark.go_on(self.scanner, self._options, self._file.read_at, to_microseconds(now))
            except StateError:
                self.read.scanner = self._scanner()
            else:
                self.made = saved["made"]
                self._head, self._begun = None, True
                self._marks = [(self.made, mark)]
                self._left_out = self.given - self.made
                if self._records is not None:
                    self._records.begin(self._file.read_at(0, HEAD_BYTES), mark.offset, mark.tally.lines)
                return
        self._left_out = self.given
        if self.base:
            self.start(self.base, self._file.read_at(self.base, HEAD_BYTES))
        for at in range(self.base, offset, _PIECE):
            self.feed(self._file.read_at(at, min(_PIECE, offset - at)), now)

    def saved(self, now: datetime) -> dict[str, Any]:
        """Where it can be gone on from: the latest place all of whose rows were handed out."""
        mark = self._mark(now)
        if mark is not None and (not self._marks or self._marks[-1][1].offset != mark.offset):
            self._marks.append((self.made, mark))
        passed = [one for one in self._marks if one[0] <= self.given]
        if passed:
            self._marks = self._marks[self._marks.index(passed[-1]) :][:8]
        made, best = passed[-1] if passed else (0, None)
        return {
            "source": self._source,
            "offset": self.base if best is None else best.offset,
            "mark": None if best is None else best.saved(),
            "base": self.base,
            "made": made,
            "given": self.given,
        }

    def _mark(self, now: datetime) -> Bookmark | None:
        if self.over or not self._begun or self._left_out:
            return None
        return Bookmark.of(self.scanner, self._options, self._file.read_at, to_microseconds(now))

    # from bytes to items

    def _scanner(self) -> Scanner:
        return scanner_of(self._options, source=self._source, process=self._process, keep_text=True)

    def _is_clear(self) -> bool:
        """Whether it can be told if bare lines may be traces: a record has a prefix, or its head is whole."""
        head = bytes(self._head or b"")
        if len(head) >= HEAD_BYTES or self._options.layout or not self.scanner.may_be_plain:
            return True
        return inspect(head[: head.rfind(b"\n") + 1], self._options.explainer()).recognised

    def _begin(self, beginning: bytes) -> None:
        self._begun = True
        self._head = bytearray(beginning) if len(beginning) < HEAD_BYTES else None
        self.scanner.begin(beginning)

    def _learn(self, data: bytes) -> bytes:
        """Look at the beginning once more while it grows; what is to be fed of it and *data*."""
        if self._head is None:
            return data
        head = bytes(self._head) + data
        before, was_plain = self.scanner, self.scanner.beginning.plain
        self._begin(head)
        if not was_plain or before.beginning.plain:
            return data
        # A record with a prefix came: what was learnt of bare lines does not hold any more.
        after = self.read.scanner = self._scanner()
        after.begin(head)
        for name in (field.name for field in fields(Tally)):
            setattr(after.tally, name, getattr(before.tally, name))
        after.resume(after.beginning, before.offset, before.tally.lines, before.previous)
        return head[before.offset :]

    def _taken(self) -> list[Item]:
        head = bytes(self._head or b"")
        self._begin(head)
        if self._records is not None:
            self._records.begin(head)
        return self._fed(head)

    def _fed(self, data: bytes) -> list[Item]:
        rows = self._new(self.scanner.feed(data))
        return self._ordered(rows, self._records.feed(data) if self._records is not None else [])

    def _new(self, rows: list[PlainRow]) -> list[PlainRow]:
        """*rows* without those that were handed out before a restart."""
        known = min(self._left_out, len(rows))
        self._left_out -= known
        self.made += len(rows)
        return rows[known:]

    @staticmethod
    def _ordered(rows: list[PlainRow], records: list[LoggedRecord]) -> list[Item]:
        errors = [one for one in records if _is_error(one)]
        if not errors:
            return list(rows)
        return sorted(
            [*rows, *errors], key=lambda item: item[3] if isinstance(item, tuple) else item.ref.line
        )


def _line(item: Item) -> int:
    return item[3] if isinstance(item, tuple) else item.ref.line


def _is_error(logged: LoggedRecord) -> bool:
    return (logged.record.level or "").upper() in LEVELS and not is_trace(logged.message)
