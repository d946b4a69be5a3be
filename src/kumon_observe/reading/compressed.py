"""Gzip as a stream: several members, damage, cut ends and padding; memory does not grow with the content."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator
from contextlib import closing
from typing import TYPE_CHECKING

from attrs import define, field, frozen

from kumon_observe.model.phrase import phrase
from kumon_observe.reading.findings import BLOCK, Blocks, Content, Findings, cut_off
from kumon_observe.reading.magic import GZIP

if TYPE_CHECKING:
    from zlib import _Decompress as Inflater

_WINDOW_WITH_GZIP_HEADER = zlib.MAX_WBITS | 16


@frozen
class Gzip:
    """The content of gzip-compressed *packed*."""

    packed: Content

    @property
    def repeatable(self) -> bool:
        """As its file is."""
        return self.packed.repeatable

    def read(self, findings: Findings) -> Blocks:
        """The decompressed bytes, as many of them as can be had."""
        with closing(self.packed.read(findings)) as packed:
            yield from gunzip(packed, findings)


def gunzip(packed: Iterable[bytes], findings: Findings) -> Blocks:
    """Decompress the gzip stream *packed*; the pieces have at most ``BLOCK`` bytes."""
    stream = _Stream(findings)
    for chunk in packed:
        yield from stream.feed(chunk)
        if stream.over:
            return
    yield from stream.finish()


def _inflater() -> Inflater:
    return zlib.decompressobj(_WINDOW_WITH_GZIP_HEADER)


@define
class _Stream:
    """Gzip members, one after the other; ``inflater`` is ``None`` between two of them."""

    findings: Findings
    inflater: Inflater | None = field(factory=_inflater)
    pending: bytes = b""
    done: int = 0
    over: bool = False

    def feed(self, chunk: bytes) -> Iterator[bytes]:
        """The content that *chunk* holds."""
        data = self.pending + chunk
        self.pending = b""
        while data:
            if self.inflater is None:
                data = self._next_member(data)
                continue
            before = self.inflater.copy()
            try:
                piece = self.inflater.decompress(data, BLOCK)
            except zlib.error:
                yield from map(self._counted, _salvaged(before, data))
                self._damaged()
                return
            if piece:
                yield self._counted(piece)
            if self.inflater.eof:
                data = self.inflater.unused_data
                self.inflater = None
            else:
                data = self.inflater.unconsumed_tail

    def finish(self) -> Iterator[bytes]:
        """What is left at the end of the stream."""
        if self.inflater is not None:
            piece = self.inflater.flush()
            if piece:
                yield self._counted(piece)
            self.findings.cut(cut_off(self.done))
        elif self.pending:
            self._garbage()

    def _next_member(self, data: bytes) -> bytes:
        """*data* from the next member on; nothing if there is none in it."""
        rest = data.lstrip(b"\0")
        if len(rest) < len(data):
            self.findings.note(phrase("it ends in padding, which was ignored"))
        if len(rest) < len(GZIP):
            self.pending = rest
            return b""
        if not rest.startswith(GZIP):
            self._garbage()
            return b""
        self.inflater = _inflater()
        return rest

    def _counted(self, piece: bytes) -> bytes:
        self.done += len(piece)
        return piece

    def _damaged(self) -> None:
        self.over = True
        self.findings.fail(
            phrase("it is damaged: it was read only up to byte {n} of its content", n=self.done)
        )

    def _garbage(self) -> None:
        self.over = True
        self.findings.fail(phrase("it has bytes after its compressed content, which were not read"))


def _salvaged(inflater: Inflater, data: bytes) -> Iterator[bytes]:
    """What can still be inflated of *data*, going in ever smaller steps towards its damaged place.

    zlib hands out nothing of a call that fails; a small log is one call.
    """
    step = len(data)
    while step and data:
        before = inflater.copy()
        try:
            piece = inflater.decompress(data[:step], BLOCK)
        except zlib.error:
            inflater = before
            step //= 2
            continue
        data = inflater.unconsumed_tail + data[step:]
        if piece:
            yield piece
