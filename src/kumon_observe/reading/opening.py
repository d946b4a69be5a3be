"""From a path to the log files it holds: looks at what stands there and at its first bytes."""

from __future__ import annotations

import os
import stat
import sys
from typing import BinaryIO

from kumon_observe.model.evidence import Sentence
from kumon_observe.model.phrase import phrase
from kumon_observe.reading import paths
from kumon_observe.reading.copies import head_of
from kumon_observe.reading.expansion import STANDARD_INPUT, Asked
from kumon_observe.reading.files import RegularFile, identity
from kumon_observe.reading.findings import Content, opening_failed
from kumon_observe.reading.logfile import LogFile
from kumon_observe.reading.magic import GZIP, OTHER_COMPRESSION, ZSTD, is_tar
from kumon_observe.reading.names import shown
from kumon_observe.reading.placing import Opened, failed, place_of
from kumon_observe.reading.rotation import RotatedName, is_archive_name, siblings

_SNIFFED = 512
_EMPTY = phrase("it is empty")


def opened(asked: Asked, *, stdin: BinaryIO | None, fifo_wait: float) -> list[Opened]:
    """The log files at one path: one, or those in an archive, or one that says what is wrong."""
    if asked.error is not None:
        return [failed(asked, asked.error)]
    if asked.path == STANDARD_INPUT:
        return [_standard_input(stdin)]
    try:
        status = paths.status(asked.path)
    except (OSError, ValueError) as error:
        return [failed(asked, opening_failed(error))]
    if stat.S_ISREG(status.st_mode):
        return _regular(asked, status)
    return [_special(asked, status, fifo_wait)]


def _standard_input(stdin: BinaryIO | None) -> Opened:
    from kumon_observe.reading.streams import StandardInput

    stream = stdin or getattr(sys.stdin, "buffer", None)
    file = LogFile(name=STANDARD_INPUT, when_empty=_EMPTY)
    if stream is None:
        file.fail(phrase("it is closed: pipe a log into it or name a file"))
    else:
        file.content = StandardInput(stream)
    return Opened(file, (STANDARD_INPUT,), RotatedName(STANDARD_INPUT), (STANDARD_INPUT,))


def _special(asked: Asked, status: os.stat_result, fifo_wait: float) -> Opened:
    name = shown(asked.path)
    mode = status.st_mode
    if stat.S_ISFIFO(mode):
        from kumon_observe.reading.streams import Fifo

        content = Fifo(asked.path, fifo_wait)
        file = LogFile(name=name, content=content, when_empty=_EMPTY)
        return Opened(file, ("fifo", *map(str, identity(status))), RotatedName(name), identity(status))
    if stat.S_ISSOCK(mode):
        return failed(asked, phrase("it is a socket, not a log: name a file"))
    if stat.S_ISCHR(mode) and status.st_rdev == paths.status(os.devnull).st_rdev:
        return failed(asked, _EMPTY)
    return failed(asked, phrase("it is a device, not a log: name a file"))


def _regular(asked: Asked, status: os.stat_result) -> list[Opened]:
    name = shown(asked.path)
    plain = RegularFile(asked.path, identity(status))
    try:
        head = plain.head(_SNIFFED)
    except OSError as error:
        return [failed(asked, opening_failed(error))]
    for magic, method in OTHER_COMPRESSION.items():
        if head.startswith(magic):
            unread = phrase("it is compressed with {method}: decompress it first", name=name, method=method)
            return [failed(asked, unread)]
    packed = head.startswith((GZIP, ZSTD))
    content: Content = plain
    if packed:
        content = _unpacked(plain, head)
        head = head_of(content)
    if is_tar(head):
        from kumon_observe.reading.archive import opened_archive

        return opened_archive(asked, content, name, status)
    if is_archive_name(asked.path) and b"\0" in head:
        return [failed(asked, phrase("it is no archive that can be read: it is damaged"))]
    family, rotated = place_of(asked.path)
    file = LogFile(
        name=name,
        size=None if packed else status.st_size,
        modified=status.st_mtime,
        content=content,
        when_empty=_empty_beside(asked.path) if not head else _EMPTY,
    )
    if head and is_archive_name(asked.path):
        file.note(phrase("it is no archive in spite of its name, and was read as one log"))
    elif head and not packed and asked.path.endswith((".gz", ".zst")):
        file.note(phrase("it is not compressed in spite of its name, and was read as it is"))
    return [Opened(file, family, rotated, identity(status), asked.listed)]


def _unpacked(plain: RegularFile, head: bytes) -> Content:
    if head.startswith(ZSTD):
        from kumon_observe.reading.zstandard import Zstd

        return Zstd(plain)
    from kumon_observe.reading.compressed import Gzip

    return Gzip(plain)


def _empty_beside(path: str) -> Sentence:
    """The sentence for an empty file, which was perhaps rotated just now."""
    try:
        others = len(siblings(path)) > 1
    except (OSError, ValueError):
        others = False
    if others:
        return phrase("it is empty and has rotated logs beside it: run again with --rotated")
    return _EMPTY
