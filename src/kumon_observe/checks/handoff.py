"""The hand-off check: what the planner put into the outbox must reach delivery (TRACES section 4)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any, ClassVar, Final, Self

from kumon_observe.checks.journaled import JournaledCheck
from kumon_observe.checks.lost import Lost
from kumon_observe.checks.pairing import PAIRED_KINDS, Pairing, is_handoff_violation
from kumon_observe.checks.saving import Table, saved_violation, violation_of
from kumon_observe.checks.turns import Turn
from kumon_observe.config.settings import HandoffSettings
from kumon_observe.model import rows
from kumon_observe.model.apart import Apart
from kumon_observe.model.evidence import CheckResult, Evidence, Key, Sentence, Violation
from kumon_observe.model.moments import to_datetime
from kumon_observe.model.phrase import counted, phrase
from kumon_observe.model.rows import MICROSECONDS, Batch, PlainRow, Ref, turn_of
from kumon_observe.model.status import Action, Status
from kumon_observe.model.threshold import Threshold

_KEPT: Final = 1000
_WATCHED: Final = 1000


class HandoffCheck(JournaledCheck):
    """Zero lost hand-offs are tolerated; one demands an immediate rollback."""

    name: ClassVar[str] = "handoff"
    kinds: ClassVar[frozenset[int]] = PAIRED_KINDS | {rows.OUTBOX_GUARD, rows.SEND}

    def __init__(self, settings: HandoffSettings | None = None) -> None:
        super().__init__()
        self._settings = settings or HandoffSettings()
        self._pairing = Pairing(
            max_open=self._settings.max_open,
            grace=self._settings.grace,
            keep_open=self._settings.keep_open,
            on_pair=self._paired,
            on_evict=self._evicted,
        )
        self._counts: Counter[str] = Counter()
        self._lost: list[Lost] = []
        self._partial: list[Violation] = []
        self._expired: list[Turn] = []
        self._sends_of: dict[str, Lost] = {}

    def _fresh(self) -> Self:
        return type(self)(self._settings)

    def _judge(self, batch: Batch) -> None:
        pairing = self._pairing
        sends_of = self._sends_of
        for row in batch:
            kind = row[0]
            if kind == rows.PLANNER:
                if sends_of:
                    sends_of.pop(row[8] or "", None)
                pairing.planner(row)
            elif kind == rows.DELIVERY:
                pairing.delivery(row)
            elif kind == rows.TURN_RESULT:
                pairing.turn_result(row)
            elif kind == rows.SEND:
                if sends_of and row[8] in sends_of:
                    sends_of.pop(row[8] or "").seen_in(row)
            elif kind == rows.HANDOFF_GUARD:
                self._guard(row)
            elif kind == rows.OUTBOX_GUARD:
                self._counts["other_guards"] += 1
            elif kind == rows.FOLDED:
                pairing.folded(row)
                for conv in self._begun(sends_of, row[11]):
                    del sends_of[conv]

    @property
    def apart(self) -> Apart:
        """The conversations with open turns, or with a loss whose next send is evidence."""
        return self._pairing.apart._replace(sending=(self._sends_of.keys(),))

    def _paired(self, turn: Turn, row: PlainRow, identity: str) -> None:
        delivered = row[10]
        if not turn.planned or delivered >= turn.planned:
            return
        if delivered:
            self._counts["partial"] += 1
            if len(self._partial) < _KEPT:
                self._partial.append(_finding("partial", turn, Ref.of(row), delivered=delivered))
            return
        lost = self._loss_of(turn, row)
        self._tell(lost, -1)
        lost.traces = True
        lost.identity = identity
        lost.idem = turn.idem or turn.delivery_idem
        self._tell(lost, 1)

    def _guard(self, row: PlainRow) -> None:
        if not is_handoff_violation(row):
            self._counts["other_guards"] += 1
            return
        if row[8] is None and row[9] is None and turn_of(row) is None:
            self._counts["unattributed"] += 1
            self._counts["nameless_guards"] += 1
            return
        turn = self._pairing.turn_of_guard(row) or self._pairing.adopt(row)
        self._pairing.guard(turn)
        lost = self._loss_of(turn, row)
        self._tell(lost, -1)
        lost.guard = True
        lost.planned = lost.planned or row[10]
        lost.idem = lost.idem or row[9]
        self._tell(lost, 1)

    def _loss_of(self, turn: Turn, row: PlainRow) -> Lost:
        """The one loss of *turn*, which *row* shows too."""
        lost = turn.note
        if isinstance(lost, Lost):
            lost.seen_in(row)
            return lost
        lost = turn.note = Lost.of(turn, row)
        self._tell(lost, 1)
        if len(self._lost) < _KEPT:
            self._lost.append(lost)
        if turn.conv is not None and len(self._sends_of) < _WATCHED:
            self._sends_of[turn.conv] = lost
        return lost

    def _tell(self, lost: Lost, step: int) -> None:
        """Count *lost* as it stands now, or (*step* -1) take it out before it changes."""
        self._counts["violations"] += step
        self._counts["critical"] += step * lost.critical
        self._counts["unguarded"] += step * (not lost.guard)
        self._counts["untraced"] += step * (not lost.traces)

    def _evicted(self, turn: Turn, overdue: bool) -> None:
        self._counts["expired"] += overdue
        if overdue and len(self._expired) < _KEPT:
            self._expired.append(turn)

    # -- its state -------------------------------------------------------------------------------

    def _options(self) -> Mapping[str, Any]:
        settings = self._settings
        return {"grace": settings.grace, "keep_open": settings.keep_open, "max_open": settings.max_open}

    def _state(self) -> Mapping[str, Any]:
        losses: Table[Lost] = Table(Lost.saved)

        def write(turn: Turn) -> list[Any]:
            return [*turn.saved(), losses.number(turn.note) if isinstance(turn.note, Lost) else None]

        turns = Table(write)
        return {
            "pairing": self._pairing.saved(turns),
            "counts": dict(self._counts),
            "lost": losses.numbers(self._lost),
            "partial": [saved_violation(violation) for violation in self._partial],
            "expired": turns.numbers(self._expired),
            "sends_of": {conv: losses.number(lost) for conv, lost in self._sends_of.items()},
            "turns": turns.written,
            "losses": losses.written,
        }

    def _resume(self, state: Any) -> None:
        losses = [Lost.restored(lost) for lost in state["losses"]]
        turns = [
            Turn.restored(turn, None if note is None else losses[note]) for *turn, note in state["turns"]
        ]
        self._pairing.restore(state["pairing"], turns)
        self._counts.update(state["counts"])
        self._lost = [losses[number] for number in state["lost"]]
        self._partial = [violation_of(violation) for violation in state["partial"]]
        self._expired = [turns[number] for number in state["expired"]]
        self._sends_of.update({conv: losses[number] for conv, number in state["sends_of"].items()})

    # -- judging ---------------------------------------------------------------------------------

    def _result(self, now: int | None) -> CheckResult:
        pairing, counts = self._pairing, self._counts
        overdue, pending = self._still_open(now)
        undelivered = len(overdue) + (counts["expired"] if pairing.deliveries else 0)
        status = self._status(undelivered)
        lost = counts["violations"]
        seen = pairing.planners or pairing.deliveries or lost
        late = [_finding("undelivered", turn) for turn in (*self._expired, *overdue)[:_KEPT]]
        return CheckResult(
            name=self.name,
            status=status,
            summary=_summary(lost, pairing.turns),
            value=lost if seen else None,
            threshold=Threshold(max=0),
            action=_action(status),
            counts={
                "turns": pairing.turns,
                "violations": lost,
                "partial": counts["partial"],
                "undelivered": undelivered,
                "pending": len(pending),
                "superseded": pairing.superseded,
                "unattributed": pairing.unattributed + counts["unattributed"],
                "other_guards": counts["other_guards"],
                "evicted": pairing.evicted,
            },
            violations=tuple(lost.violation() for lost in self._lost),
            omitted=lost - len(self._lost),
            warnings=(*self._partial, *(late if pairing.deliveries else ())),
            reasons=tuple(self._reasons(undelivered, len(pending))),
        )

    def _still_open(self, now: int | None) -> tuple[list[Turn], list[Turn]]:
        """The open turns with something planned: those past their grace, and the younger ones."""
        waiting = [turn for turn in self._pairing.open_turns if turn.planned and not turn.guarded]
        if not self._pairing.deliveries:
            return [], waiting
        grace = int(self._settings.grace * MICROSECONDS)
        overdue = [
            turn
            for turn in waiting
            if (now is not None and now - turn.at > grace if turn.at is not None else turn.overtaken)
        ]
        late = set(map(id, overdue))
        return overdue, [turn for turn in waiting if id(turn) not in late]

    def _status(self, undelivered: int) -> Status:
        counts, pairing = self._counts, self._pairing
        if counts["critical"] or (undelivered and self._settings.undelivered == "critical"):
            return Status.CRITICAL
        if counts["violations"] or counts["partial"] or counts["other_guards"] or undelivered:
            return Status.WARNING
        if not pairing.planners or not pairing.deliveries or pairing.evicted:
            return Status.UNKNOWN
        return Status.OK

    def _reasons(self, undelivered: int, pending: int) -> list[Sentence]:
        counts, pairing = self._counts, self._pairing
        reasons: list[Sentence] = []
        if not pairing.planners and not pairing.deliveries:
            reasons.append(phrase("no outbox trace was seen"))
        elif not pairing.planners:
            reasons.append(phrase("no planner trace was seen, so nothing can be held against the deliveries"))
        elif not pairing.deliveries:
            reasons.append(phrase("no delivery trace was seen, so it cannot be told what arrived"))
        reasons += _told(counts["violations"] - counts["critical"], _MISMATCHED)
        reasons += _told(counts["unguarded"], _UNGUARDED)
        reasons += _told(counts["untraced"], _UNTRACED)
        reasons += _told(counts["partial"], _PARTIAL)
        reasons += _told(undelivered, _UNDELIVERED)
        reasons += _told(pending, _PENDING)
        reasons += _told(counts["other_guards"], _OTHER_GUARDS)
        reasons += _told(counts["nameless_guards"], _NAMELESS)
        reasons += _told(pairing.evicted, _EVICTED)
        return reasons


_Forms = tuple[str, str]
_MISMATCHED: Final = (
    "1 loss has different keys in planner and delivery, so it only warns",
    "{n} losses have different keys in planner and delivery, so they only warn",
)
_UNGUARDED: Final = (
    "1 loss was not reported by the app's own guard",
    "{n} losses were not reported by the app's own guard",
)
_UNTRACED: Final = (
    "1 loss is known from the app's guard alone",
    "{n} losses are known from the app's guard alone",
)
_PARTIAL: Final = ("1 turn was delivered in part", "{n} turns were delivered in part")
_UNDELIVERED: Final = (
    "1 planned turn has not reached delivery within the grace",
    "{n} planned turns have not reached delivery within the grace",
)
_PENDING: Final = (
    "1 planned turn still has time to reach delivery",
    "{n} planned turns still have time to reach delivery",
)
_OTHER_GUARDS: Final = (
    "the app's guard warned once of something else",
    "the app's guard warned {n} times of something else",
)
_NAMELESS: Final = (
    "1 hand-off guard names no conversation, so it cannot be held against any turn",
    "{n} hand-off guards name no conversation, so they cannot be held against any turn",
)
_EVICTED: Final = (
    "1 open turn was given up to bound memory, so what became of it is unknown",
    "{n} open turns were given up to bound memory, so what became of them is unknown",
)


def _told(n: int, forms: _Forms) -> list[Sentence]:
    return [counted(n, *forms)] if n else []


def _summary(lost: int, turns: int) -> Sentence:
    if not turns and not lost:
        return phrase("no turns")
    seen = counted(turns, "1 turn", "{n} turns")
    if not lost:
        return phrase("no lost hand-off in {turns}", turns=seen)
    return counted(lost, "1 lost hand-off in {turns}", "{n} lost hand-offs in {turns}", turns=seen)


def _action(status: Status) -> Action:
    if status is Status.CRITICAL:
        return Action.ROLLBACK
    return Action.INVESTIGATE if status is Status.WARNING else Action.NONE


def _finding(kind: str, turn: Turn, *refs: Ref, **details: int) -> Violation:
    return Violation(
        key=Key(conv=turn.conv, idem=turn.idem or turn.delivery_idem),
        at=None if turn.at is None else to_datetime(turn.at),
        evidence=tuple(Evidence.at_ref(ref) for ref in (turn.ref, *refs)),
        details={"type": kind, "planned": turn.planned, **details},
    )
