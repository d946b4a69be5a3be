"""Where an opened file belongs: which log it is of, and which file it is."""

from __future__ import annotations

import os
from typing import NamedTuple

from kumon_observe.model.evidence import Sentence
from kumon_observe.reading import paths
from kumon_observe.reading.expansion import Asked
from kumon_observe.reading.logfile import LogFile
from kumon_observe.reading.names import shown
from kumon_observe.reading.rotation import RotatedName, family_of, parse_name


class Opened(NamedTuple):
    """A log file with what decides where it belongs.

    ``family`` is the same for rotated siblings, ``rotated`` says which of them this is; ``identity`` is the
    same for two names of one file.
    """

    file: LogFile
    family: tuple[str, ...]
    rotated: RotatedName
    identity: tuple[object, ...]
    listed: bool = False


def failed(asked: Asked, error: Sentence) -> Opened:
    """The log file at a path that cannot be read, with the *error* that says why."""
    name = shown(asked.path)
    family, rotated = place_of(asked.path)
    return Opened(LogFile(name=name, error=error), family, rotated, ("failed", asked.path), asked.listed)


def place_of(path: str) -> tuple[tuple[str, ...], RotatedName]:
    """Which log the file at *path* is of, by the name of what a link leads to."""
    try:
        folder, name = paths.split(paths.target(path))
        folder = os.path.realpath(folder or ".")
    except (OSError, ValueError):
        return (path,), RotatedName(path)
    family = family_of(folder, name)
    parsed = parse_name(name)
    return (folder, family), parsed if parsed.family == family else RotatedName(family)
