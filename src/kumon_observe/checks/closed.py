"""The turns that were closed last: a guard or a second drain that comes later is about one of them."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from typing import Any, Final, Self

from attrs import Factory, define

from kumon_observe.checks.saving import Table
from kumon_observe.checks.turns import Turn
from kumon_observe.model.rows import Block, PlainRow

_REMEMBERED: Final = 4096
_MOST_ENTRIES: Final = 4 * _REMEMBERED

Key = tuple[str | None, str | None]
Entry = Turn | int
"""A closed turn, or the number of the planner row that opened the next one of its key."""


@define(eq=False)
class _Past:
    """A block with settled turns that only were added up; ``recalled`` are those looked at since."""

    block: Block
    base: int
    recalled: set[str] = Factory(set)


class ClosedTurns:
    """Remembers a closed turn until 4,096 more planner rows came; all numbers are numbers of planner rows.

    Turns that came folded are read again when somebody asks for them: *replay* gives what the numbered rows
    of some conversations close.
    """

    def __init__(self, replay: Callable[[list[tuple[int, PlainRow]]], Self]) -> None:
        self._replay = replay
        self._by_key: dict[Key, Entry] = {}
        self._drained: dict[str, Turn] = {}
        self._by_turn: dict[str, Turn] = {}
        self._past: deque[_Past] = deque()
        self._pruned = 0

    def __len__(self) -> int:
        """How many keys are known."""
        return len(self._by_key)

    def opened(self, turn: Turn) -> None:
        """A new turn begins: from here on a guard of its key is about it, unless another process speaks."""
        for key in {(turn.conv, turn.idem), (turn.conv, None)}:
            before = self._by_key.get(key)
            if not isinstance(before, Turn) or before.process == turn.process:
                self._by_key[key] = turn.number

    def closed(self, turn: Turn) -> None:
        """A turn ends."""
        self._by_key[turn.conv, None] = turn
        if turn.idem is not None or turn.delivery_idem is not None:
            self._by_key[turn.conv, turn.idem] = self._by_key[turn.conv, turn.delivery_idem] = turn
        if turn.conv is not None:
            self._drained[turn.conv] = turn
        if turn.turn is not None:
            self._by_turn[turn.turn] = turn
        if len(self._by_key) > _MOST_ENTRIES or turn.number - self._pruned > _REMEMBERED:
            self._prune(turn.number)

    def folded(self, block: Block, base: int, now: int) -> None:
        """Settled turns of *block* were added up; *base* planner rows came before it, *now* until here."""
        if not self._past or self._past[-1].block is not block:
            self._past.append(_Past(block, base))
        while len(self._past) > 1 and now - self._past[1].base > _REMEMBERED:
            self._past.popleft()

    def of(self, conv: str | None, idem: str | None, now: int, *, since: int = -1) -> Turn | None:
        """The closed turn of a key, if no other one was opened since; folded ones only if after *since*."""
        self._recall(conv, max(since, _number(self._by_key.get((conv, idem), -1))), now)
        entry = self._by_key.get((conv, idem))
        return entry if isinstance(entry, Turn) and now - entry.number <= _REMEMBERED else None

    def of_id(self, conv: str | None, turn: str | None, now: int) -> Turn | None:
        """The closed turn with the id *turn*; none such ever came folded."""
        found = self._by_turn.get(turn) if turn is not None else None
        if found is None or now - found.number > _REMEMBERED:
            return None
        return found if conv is None or found.conv is None or conv == found.conv else None

    def drained(self, conv: str, now: int, *, since: int = -1) -> Turn | None:
        """The turn of *conv* that was closed last, whatever was opened then; as for :meth:`of`."""
        self._recall(conv, max(since, _number(self._drained.get(conv, -1))), now)
        turn = self._drained.get(conv)
        return turn if turn is not None and now - turn.number <= _REMEMBERED else None

    def saved(self, now: int, turns: Table[Turn]) -> list[Any]:
        """What may still be asked for, as JSON values; a folded turn like any other."""
        for past in self._past:
            self._recall_all(past, now)
        opened: list[Any] = []
        closed: list[Any] = []
        for (conv, idem), entry in self._by_key.items():
            if now - _number(entry) > _REMEMBERED:
                continue
            if isinstance(entry, Turn):
                closed.append([conv, idem, turns.number(entry)])
            else:
                opened.append([conv, idem, entry])
        drained = [turn for turn in self._drained.values() if now - turn.number <= _REMEMBERED]
        named = [turn for turn in self._by_turn.values() if now - turn.number <= _REMEMBERED]
        return [opened, closed, turns.numbers(drained), turns.numbers(named)]

    def restore(self, saved: Any, turns: list[Turn]) -> None:
        """Remember what was saved, with its *turns*."""
        opened, closed, drained, named = saved
        self._by_key = {(conv, idem): int(number) for conv, idem, number in opened}
        self._by_key.update({(conv, idem): turns[number] for conv, idem, number in closed})
        self._drained = {turns[number].conv or "": turns[number] for number in drained}
        self._by_turn = {turns[number].turn or "": turns[number] for number in named}

    def _recall_all(self, past: _Past, now: int) -> None:
        """Look again at all folded turns of a block that may still be asked for."""
        names = set(past.block.names) - past.recalled
        rows_of: dict[str, list[tuple[int, PlainRow]]] = {}
        for n, row in past.block.again(names):
            rows_of.setdefault(row[8] or "", []).append((past.base + n, row))
        past.recalled |= names
        for numbered in rows_of.values():
            if now - numbered[-1][0] <= _REMEMBERED:
                self._absorb(self._replay(numbered))

    def _recall(self, conv: str | None, since: int, now: int) -> None:
        """Look again at the folded turns of *conv* that may be later than *since*.

        In a block the folded traces of a conversation come first: what came singly from it is later.
        """
        for past in self._past if conv is not None else ():
            if conv is None or past.base < since or conv in past.recalled or not past.block.holds(conv):
                continue
            past.recalled.add(conv)
            self._absorb(self._replay([(past.base + n, row) for n, row in past.block.again((conv,))]))
        if len(self._by_key) > _MOST_ENTRIES:
            self._prune(now)

    def _absorb(self, later: Self) -> None:
        for key, entry in later._by_key.items():
            if _number(entry) > _number(self._by_key.get(key, -1)):
                self._by_key[key] = entry
        for conv, turn in later._drained.items():
            if turn.number > _number(self._drained.get(conv, -1)):
                self._drained[conv] = turn

    def _prune(self, now: int) -> None:
        self._pruned = now
        oldest = now - _REMEMBERED
        self._by_key = {key: entry for key, entry in self._by_key.items() if _number(entry) >= oldest}
        self._drained = {conv: turn for conv, turn in self._drained.items() if turn.number >= oldest}
        self._by_turn = {name: turn for name, turn in self._by_turn.items() if turn.number >= oldest}


def _number(entry: Entry) -> int:
    return entry if isinstance(entry, int) else entry.number
