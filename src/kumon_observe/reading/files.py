"""Regular files, read as a snapshot while somebody else may write, cut or replace them."""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import ClassVar

from attrs import frozen

from kumon_observe.model.evidence import Sentence
from kumon_observe.model.phrase import phrase
from kumon_observe.reading.findings import BLOCK, Blocks, Findings, opening_failed, reading_failed

Identity = tuple[int, int]
"""Device and inode: which file it is, whatever its name."""

_LINE_BLOCK = 1 << 16
# Without O_NONBLOCK, a FIFO that took the file's place would block the open for good.
_FLAGS = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)


def identity(status: os.stat_result) -> Identity:
    """Which file *status* is of."""
    return status.st_dev, status.st_ino


@frozen
class RegularFile:
    """A regular file by its *path*; ``planned`` is the file that stood there when the sources were listed."""

    path: str
    planned: Identity
    repeatable: ClassVar[bool] = True

    def read(self, findings: Findings) -> Blocks:
        """The bytes up to the size at opening, then on to the end of the line that is being written there."""
        try:
            descriptor = self.open()
        except OSError as error:
            findings.fail(opening_failed(error))
            return
        position = 0
        try:
            opened = os.fstat(descriptor)
            if not stat.S_ISREG(opened.st_mode):
                findings.fail(_replaced())
                return
            if identity(opened) != self.planned:
                findings.fail(_replaced())
            last = b"\n"
            while position < opened.st_size:
                block = os.read(descriptor, min(BLOCK, opened.st_size - position))
                if not block:
                    break
                position += len(block)
                last = block[-1:]
                yield block
            while last != b"\n" and (block := os.read(descriptor, _LINE_BLOCK)):
                block = block[: block.find(b"\n") + 1] or block
                position += len(block)
                last = block[-1:]
                yield block
            self._look_again(descriptor, position, opened, findings)
        except OSError as error:
            findings.fail(reading_failed(position, error))
        finally:
            os.close(descriptor)

    def open(self) -> int:
        """A descriptor of the file.

        Raises:
            OSError: it cannot be opened.
        """
        return os.open(self.path, _FLAGS)

    def head(self, length: int) -> bytes:
        """The first *length* bytes.

        Raises:
            OSError: they cannot be read.
        """
        descriptor = self.open()
        try:
            return os.read(descriptor, length)
        finally:
            os.close(descriptor)

    def read_at(self, offset: int, length: int) -> bytes:
        """*length* bytes from *offset*, fewer at the end; none if the file was replaced or cannot be read."""
        try:
            descriptor = self.open()
        except OSError:
            return b""
        try:
            if identity(os.fstat(descriptor)) != self.planned:
                return b""
            pieces = []
            while length > 0 and (piece := os.pread(descriptor, length, offset)):
                pieces.append(piece)
                offset += len(piece)
                length -= len(piece)
            return b"".join(pieces)
        except OSError:
            return b""
        finally:
            os.close(descriptor)

    def _look_again(self, descriptor: int, position: int, opened: os.stat_result, findings: Findings) -> None:
        """Tell of a file that was cut or replaced meanwhile."""
        size = os.fstat(descriptor).st_size
        if position < opened.st_size or size < position:
            findings.cut(
                phrase(
                    "it shrank while it was read, from {before} to {after} bytes: run again with --rotated",
                    before=opened.st_size,
                    after=size,
                )
            )
        try:
            there = identity(Path(self.path).stat())
        except OSError:
            there = None
        if there != identity(opened):
            findings.fail(_replaced())


def _replaced() -> Sentence:
    return phrase("it was replaced while it was read: run again with --rotated")
