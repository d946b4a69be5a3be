"""Boards made by hand, as the monitor gives them, for looking at what people see."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from kumon_observe.model.board import Board, Step, Trend
from kumon_observe.model.incident import Incident, IncidentState
from kumon_observe.model.listing import ListedRecord
from kumon_observe.model.phrase import phrase
from kumon_observe.model.status import Severity
from kumon_observe.model.verdict import Verdict
from tests.present import answers
from tests.present.answers import CONV, ELEVEN, NOW, OTHER, TEN

_QUARTER = timedelta(minutes=15)
_UNTIL = ELEVEN + _QUARTER
_GOOD = (*[None] * 3, *[Step(40, 40)] * 8, None, *[Step(40, 40)] * 12)


def trend(check: str, *, is_ratio: bool, changes: dict[int, Step | None] | None = None) -> Trend:
    """Three steps without data, then good ones, with a gap, and *changes* by their numbers."""
    good = _GOOD if is_ratio else tuple(None if step is None else Step(0, 40) for step in _GOOD)
    steps = tuple((changes or {}).get(number, step) for number, step in enumerate(good))
    return Trend(check=check, is_ratio=is_ratio, steps=steps, width=_QUARTER, until=_UNTIL)


def trends(
    lost: dict[int, Step | None] | None = None, failed: dict[int, Step | None] | None = None
) -> tuple[Trend, ...]:
    """Those of the four checks."""
    return (
        trend("handoff", is_ratio=False, changes=lost),
        trend("instances", is_ratio=False),
        trend("delivery", is_ratio=True, changes=failed),
        trend("consistency", is_ratio=True),
    )


def record(minutes: float, text: str, name: str = "app.log") -> ListedRecord:
    """A trace *minutes* after ten."""
    at = TEN + timedelta(minutes=minutes)
    return ListedRecord(
        source=name, line=1, offset=0, text=text, at=at, kind=text.partition("|")[0], conv=CONV
    )


def records(turns: int = 3) -> tuple[ListedRecord, ...]:
    """The traces of the last *turns*, of which the last is lost."""
    ids = "idem=unknown|state_id=140303530300001|outbox_id=140303530300002"
    found = []
    for turn in range(turns):
        conv, minutes = (CONV, OTHER)[turn % 2], 59 + turn / 60
        found += [
            record(minutes, f"OUTBOX_TRACE|phase=planner|conv={conv}|{ids}|count=1"),
            record(minutes, f"OUTBOX_TRACE|phase=delivery|conv={conv}|{ids}|count=1"),
            record(minutes, f"INSTANCE_TRACE|source=meta|instance=kumon_assistant|conv={conv}|idem=unknown"),
            record(minutes, f"DELIVERY_TRACE|action=result|status=failed|http=500|conv={conv}|idem=unknown"),
        ]
    counts = "planner_after=1|delivery_before=0"
    guard = f"OUTBOX_GUARD|level=CRITICAL|type=handoff_violation|{counts}|conv={CONV}|idem=unknown"
    return (*found, record(60, guard))


def incident(number: int, **changes: Any) -> Incident:
    """A hand-off incident that nobody has taken, with *changes*."""
    values: dict[str, Any] = {
        "id": f"k7p{number}",
        "rule": "handoff",
        "check": "handoff",
        "severity": Severity.CRITICAL,
        "state": IncidentState.FIRING,
        "since": TEN + timedelta(minutes=2 + number),
        "broken": TEN,
        "result": answers.handoff(answers.loss(CONV, 2.2, 17, "traces")),
    }
    return Incident(**(values | changes))


def incidents() -> tuple[Incident, ...]:
    """One of each kind: pending, taken, of yesterday, critical."""
    return (
        incident(2, rule="quiet", severity=Severity.HIGH, result=None, state=IncidentState.PENDING),
        incident(
            3,
            rule="delivery",
            severity=Severity.MODERATE,
            state=IncidentState.ACKNOWLEDGED,
            by="Ana Ribeiro",
            result=answers.delivery(9499, 501),
        ),
        incident(4, rule="delivery-burn", severity=Severity.HIGH, since=TEN - timedelta(days=1)),
        incident(5),
    )


def board(verdict: Verdict, **changes: Any) -> Board:
    """A board at two past eleven: the newest trace two minutes old, the watch alive."""
    values: dict[str, Any] = {
        "at": NOW,
        "verdict": verdict,
        "trends": trends(),
        "records": records(),
        "newest": ELEVEN,
        "beat": NOW - timedelta(seconds=3),
    }
    return Board(**(values | changes))


def healthy() -> Board:
    """All is well."""
    return board(answers.healthy())


def lost() -> Board:
    """Lost hand-offs and failed deliveries, and incidents of all kinds."""
    return board(
        answers.lost_and_failing(),
        trends=trends({9: Step(1, 40), 23: Step(3, 12)}, {12: Step(36, 40), 13: Step(30, 40)}),
        incidents=incidents(),
    )


def quiet() -> Board:
    """All was well until three hours ago, and no watch lives."""
    late = NOW + timedelta(hours=3)
    return board(answers.healthy(), at=late, beat=late - timedelta(hours=2))


def missing() -> Board:
    """The log is not there, and the incidents cannot be read."""
    error = phrase("it does not exist: check the path")
    source = answers.source(
        size=None, read=0, lines=0, traces=0, layouts={}, first=None, last=None, error=error
    )
    verdict = answers.without_traces()
    return board(
        answers.verdict(*verdict.checks, sources=(source,), coverage=verdict.coverage),
        losses=(phrase("{source}: {what}", source="app.log", what=error),),
        trends=tuple(
            Trend(check=one.check, is_ratio=one.is_ratio, steps=(None,) * 24, width=one.width)
            for one in trends()
        ),
        records=(),
        newest=None,
        untold=phrase("{file} cannot be used: {reason}", file="state.db", reason="database is locked"),
        beat=None,
    )


BOARDS = {"healthy": healthy(), "lost": lost(), "quiet": quiet(), "missing": missing()}
