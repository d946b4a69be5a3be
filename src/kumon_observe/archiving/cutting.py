"""Takes the archived beginning out of a log, in place, without losing a byte that is written meanwhile.

Copying what is to stay and truncating then, as ``copytruncate`` does, loses what is written in between. Here
a log is cut in one of two ways, each of which the kernel keeps apart from every write:

- ``fallocate(FALLOC_FL_COLLAPSE_RANGE)`` (fallocate(2)) takes whole blocks out of a file and moves the rest
  to the front, under the same lock as a write. Who appends (``O_APPEND``) goes on at the new end. ext4 and
  XFS have it, and overlayfs on them.
- Where nobody else has the file open, a lease keeps it so (:mod:`kumon_observe.archiving.writers`), and what
  is to stay is moved to the front and the file truncated.

Blocks do not end where lines do. So first the end of the archived part is overwritten with the *mark*: one
blank line from the place of the cut to the first line that stays, 64 of whose spaces and tabs are a random
number. After the cut it is the log's first line. That number also tells, after a crash at any instant, what
was done: it stands at the place of the cut (still to be cut), at the front (cut), or nowhere (not begun).
"""

from __future__ import annotations

import ctypes
import errno
import os
from collections.abc import Iterator
from typing import Final

from kumon_observe.archiving.copying import blocks
from kumon_observe.reading.files import read_at

LEAST: Final = 1 << 13
"""Bytes of whole lines below which a log is not worth cutting."""

MOST_MOVED: Final = 64 << 20
"""Bytes that are moved to the front at most: a lease is given for seconds."""

_COLLAPSE: Final = 0x08
_TOKEN_BITS: Final = 64
_SHORTEST_MARK: Final = _TOKEN_BITS + 1
_FAR: Final = 1 << 30


def place(descriptor: int, length: int) -> int:
    """Where a log is cut whose first *length* bytes are archived: between blocks if they can be taken out."""
    step = os.fstatvfs(descriptor).f_bsize if can_collapse(descriptor) else 1
    return (length - _SHORTEST_MARK) // step * step or length - _SHORTEST_MARK


def can_collapse(descriptor: int) -> bool:
    """Whether the filesystem takes blocks out of files: asked of a range behind the end."""
    block = os.fstatvfs(descriptor).f_bsize
    behind = os.fstat(descriptor).st_size // block * block + _FAR // block * block
    try:
        _collapse(descriptor, behind, block)
    except OSError as error:
        return error.errno == errno.EINVAL
    return False


def collapse(descriptor: int, cut: int) -> None:
    """Take the first *cut* bytes out of the open log, which are whole blocks.

    Raises:
        OSError: the filesystem does not do it; nothing changed.
    """
    _collapse(descriptor, 0, cut)
    os.fsync(descriptor)


def move_to_front(descriptor: int, cut: int) -> None:
    """Write what stands from *cut* on to the front too. Nobody else may have the log open.

    Raises:
        OSError: it cannot be read or written.
    """
    end = os.fstat(descriptor).st_size
    _write(descriptor, 0, blocks(descriptor, cut, end))


def drop_moved(descriptor: int, cut: int) -> None:
    """Truncate the log behind what was moved to its front.

    Raises:
        OSError: it cannot be written.
    """
    os.ftruncate(descriptor, os.fstat(descriptor).st_size - cut)
    os.fsync(descriptor)


def may_move(descriptor: int, cut: int) -> bool:
    """Whether what stands from *cut* on is little, and no longer than what goes away, which it replaces."""
    return os.fstat(descriptor).st_size - cut <= min(cut, MOST_MOVED)


def mark(descriptor: int, cut: int, length: int, token: int) -> None:
    """Overwrite the archived bytes from *cut* to *length* with the mark.

    Raises:
        OSError: they cannot be written.
    """
    _write(descriptor, cut, iter([_token(token) + b" " * (length - cut - _SHORTEST_MARK) + b"\n"]))


def is_marked(descriptor: int, at: int, token: int) -> bool:
    """Whether the mark with *token* stands *at* this offset.

    Raises:
        OSError: it cannot be read.
    """
    return read_at(descriptor, at, _TOKEN_BITS) == _token(token)


def restore(descriptor: int, content: Iterator[bytes]) -> None:
    """Write the archived *content* back to the front, where a cut was begun and cannot be.

    Raises:
        OSError: it cannot be written.
    """
    _write(descriptor, 0, content)


def _token(token: int) -> bytes:
    return bytes(0x09 if token >> bit & 1 else 0x20 for bit in range(_TOKEN_BITS))


def _write(descriptor: int, offset: int, pieces: Iterator[bytes]) -> None:
    for piece in pieces:
        rest = piece
        while rest:
            written = os.pwrite(descriptor, rest, offset)
            rest, offset = rest[written:], offset + written
    os.fsync(descriptor)


def _collapse(descriptor: int, offset: int, length: int) -> None:
    library = ctypes.CDLL(None, use_errno=True)
    call = getattr(library, "fallocate64", None) or getattr(library, "fallocate", None)
    if call is None:
        raise OSError(errno.EOPNOTSUPP, os.strerror(errno.EOPNOTSUPP))
    call.argtypes = [ctypes.c_int, ctypes.c_int, ctypes.c_int64, ctypes.c_int64]
    if call(descriptor, _COLLAPSE, offset, length) != 0:
        code = ctypes.get_errno()
        raise OSError(code, os.strerror(code))
