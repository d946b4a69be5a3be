"""Records at the end of a rotated file that stand at the start of the next one too (copied, not moved)."""

from __future__ import annotations

from typing import Final, Protocol

from kumon_observe.model.patterns import LatePattern
from kumon_observe.model.phrase import phrase
from kumon_observe.reading.findings import Findings

TAIL = 1 << 18
"""Bytes of the older file's end that are looked at; no longer repetition is found."""

_LEAST_RECORD = 20
_RECORDS_WITHOUT_TIME = 8
_MOST_TRIES = 1000
_CLOCK_TIME: Final = LatePattern(rb"\d\d:\d\d:\d\d")
_ALL_BLANK = bytes(byte if byte == 0x0A else 0x20 for byte in range(256))


class _Older(Protocol):
    name: str

    def take_tail(self) -> bytes: ...


class Overlap:
    """What the start of a file may repeat of the *older* one."""

    def __init__(self, older: _Older) -> None:
        self._older = older

    def blanked(self, block: bytes, findings: Findings) -> bytes:
        """*block*, the first of the newer file, with the repeated lines blanked."""
        repeated = repeated_bytes(self._older.take_tail(), block)
        if not repeated:
            return block
        findings.note(
            phrase(
                "its first {n} bytes stand at the end of {older} too, and were counted once",
                n=repeated,
                older=self._older.name,
            )
        )
        return block[:repeated].translate(_ALL_BLANK) + block[repeated:]


def repeated_bytes(tail: bytes, head: bytes) -> int:
    """How many bytes *head* begins with that *tail*, the end of the older file, ends with: whole lines.

    One record is enough if it has a clock time and 20 bytes. Records without times do repeat by nature,
    so fewer than eight of them prove nothing. A last line of *tail* that is cut off is part of the match,
    but it is not counted: it stands whole in *head*.
    """
    line = head[: head.find(b"\n") + 1]
    if not line:
        return 0
    start = tail.find(b"\n" + line)
    for _ in range(_MOST_TRIES):
        if start < 0:
            return 0
        length = len(tail) - start - 1
        if head.startswith(tail[start + 1 :]):
            return _whole_records(head[:length])
        start = tail.find(b"\n" + line, start + 1)
    return 0


def _whole_records(repeated: bytes) -> int:
    length = repeated.rfind(b"\n") + 1
    records = [line for line in repeated[:length].split(b"\n") if len(line) + 1 >= _LEAST_RECORD]
    timed = any(_CLOCK_TIME.search(line) for line in records)
    return length if timed or len(records) >= _RECORDS_WITHOUT_TIME else 0
