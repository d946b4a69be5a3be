"""What an archive is called: a name that reading takes for a rotated part of its log."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from kumon_observe.archiving.refused import Refused
from kumon_observe.model.phrase import phrase
from kumon_observe.reading import paths
from kumon_observe.reading.rotation import parse_name

ENDINGS: Final = {"gzip": ".gz", "zstd": ".zst"}
"""How an archive's name ends, by its compression."""

_SECOND: Final = timedelta(seconds=1)


def check(log: Path) -> None:
    """See that the archives of *log* can be told from others by their names.

    Raises:
        Refused: it is a rotated part of a log itself.
    """
    name = log.name
    if not is_written(name):
        raise Refused(phrase("its name is that of a rotated log: name the one that is being written"))
    if parse_name(named(name, datetime(2025, 1, 15, tzinfo=UTC), "gzip")).family != name:
        raise Refused(
            phrase("its archives could not be told from others by their name: give it the ending .log")
        )


def is_written(path: str) -> bool:
    """Whether *path* has the name of a log that is being written, and not that of a rotated part."""
    _, name = paths.split(path)
    return parse_name(name).family == name


def free_name(log: Path, folder: Path, compression: str, now: datetime, after: str) -> str:
    """A name in *folder* that nothing has yet; it sorts behind *after*, the newest archive's (or empty).

    It tells the second in UTC, so that several of a day do not collide; where the clock went back, it goes on
    from the newest.
    """
    newest = parse_name(after)
    at = now.astimezone(UTC).replace(microsecond=0)
    if newest.day is not None:
        before = datetime.strptime(f"{newest.day:%Y%m%d}{newest.time}", "%Y%m%d%H%M%S").replace(tzinfo=UTC)
        at = max(at, before + _SECOND)
    while (folder / (name := named(log.name, at, compression))).exists():
        at += _SECOND
    return name


def named(log: str, at: datetime, compression: str) -> str:
    """``app-20250115-100000.log.gz`` for ``app.log``."""
    stem, dot, ending = log.rpartition(".")
    if not dot or not stem:
        stem, dot, ending = log, "", ""
    return f"{stem}-{at:%Y%m%d-%H%M%S}{dot}{ending}{ENDINGS[compression]}"
