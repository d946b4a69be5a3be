"""From what a user names to logs that can be followed: of rotated files, the one that grows."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from typing import NamedTuple

from kumon_observe.model.evidence import Sentence
from kumon_observe.reading import paths
from kumon_observe.reading.expansion import STANDARD_INPUT, Asked, expanded
from kumon_observe.reading.names import shown
from kumon_observe.reading.placing import place_of
from kumon_observe.reading.rotation import oldest_first, parse_name, siblings

_BLOCK = 64 << 10


class Named(NamedTuple):
    """A log by its ``key``; ``path`` is ``None`` for standard input.

    ``locate`` gives the path where it changes from day to day; ``error`` stands for a name that leads to
    none. ``may_go`` tells that it was found in a folder or by a pattern, where logs come and go.
    """

    key: str
    name: str
    path: str | None = None
    locate: Callable[[], str] | None = None
    error: Sentence | None = None
    may_go: bool = False


def named(specs: Iterable[str]) -> list[Named]:
    """The logs that *specs* name now, each once."""
    found: dict[str, Named] = {}
    for spec in specs:
        asked = expanded(spec)
        alone = len(asked) == 1 and asked[0].path == spec
        for one in [_alone(asked[0])] if alone else map(_of_family, asked):
            found.setdefault(one.key, one)
    return list(found.values())


def _alone(asked: Asked) -> Named:
    """A file of this very name, which need not exist yet."""
    if asked.error is not None:
        return Named(asked.path, shown(asked.path), error=asked.error)
    if asked.path == STANDARD_INPUT:
        return Named(STANDARD_INPUT, STANDARD_INPUT)
    folder, name = paths.split(asked.path)
    return Named(paths.inside(os.path.realpath(folder or "."), name), shown(asked.path), asked.path)


def _of_family(asked: Asked) -> Named:
    """The log that a file found in a folder is of: the file itself, or a rotated one."""
    if asked.error is not None:
        return Named(asked.path, shown(asked.path), error=asked.error)
    folder, _ = paths.split(asked.path)
    (_, family), _ = place_of(asked.path)
    path = paths.inside(folder, family)
    key = paths.inside(os.path.realpath(folder or "."), family)
    if paths.is_there(path):
        return Named(key, shown(path), path, may_go=True)
    latest = _latest(path)
    return Named(key, shown(path), latest(), latest, may_go=True)


def _latest(path: str) -> Callable[[], str]:
    """Gives the newest of the files that are named by their day, as long as none has the plain name."""

    def locate() -> str:
        if paths.is_there(path):
            return path
        try:
            beside = siblings(path)
        except OSError:
            return path
        dated = [one for one in beside if (name := parse_name(paths.split(one)[1])).day and not name.packed]
        ordered = oldest_first(dated, lambda one: parse_name(paths.split(one)[1]), lambda _: 0.0)
        return ordered[-1] if ordered else path

    return locate


def line_near_the_end(descriptor: int, last: int) -> int:
    """Where a line begins, about *last* bytes before the end of an open file.

    Raises:
        OSError: it cannot be read.
    """
    offset = os.fstat(descriptor).st_size - last
    if offset <= 0:
        return 0
    while block := os.pread(descriptor, _BLOCK, offset):
        newline = block.find(b"\n")
        if newline >= 0:
            return offset + newline + 1
        offset += len(block)
    return offset
