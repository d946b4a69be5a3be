"""Log records that never were lines: what a program's own ``logging`` hands over."""

from __future__ import annotations

from typing import Final

from kumon_observe.model.rows import PlainRow, Ref
from kumon_observe.parsing.ansi import trimmed
from kumon_observe.parsing.explainer import LOGGED, Record
from kumon_observe.parsing.options import ScanOptions
from kumon_observe.parsing.records import LoggedRecord
from kumon_observe.parsing.scan import Scanner

_FORM: Final = (LOGGED,)
_LONGEST: Final = 64 << 10


class LoggedScanner(Scanner):
    """Takes records instead of blocks, and judges each as the same record in a log file is judged.

    A record's line is its number, its offset the bytes of the messages before it. Its text stands in the
    row, since it cannot be read again; so a message of more than 64 KiB counts as oversized.
    """

    def __init__(self, options: ScanOptions, *, process: str = "") -> None:
        super().__init__(options, process=process, keep_text=True)
        self._head = None
        self._limit = min(options.max_record, _LONGEST)
        self.tally.recognised = True
        self._latest = (Ref(None, 0, 0, 0, 0, ""), Record(_FORM, ""))

    def take(self, at: int | None, logger: str, level: str, message: str, process: str) -> list[PlainRow]:
        """The row of the trace that *message* is, if it is one; *at* in microseconds since the epoch."""
        message = trimmed(message)
        raw = message.encode("utf-8", "backslashreplace")
        size = len(raw)
        start, tally = self._offset, self.tally
        self._offset = end = start + size + 1
        tally.lines += 1
        if at is not None and (
            tally.last is None or at > tally.last or tally.first is None or at < tally.first
        ):
            tally.seen_at(at)
        if size > self._limit:
            message = ""
        ref = Ref(at, self._source, tally.lines, start, size, message)
        record = Record(_FORM, message, at, True, level, logger, process)
        self._latest = (ref, record)
        if size > self._limit:
            tally.problem("oversized", ref)
            return []
        return self._lines.logged(record, ref, end, raw)

    def latest(self) -> LoggedRecord:
        """The record taken last, without its text if it was oversized."""
        ref, record = self._latest
        return LoggedRecord(ref, record, record.message or "")
