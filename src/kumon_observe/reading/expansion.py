"""From what a user names (files, folders, globs, URLs) to paths."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from typing import Final, NamedTuple

from kumon_observe.model.evidence import Sentence
from kumon_observe.model.patterns import LatePattern
from kumon_observe.model.phrase import phrase
from kumon_observe.reading import paths
from kumon_observe.reading.findings import opening_failed, reason
from kumon_observe.reading.rotation import looks_like_log, siblings

STANDARD_INPUT = "-"
_URL: Final = LatePattern(r"[a-z][a-z0-9+.-]*://", re.ASCII | re.IGNORECASE)


class Asked(NamedTuple):
    """One path to read; ``listed`` if it was found in a folder or beside a log rather than named.

    ``error`` stands for a path that leads to nothing.
    """

    path: str
    listed: bool = False
    error: Sentence | None = None


def expanded(spec: str) -> list[Asked]:
    """The paths that *spec* stands for: at least one, or one that says why there is none."""
    if spec == STANDARD_INPUT:
        return [Asked(spec)]
    if not spec:
        return [
            Asked(
                spec,
                error=phrase("the name is empty: name a file, a folder or -"),
            )
        ]
    if not paths.is_there(spec):
        if _URL.match(spec):
            return [Asked(spec, error=phrase("it is not on this machine: install kumon-observe[remote]"))]
        if paths.is_pattern(spec):
            return _matching(spec)
    return _in_folder(spec) if paths.is_folder(spec) else [Asked(spec)]


def with_siblings(asked: Iterable[Asked]) -> list[Asked]:
    """*asked*, each followed by the rotated files that stand beside it (or beside what it links to)."""
    found: list[Asked] = []
    for one in asked:
        found.append(one)
        if one.listed or one.error is not None or one.path == STANDARD_INPUT:
            continue
        place = paths.target(one.path)
        if paths.is_file(place) or not paths.exists(place):
            found += _beside(place)
    return found


def _beside(path: str) -> list[Asked]:
    try:
        return [Asked(sibling, listed=True) for sibling in siblings(path) if sibling != path]
    except (FileNotFoundError, NotADirectoryError, ValueError):
        return []
    except OSError as error:
        folder, _ = paths.split(path)
        why = phrase("it cannot be searched for rotated logs: {reason}", reason=reason(error))
        return [Asked(folder or ".", error=why)]


def _matching(pattern: str) -> list[Asked]:
    found: list[Asked] = []
    for path in paths.matching(pattern):
        inside = _in_folder(path) if paths.is_folder(path) else [Asked(path)]
        found += [one for one in inside if one.error is None]
    return found or [Asked(pattern, error=phrase("no log matches it: check the pattern"))]


def _in_folder(folder: str) -> list[Asked]:
    try:
        with os.scandir(folder) as entries:
            # Links come last, so that a file keeps its own name if one of them leads to it.
            logs = sorted((e.is_symlink(), e.path) for e in entries if looks_like_log(e.name) and _is_file(e))
    except OSError as error:
        return [Asked(folder, error=opening_failed(error))]
    if not logs:
        return [Asked(folder, error=phrase("it is a folder without logs: name the log itself"))]
    return [Asked(path, listed=True) for _, path in logs]


def _is_file(entry: os.DirEntry[str]) -> bool:
    """A regular file, or a link that leads nowhere and has to be told of."""
    try:
        return entry.is_file() or (entry.is_symlink() and not paths.exists(entry.path))
    except OSError:
        return True
