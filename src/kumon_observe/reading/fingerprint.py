"""Tells whether a file that grew still begins with the bytes that were read before, without reading them all.

Looked at are its first 64 KiB, the last 4 KiB that were read, blocks of 4 KiB spread evenly between them (64
to 128 of them in a large file), its size, and its time of change where the size did not change. So a file
that was cut, replaced or written anew is noticed. An edit in the middle goes unnoticed only if it keeps the
length of what it changes, touches none of these blocks, and something was appended since.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final, Self

from attrs import frozen

from kumon_observe.model.evidence import Sentence
from kumon_observe.model.phrase import phrase
from kumon_observe.reading.files import RegularFile, identity, read_at
from kumon_observe.reading.logfile import LogFile

HEAD: Final = 64 << 10
_BLOCK: Final = 4 << 10
_MOST_BLOCKS: Final = 128
_NARROWEST: Final = 64 << 10
_DIGEST: Final = 8


@frozen
class Fingerprint:
    """What the bytes of a file up to ``offset`` were, and what was seen of the file then.

    ``blocks`` are digests of the blocks at the multiples of ``step``. Sizes are in bytes, ``modified`` in
    nanoseconds since the epoch.
    """

    offset: int
    size: int
    modified: int
    head: str
    tail: str
    step: int
    blocks: tuple[str, ...]

    @classmethod
    def of(cls, descriptor: int, offset: int, known: Fingerprint | None = None) -> Self:
        """The fingerprint of an open file up to *offset*; *known* is an earlier one that fits it.

        Raises:
            OSError: it cannot be read.
        """
        status = os.fstat(descriptor)
        step = _step(offset)
        have = dict(known.places()) if known is not None else {}
        blocks = tuple(
            have.get(place) or _digest(descriptor, place, _BLOCK) for place in _multiples(step, offset)
        )
        tail = max(0, offset - _BLOCK)
        return cls(
            offset=offset,
            size=status.st_size,
            modified=status.st_mtime_ns,
            head=_digest(descriptor, 0, min(HEAD, offset)),
            tail=_digest(descriptor, tail, offset - tail),
            step=step,
            blocks=blocks,
        )

    def misfit(self, descriptor: int) -> Sentence | None:
        """Why the open file is not the one that this is of, with something appended; ``None`` if it is.

        Raises:
            OSError: it cannot be read.
        """
        status = os.fstat(descriptor)
        if status.st_size < max(self.size, self.offset):
            return phrase("it became shorter since it was judged last")
        if status.st_size == self.size and status.st_mtime_ns != self.modified:
            return phrase("it was written to without growing since it was judged last")
        tail = max(0, self.offset - _BLOCK)
        if (
            _digest(descriptor, 0, min(HEAD, self.offset)) != self.head
            or _digest(descriptor, tail, self.offset - tail) != self.tail
            or any(_digest(descriptor, place, _BLOCK) != told for place, told in self.places())
        ):
            return phrase("what was judged last is not what stands in it now")
        return None

    def saved(self) -> list[Any]:
        """The fingerprint as JSON values."""
        return [self.offset, self.size, self.modified, self.head, self.tail, self.step, "".join(self.blocks)]

    @classmethod
    def restored(cls, saved: Any) -> Self:
        """The fingerprint that was saved.

        Raises:
            ValueError, TypeError: it is none.
        """
        offset, size, modified, head, tail, step, blocks = saved
        if not 0 <= offset <= size or step != _step(offset):
            raise ValueError("its places do not belong together")
        width = 2 * _DIGEST
        digests = tuple(blocks[start : start + width] for start in range(0, len(blocks), width))
        return cls(offset, size, modified, head, tail, step, digests)

    def places(self) -> Iterator[tuple[int, str]]:
        """Where each block begins, with its digest."""
        return zip(_multiples(self.step, self.offset), self.blocks, strict=True)


def _step(offset: int) -> int:
    step = _NARROWEST
    while offset // step > _MOST_BLOCKS:
        step *= 2
    return step


def _multiples(step: int, offset: int) -> range:
    """Where whole blocks begin before *offset*, the file's first one excepted: the head holds it."""
    return range(step, max(step, offset - _BLOCK + 1), step)


def _digest(descriptor: int, offset: int, length: int) -> str:
    import hashlib

    return hashlib.blake2b(read_at(descriptor, offset, length), digest_size=_DIGEST).hexdigest()


@contextmanager
def reopened(file: LogFile) -> Iterator[int | None]:
    """A descriptor of a plain *file*, besides the one that its blocks come from; ``None`` if it was replaced.

    Raises:
        OSError: it cannot be opened.
    """
    content = file.content
    if not isinstance(content, RegularFile):
        yield None
        return
    descriptor = content.open()
    try:
        yield descriptor if identity(os.fstat(descriptor)) == content.planned else None
    finally:
        os.close(descriptor)
