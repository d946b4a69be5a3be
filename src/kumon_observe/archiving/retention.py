"""Which archives are too old, or too many."""

from __future__ import annotations

import stat
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Final

from kumon_observe.archiving.ledger import Kept
from kumon_observe.config.archiving import ArchiveSettings

_DAY: Final = 86_400.0


def superfluous(archives: Sequence[Kept], settings: ArchiveSettings, now: datetime) -> list[Kept]:
    """Those of *archives* (oldest first) that *settings* do not keep; never the newest."""
    oldest = now.timestamp() - settings.keep_days * _DAY
    size = sum(archive.packed for archive in archives)
    found = []
    for archive in archives[:-1]:
        too_old = settings.keep_days > 0 and archive.at < oldest
        too_many = 0 < settings.keep_bytes < size
        if too_old or too_many:
            found.append(archive)
            size -= archive.packed
    return found


def is_as_made(path: Path, archive: Kept) -> bool:
    """Whether *path* is the file that was made as *archive*, by its kind and size.

    Raises:
        OSError: it cannot be looked at.
    """
    status = path.lstat()
    return stat.S_ISREG(status.st_mode) and status.st_size == archive.packed
