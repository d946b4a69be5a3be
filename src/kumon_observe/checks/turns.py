"""A turn: what a planner put into an outbox, from its planner trace to its delivery trace."""

from __future__ import annotations

from typing import Any, Final

from attrs import define

from kumon_observe.checks.saving import Place, place_of, saved_place
from kumon_observe.model.rows import PlainRow, Ref, turn_of

MISSING: Final = "MISSING"
_NO_IDS: Final = frozenset({"", "unknown", "None"})

EXACT: Final = "exact"
CONVERSATION: Final = "conversation"
MISMATCHED: Final = "mismatched"


def object_id(value: str | None) -> str | None:
    """An ``id()`` as the app wrote it (``MISSING`` is one: no outbox), ``None`` where it wrote none."""
    return None if value is None or value in _NO_IDS else value


def same_object(left: str | None, right: str | None) -> bool:
    """Whether two known ids are of one object."""
    return left is not None and left == right and left != MISSING


@define(eq=False, repr=False)
class Turn:
    """One turn of a key. ``planned`` is the last planner count; ids are those of the long planner line.

    ``at`` is in microseconds and ``None`` without times. ``opened`` and ``number`` are the numbers of its
    first and its latest planner trace; ``overtaken`` says that a later turn was delivered. ``items`` are the
    hashes of queued items that short planner lines told, ``arrived`` those that turn-based results told;
    ``guarded`` that the app's own alarm spoke. ``note`` is the pairing check's own. ``turn`` is the id that
    escaped traces give it.
    """

    conv: str | None
    idem: str | None
    process: str
    planned: int
    at: int | None
    place: Place
    state_id: str | None = None
    outbox_id: str | None = None
    long: bool = False
    number: int = 0
    opened: int = 0
    overtaken: bool = False
    items: tuple[str, ...] = ()
    arrived: tuple[str, ...] = ()
    delivery_idem: str | None = None
    delivery_outbox: str | None = None
    guarded: bool = False
    note: object = None
    turn: str | None = None

    @classmethod
    def opened_by(cls, row: PlainRow) -> Turn:
        """A new turn from a planner row."""
        state, outbox, short = object_id(row[11]), object_id(row[12]), row[13] is True
        opened = cls(
            row[8], row[9], row[7], row[10], row[1], row[1:7], state, None if short else outbox, not short
        )
        if row[13]:
            opened.turn = turn_of(row)
        return opened

    @property
    def ref(self) -> Ref:
        """The place of its last planner trace."""
        return Ref._make(self.place)

    @property
    def stands_alone(self) -> bool:
        """Whether a turn of the same conversation with another outbox leaves this open one alone."""
        known = self.outbox_id is not None and self.outbox_id != MISSING
        return known and self.long and self.at is not None and not self.guarded

    def replace(self, row: PlainRow) -> None:
        """A later planner row of the same turn: its count is the one that holds."""
        self.planned = row[10]
        self.at = row[1]
        self.place = row[1:7]
        if row[13]:
            self.turn = self.turn or turn_of(row)
        if row[13] is True:
            if row[9] is not None and row[9] != self.idem and row[9] not in self.items:
                self.items = (*self.items[-15:], row[9])
            self.state_id = self.state_id or object_id(row[11])
            return
        self.long = True
        self.state_id = object_id(row[11])
        self.outbox_id = object_id(row[12])
        if self.idem is None:
            self.idem = row[9]

    def may_be(self, turn: str | None) -> bool:
        """Whether it may be the one with the id *turn*: a turn has one id, where it has any."""
        return turn is None or self.turn is None or turn == self.turn

    def same_pass(self, row: PlainRow) -> bool:
        """Whether a planner row without a shared idem comes from the pass that opened this turn."""
        if self.process != row[7]:
            return False
        outbox, state = object_id(row[12]), object_id(row[11])
        if self.outbox_id is not None and outbox is not None:
            return self.outbox_id == outbox
        if self.state_id is not None and state is not None:
            return self.state_id == state
        return self.idem is None and row[9] is None

    def arrives(self, idem: str) -> bool:
        """Note that the message *idem* arrived; whether all has arrived that is known of the turn.

        Of a turn that only short lines told, each message is known by its hash, and all must arrive.
        """
        if idem not in self.arrived:
            self.arrived = (*self.arrived, idem)
        return self.long or {self.idem, *self.items} - {None} <= set(self.arrived)

    def saved(self) -> list[Any]:
        """The turn as JSON values, but for its note."""
        return [
            self.conv,
            self.idem,
            self.process,
            self.planned,
            self.at,
            saved_place(self.place),
            self.state_id,
            self.outbox_id,
            self.long,
            self.number,
            self.opened,
            self.overtaken,
            list(self.items),
            list(self.arrived),
            self.delivery_idem,
            self.delivery_outbox,
            self.guarded,
            self.turn,
        ]

    @classmethod
    def restored(cls, saved: Any, note: object = None) -> Turn:
        """The turn that was saved, with its *note*."""
        conv, idem, process, planned, at, place, state, outbox, long, number, *rest = saved
        opened, overtaken, items, arrived, delivery_idem, delivery_outbox, guarded, turn_id = rest
        return cls(
            conv,
            idem,
            process,
            planned,
            at,
            place_of(place),
            state,
            outbox,
            long,
            number,
            opened,
            overtaken,
            tuple(items),
            tuple(arrived),
            delivery_idem,
            delivery_outbox,
            guarded,
            note,
            turn_id,
        )
