"""The last traces, and the last failed deliveries."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Collection, Iterable
from typing import Final, Unpack

from kumon_observe.engine.run import Run, RunOptions, SourceSpec
from kumon_observe.engine.shown import ConversationMatch, bound, listed_row, listing
from kumon_observe.model import rows
from kumon_observe.model.errors import UsageError
from kumon_observe.model.listing import Listing
from kumon_observe.model.rows import PlainRow

KIND_NAMES: Final = {
    "OUTBOX_TRACE": {rows.PLANNER, rows.DELIVERY},
    "INSTANCE_TRACE": {rows.INSTANCE},
    "DELIVERY_TRACE": {rows.SEND, rows.RESULT},
    "OUTBOX_GUARD": {rows.HANDOFF_GUARD, rows.OUTBOX_GUARD},
    "INSTANCE_GUARD": {rows.BAD_INSTANCE, rows.OTHER_GUARD},
    "DELIVERY": {rows.TURN_RESULT},
}
"""The kinds of rows behind each head of a trace."""


def recent_traces(
    sources: SourceSpec | Iterable[SourceSpec],
    *,
    limit: int = 20,
    kinds: Collection[str] = (),
    conv: str | None = None,
    **options: Unpack[RunOptions],
) -> Listing:
    """The last *limit* traces in *sources*, of some *kinds* (``OUTBOX_TRACE`` …) or one conversation only.

    *conv* is a conversation's id or its pseudonym; the other options are those of
    :class:`kumon_observe.engine.run.Run`.

    Raises:
        UsageError: a kind is none of :data:`KIND_NAMES`, or *limit* is negative.
    """
    wanted = wanted_kinds(kinds)
    return _recent("traces", Run(specs=sources, **options), limit, conv, lambda row: row[0] in wanted)


def recent_failures(
    sources: SourceSpec | Iterable[SourceSpec],
    *,
    limit: int = 20,
    conv: str | None = None,
    **options: Unpack[RunOptions],
) -> Listing:
    """The last *limit* deliveries that the provider refused; options as for :func:`recent_traces`."""
    return _recent("failures", Run(specs=sources, **options), limit, conv, _failed)


def _failed(row: PlainRow) -> bool:
    if row[0] == rows.RESULT:
        return not row[10]
    return row[0] == rows.TURN_RESULT and row[10] == "send_failed"


def wanted_kinds(names: Collection[str]) -> set[int]:
    """The kinds of rows that *names* stand for, all without any.

    Raises:
        UsageError: a name is none of :data:`KIND_NAMES`.
    """
    wanted: set[int] = set()
    for name in names:
        if name.upper() not in KIND_NAMES:
            raise UsageError(f"there is no kind of trace {name!r}: use one of {', '.join(KIND_NAMES)}")
        wanted |= KIND_NAMES[name.upper()]
    return wanted or set(range(10))


def _recent(
    command: str, run: Run, limit: int, conv: str | None, wanted: Callable[[PlainRow], bool]
) -> Listing:
    matches = ConversationMatch(run, conv) if conv is not None else None
    last: deque[PlainRow] = deque(maxlen=bound(limit))
    matched = 0
    for batch in run.sources.batches():
        for row in batch:
            if wanted(row) and (matches is None or matches(row[8])):
                matched += 1
                last.append(row)
    shown = [listed_row(run, row) for row in last]
    return listing(run, command, shown, matched, seen=bool(run.sources.seen))
