"""Compression by name: gzip by the standard library, zstd where Python or a package has it."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from typing import BinaryIO, Protocol

from kumon_observe.reading.compressed import gunzip
from kumon_observe.reading.findings import BLOCK, Blocks, Findings
from kumon_observe.reading.zstandard import unzstd, zstd

_LEVEL = 6


class Packer(Protocol):
    """Compresses a stream."""

    def compress(self, data: bytes, /) -> bytes:
        """What of the compressed stream is ready."""

    def flush(self) -> bytes:
        """The rest of it."""


def packer(compression: str) -> Packer:
    """A new one.

    Raises:
        MissingExtraError: zstd is asked for, and nothing here has it.
    """
    if compression == "zstd":
        made: Packer = zstd().ZstdCompressor()
        return made
    return zlib.compressobj(_LEVEL, zlib.DEFLATED, zlib.MAX_WBITS | 16)


def unpacked(file: BinaryIO, compression: str, findings: Findings) -> Blocks:
    """The content of *file* in pieces; *findings* are told of any damage."""
    packed = iter(lambda: file.read(BLOCK), b"")
    yield from unzstd(packed, findings) if compression == "zstd" else gunzip(packed, findings)


def in_step(one: Iterator[bytes], other: Iterator[bytes]) -> bool:
    """Whether two streams of pieces hold the same bytes."""
    left = right = b""
    while True:
        left = left or next(one, b"")
        right = right or next(other, b"")
        if not left or not right:
            return left == right
        common = min(len(left), len(right))
        if left[:common] != right[:common]:
            return False
        left, right = left[common:], right[common:]
