"""Makes logs of every packing, and reads them whole."""

from __future__ import annotations

import gzip
import io
import os
import tarfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from kumon_observe.reading import Chain, LogFile, open_sources

RECORD = 58
"""Bytes of a timed record."""

DAY = 86_400.0
JANUARY_15 = 1_736_899_200.0  # 2025-01-15T00:00:00Z


def records(first: int, count: int, *, timed: bool = True) -> bytes:
    """*count* records of one minute each, the first at minute *first*."""
    lines = []
    for minute in range(first, first + count):
        time = f"2025-01-15 {minute // 60:02d}:{minute % 60:02d}:00,123 - " if timed else ""
        lines.append(f"{time}app.core.x - INFO - record {minute:04d}\n")
    return "".join(lines).encode()


def put(path: Path, data: bytes, modified: float | None = None) -> Path:
    """*data* in a file at *path*, changed last at *modified*."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    if modified is not None:
        os.utime(path, (modified, modified))
    return path


def tar_bytes(members: Mapping[str, bytes], layout: int = tarfile.GNU_FORMAT, modified: float = 0) -> bytes:
    """A tar archive, not compressed."""
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w", format=layout) as archive:
        for name, data in members.items():
            member = tarfile.TarInfo(name)
            member.size = len(data)
            member.mtime = modified
            archive.addfile(member, io.BytesIO(data))
    return packed.getvalue()


def backup(path: Path, members: Mapping[str, bytes], modified: float = 0) -> Path:
    """A ``.tar.gz`` as the guide's night backup makes it."""
    return put(path, gzip.compress(tar_bytes(members, modified=modified)), modified or None)


def whole(file: LogFile) -> bytes:
    """All that *file* gives."""
    return b"".join(file.blocks())


def text(chain: Chain) -> bytes:
    """All that the files of *chain* give, in order."""
    return b"".join(map(whole, chain.files))


def only_chain(*specs: Path | str, **options: Any) -> Chain:
    """The one chain that *specs* stand for."""
    chains = open_sources([str(spec) for spec in specs], **options)
    assert len(chains) == 1, [chain.name for chain in chains]
    return chains[0]


def only_file(*specs: Path | str, **options: Any) -> LogFile:
    """The one file that *specs* stand for."""
    chain = only_chain(*specs, **options)
    assert len(chain.files) == 1, [file.name for file in chain.files]
    return chain.files[0]


def names(chain: Chain) -> list[str]:
    """The file names of *chain*, without folders."""
    return [file.name.rpartition("/")[2] if ".tar" not in file.name else file.name for file in chain.files]


def notes(file: LogFile) -> list[str]:
    """The notes of *file* as text."""
    return [str(note) for note in file.notes]
