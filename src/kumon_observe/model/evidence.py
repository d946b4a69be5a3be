"""What a verdict rests on: evidence, violations and a check's result."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from attrs import evolve, field, frozen, validators

from kumon_observe.model.phrase import Phrase
from kumon_observe.model.rows import Ref
from kumon_observe.model.status import Action, Status
from kumon_observe.model.threshold import Threshold
from kumon_observe.model.value import Value

if TYPE_CHECKING:
    from kumon_observe.model.events import TraceEvent

Sentence = str | Phrase
"""Text for people: plain, or with a translation."""

CHECK_MEMBERS = frozenset(
    (
        "name",
        "status",
        "summary",
        "action",
        "value",
        "threshold",
        "counts",
        "violations",
        "omitted",
        "warnings",
        "reasons",
    )
)
"""What every result has; its details cannot take these names."""

VIOLATION_MEMBERS = frozenset(("key", "at", "evidence"))
"""What every violation has; its details cannot take these names."""


def _not_among(members: frozenset[str]) -> Callable[[object, Any, Mapping[str, Any]], None]:
    def validate(_owner: object, _attribute: object, details: Mapping[str, Any]) -> None:
        taken = sorted(members.intersection(details))
        if taken:
            raise ValueError(
                f"details cannot hold {', '.join(taken)}: these members have a meaning of their own"
            )

    return validate


@frozen(kw_only=True, eq=False, repr=False)
class Evidence(Value):
    """One record that shows something: where it stands and what it says.

    A check gives evidence as a bare reference; the engine fills in the rest for what is shown.

    Attributes:
        source: the name of the file.
        line: its line, from 1.
        offset: where it begins in the file, in bytes.
        at: its time, aware; ``None`` if it has none.
        text: the trace, masked.
        ref: where the engine finds it.
    """

    source: str = ""
    line: int = 0
    offset: int = 0
    at: datetime | None = None
    text: str = ""
    ref: Ref | None = field(default=None, eq=False, repr=False)

    @classmethod
    def at_ref(cls, ref: Ref) -> Evidence:
        """Evidence that still has to be looked up."""
        return cls(line=ref.line, offset=ref.offset, ref=ref)

    @classmethod
    def of(cls, event: TraceEvent) -> Evidence:
        """The record of *event*, for the violations of a check that takes events; the engine looks it up."""
        return cls.at_ref(Ref.of(event.row()))


@frozen(kw_only=True, eq=False, repr=False)
class Key(Value):
    """Whose turn or message.

    ``conv`` is the conversation (masked in all that is shown), ``idem`` the idempotency key; ``None`` where
    unknown.
    """

    conv: str | None = None
    idem: str | None = None


@frozen(kw_only=True, eq=False, repr=False)
class Violation(Value):
    """One thing that must not be.

    Attributes:
        key: whose turn or message it is about.
        at: when, aware; ``None`` without times.
        evidence: the records that show it.
        details: what only this check's violations have (JSON values), as in
            ``{"planned": 1, "delivered": 0, "identity": "exact"}``.
    """

    key: Key
    at: datetime | None = None
    evidence: tuple[Evidence, ...] = ()
    details: Mapping[str, Any] = field(factory=dict, validator=_not_among(VIOLATION_MEMBERS))


def _non_negative(_result: object, attribute: Any, value: Mapping[str, Any]) -> None:
    for name, count in value.items():
        numbers = count.values() if isinstance(count, Mapping) else (count,)
        if any(not isinstance(n, int) or n < 0 for n in numbers):
            raise ValueError(f"{attribute.name}[{name!r}] must be a whole number from 0, not {count!r}")


@frozen(kw_only=True, eq=False, repr=False)
class CheckResult(Value):
    """What one check concluded.

    Attributes:
        name: the check's.
        status: how it is.
        summary: that in one sentence.
        value: the measured figure: a count, a ratio from 0 to 1, ``None`` when nothing was seen.
        threshold: what the figure was held against.
        action: what to do while the status is not ok.
        counts: whole numbers by name, some of them divided further (``by_http``).
        violations: those that are shown.
        omitted: how many violations more there are.
        warnings: single findings that are no violations, in the same form (a turn delivered in part).
        reasons: why the status is not ok.
        details: further JSON values of this check (``rate``).
    """

    name: str = field(validator=validators.min_len(1))
    status: Status = field(validator=validators.instance_of(Status))
    summary: Sentence
    value: float | int | None = None
    threshold: Threshold | None = None
    action: Action = Action.NONE
    counts: Mapping[str, int | Mapping[str, int]] = field(factory=dict, validator=_non_negative)
    violations: tuple[Violation, ...] = ()
    omitted: int = field(default=0, validator=validators.ge(0))
    warnings: tuple[Violation, ...] = ()
    reasons: tuple[Sentence, ...] = ()
    details: Mapping[str, Any] = field(factory=dict, validator=_not_among(CHECK_MEMBERS))

    def degraded(self, *reasons: Sentence) -> CheckResult:
        """The same result, at least ``UNKNOWN``, for *reasons* that lie outside the check."""
        status = max(self.status, Status.UNKNOWN)
        return evolve(self, status=status, reasons=(*self.reasons, *reasons))

    @classmethod
    def failed(cls, name: str, reason: Sentence) -> CheckResult:
        """The result of a check that could not answer."""
        summary = Phrase("the check could not answer")
        return cls(name=name, status=Status.UNKNOWN, summary=summary, reasons=(reason,))
