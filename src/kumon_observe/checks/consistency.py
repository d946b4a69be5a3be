"""The consistency check: planner and delivery must see the same state and outbox (TRACES section 7)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from fractions import Fraction
from itertools import product
from typing import Any, ClassVar, Final, Self

from attrs import evolve

from kumon_observe.checks.journaled import JournaledCheck
from kumon_observe.checks.pairing import PAIRED_KINDS, Pairing, is_handoff_violation
from kumon_observe.checks.saving import Table, saved_violation, violation_of
from kumon_observe.checks.turns import MISMATCHED, MISSING, Turn, object_id
from kumon_observe.config.settings import ConsistencySettings
from kumon_observe.model import rows
from kumon_observe.model.apart import Apart
from kumon_observe.model.evidence import CheckResult, Evidence, Key, Sentence, Violation
from kumon_observe.model.moments import to_datetime
from kumon_observe.model.phrase import counted, phrase
from kumon_observe.model.rows import Batch, Outcome, PlainRow, Ref
from kumon_observe.model.status import Action, Status
from kumon_observe.model.threshold import percentage

STATE: Final = "state_id"
OUTBOX: Final = "outbox_id"
_IDS: Final = (STATE, OUTBOX)
_KEPT: Final = 200
_ENOUGH_PAIRS: Final = 20
_GRACE: Final = 60.0
_KEEP_OPEN: Final = 86_400.0

_OUTCOMES: Final[tuple[Outcome, ...]] = tuple(product((None, False, True), (None, False, True)))


class ConsistencyCheck(JournaledCheck):
    """All pairs of one process must agree on their ids; else somebody must investigate."""

    name: ClassVar[str] = "consistency"
    kinds: ClassVar[frozenset[int]] = PAIRED_KINDS

    def __init__(self, settings: ConsistencySettings | None = None) -> None:
        super().__init__()
        self._settings = settings or ConsistencySettings()
        self._pairing = Pairing(
            max_open=self._settings.max_open,
            grace=_GRACE,
            keep_open=_KEEP_OPEN,
            on_pair=self._paired,
            on_evict=lambda _turn, _overdue: None,
        )
        self._outcomes: Counter[Outcome] = Counter()
        self._not_comparable = 0
        self._examples: dict[Outcome, list[Violation]] = {}

    def _fresh(self) -> Self:
        return type(self)(self._settings)

    def _judge(self, batch: Batch) -> None:
        pairing = self._pairing
        for row in batch:
            kind = row[0]
            if kind == rows.PLANNER:
                pairing.planner(row)
            elif kind == rows.DELIVERY:
                pairing.delivery(row)
            elif kind == rows.TURN_RESULT:
                pairing.turn_result(row)
            elif kind == rows.FOLDED:
                pairing.folded(row)
                for outcome, n in row[10].pairs:
                    self._add(outcome, n)
            elif kind == rows.HANDOFF_GUARD and is_handoff_violation(row):
                turn = pairing.turn_of_guard(row)
                if turn is not None:
                    pairing.guard(turn)

    @property
    def apart(self) -> Apart:
        """The conversations with open turns, and the differing pairs that are wanted as examples."""
        wanted = (outcome for outcome in _OUTCOMES if True in outcome and self._wants(outcome))
        return self._pairing.apart._replace(pairs=frozenset(wanted))

    def _wants(self, outcome: Outcome) -> bool:
        return len(self._examples.get(outcome, ())) < _KEPT

    def _add(self, outcome: Outcome, n: int) -> None:
        if outcome == (None, None):
            self._not_comparable += n
        else:
            self._outcomes[outcome] += n

    def _paired(self, turn: Turn, row: PlainRow, identity: str) -> None:
        planner = turn.state_id, turn.outbox_id
        delivery = object_id(row[11]), object_id(row[12])
        outcome = _differs(planner[0], delivery[0]), _differs(planner[1], delivery[1])
        if identity == MISMATCHED or turn.process != row[7] or not turn.long:
            outcome = (None, None)
        self._add(outcome, 1)
        if True in outcome and self._wants(outcome):
            violation = _violation(turn, row, outcome, planner, delivery)
            self._examples.setdefault(outcome, []).append(violation)

    def _options(self) -> Mapping[str, Any]:
        return {"max_open": self._settings.max_open}

    def _state(self) -> Mapping[str, Any]:
        turns = Table(Turn.saved)
        return {
            "pairing": self._pairing.saved(turns),
            "outcomes": list(self._outcomes.items()),
            "not_comparable": self._not_comparable,
            "examples": [
                [outcome, [saved_violation(violation) for violation in found]]
                for outcome, found in self._examples.items()
            ],
            "turns": turns.written,
        }

    def _resume(self, state: Any) -> None:
        self._pairing.restore(state["pairing"], [Turn.restored(turn) for turn in state["turns"]])
        self._outcomes.update({_outcome(outcome): n for outcome, n in state["outcomes"]})
        self._not_comparable = int(state["not_comparable"])
        for outcome, found in state["examples"]:
            self._examples[_outcome(outcome)] = [violation_of(violation) for violation in found]

    def _result(self, now: int | None) -> CheckResult:
        del now
        excluded = [name for place, name in enumerate(_IDS) if self._always_differs(place)]
        judged = [place for place, name in enumerate(_IDS) if name not in excluded]
        pairs = inconsistent = 0
        examples: list[Violation] = []
        for outcome, n in self._outcomes.items():
            seen = [outcome[place] for place in judged]
            if any(differs is not None for differs in seen):
                pairs += n
                if True in seen:
                    inconsistent += n
                    examples += [_judged(example, excluded) for example in self._examples[outcome]]
        status = self._status(pairs, inconsistent, excluded)
        examples.sort(key=lambda violation: _place(violation.evidence[0].ref))
        return CheckResult(
            name=self.name,
            status=status,
            summary=_summary(pairs, inconsistent, self._settings),
            value=float(Fraction(pairs - inconsistent, pairs)) if pairs else None,
            threshold=self._settings.threshold,
            action=Action.INVESTIGATE if status is Status.WARNING else Action.NONE,
            counts={
                "pairs": pairs,
                "inconsistent": inconsistent,
                "not_comparable": self._not_comparable + self._outcomes.total() - pairs,
            },
            violations=tuple(examples),
            omitted=inconsistent - len(examples),
            reasons=tuple(self._reasons(pairs, excluded)),
            details={"not_comparable_ids": excluded},
        )

    def _compared(self, place: int) -> tuple[int, int]:
        """How many pairs have this id on both sides, and in how many of them it differs."""
        both = sum(n for outcome, n in self._outcomes.items() if outcome[place] is not None)
        return both, sum(n for outcome, n in self._outcomes.items() if outcome[place])

    def _always_differs(self, place: int) -> bool:
        """Whether this release copies or replaces the object between the phases, so its id says nothing."""
        both, differing = self._compared(place)
        return both >= _ENOUGH_PAIRS and differing * 2 > both

    def _status(self, pairs: int, inconsistent: int, excluded: list[str]) -> Status:
        if excluded and self._settings.not_comparable == "warning":
            return Status.WARNING
        if not pairs:
            return Status.UNKNOWN
        met = self._settings.threshold.allows(pairs - inconsistent, pairs)
        return Status.OK if met else Status.WARNING

    def _reasons(self, pairs: int, excluded: list[str]) -> list[Sentence]:
        reasons: list[Sentence] = []
        for name in excluded:
            both, differing = self._compared(_IDS.index(name))
            reasons.append(
                phrase(
                    "{id} is not comparable here: it differs in {differing} of {both} pairs, so this release "
                    "copies or replaces that object between planner and delivery",
                    id=name,
                    differing=differing,
                    both=both,
                )
            )
        if not pairs and not excluded:
            reasons.append(phrase("no pair of planner and delivery traces with ids on both sides was seen"))
        return reasons


def _outcome(saved: Any) -> Outcome:
    state, outbox = saved
    return state, outbox


def _differs(planner: str | None, delivery: str | None) -> bool | None:
    if planner is None or delivery is None or planner == delivery == MISSING:
        return None
    return planner != delivery


def _judged(violation: Violation, excluded: Collection[str]) -> Violation:
    """*violation* without the identifiers that say nothing here."""
    differs = [name for name in violation.details["differs"] if name not in excluded]
    return evolve(violation, details={**violation.details, "differs": differs})


def _place(ref: Ref | None) -> tuple[int, int]:
    return (ref.source, ref.offset) if ref is not None else (0, 0)


def _violation(
    turn: Turn,
    row: PlainRow,
    outcome: Outcome,
    planner: tuple[str | None, str | None],
    delivery: tuple[str | None, str | None],
) -> Violation:
    return Violation(
        key=Key(conv=turn.conv, idem=turn.idem or turn.delivery_idem),
        at=None if row[1] is None else to_datetime(row[1]),
        evidence=(Evidence.at_ref(turn.ref), Evidence.at_ref(Ref.of(row))),
        details={
            "differs": [name for name, differs in zip(_IDS, outcome, strict=True) if differs],
            "planner": dict(zip(_IDS, planner, strict=True)),
            "delivery": dict(zip(_IDS, delivery, strict=True)),
        },
    )


def _summary(pairs: int, inconsistent: int, settings: ConsistencySettings) -> Sentence:
    if not pairs:
        return phrase("no comparable pairs")
    share = percentage(pairs - inconsistent, pairs, settings.threshold)
    return counted(pairs, "{share} of 1 pair consistent", "{share} of {n} pairs consistent", share=share)
