"""Zstandard (RFC 8878) as a stream, by Python 3.14's own module or its backport (the extra ``zstd``)."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import closing
from importlib import import_module
from typing import Any

from attrs import frozen

from kumon_observe.model.errors import MissingExtraError
from kumon_observe.model.phrase import phrase
from kumon_observe.reading.findings import BLOCK, Blocks, Content, Findings, cut_off


def zstd() -> Any:
    """The module.

    Raises:
        MissingExtraError: there is none.
    """
    for name in ("compression.zstd", "backports.zstd"):
        try:
            return import_module(name)
        except ImportError:
            continue
    raise MissingExtraError("zstd", "zstd")


@frozen
class Zstd:
    """The content of zstd-compressed *packed*."""

    packed: Content

    @property
    def repeatable(self) -> bool:
        """As its file is."""
        return self.packed.repeatable

    def read(self, findings: Findings) -> Blocks:
        """The decompressed bytes, as many of them as can be had."""
        with closing(self.packed.read(findings)) as packed:
            yield from unzstd(packed, findings)


def unzstd(packed: Iterable[bytes], findings: Findings) -> Blocks:
    """Decompress the zstd stream *packed*, frame after frame; the pieces have at most ``BLOCK`` bytes."""
    try:
        module = zstd()
    except MissingExtraError:
        findings.fail(phrase("it is compressed with zstd: install kumon-observe[zstd]"))
        return
    frame: Any = None
    done = 0
    for chunk in packed:
        data = chunk
        while data or (frame is not None and not frame.needs_input):
            frame = frame or module.ZstdDecompressor()
            try:
                piece = frame.decompress(data, BLOCK)
            except module.ZstdError:
                findings.fail(phrase("it is damaged: it was read only up to byte {n} of its content", n=done))
                return
            done += len(piece)
            if piece:
                yield piece
            data = frame.unused_data if frame.eof else b""
            if frame.eof:
                frame = None
    if frame is not None:
        findings.cut(cut_off(done))
