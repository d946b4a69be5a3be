"""What a follower hands out, and where it can go on from."""

from __future__ import annotations

from typing import Any, NamedTuple, Self

from attrs import frozen

from kumon_observe.model.evidence import Sentence
from kumon_observe.reading.files import Identity
from kumon_observe.reading.following.mark import Mark


class Piece(NamedTuple):
    """Bytes that were appended to a generation.

    ``name`` is the file's as shown, ``offset`` where ``data`` begins in it. With ``ends`` the generation is
    over; with ``cut`` its unfinished last line comes once more in the next one. ``lost`` says what could not
    be had of it; ``note`` is worth knowing, and may be no loss.
    """

    generation: int
    name: str
    offset: int
    data: bytes = b""
    ends: bool = False
    lost: Sentence | None = None
    note: Sentence | None = None
    cut: bool = False


@frozen
class Place:
    """How far a generation was read: enough to find its file again, under any name.

    ``offset`` is where to go on, at most ``mark.length``; ``modified`` in seconds since the epoch.
    """

    generation: int
    name: str
    offset: int
    identity: Identity
    mark: Mark
    modified: float

    def saved(self) -> list[Any]:
        """The place as JSON values."""
        identity = list(self.identity)
        return [self.generation, self.name, self.offset, identity, self.mark.saved(), self.modified]

    @classmethod
    def restored(cls, saved: Any) -> Self:
        """The place that was saved.

        Raises:
            TypeError, ValueError: it is none.
        """
        generation, name, offset, (device, inode), mark, modified = saved
        place = cls(
            int(generation),
            str(name),
            int(offset),
            (int(device), int(inode)),
            Mark.restored(mark),
            float(modified),
        )
        if not 0 <= place.offset <= place.mark.length:
            raise ValueError("its places do not belong together")
        return place
