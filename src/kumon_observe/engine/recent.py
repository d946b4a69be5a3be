"""The last records of the conversations seen last: what a conversation is explained from as it goes on."""

from __future__ import annotations

from collections import OrderedDict, deque
from collections.abc import Iterable

from attrs import Factory, define, field, frozen, validators

from kumon_observe.model import rows
from kumon_observe.model.rows import PlainRow
from kumon_observe.parsing.grammar import split_fields
from kumon_observe.parsing.records import LoggedRecord

Kept = PlainRow | LoggedRecord
"""A trace, or a context message."""


@frozen(kw_only=True)
class Keep:
    """How much is kept: the last ``records`` of each of the ``conversations`` that were seen last."""

    records: int = field(default=100, validator=validators.gt(0))
    conversations: int = field(default=500, validator=validators.gt(0))


@define(eq=False)
class Recent:
    """Keeps records by conversation; what names only an idem or a turn goes to the conversation it is of."""

    keep: Keep = Keep()
    _of: OrderedDict[str, deque[Kept]] = Factory(OrderedDict)
    _idems: OrderedDict[str, str] = Factory(OrderedDict)
    _turns: OrderedDict[str, str] = Factory(OrderedDict)

    def note(self, batch: Iterable[PlainRow]) -> None:
        """Keep the traces of *batch*."""
        for row in batch:
            conv, idem = row[8], row[9]
            if conv is not None:
                self._add(conv, row)
                if idem is not None:
                    self._learn(self._idems, idem, conv)
            elif idem is not None and row[0] == rows.TURN_RESULT and idem in self._idems:
                conv = self._idems[idem]
                self._add(conv, row)
                if row[11]:
                    self._learn(self._turns, row[11], conv)

    def context(self, logged: LoggedRecord) -> None:
        """Keep a context message, if it can be told whose it is."""
        fields = split_fields(logged.message)
        turn = fields.get("turn", "")
        conv = fields.known("conv") or self._turns.get(turn)
        if conv is not None:
            self._add(conv, logged)
            if turn:
                self._learn(self._turns, turn, conv)

    def conversations(self) -> list[str]:
        """Those that are known, as the app names them."""
        return list(self._of)

    def of(self, conv: str) -> list[Kept]:
        """What is kept of *conv*, oldest first."""
        return list(self._of.get(conv, ()))

    def _add(self, conv: str, kept: Kept) -> None:
        known = self._of.get(conv)
        if known is None:
            known = self._of[conv] = deque(maxlen=self.keep.records)
            if len(self._of) > self.keep.conversations:
                self._of.popitem(last=False)
        else:
            self._of.move_to_end(conv)
        known.append(kept)

    def _learn(self, known: OrderedDict[str, str], name: str, conv: str) -> None:
        known[name] = conv
        if len(known) > 4 * self.keep.conversations:
            known.popitem(last=False)
