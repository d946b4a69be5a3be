"""Logs that grow: each followed through rotation, truncation and restarts, and waiting for what comes next.

A file's life between two rotations is a *generation*. :class:`Follower` gives the bytes of each, in order.
"""

from __future__ import annotations

from kumon_observe.reading.following.follower import Follower
from kumon_observe.reading.following.piece import Piece, Place
from kumon_observe.reading.following.streamed import Streamed
from kumon_observe.reading.following.waiting import Waiter

__all__ = ["Follower", "Piece", "Place", "Streamed", "Waiter"]
