"""What the first bytes of a file say of its form."""

from __future__ import annotations

GZIP = b"\x1f\x8b"
"""How a gzip stream begins."""

ZSTD = b"\x28\xb5\x2f\xfd"
"""How a zstd stream begins."""

OTHER_COMPRESSION = {
    b"BZh": "bzip2",
    b"\xfd7zXZ\x00": "xz",
    b"PK\x03\x04": "zip",
}
"""Formats that are recognised in order to say so, and not read."""

TAR_RECORD = 512
"""The bytes of a tar header."""


def is_tar(head: bytes) -> bool:
    """Whether *head*, the first 512 bytes or more, is a tar header."""
    return len(head) >= TAR_RECORD and any(head[:100]) and checksum_fits(head[:TAR_RECORD])


def checksum_fits(header: bytes) -> bool:
    """Whether a tar *header* has the checksum that it tells."""
    given = number_in(header[148:156])
    return given == sum(header[:148]) + 8 * ord(" ") + sum(header[156:])


def number_in(field: bytes) -> int | None:
    """The number that a *field* of a tar header holds; ``None`` for no number."""
    if field[:1] == b"\x80":  # GNU's form for sizes from 8 GiB
        return int.from_bytes(field[1:], "big")
    digits = field.strip(b"\0 ")
    try:
        return int(digits, 8) if digits else 0
    except ValueError:
        return None
