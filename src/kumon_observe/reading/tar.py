"""The members of a tar stream (ustar, GNU and pax names), one after the other, with bounded memory.

The standard library's ``tarfile`` loads name records of any size into memory and loses the readable
part of a member that is cut off; logs must be read from hostile and broken archives too.
"""

from __future__ import annotations

from collections.abc import Iterator

from attrs import define, frozen

from kumon_observe.model.phrase import phrase
from kumon_observe.reading.findings import Findings, cut_off
from kumon_observe.reading.magic import TAR_RECORD, checksum_fits, number_in

_MOST_NAME_BYTES = 1 << 16
_REGULAR = (b"0", b"\0", b"7")
_WITHOUT_DATA = (b"1", b"2", b"3", b"4", b"5", b"6")
_NAMES = (b"L", b"K", b"x", b"g")


@frozen
class Member:
    """One file in an archive: ``name`` there, ``size`` in bytes, ``modified`` in seconds since the epoch."""

    name: str
    size: int
    modified: float
    regular: bool


@define
class _Stream:
    """Bytes taken off a stream of blocks, and how many were taken."""

    blocks: Iterator[bytes]
    rest: bytes = b""
    taken: int = 0

    def up_to(self, length: int) -> Iterator[bytes]:
        """The next *length* bytes in pieces, fewer if the stream ends."""
        while length > 0:
            if not self.rest:
                self.rest = next(self.blocks, b"")
                if not self.rest:
                    return
            piece, self.rest = self.rest[:length], self.rest[length:]
            self.taken += len(piece)
            length -= len(piece)
            yield piece

    def take(self, length: int) -> bytes:
        """The next *length* bytes at once."""
        return b"".join(self.up_to(length))

    def skip(self, length: int) -> int:
        """Pass over *length* bytes; how many there were."""
        return sum(map(len, self.up_to(length)))


def members(blocks: Iterator[bytes], findings: Findings) -> Iterator[tuple[Member, Iterator[bytes]]]:
    """Each member of an archive with its bytes; what is not taken of them is passed over."""
    stream = _Stream(blocks)
    extra: dict[str, str] = {}
    while True:
        header = stream.take(TAR_RECORD)
        if len(header) < TAR_RECORD:
            findings.cut(cut_off(stream.taken))
            return
        if not any(header):
            stream.skip(1 << 62)  # what is left is padding; a cut or damaged stream tells of itself
            return
        size = number_in(header[124:136])
        if not checksum_fits(header) or size is None:
            findings.fail(
                phrase("it is an archive that cannot be read after byte {n}: it is damaged", n=stream.taken)
            )
            return
        kind = header[156:157]
        if kind in _NAMES:
            if size > _MOST_NAME_BYTES:
                findings.fail(phrase("it is an archive with a file name of {n} bytes: it is damaged", n=size))
                return
            record = stream.take(size)
            stream.skip(-size % TAR_RECORD)
            extra.update(_name_record(kind, record))
            continue
        member = _member(header, size, extra)
        extra = {}
        start = stream.taken
        yield member, stream.up_to(0 if kind in _WITHOUT_DATA else member.size)
        if kind in _WITHOUT_DATA:
            continue
        rest = start + member.size - stream.taken
        if stream.skip(rest) < rest:
            findings.cut(cut_off(stream.taken))
            return
        stream.skip(-member.size % TAR_RECORD)


def _text(field: bytes) -> str:
    return field.split(b"\0", 1)[0].decode("utf-8", "surrogateescape")


def _name_record(kind: bytes, record: bytes) -> dict[str, str]:
    if kind == b"L":
        return {"path": _text(record)}
    if kind != b"x":
        return {}
    found = {}
    while record:
        length, _, _ = record.partition(b" ")
        if not length.isdigit() or not 0 < int(length) <= len(record):
            break
        key, _, value = record[len(length) + 1 : int(length)].rstrip(b"\n").partition(b"=")
        found[_text(key)] = _text(value)
        record = record[int(length) :]
    return found


def _member(header: bytes, size: int, extra: dict[str, str]) -> Member:
    name = _text(header[:100])
    if header[257:263] == b"ustar\0" and (prefix := _text(header[345:500])):
        name = f"{prefix}/{name}"
    sized = extra.get("size", "")
    regular = header[156:157] in _REGULAR and not name.endswith("/")
    sparse = any(key.startswith("GNU.sparse") for key in extra)
    return Member(
        name=extra.get("path", name),
        size=int(sized) if sized.isdecimal() and sized.isascii() else size,
        modified=float(number_in(header[136:148]) or 0),
        regular=regular and not sparse,
    )
