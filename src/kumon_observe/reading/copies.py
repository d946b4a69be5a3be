"""Two copies of one file, found by content: whole copies, and copies of a file's beginning."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import closing
from enum import Enum
from typing import NamedTuple

from kumon_observe.model.phrase import phrase
from kumon_observe.reading.files import RegularFile
from kumon_observe.reading.findings import Content, Findings
from kumon_observe.reading.logfile import LogFile

HEAD = 1 << 12
_LEAST_RECORD = 20


class Relation(Enum):
    """How the content of one file relates to that of another."""

    DIFFERENT = "different"
    EQUAL = "equal"
    BEGINNING = "beginning"
    EXTENSION = "extension"


class Headed(NamedTuple):
    """A file with its content, and the first bytes of that."""

    file: LogFile
    content: Content
    head: bytes


def head_of(content: Content) -> bytes:
    """The first ``HEAD`` bytes, or all if there are fewer; what fails here is told when all is read."""
    if isinstance(content, RegularFile):
        return content.read_at(0, HEAD)
    pieces: list[bytes] = []
    length = 0
    with closing(content.read(Findings())) as blocks:
        for block in blocks:
            pieces.append(block[: HEAD - length])
            length += len(pieces[-1])
            if length >= HEAD:
                break
    return b"".join(pieces)


def copies_in(files: Iterable[Headed]) -> set[LogFile]:
    """Those of *files* whose content another one holds; the other one gets a note that says so."""
    kept: dict[bytes, list[Headed]] = {}
    dropped: set[LogFile] = set()
    for candidate in files:
        if not candidate.head:
            continue
        rivals = kept.setdefault(candidate.head[:_LEAST_RECORD], [])
        stays = True
        for rival in list(rivals):
            relation = _compared(candidate, rival)
            if relation is Relation.DIFFERENT:
                continue
            if relation is Relation.EXTENSION or (relation is Relation.EQUAL and _better(candidate, rival)):
                rivals.remove(rival)
                dropped.add(rival.file)
                _tell(candidate.file, rival.file, relation)
                continue
            dropped.add(candidate.file)
            _tell(rival.file, candidate.file, relation)
            stays = False
            break
        if stays:
            rivals.append(candidate)
    return dropped


def _better(candidate: Headed, rival: Headed) -> bool:
    return candidate.file.seekable and not rival.file.seekable


def _tell(remaining: LogFile, copy: LogFile, relation: Relation) -> None:
    if relation is Relation.EQUAL:
        sentence = phrase("{copy} has the same content and was counted once", copy=copy.name)
    else:
        sentence = phrase("{copy} has the beginning of the same content and was counted once", copy=copy.name)
    for note in (*copy.notes, sentence):
        remaining.note(note)
    if copy.error is not None:
        remaining.note(phrase("{copy}: {reason}", copy=copy.name, reason=copy.error))


def _compared(one: Headed, other: Headed) -> Relation:
    """What *one* is to *other*; whole contents are compared only where the heads agree."""
    if not (one.head.startswith(other.head) or other.head.startswith(one.head)):
        return Relation.DIFFERENT
    one_goes_on, other_goes_on = _in_step(one.content, other.content)
    if one_goes_on and other_goes_on:
        return Relation.DIFFERENT
    if not one_goes_on and not other_goes_on:
        return Relation.EQUAL
    if not _tells_enough(min(one.head, other.head, key=len)):
        return Relation.DIFFERENT
    return Relation.EXTENSION if one_goes_on else Relation.BEGINNING


def _tells_enough(head: bytes) -> bool:
    """Whether a beginning is long enough to be that of one log only: it has a whole record."""
    *records, _ = head.split(b"\n")
    return len(head) >= HEAD or any(len(record) + 1 >= _LEAST_RECORD for record in records)


def _in_step(one: Content, other: Content) -> tuple[bool, bool]:
    """Read both as far as they are equal, and say which of them goes on there."""
    with closing(one.read(Findings())) as lefts, closing(other.read(Findings())) as rights:
        left = right = b""
        while True:
            left = left or next(lefts, b"")
            right = right or next(rights, b"")
            if not left or not right:
                return bool(left), bool(right)
            common = min(len(left), len(right))
            if left[:common] != right[:common]:
                return True, True
            left, right = left[common:], right[common:]
