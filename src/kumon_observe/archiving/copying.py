"""The copy of a log's whole lines: compressed into a part, put on the disk, read back and compared."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Final, NamedTuple

from kumon_observe.archiving.packing import in_step, packer, unpacked
from kumon_observe.archiving.refused import Refused
from kumon_observe.model.evidence import Sentence
from kumon_observe.model.phrase import phrase
from kumon_observe.reading.findings import BLOCK, Findings

_PRIVATE: Final = 0o600
_EXPECTED_SHARE: Final = 8
"""Logs compress to less than an eighth; what does not is stopped when the disk gets full."""


class Copied(NamedTuple):
    """The ``digest`` (SHA-256) of what was read, and the compressed size in bytes."""

    digest: str
    packed: int


def whole_lines(descriptor: int) -> int:
    """How many bytes of the open log its complete lines take.

    Raises:
        OSError: it cannot be read.
    """
    end = os.fstat(descriptor).st_size
    while end > 0:
        start = max(0, end - BLOCK)
        newline = os.pread(descriptor, end - start, start).rfind(b"\n")
        if newline >= 0:
            return start + newline + 1
        end = start
    return 0


def check_room(folder: Path, length: int, least_free: int) -> None:
    """See that the archive of *length* bytes of a log will leave *least_free* bytes free in *folder*.

    Raises:
        Refused: it would not.
        OSError: *folder* cannot be asked.
    """
    there = next(each for each in (folder, *folder.parents) if each.exists())
    free = shutil.disk_usage(there).free
    needed = length // _EXPECTED_SHARE + least_free
    if free < needed:
        raise Refused(_no_room(folder, free, needed))


def _no_room(folder: Path, free: int, needed: int) -> Sentence:
    return phrase(
        "{folder} has {free} bytes free, and {needed} are needed: make room there, or set archive.directory",
        folder=folder,
        free=free,
        needed=needed,
    )


def copy(descriptor: int, length: int, part: Path, compression: str, least_free: int) -> Copied:
    """Compress the first *length* bytes of the open log into *part*, which its owner alone can read.

    Raises:
        Refused: the log became shorter, or the disk too full.
        OSError: it cannot be read or written.
    """
    import hashlib

    digest, pack = hashlib.sha256(), packer(compression)
    opener = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _PRIVATE)
    with os.fdopen(opener, "wb") as file:
        for block in blocks(descriptor, 0, length):
            digest.update(block)
            file.write(pack.compress(block))
            free = shutil.disk_usage(part.parent).free
            if free < least_free:
                raise Refused(_no_room(part.parent, free, least_free))
        file.write(pack.flush())
        file.flush()
        os.fsync(file.fileno())
        packed = file.tell()
    return Copied(digest.hexdigest(), packed)


def verify(descriptor: int, length: int, part: Path, compression: str, copied: Copied) -> None:
    """Read *part* back, from the disk where the system allows, and compare it with the log, byte by byte.

    Raises:
        Refused: it is not what the log begins with.
        OSError: one of them cannot be read.
    """
    import hashlib

    digest, read = hashlib.sha256(), 0
    findings = Findings()

    def read_back() -> Iterator[bytes]:
        nonlocal read
        with part.open("rb") as file:
            if hasattr(os, "posix_fadvise"):
                os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
            for block in unpacked(file, compression, findings):
                digest.update(block)
                read += len(block)
                yield block

    same = in_step(read_back(), blocks(descriptor, 0, length))
    if not same or read != length or digest.hexdigest() != copied.digest or findings.error is not None:
        raise Refused(
            phrase(
                "what was archived is not what it begins with: somebody else changes it, or a disk is failing"
            )
        )


def blocks(descriptor: int, start: int, end: int) -> Iterator[bytes]:
    """The bytes of the open log from *start* to *end*.

    Raises:
        Refused: it ends before.
        OSError: it cannot be read.
    """
    while start < end:
        block = os.pread(descriptor, min(BLOCK, end - start), start)
        if not block:
            raise Refused(phrase("it became shorter meanwhile: somebody else truncates it, and two must not"))
        start += len(block)
        yield block


def as_the_log(part: Path, log: os.stat_result) -> None:
    """Give *part* the log's mode, and its owner where this user may.

    Raises:
        OSError: the mode cannot be set.
    """
    part.chmod(log.st_mode & 0o777)
    try:
        os.chown(part, log.st_uid, log.st_gid)
    except PermissionError:
        return
