"""Joins the chunks into which docker's json-file driver cuts a record over 16 KiB."""

from __future__ import annotations

from typing import NamedTuple

from attrs import evolve

from kumon_observe.model.protocols import Explained
from kumon_observe.model.rows import Ref


class _Pending:
    def __init__(self, layout: str, first: Explained, ref: Ref) -> None:
        self.layout = layout
        self.first = first
        self.ref = ref
        self.pieces: list[str] = []
        self.size = 0


class Joined(NamedTuple):
    """A whole record: ``ref`` is the place of its first chunk, ``chunks`` how many there were."""

    layout: str
    explained: Explained
    ref: Ref
    chunks: int = 1
    oversized: bool = False


class ChunkJoiner:
    """Holds the unfinished record of each stream; no more than *limit* characters of one.

    A chunk's start is not a message's start: whatever it looks like, it belongs to the record before it.
    """

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self.pending: dict[str, _Pending] = {}

    @property
    def waiting(self) -> bool:
        """Whether some record is unfinished."""
        return bool(self.pending)

    def take(self, layout: str, explained: Explained, ref: Ref) -> Joined | None:
        """The record that this entry completes, ``None`` while it goes on."""
        pending = self.pending.get(explained.stream)
        if pending is None:
            if explained.inner_ends:
                return Joined(layout, explained, ref)
            pending = self.pending[explained.stream] = _Pending(layout, explained, ref)
        inner = explained.inner or ""
        pending.size += len(inner)
        if pending.size > self.limit:
            pending.pieces.clear()
        else:
            pending.pieces.append(inner)
        if not explained.inner_ends:
            return None
        return self._finished(self.pending.pop(explained.stream))

    def leftovers(self) -> list[Joined]:
        """What is still unfinished at the end of the source, given up as it stands."""
        rest = [self._finished(pending) for pending in self.pending.values()]
        self.pending.clear()
        return rest

    def _finished(self, pending: _Pending) -> Joined:
        whole = evolve(pending.first, inner="".join(pending.pieces), inner_ends=True)
        oversized = pending.size > self.limit
        return Joined(pending.layout, whole, pending.ref, max(2, len(pending.pieces)), oversized)
