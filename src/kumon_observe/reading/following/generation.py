"""One file's life: read as it grows, verified at each step, until another file has taken its place."""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from typing import Final

from kumon_observe.model.evidence import Sentence
from kumon_observe.model.phrase import counted, phrase
from kumon_observe.reading.files import Identity, RegularFile, read_at
from kumon_observe.reading.findings import Blocks, Content, Findings
from kumon_observe.reading.following.beside import Beside, bytes_of, files_of, open_plain
from kumon_observe.reading.following.mark import END, Mark
from kumon_observe.reading.following.piece import Place

_BLOCK: Final = 4 << 10
"""Bytes of a file system's block: a hole ends at one."""


class Generation:
    """A file that is read from ``offset`` on.

    ``superseded`` is when another one took its place, or a late line came after that; with ``gone`` no more
    of it can be had, as ``lost`` and ``note`` tell; ``cut``: its last line goes on in the next generation.

    What was read last is compared with what stands there now before new bytes count: a file that was cut
    and has grown past the old place again is not taken for one that grew.
    """

    def __init__(self, number: int, name: str, content: Content, offset: int = 0) -> None:
        self.number = number
        self.name = name
        self.base = self.offset = offset
        self.identity: Identity = (0, 0)
        self.modified = 0.0
        self.size = 0
        self.superseded: datetime | None = None
        self.lost: Sentence | None = None
        self.note: Sentence | None = None
        self.gone = self.cut = False
        self.over = False
        self._content = content
        self._findings = Findings()
        self._blocks: Blocks | None = None
        self._rest = b""
        self._descriptor: int | None = None
        self._head = self._tail = b""

    @classmethod
    def beside(cls, number: int, found: Beside, offset: int = 0) -> Generation:
        """The life of a file that was found beside the log; it is opened when it is read."""
        made = cls(number, found.name, found.content, offset)
        made.identity, made.modified = found.identity, found.modified
        return made

    @property
    def is_plain(self) -> bool:
        """Whether it can grow: it is neither compressed nor in an archive."""
        return isinstance(self._content, RegularFile)

    @property
    def mark(self) -> Mark:
        """The mark of what was read."""
        return Mark.of(self.offset, self._head, self._tail)

    @property
    def known(self) -> Mark:
        """The mark of what was read, or else of what is there to be read."""
        if self.offset or self._descriptor is None:
            return self.mark
        head = read_at(self._descriptor, 0, END)
        return Mark.of(len(head), head, head)

    def place(self, offset: int) -> Place:
        """Where to go on from *offset*, which was read."""
        return Place(self.number, self.name, offset, self.identity, self.mark, self.modified)

    def read(self, most: int) -> bytes:
        """At most *most* bytes more; none at its end, for now, or when it was cut (``was_cut``)."""
        if not self.is_plain:
            return self._next(most)
        if self._descriptor is None and not self._open():
            return b""
        descriptor = self._descriptor
        if descriptor is None:
            return b""
        data = read_at(descriptor, self.offset, most)
        if data and not self._fits(descriptor, len(data)):
            return b""
        self._passed(data)
        status = os.fstat(descriptor)
        self.size, self.modified = max(status.st_size, self.offset), status.st_mtime
        return data

    def was_cut(self) -> bool:
        """Whether what was read no longer stands in it: it was truncated, or written anew."""
        return self._descriptor is not None and not self._fits(self._descriptor, 0)

    def was_touched(self) -> bool:
        """Whether it changed since it was seen to be empty: something may have come and gone unseen."""
        if self._descriptor is None or self.offset:
            return False
        return os.fstat(self._descriptor).st_mtime != self.modified

    @property
    def grown(self) -> bool:
        """Whether its size is another one than was read up to."""
        return self._descriptor is not None and os.fstat(self._descriptor).st_size != self.offset

    @property
    def is_deleted(self) -> bool:
        """Whether no name leads to it any more."""
        return self._descriptor is not None and os.fstat(self._descriptor).st_nlink == 0

    def go_on_in(self, found: Beside) -> None:
        """The rest stands in *found*, which holds what was read: a copy, or a file under a new name."""
        self.close()
        self._content, self._findings = found.content, Findings()
        self.identity, self.over = found.identity, False

    def cut_without_copy(self) -> None:
        """What stood behind the place up to which it was read can be had nowhere."""
        self.gone = True
        unread = self.size - self.offset
        if unread > 0:
            self.lost = counted(
                unread,
                "1 byte of it is lost: it was cut before that was read, and no copy is there",
                "{n} bytes of it are lost: it was cut before they were read, and no copy is there",
            )
        else:
            self.note = phrase(
                "it was cut after byte {n}: what was written just before that is lost, if anything was",
                n=self.offset,
            )

    def start(self, start: Callable[[int], int]) -> None:
        """Begin at the offset that *start* gives for the open file."""
        if self._descriptor is not None:
            self.base = self.offset = start(self._descriptor)
            self._take_up(self._descriptor)

    def read_at(self, offset: int, length: int) -> bytes:
        """Bytes that were read, once more; fewer where they cannot be had."""
        with suppress(OSError):
            if self._descriptor is not None:
                return read_at(self._descriptor, offset, length)
        return bytes_of(self._content, offset, length)

    def close(self) -> None:
        """Let the file go."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None
        if self._blocks is not None:
            self._blocks.close()
            self._blocks = None
        self._rest = b""

    def _open(self) -> bool:
        """Open a plain file by its path, or by wherever a rotation has moved it meanwhile."""
        file = self._content
        if not isinstance(file, RegularFile):
            return False
        descriptor = open_plain(file)
        if descriptor is None:
            moved = (one for one in files_of(file.path) or () if one.identity == self.identity)
            descriptor = next((open_plain(one.plain) for one in moved if one.plain is not None), None)
        if descriptor is None:
            self.lost = phrase("what it held from byte {n} on is lost: it is gone", n=self.offset)
            self.gone = True
            return False
        self._take_up(descriptor)
        return True

    def _take_up(self, descriptor: int) -> None:
        self._descriptor = descriptor
        if not self.offset:
            self._skip_hole(descriptor)
        self._head = read_at(descriptor, 0, min(END, self.offset))
        start = max(0, self.offset - END)
        self._tail = read_at(descriptor, start, self.offset - start)
        status = os.fstat(descriptor)
        self.size, self.modified = status.st_size, status.st_mtime

    def _skip_hole(self, descriptor: int) -> None:
        """Begin where the first data is: who does not append leaves a hole before it after a truncation."""
        if os.pread(descriptor, 1, 0) != b"\0":
            return
        with suppress(OSError):
            start = os.lseek(descriptor, 0, os.SEEK_DATA)
            block = os.pread(descriptor, _BLOCK, start)
            self.base = self.offset = start + len(block) - len(block.lstrip(b"\0"))

    def _fits(self, descriptor: int, more: int) -> bool:
        """Whether the file still holds what was read, and *more* bytes."""
        if os.fstat(descriptor).st_size < self.offset + more:
            return False
        head, tail = self._head, self._tail
        return (
            read_at(descriptor, 0, len(head)) == head
            and read_at(descriptor, self.offset - len(tail), len(tail)) == tail
        )

    def _next(self, most: int) -> bytes:
        """The next bytes of a compressed file; it is ``over`` at their end."""
        if self._blocks is None:
            self._blocks = self._content.read(self._findings)
            skipped, self.offset = self.offset, 0
            self._head = self._tail = b""
            while self.offset < skipped and (block := next(self._blocks, b"")):
                self._rest = block[skipped - self.offset :]
                self._passed(block[: skipped - self.offset])
        data = self._rest or next(self._blocks, b"")
        data, self._rest = data[:most], data[most:]
        if not data:
            self.over = True
            self.lost = self.lost or self._findings.error
        self._passed(data)
        return data

    def _passed(self, data: bytes) -> None:
        if len(self._head) < END:
            self._head += data[: END - len(self._head)]
        self._tail = (self._tail + data[-END:])[-END:]
        self.offset += len(data)
