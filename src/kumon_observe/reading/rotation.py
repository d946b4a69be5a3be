"""Names of rotated logs: which files are siblings, and which of them is older."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Final, NamedTuple, TypeVar

from kumon_observe.model.patterns import LatePattern
from kumon_observe.reading import paths

_PACKED = (".tar.gz", ".tgz", ".tar", ".gz", ".zst")
_ARCHIVES = (".tar.gz", ".tgz", ".tar")
_LOGS = (".log", ".jsonl")
_EXTENSION: Final = LatePattern(r"\.(?:log|jsonl|json|out|txt)$", re.ASCII)
_NUMBER: Final = LatePattern(r"\.(\d{1,4})$", re.ASCII)
_DATE: Final = LatePattern(
    r"(?:^|[-._])(\d{4})-?(\d\d)-?(\d\d)(?:[-_T.]?(\d\d(?:[-:]?\d\d){0,2})|-(\d{10}))?$",
    re.ASCII,
)

_DAY = 86_400.0

T = TypeVar("T")


class RotatedName(NamedTuple):
    """What a file's name says about its rotation.

    ``family`` is the name of the log that is being written (``app.log``); ``number`` counts backwards in
    time; ``day`` and ``time`` (its digits) are those of a dated name.
    """

    family: str
    number: int | None = None
    day: date | None = None
    time: str = ""
    packed: bool = False
    archive: bool = False


@lru_cache(maxsize=4096)
def parse_name(name: str) -> RotatedName:
    """What *name* (without its folder) says: ``app.log.2.gz`` is number 2 of ``app.log``."""
    suffix = next((suffix for suffix in _PACKED if name.endswith(suffix)), "")
    stem = name.removesuffix(suffix)
    number: int | None = None
    dated: tuple[str, date, str] | None = None
    for _ in range(2 if _has_digit(stem) else 0):
        if number is None and (match := _NUMBER.search(stem)):
            number, stem = int(match[1]), stem[: match.start()]
        elif dated is None and (dated := _dated(stem)):
            stem = dated[0]
    extension = match[0] if (match := _EXTENSION.search(stem)) else ""
    if dated is None and (dated := _dated(stem.removesuffix(extension))):
        stem = dated[0] + extension
    if suffix in _ARCHIVES and not extension:
        stem += ".log"
    return RotatedName(
        family=stem,
        number=number,
        day=dated[1] if dated else None,
        time=dated[2] if dated else "",
        packed=bool(suffix),
        archive=suffix in _ARCHIVES,
    )


def _has_digit(stem: str) -> bool:
    """Whether *stem* may hold a number or a date at all."""
    return any(sign.isdigit() for sign in stem)


def _dated(stem: str) -> tuple[str, date, str] | None:
    match = _DATE.search(stem) if _has_digit(stem) else None
    if match is None:
        return None
    try:
        day = date(int(match[1]), int(match[2]), int(match[3]))
    except ValueError:
        return None
    return stem[: match.start()], day, re.sub(r"\D", "", match[4] or match[5] or "")


def looks_like_log(name: str) -> bool:
    """Whether a file of this *name* is taken from a folder: a log, perhaps rotated or compressed."""
    return not name.startswith(".") and parse_name(name).family.endswith(_LOGS)


def is_archive_name(name: str) -> bool:
    """Whether *name* is that of a tar archive."""
    return name.endswith(_ARCHIVES)


def family_of(folder: str, name: str) -> str:
    """The log that *name* is of.

    A name that ends in a number or a date without being a log's (``replica.1``) is its own, unless the
    file that it would belong to stands in *folder*.
    """
    family = parse_name(name).family
    if _EXTENSION.search(family) or paths.is_there(paths.inside(folder, family)):
        return family
    return name


def siblings(path: str) -> list[str]:
    """The files beside *path* that belong to its log, *path* itself included if it is there.

    Raises:
        OSError: the folder cannot be listed.
    """
    folder, name = paths.split(path)
    family = family_of(folder, name)
    with os.scandir(folder or ".") as entries:
        names = sorted(entry.name for entry in entries if parse_name(entry.name).family == family)
    found = [paths.inside(folder, sibling) for sibling in names]
    return [sibling for sibling in found if paths.is_file(sibling)]


def oldest_first(
    items: Iterable[T], name: Callable[[T], RotatedName], modified: Callable[[T], float]
) -> list[T]:
    """*items* of one family in the order in which their records were written.

    Dates ascend, numbers descend, the current file comes last. Where a log has both, files with numbers are
    placed among the dated ones by *modified* (seconds since the epoch), and after them if that does not tell.
    """
    dated: list[T] = []
    numbered: list[T] = []
    rest: list[T] = []
    for item in items:
        parsed = name(item)
        (dated if parsed.day else numbered if parsed.number is not None else rest).append(item)
    dated.sort(key=lambda item: (*_date_key(name(item)), modified(item)))
    numbered.sort(key=lambda item: (-(name(item).number or 0), not name(item).packed, modified(item)))
    rest.sort(key=lambda item: (not name(item).packed, modified(item)))
    merged: list[T] = []
    waiting = iter(numbered)
    following = next(waiting, None)
    for item in dated:
        written = _written(name(item), modified(item))
        while following is not None and modified(following) < written:
            merged.append(following)
            following = next(waiting, None)
        merged.append(item)
    if following is not None:
        merged += [following, *waiting]
    return merged + rest


def _date_key(parsed: RotatedName) -> tuple[date, str, float]:
    return parsed.day or date.min, parsed.time, -parsed.number if parsed.number is not None else 1.0


def _written(parsed: RotatedName, modified: float) -> float:
    """When a dated file was finished: its time of change where that fits its date, else its date's start."""
    day = parsed.day or date.min
    start = datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp()
    return modified if start - _DAY <= modified <= start + 2 * _DAY else start
