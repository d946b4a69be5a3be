"""What reading hands out: log files, and chains of rotated siblings."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple

from kumon_observe.model.evidence import Sentence
from kumon_observe.reading.files import OpenFile, RegularFile
from kumon_observe.reading.findings import Blocks, Content, Findings, gathered
from kumon_observe.reading.overlap import TAIL, Overlap


class LogFile(Findings):
    """One readable thing, opened only while its blocks are read.

    ``name`` is as shown (``app.log``, ``app-20250115.tar.gz/app.log``, ``-``); ``size`` in bytes, ``None``
    where it cannot be known beforehand (a compressed file, a pipe); ``modified`` in seconds since the epoch;
    ``path`` is what to open, for a plain file only.

    ``complete_tail`` is known after reading: false if the last line has no newline and may yet get one
    (the file is being written) or has lost it (the file is cut off or damaged).
    """

    def __init__(
        self,
        name: str,
        *,
        size: int | None = None,
        modified: float | None = None,
        content: Content | None = None,
        when_empty: Sentence | None = None,
        error: Sentence | None = None,
    ) -> None:
        super().__init__(error)
        self.name = name
        self.size = size
        self.modified = modified
        self.content = content
        self.when_empty = when_empty
        self.complete_tail = True
        self.growing = False
        self.overlap: Overlap | None = None
        self.tail_wanted = False
        self._tail: bytes | None = None
        self._begun = False

    @property
    def seekable(self) -> bool:
        """Whether :meth:`read_at` works: this is a plain file."""
        return isinstance(self.content, RegularFile)

    @property
    def path(self) -> str | None:
        """The path of a plain file, to read parts of it elsewhere."""
        return self.content.path if isinstance(self.content, RegularFile) else None

    def blocks(self) -> Blocks:
        """All bytes, decompressed, in blocks of 256 KiB or more (the last one excepted); once.

        Whatever goes wrong is told in ``error``, ``truncated`` and ``notes``; the bytes before it count.
        Bytes that the older sibling ends with already come as blank lines, so that offsets and line
        numbers hold.
        """
        if self._begun:
            raise RuntimeError(f"the blocks of {self.name} were read before")
        self._begun = True
        return self._blocks()

    @property
    def opens(self) -> bool:
        """Whether :meth:`opened` may take the place of :meth:`blocks`: it is a plain file, unchanged."""
        return self.seekable and self.overlap is None

    @contextmanager
    def opened(self) -> Iterator[OpenFile | None]:
        """The plain file itself, to be read by its descriptor; once, and told as :meth:`blocks` tells."""
        if not isinstance(self.content, RegularFile) or self._begun:
            raise RuntimeError(f"{self.name} cannot be opened")
        self._begun = True
        with self.content.opened(self) as file:
            yield file
            if file is not None and not file.position and self.error is None and self.when_empty is not None:
                self.fail(self.when_empty)
            whole = file is None or file.ends_a_line
        if not whole:
            self.complete_tail = not (self.growing or self.truncated or self.error is not None)

    def _blocks(self) -> Blocks:
        if self.content is None:
            return
        before = last = b""
        for read in gathered(self.content.read(self)):
            block = self.overlap.blanked(read, self) if self.overlap is not None and not last else read
            before, last = last, block
            yield block
        if not last and self.error is None and self.when_empty is not None:
            self.fail(self.when_empty)
        if last and not last.endswith(b"\n"):
            self.complete_tail = not (self.growing or self.truncated or self.error is not None)
        if self.tail_wanted:
            self._tail = (before[-TAIL:] + last)[-TAIL:]

    def read_at(self, offset: int, length: int) -> bytes:
        """*length* bytes from *offset* of a plain file; fewer at its end, none once it was replaced."""
        return self.content.read_at(offset, length) if isinstance(self.content, RegularFile) else b""

    def take_tail(self) -> bytes:
        """The last bytes of the content, for the newer sibling; read again if they were not kept."""
        tail, self._tail = self._tail, None
        if tail is not None or self.content is None:
            return tail or b""
        if self.size is not None and self.seekable:
            return self.read_at(max(0, self.size - TAIL), TAIL)
        before = last = b""
        for block in gathered(self.content.read(Findings()), TAIL):
            before, last = last, block
        return (before + last)[-TAIL:]


class Chain(NamedTuple):
    """Rotated siblings, oldest first: one source. ``name`` is that of the newest."""

    name: str
    files: tuple[LogFile, ...]
