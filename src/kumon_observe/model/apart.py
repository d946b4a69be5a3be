"""What a check must see trace by trace; all other settled turns may come folded into their sums."""

from __future__ import annotations

import sys
from collections.abc import Callable, Collection, Iterable, KeysView
from typing import Final, NamedTuple

from kumon_observe.model.rows import Outcome

ALWAYS: Final = (1 << 63) - 1
"""A time that never comes."""


def _anything(_instance: str) -> bool:
    return True


class Apart(NamedTuple):
    """What must not be folded.

    ``names`` are collections of conversations and idems about which the check holds something open. Beside
    the open turns of ``convs`` a turn of another outbox may be folded: ``held`` are the hashes of
    conversation and outbox of the open ones. Of ``sending`` no send may be folded before a new turn.
    ``room`` is how many turns it can take at once without giving up an open one, ``longest`` how many seconds
    a turn may be open before it is given up; ``vouches`` says whether an instance is right; ``pairs`` are the
    outcomes of pairs that are wanted one by one.

    Traces up to the time ``until`` (microseconds) end nothing that is open; with ``exact`` a pair that shares
    its idem is no news. Where that holds for a block, and its traces have times, it does not matter where
    among the others the folded ones stood, so that all come in one row.
    """

    names: tuple[Collection[str | None], ...] = ()
    convs: tuple[Collection[str], ...] = ()
    held: tuple[KeysView[int], ...] = ()
    sending: tuple[Collection[str], ...] = ()
    room: int = sys.maxsize
    longest: float = 3600.0
    vouches: Callable[[str], bool] = _anything
    pairs: frozenset[Outcome] = frozenset()
    until: int = ALWAYS
    exact: bool = True

    @classmethod
    def of_all(cls, checks: Iterable[Apart]) -> Apart:
        """What any of *checks* must see trace by trace."""
        every = tuple(checks)
        return cls(
            names=tuple(names for one in every for names in one.names if names),
            convs=tuple(convs for one in every for convs in one.convs if convs),
            held=tuple(held for one in every for held in one.held if held),
            sending=tuple(convs for one in every for convs in one.sending if convs),
            room=min((one.room for one in every), default=sys.maxsize),
            longest=min((one.longest for one in every), default=3600.0),
            vouches=lambda instance: all(one.vouches(instance) for one in every),
            pairs=frozenset().union(*(one.pairs for one in every)),
            until=min((one.until for one in every), default=ALWAYS),
            exact=all(one.exact for one in every),
        )
