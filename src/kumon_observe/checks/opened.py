"""The open turns of all conversations, and how they are found: by conversation, idem and id."""

from __future__ import annotations

from collections import Counter, OrderedDict
from typing import Any

from kumon_observe.checks.saving import Table
from kumon_observe.checks.turns import Turn


class OpenTurns:
    """Turns that no delivery closed yet, in the order of their latest planner traces."""

    def __init__(self) -> None:
        self._open: OrderedDict[int, Turn] = OrderedDict()
        self._by_conv: dict[str, list[Turn]] = {}
        self._by_idem: dict[str, list[Turn]] = {}
        self._by_turn: dict[str, list[Turn]] = {}
        self._held: Counter[int] = Counter()
        self._odd: Counter[str] = Counter()

    @property
    def open_turns(self) -> list[Turn]:
        """The turns that no delivery closed, oldest first."""
        return list(self._open.values())

    def _exact(self, conv: str | None, idem: str) -> Turn | None:
        for turn in reversed(self._by_idem.get(idem, ())):
            if turn.idem == idem and (turn.conv == conv or turn.conv is None or conv is None):
                return turn
        return None

    def _of_id(self, conv: str | None, turn: str | None) -> Turn | None:
        """The open turn with the id *turn*."""
        for one in reversed(self._by_turn.get(turn, ()) if turn is not None else ()):
            if one.conv == conv or one.conv is None or conv is None:
                return one
        return None

    def _siblings(self, turn: Turn) -> list[Turn]:
        return self._by_conv.get(turn.conv, []) if turn.conv is not None else []

    def _remember(self, turn: Turn, number: int) -> None:
        """Put *turn* at the end: *number* is that of its latest planner trace."""
        turn.number = number
        self._open[number] = turn
        if turn.conv is not None:
            self._by_conv.setdefault(turn.conv, []).append(turn)
        for idem in _idems(turn):
            self._by_idem.setdefault(idem, []).append(turn)
        if turn.turn is not None:
            self._by_turn.setdefault(turn.turn, []).append(turn)
        self._tell(turn, 1)

    def guard(self, turn: Turn) -> None:
        """The app's own alarm spoke of *turn*, open or closed."""
        is_open = self._open.get(turn.number) is turn
        if is_open:
            self._tell(turn, -1)
        turn.guarded = True
        if is_open:
            self._tell(turn, 1)

    def _tell(self, turn: Turn, step: int) -> None:
        """Keep account of which open turns others of their conversation may be folded beside."""
        if turn.conv is None:
            return
        if turn.stands_alone:
            key = hash((turn.conv, turn.outbox_id))
            self._held[key] += step
            if not self._held[key]:
                del self._held[key]
        else:
            self._odd[turn.conv] += step
            if not self._odd[turn.conv]:
                del self._odd[turn.conv]

    def _forget(self, turn: Turn) -> None:
        del self._open[turn.number]
        self._tell(turn, -1)
        if turn.conv is not None:
            _drop(self._by_conv, turn.conv, turn)
        for idem in _idems(turn):
            _drop(self._by_idem, idem, turn)
        if turn.turn is not None:
            _drop(self._by_turn, turn.turn, turn)

    def _saved_open(self, turns: Table[Turn]) -> list[int]:
        """The open turns as numbers in the table of *turns*."""
        return turns.numbers(self._open.values())

    def _restore_open(self, saved: Any, turns: list[Turn]) -> None:
        """Open what was saved, with its *turns*."""
        for number in saved:
            self._remember(turns[number], turns[number].number)


def _idems(turn: Turn) -> tuple[str, ...]:
    return turn.items if turn.idem is None else (turn.idem, *turn.items)


def _drop(index: dict[str, list[Turn]], key: str, turn: Turn) -> None:
    turns = index[key]
    if len(turns) == 1:
        del index[key]
    else:
        turns.remove(turn)
