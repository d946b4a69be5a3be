"""Tells which file it was that was read, whatever it is called now: by the bytes themselves.

A name says nothing after a rotation, and an inode is given to the next file at once after a deletion.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final, Self

from attrs import frozen

from kumon_observe.model.patterns import LatePattern

END: Final = 4 << 10
"""Bytes at both ends of what was read that are compared."""

_DIGEST: Final = 8
_CLOCK_TIME: Final = LatePattern(rb"\d\d:\d\d:\d\d")


@frozen
class Mark:
    """The first ``length`` bytes of a file: digests of the first and the last 4 KiB of them.

    ``telling`` is whether no two logs begin like that: they hold a clock time, or are 4 KiB or more.
    """

    length: int
    head: str
    tail: str
    telling: bool

    @classmethod
    def of(cls, length: int, head: bytes, tail: bytes) -> Self:
        """The mark of a file whose first *length* bytes begin with *head* and end with *tail*."""
        telling = length >= END or _CLOCK_TIME.search(tail) is not None
        return cls(length, _digest(head[:END]), _digest(tail[-END:]), telling)

    @classmethod
    def in_blocks(cls, blocks: Iterable[bytes], length: int) -> Self | None:
        """The mark of the first *length* bytes of a stream; ``None`` if there are fewer."""
        head = tail = b""
        done = 0
        for block in blocks:
            piece = block[: length - done]
            head += piece[: END - len(head)]
            tail = (tail + piece[-END:])[-END:]
            done += len(piece)
            if done == length:
                break
        return cls.of(length, head, tail) if done == length else None

    def saved(self) -> list[Any]:
        """The mark as JSON values."""
        return [self.length, self.head, self.tail, self.telling]

    @classmethod
    def restored(cls, saved: Any) -> Self:
        """The mark that was saved.

        Raises:
            TypeError, ValueError: it is none.
        """
        length, head, tail, telling = saved
        return cls(int(length), str(head), str(tail), bool(telling))


def _digest(data: bytes) -> str:
    import hashlib

    return hashlib.blake2b(data, digest_size=_DIGEST).hexdigest()
