"""Pairs planner and delivery traces into turns (TRACES section 4, rules 1, 2, 5 and 7)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from kumon_observe.checks.closed import ClosedTurns
from kumon_observe.checks.opened import OpenTurns
from kumon_observe.checks.saving import Table
from kumon_observe.checks.turns import CONVERSATION, EXACT, MISMATCHED, Turn, object_id, same_object
from kumon_observe.model import rows
from kumon_observe.model.apart import ALWAYS, Apart
from kumon_observe.model.rows import MICROSECONDS, PlainRow, is_short, turn_of

OnPair = Callable[[Turn, PlainRow, str], None]
OnEvict = Callable[[Turn, bool], None]


class Pairing(OpenTurns):
    """The open turns of all conversations, and the last closed ones, within bounds.

    ``on_pair(turn, delivery row, identity)`` is called for each pair, ``on_evict(turn, overdue)`` for each
    turn with something planned that was given up, because more than *max_open* were open or it was open
    longer than *keep_open* seconds; ``overdue`` tells whether its *grace* (seconds) was over by then.
    """

    def __init__(
        self, *, max_open: int, grace: float, keep_open: float, on_pair: OnPair, on_evict: OnEvict
    ) -> None:
        super().__init__()
        self.turns = 0
        self.planners = 0
        self.deliveries = 0
        self.unattributed = 0
        self.superseded = 0
        self.evicted = 0
        self._max_open = max_open
        self._grace = int(grace * MICROSECONDS)
        self._keep_open = int(keep_open * MICROSECONDS)
        self._on_pair = on_pair
        self._on_evict = on_evict
        self._closed = ClosedTurns(self._closed_by)
        self._exact_in: set[str] = set()
        self._ahead: tuple[int, int, Mapping[int, int]] | None = None

    @property
    def apart(self) -> Apart:
        """What must come trace by trace: the conversations with open turns."""
        oldest = next(iter(self._open.values()), None)
        return Apart(
            names=(self._odd.keys(), self._by_idem.keys()),
            convs=(self._by_conv.keys(),),
            held=(self._held.keys(),),
            room=self._max_open - len(self._open),
            longest=self._keep_open / MICROSECONDS,
            until=ALWAYS if oldest is None or oldest.at is None else oldest.at + self._keep_open,
            exact=bool(self._exact_in),
        )

    # -- planner ---------------------------------------------------------------------------------

    def planner(self, row: PlainRow) -> None:
        """A planner row opens a turn, or replaces the count of the one that it belongs to."""
        self.planners += 1
        if row[8] is None and row[9] is None and turn_of(row) is None:
            self.unattributed += 1
            return
        turn = self._turn_of_planner(row)
        if turn is None:
            self._open_turn(row)
        else:
            self._forget(turn)
            turn.replace(row)
            self._remember(turn, self._number(row))

    def _turn_of_planner(self, row: PlainRow) -> Turn | None:
        conv, idem, short, turn_id = row[8], row[9], False, None
        if row[13]:
            short, turn_id = is_short(row), turn_of(row)
            named = self._of_id(conv, turn_id)
            if named is not None:
                return None if named.guarded else named
        if short:
            joined = self._joined_by_short_line(row)
            if joined is not None:
                return joined
        if idem is not None:
            exact = self._exact(conv, idem)
            if exact is not None and (turn_id is None or exact.may_be(turn_id)):
                return None if exact.guarded else exact
        if short or conv is None:
            return None
        for turn in reversed(self._by_conv.get(conv, ())):
            comparable = (turn.idem is None or idem is None) and (turn_id is None or turn.may_be(turn_id))
            if comparable and not turn.guarded and turn.same_pass(row) and not self._lapsed(turn, row):
                return turn
        return None

    def _joined_by_short_line(self, row: PlainRow) -> Turn | None:
        """The open turn of the conversation with the same state, unless its outbox was another one.

        A queued item makes the outbox larger: a short line that does not, after a turn that only short
        lines told, is of the next turn.
        """
        conv, state = row[8], object_id(row[11])
        for turn in reversed(self._by_conv.get(conv, ()) if conv is not None else ()):
            if turn.process == row[7] and same_object(turn.state_id, state) and not turn.guarded:
                grows = row[10] > turn.planned
                return turn if turn.long or grows or turn.idem == row[9] else None
        return None

    def _lapsed(self, turn: Turn, row: PlainRow) -> bool:
        """Whether *turn* was given up by its app: after the grace, a smaller outbox is another pass's."""
        if turn.at is None or row[1] is None or row[10] >= turn.planned:
            return False
        return row[1] - turn.at > self._grace

    def _open_turn(self, row: PlainRow) -> None:
        turn = Turn.opened_by(row)
        self.turns += 1
        for other in self._siblings(turn)[:]:
            if other.guarded and (other.idem is None or turn.idem in (None, other.idem)):
                self._forget(other)
        turn.opened = self._number(row)
        self._remember(turn, turn.opened)
        self._closed.opened(turn)
        while len(self._open) > self._max_open or self._too_old(row[1]):
            self._evict(row[1])

    def _too_old(self, now: int | None) -> bool:
        oldest = next(iter(self._open.values()))
        return now is not None and oldest.at is not None and now - oldest.at > self._keep_open

    def _evict(self, now: int | None) -> None:
        turn = next(iter(self._open.values()))
        self._forget(turn)
        if turn.planned and not turn.guarded:
            self.evicted += 1
            overdue = (
                now - turn.at > self._grace if now is not None and turn.at is not None else turn.overtaken
            )
            self._on_evict(turn, overdue)

    # -- delivery --------------------------------------------------------------------------------

    def delivery(self, row: PlainRow) -> None:
        """A delivery row closes the turn that it belongs to, if one is open."""
        self.deliveries += 1
        conv, idem, turn_id = row[8], row[9], row[13]
        if conv is None and idem is None and turn_id is None:
            self.unattributed += 1
            return
        turn = self._exact(conv, idem) if idem is not None else None
        if turn_id is not None and (turn is None or turn.turn != turn_id):
            named = self._of_id(conv, turn_id)
            if named is None and self._closed.of_id(conv, turn_id, self._number(row)) is not None:
                return  # a second drain
            turn = named or (turn if turn is not None and turn.may_be(turn_id) else None)
        if turn is not None:
            identity = EXACT
            if turn.idem is not None and turn.idem == idem:
                self._exact_in.add(source_of(row[7]))
        else:
            turn = self._of_conversation(row)
            if turn is None:
                return
            identity = CONVERSATION if turn.idem is None or idem is None else MISMATCHED
        turn.delivery_idem, turn.delivery_outbox = idem, object_id(row[12])
        self._close(turn, overtakes=row[10] > 0)
        self._on_pair(turn, row, identity)

    def _of_conversation(self, row: PlainRow) -> Turn | None:
        conv, idem, process = row[8], row[9], row[7]
        if conv is None:
            return None
        strict = idem is not None and source_of(process) in self._exact_in
        pool = [turn for turn in self._by_conv.get(conv, ()) if not strict or turn.idem is None]
        if row[13] is not None:
            pool = [turn for turn in pool if turn.may_be(row[13])]
        if row[1] is None:
            pool = [turn for turn in pool if source_of(turn.process) == source_of(process)]
        if not pool:
            return None
        outbox, state = object_id(row[12]), object_id(row[11])
        own = [turn for turn in pool if turn.process == process]
        for turn in reversed(own):
            if same_object(turn.outbox_id, outbox):
                return turn
        closed = self._drained_again(row, since=pool[-1].number)
        if closed is not None and closed.number > pool[-1].number:
            return None
        for turn in reversed(own):
            if same_object(turn.state_id, state):
                return turn
        closed = self._drained_again(row)
        if closed is not None and same_object(closed.state_id, state):
            return None
        *older, latest = own or pool  # ids mean nothing across processes, and a process delivers its own
        for turn in older:
            self._forget(turn)
            self.superseded += not turn.guarded
        return latest

    def _drained_again(self, row: PlainRow, *, since: int = -1) -> Turn | None:
        """The conversation's turn closed last, if *row* has its outbox: then it may be drained once more.

        It surely is with only older turns open, or if no open turn shares the state that it shares too.
        Otherwise the id may have been used again, and the delivery is the open turn's.
        """
        closed = self._closed.drained(row[8] or "", self._number(row), since=since)
        if closed is None or closed.process != row[7]:
            return None
        outbox = object_id(row[12])
        drained = same_object(closed.outbox_id, outbox) or same_object(closed.delivery_outbox, outbox)
        return closed if drained else None

    def turn_result(self, row: PlainRow) -> None:
        """A turn-based result shows that the message with its idem reached delivery, whatever its conv."""
        self.deliveries += 1
        idem = row[9]
        for turn in reversed(self._by_idem.get(idem, ()) if idem is not None else ()):
            if turn.arrives(idem or ""):
                turn.delivery_idem = idem
                self._close(turn, overtakes=True)
            return

    # -- folded turns ----------------------------------------------------------------------------

    def folded(self, row: PlainRow) -> None:
        """Settled turns, added up: what is open in their conversations has nothing to do with them."""
        fold, block = row[10], row[11]
        base = self.planners - fold.before
        self.turns += fold.turns
        self.planners += fold.planners
        self.deliveries += fold.deliveries
        if fold.exact:
            self._exact_in.add(source_of(row[7]))
        self._ahead = None if block.numbers is None else (row[2], base, block.numbers)
        self._closed.folded(block, base, self.planners if block.numbers is None else base)
        while self._open and self._too_old(row[1]):
            self._evict(row[1])

    def _number(self, row: PlainRow) -> int:
        """How many planner rows there were up to *row*, in the order of the log.

        Where folded rows of its block were counted ahead of their places, the block tells.
        """
        if self._ahead is not None:
            source, base, numbers = self._ahead
            number = numbers.get(row[4]) if row[2] == source else None
            if number is not None:
                return base + number
            self._ahead = None
        return self.planners

    def _closed_by(self, numbered: list[tuple[int, PlainRow]]) -> ClosedTurns:
        """What folded rows close: pairing them once more, by themselves."""
        inner = Pairing(
            max_open=self._max_open,
            grace=self._grace / MICROSECONDS,
            keep_open=self._keep_open / MICROSECONDS,
            on_pair=lambda _turn, _row, _identity: None,
            on_evict=lambda _turn, _overdue: None,
        )
        for number, row in numbered:
            if row[0] == rows.PLANNER:
                inner.planners = number - 1
                inner.planner(row)
            elif row[0] == rows.DELIVERY:
                inner.delivery(row)
        return inner._closed

    # -- guards ----------------------------------------------------------------------------------

    def turn_of_guard(self, row: PlainRow) -> Turn | None:
        """The turn that a guard row is about: the latest of its key, open or closed."""
        conv, idem, now = row[8], row[9], self._number(row)
        turn_id = turn_of(row)
        named = self._of_id(conv, turn_id) or self._closed.of_id(conv, turn_id, now)
        if named is not None:
            return named
        candidates: list[Turn | None] = []
        if conv is not None:
            strict = idem is not None and source_of(row[7]) in self._exact_in
            open_turns = self._by_conv.get(conv, ())
            candidates += [turn for turn in open_turns if not strict or turn.idem is None]
            since = max((turn.number for turn in open_turns), default=-1)
            closed = self._closed.of(conv, None, now, since=since)
            if closed is not None and (idem is None or closed.idem is None or idem == closed.delivery_idem):
                candidates.append(closed)
        if idem is not None:
            candidates += [self._exact(conv, idem), self._closed.of(conv, idem, now)]
        found = [turn for turn in candidates if turn is not None and turn.may_be(turn_id)]
        if idem is not None and any(turn.idem == idem for turn in found):
            found = [turn for turn in found if turn.idem == idem]
        found = [turn for turn in found if turn.process == row[7]] or found
        return max(found, key=lambda turn: turn.number, default=None)

    def adopt(self, row: PlainRow) -> Turn:
        """A turn that only its guard told of; it lasts until the next planner row of its key."""
        given = row[8], row[9], row[7], row[10], row[1], row[1:7]
        turn = Turn(*given, number=self._number(row), turn=turn_of(row))
        self._closed.closed(turn)
        return turn

    # -- bookkeeping -----------------------------------------------------------------------------

    def _close(self, turn: Turn, *, overtakes: bool) -> None:
        if overtakes:
            for other in self._siblings(turn):
                if other.number < turn.number and other.opened < turn.opened:
                    other.overtaken = True
        self._forget(turn)
        self._closed.closed(turn)

    def saved(self, turns: Table[Turn]) -> list[Any]:
        """What it knows, as JSON values that refer to the table of *turns*."""
        counts = [getattr(self, name) for name in _COUNTS]
        closed = self._closed.saved(self.planners, turns)
        return [counts, self._saved_open(turns), closed, sorted(self._exact_in)]

    def restore(self, saved: Any, turns: list[Turn]) -> None:
        """Know what was saved, with its *turns*."""
        counts, opened, closed, exact_in = saved
        for name, n in zip(_COUNTS, counts, strict=True):
            setattr(self, name, int(n))
        self._restore_open(opened, turns)
        self._closed.restore(closed, turns)
        self._exact_in = set(exact_in)


_COUNTS: Final = ("turns", "planners", "deliveries", "unattributed", "superseded", "evicted")


def source_of(process: str) -> str:
    """The source that *process* writes to: several may share one (``docker compose logs``)."""
    return process.partition("/")[0]


PAIRED_KINDS: Final = frozenset({rows.PLANNER, rows.DELIVERY, rows.TURN_RESULT, rows.HANDOFF_GUARD})
"""The kinds of rows that pairing needs."""


def is_handoff_violation(row: PlainRow) -> bool:
    """Whether a hand-off guard row says what a lost hand-off is: something planned, nothing delivered."""
    return bool(row[10] >= 1 and row[11] == 0)
