"""Regular files, read as a snapshot while somebody else may write, cut or replace them."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from typing import ClassVar

from kumon_observe.model.evidence import Sentence
from kumon_observe.model.phrase import phrase
from kumon_observe.reading import paths
from kumon_observe.reading.findings import BLOCK, Blocks, Findings, opening_failed, reading_failed

Identity = tuple[int, int]
"""Device and inode: which file it is, whatever its name."""

_LINE_BLOCK = 1 << 16
# Without O_NONBLOCK, a FIFO that took the file's place would block the open for good.
_FLAGS = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)


class OpenFile:
    """An open file: *end* is the offset up to which it is to be read, *position* how far it was."""

    def __init__(self, descriptor: int, end: int = 0) -> None:
        self.descriptor = descriptor
        self.end = end
        self.position = 0

    def at(self, offset: int, length: int) -> bytes:
        """At most *length* bytes from *offset*, none behind the end.

        Raises:
            OSError: they cannot be read.
        """
        return os.pread(self.descriptor, max(0, min(length, self.end - offset)), offset)

    @property
    def ends_a_line(self) -> bool:
        """Whether its last byte is a newline; true for a file without any."""
        return not self.end or self.at(self.end - 1, 1) == b"\n"

    def goes_on(self) -> bool:
        """Whether there is more to read; at the end this is the rest of the line that is being written."""
        if self.position >= self.end and not self.ends_a_line:
            self.end = self._line_end(self.end)
        return self.position < self.end

    def _line_end(self, offset: int) -> int:
        """Where the line ends that goes on at *offset*, its newline included."""
        while piece := os.pread(self.descriptor, _LINE_BLOCK, offset):
            newline = piece.find(b"\n")
            if newline >= 0:
                return offset + newline + 1
            offset += len(piece)
        return offset


def identity(status: os.stat_result) -> Identity:
    """Which file *status* is of."""
    return status.st_dev, status.st_ino


class RegularFile:
    """A regular file by its *path*; ``planned`` is the file that stood there when the sources were listed."""

    repeatable: ClassVar[bool] = True

    def __init__(self, path: str, planned: Identity) -> None:
        self.path = path
        self.planned = planned

    def read(self, findings: Findings) -> Blocks:
        """The bytes up to the size at opening, then on to the end of the line that is being written there."""
        with self.opened(findings) as file:
            while file is not None and file.goes_on():
                block = file.at(file.position, BLOCK)
                if not block:
                    break
                file.position += len(block)
                yield block

    @contextmanager
    def opened(self, findings: Findings) -> Iterator[OpenFile | None]:
        """The file, open; ``None`` if it cannot be. *findings* are told what goes wrong before, in and after.

        Who reads it must say how far in ``position``. An ``OSError`` of the reading is a finding too.
        """
        try:
            descriptor = self.open()
        except OSError as error:
            findings.fail(opening_failed(error))
            yield None
            return
        file = OpenFile(descriptor)
        try:
            opened = os.fstat(descriptor)
            if not stat.S_ISREG(opened.st_mode):
                findings.fail(_replaced())
                yield None
                return
            if identity(opened) != self.planned:
                findings.fail(_replaced())
            file.end = opened.st_size
            yield file
            self._look_again(file, opened, findings)
        except OSError as error:
            findings.fail(reading_failed(file.position, error))
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
            return read_at(descriptor, offset, length)
        except OSError:
            return b""
        finally:
            os.close(descriptor)

    def _look_again(self, file: OpenFile, opened: os.stat_result, findings: Findings) -> None:
        """Tell of a file that was cut or replaced meanwhile."""
        size = os.fstat(file.descriptor).st_size
        if file.position < opened.st_size or size < file.position:
            findings.cut(
                phrase(
                    "it shrank while it was read, from {before} to {after} bytes: run again with --rotated",
                    before=opened.st_size,
                    after=size,
                )
            )
        try:
            there = identity(paths.status(self.path))
        except OSError:
            there = None
        if there != identity(opened):
            findings.fail(_replaced())


def _replaced() -> Sentence:
    return phrase("it was replaced while it was read: run again with --rotated")


def read_at(descriptor: int, offset: int, length: int) -> bytes:
    """*length* bytes of an open file from *offset* on, fewer at its end.

    Raises:
        OSError: they cannot be read.
    """
    pieces = []
    while length > 0 and (piece := os.pread(descriptor, length, offset)):
        pieces.append(piece)
        offset += len(piece)
        length -= len(piece)
    return b"".join(pieces)
