"""Whose turn it is: what the traces of one task or thread have in common, kept in context variables."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Final, NamedTuple

_TURN_BYTES: Final = 8


class Whose(NamedTuple):
    """The conversation, the idempotency key and the turn; ``None`` for what is not known."""

    conv: str | None = None
    idem: str | None = None
    turn: str | None = None

    def __or__(self, outer: Whose) -> Whose:
        """This one, and what it does not know from *outer*."""
        return Whose(*(own if own is not None else other for own, other in zip(self, outer, strict=True)))


_BOUND: Final[ContextVar[Whose]] = ContextVar("kumon_observe_emit", default=Whose())  # noqa: B039 - it is frozen


@contextmanager
def bound(*, conv: str | None = None, idem: str | None = None, turn: str | None = None) -> Iterator[None]:
    """Give these to all traces inside of the ``with`` block that do not say them themselves.

    What is ``None`` stays as it is outside. Tasks that are made inside, and threads that are given a copy of
    the context (``asyncio.to_thread``), have them too; others, and the code after the block, have not.
    """
    token = _BOUND.set(Whose(conv, idem, turn) | _BOUND.get())
    try:
        yield
    finally:
        _BOUND.reset(token)


def whose(conv: str | None, idem: str | None, turn: str | None) -> Whose:
    """What is given here, and the rest as it is bound."""
    return Whose(conv, idem, turn) | _BOUND.get()


def new_turn() -> str:
    """An id for a turn that no other one has: ``turn_`` and 16 hexadecimal digits."""
    return f"turn_{os.urandom(_TURN_BYTES).hex()}"
