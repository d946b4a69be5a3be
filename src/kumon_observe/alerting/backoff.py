"""How long to wait before a failed delivery is tried again."""

from __future__ import annotations

from typing import Final

_MOST_DOUBLINGS: Final = 64


def next_wait(attempts: int, first: float, most: float, chance: float) -> float:
    """The seconds until the next attempt, after *attempts* that failed: anything up to a bound that doubles.

    The bound is *first* after one attempt, twice as much after each further one, and never more than *most*.
    *chance*, from 0 to 1, says where below it the wait lies ("full jitter"), so that what failed together is
    not tried together again.
    """
    bound = min(most, first * 2.0 ** min(max(attempts - 1, 0), _MOST_DOUBLINGS))
    return bound * min(max(chance, 0.0), 1.0)
