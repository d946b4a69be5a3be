"""The door of this room: from what a user names to chains of log files, each byte counted once."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import BinaryIO

from kumon_observe.model.phrase import phrase
from kumon_observe.reading.copies import Headed, copies_in, head_of
from kumon_observe.reading.expansion import expanded, with_siblings
from kumon_observe.reading.logfile import Chain, LogFile
from kumon_observe.reading.opening import opened
from kumon_observe.reading.overlap import Overlap
from kumon_observe.reading.placing import Opened
from kumon_observe.reading.rotation import oldest_first

FIFO_WAIT = 3.0
"""Seconds that a FIFO may go without any writer."""


def open_sources(
    specs: Sequence[str | os.PathLike[str]],
    *,
    rotated: bool = False,
    stdin: BinaryIO | None = None,
    fifo_wait: float = FIFO_WAIT,
) -> list[Chain]:
    """The logs that *specs* name, in that order, rotated siblings as one chain.

    A spec is a file, a folder, a glob (where no file has that very name), an archive, a FIFO or ``-`` for
    standard input (*stdin*, else the process's own). With *rotated*, the files beside each log that are
    its older parts are read too. *fifo_wait* is in seconds.

    A file with two names, and two copies of one content, are read once; the remaining file has a note.
    Nothing is raised for what cannot be read: such a file has an ``error``.
    """
    asked = [one for spec in specs for one in expanded(os.fspath(spec))]
    if rotated:
        asked = with_siblings(asked)
    files = (file for one in asked for file in opened(one, stdin=stdin, fifo_wait=fifo_wait))
    families: dict[tuple[str, ...], list[Opened]] = {}
    for file in _once_each(files):
        families.setdefault(file.family, []).append(file)
    ordered = [[one.file for one in _in_order(family)] for family in families.values()]
    return _chained(ordered)


def _once_each(files: Iterable[Opened]) -> list[Opened]:
    """*files* without second names of the same file."""
    first: dict[tuple[object, ...], Opened] = {}
    for file in files:
        known = first.setdefault(file.identity, file)
        if known is file:
            continue
        if file.file.name != known.file.name:
            known.file.note(phrase("{other} is the same file and was read once", other=file.file.name))
        elif not (file.listed or known.listed):
            known.file.note(phrase("{name} was named twice and was read once", name=file.file.name))
    return list(first.values())


def _in_order(family: list[Opened]) -> list[Opened]:
    ordered = oldest_first(family, lambda one: one.rotated, lambda one: one.file.modified or 0.0)
    newest = ordered[-1]
    newest.file.growing = newest.file.seekable and newest.rotated.number is None
    return ordered


def _chained(ordered: list[list[LogFile]]) -> list[Chain]:
    headed = {
        file: Headed(file, file.content, head_of(file.content))
        for files in ordered
        for file in files
        if file.content is not None and file.content.repeatable
    }
    copies = copies_in(headed.values())
    chains = []
    for files in ordered:
        remaining = [file for file in files if file not in copies]
        if not remaining:
            continue
        filled = [file for file in remaining if file in headed and headed[file].head]
        if filled:
            for file in remaining:
                file.when_empty = None  # a sibling without content is no loss
        for older, newer in pairwise(filled):
            newer.overlap = Overlap(older)
            older.tail_wanted = True
        chains.append(Chain(remaining[-1].name, tuple(remaining)))
    return chains
