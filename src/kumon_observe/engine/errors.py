"""The last errors of the app, tracebacks whole."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from typing import Final, Unpack

from kumon_observe.engine.run import Run, RunOptions, SourceSpec
from kumon_observe.engine.shown import bound, listed_record, listing
from kumon_observe.engine.sources import ReadFile
from kumon_observe.model.listing import Listing
from kumon_observe.parsing.records import LoggedRecord, RecordReader

LEVELS: Final = frozenset({"ERROR", "CRITICAL", "FATAL"})
"""The levels that count as errors."""


def recent_errors(
    sources: SourceSpec | Iterable[SourceSpec], *, limit: int = 20, **options: Unpack[RunOptions]
) -> Listing:
    """The last *limit* records of level ERROR, CRITICAL or FATAL, with the lines that continue them.

    The options are those of :class:`kumon_observe.engine.run.Run`.

    Raises:
        UsageError: *limit* is negative.
    """
    run = Run(specs=sources, **options)
    readers: dict[int, RecordReader] = {}
    last: deque[tuple[int, int, LoggedRecord]] = deque(maxlen=bound(limit))
    matched = 0

    def take(read: ReadFile, block: bytes) -> None:
        nonlocal matched
        reader = readers.setdefault(read.source, RecordReader(run.scan_options, read.source))
        for logged in reader.feed(block) if block else reader.finish():
            if (logged.record.level or "").upper() in LEVELS and _inside(run, logged):
                matched += 1
                last.append((logged.ref.at or 0, read.source, logged))

    run.sources.tap = take
    for _ in run.sources.batches():
        pass
    ordered = sorted(last, key=lambda found: found[:2]) if len(run.sources.chains) > 1 else last
    shown = [listed_record(run, logged) for _, _, logged in ordered]
    return listing(run, "errors", shown, matched, seen=run.sources.recognised)


def _inside(run: Run, logged: LoggedRecord) -> bool:
    window = run.sources.window
    return not window.bounded or (logged.ref.at is not None and window.holds(logged.ref.at))
