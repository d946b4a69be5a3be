"""A lost hand-off, as it grows: the traces, the app's guard, and what was sent afterwards."""

from __future__ import annotations

from typing import Any, Final

from attrs import define

from kumon_observe.checks.saving import place_of, saved_place
from kumon_observe.checks.turns import CONVERSATION, EXACT, MISMATCHED, Turn
from kumon_observe.model.evidence import Evidence, Key, Violation
from kumon_observe.model.moments import to_datetime
from kumon_observe.model.rows import PlainRow, Ref

_MOST_EVIDENCE: Final = 6


@define(eq=False, repr=False)
class Lost:
    """One turn whose replies vanished, as shown by its ``traces``, by the app's ``guard``, or by both."""

    conv: str | None
    idem: str | None
    planned: int
    at: int | None
    refs: list[Ref]
    identity: str
    traces: bool = False
    guard: bool = False

    @classmethod
    def of(cls, turn: Turn, row: PlainRow) -> Lost:
        """A loss of *turn* that *row* shows."""
        idem = turn.idem or turn.delivery_idem
        identity = CONVERSATION if idem is None else EXACT
        lost = cls(turn.conv, idem, turn.planned, row[1], [turn.ref], identity)
        lost.seen_in(row)
        return lost

    @property
    def critical(self) -> bool:
        """Whether this alone demands a rollback: both idems known and different leaves a doubt."""
        return self.guard or self.identity != MISMATCHED

    def seen_in(self, row: PlainRow) -> None:
        """Add *row* to the evidence."""
        ref = Ref.of(row)
        if ref not in self.refs and len(self.refs) < _MOST_EVIDENCE:
            self.refs.append(ref)

    def violation(self) -> Violation:
        """The loss as a value."""
        by = [name for name, seen in (("traces", self.traces), ("guard", self.guard)) if seen]
        return Violation(
            key=Key(conv=self.conv, idem=self.idem),
            at=None if self.at is None else to_datetime(self.at),
            evidence=tuple(Evidence.at_ref(ref) for ref in self.refs),
            details={
                "identity": self.identity,
                "planned": self.planned,
                "delivered": 0,
                "corroborated": len(by) > 1,
                "by": by,
            },
        )

    def saved(self) -> list[Any]:
        """The loss as JSON values."""
        places = [saved_place(ref) for ref in self.refs]
        return [self.conv, self.idem, self.planned, self.at, places, self.identity, self.traces, self.guard]

    @classmethod
    def restored(cls, saved: Any) -> Lost:
        """The loss that was saved."""
        conv, idem, planned, at, places, identity, traces, guard = saved
        refs = [Ref._make(place_of(place)) for place in places]
        return cls(conv, idem, planned, at, refs, identity, traces, guard)
