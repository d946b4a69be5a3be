"""The files of one log as they stand on disk now, oldest first: what a rotation left, and what grows."""

from __future__ import annotations

import os
from collections.abc import Sequence
from contextlib import closing
from typing import Final, NamedTuple

from kumon_observe.reading import paths
from kumon_observe.reading.expansion import Asked
from kumon_observe.reading.files import Identity, RegularFile, identity
from kumon_observe.reading.findings import Content, Findings
from kumon_observe.reading.following.mark import END, Mark
from kumon_observe.reading.opening import opened
from kumon_observe.reading.rotation import RotatedName, oldest_first, siblings

_TRIES: Final = 5


class Beside(NamedTuple):
    """One file of a log: its ``content``, decompressed; ``identity`` tells whether it is another one."""

    name: str
    content: Content
    identity: Identity
    rotated: RotatedName
    modified: float

    @property
    def plain(self) -> RegularFile | None:
        """The file, if it is neither compressed nor in an archive."""
        return self.content if isinstance(self.content, RegularFile) else None

    def holds(self, mark: Mark) -> bool:
        """Whether it begins with the bytes that *mark* is of."""
        if self.plain is not None:
            start = max(0, mark.length - END)
            head = self.plain.read_at(0, min(END, mark.length))
            tail = self.plain.read_at(start, mark.length - start)
            return len(tail) == mark.length - start and mark == Mark.of(mark.length, head, tail)
        return self.begins_with(mark) and mark == self._mark(mark.length)

    def first_bytes(self) -> Mark:
        """The mark of its first 4 KiB, or of all if there are fewer."""
        head = b""
        with closing(self.content.read(Findings())) as blocks:
            while len(head) < END and (block := next(blocks, b"")):
                head += block
        return Mark.of(len(head[:END]), head, head[:END])

    def begins_with(self, mark: Mark) -> bool:
        """Whether its first bytes, at most 4 KiB, are those that *mark* is of."""
        first = self._mark(min(mark.length, END))
        return first is not None and first.head == mark.head

    def _mark(self, length: int) -> Mark | None:
        with closing(self.content.read(Findings())) as blocks:
            return Mark.in_blocks(blocks, length)


def files_of(path: str) -> list[Beside] | None:
    """The files of the log at *path*, the one that stands there last; those in archives and packed ones too.

    ``None`` while they are being renamed, so that no listing is to be trusted.
    """
    for _ in range(_TRIES):
        before = listing(path)
        found = [one for name in before for one in _opened(name, before[name])]
        if before == listing(path):
            return _in_order(found, before.get(path))
    return None


def listing(path: str) -> dict[str, Identity]:
    """The paths of the files of the log at *path*, with which file each is."""
    found: dict[str, Identity] = {}
    for place in dict.fromkeys((path, paths.target(path))):
        try:
            names = siblings(place)
        except (OSError, ValueError):
            names = []
        for name in (place, *names):
            try:
                found[name] = identity(paths.status(name))
            except (OSError, ValueError):
                continue
    return found


def _opened(path: str, planned: Identity) -> list[Beside]:
    found = []
    for one in opened(Asked(path, listed=True), stdin=None, fifo_wait=0):
        content = one.file.content
        if content is None or one.identity[:2] != planned:
            continue
        found.append(Beside(one.file.name, content, planned, one.rotated, one.file.modified or 0.0))
    return found


def _in_order(found: Sequence[Beside], current: Identity | None) -> list[Beside]:
    """*found*, oldest first, no file twice; one that is being compressed stands there as it was."""
    seen: set[tuple[object, ...]] = set()
    plain = {_turn(one) for one in found if one.plain is not None and one.identity != current}
    once: list[Beside] = []
    for one in found:
        key = one.identity if one.plain is not None else (*one.identity, one.name)
        if key in seen or (one.plain is None and _turn(one) in plain):
            continue
        seen.add(key)
        once.append(one)
    ordered = oldest_first(once, lambda one: one.rotated, lambda one: one.modified)
    return sorted(ordered, key=lambda one: one.plain is not None and one.identity == current)


def _turn(one: Beside) -> tuple[object, ...]:
    return one.rotated.number, one.rotated.day, one.rotated.time


def open_plain(file: RegularFile) -> int | None:
    """A descriptor of *file*; ``None`` if it is another one by now or cannot be opened."""
    try:
        descriptor = file.open()
    except OSError:
        return None
    if identity(os.fstat(descriptor)) != file.planned:
        os.close(descriptor)
        return None
    return descriptor


def bytes_of(content: Content, offset: int, length: int) -> bytes:
    """*length* bytes of *content* from *offset* on, fewer at its end or where it cannot be read."""
    if isinstance(content, RegularFile):
        return content.read_at(offset, length)
    found, start = b"", 0
    blocks = content.read(Findings())
    for block in blocks:
        if start + len(block) > offset:
            found += block[max(0, offset - start) :]
        start += len(block)
        if len(found) >= length:
            break
    blocks.close()
    return found[:length]
