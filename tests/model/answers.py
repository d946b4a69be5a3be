"""Answers of every kind: typical ones of the built-in checks, and strategies for any."""

from __future__ import annotations

from datetime import UTC, datetime
from fractions import Fraction

from hypothesis import strategies as st

from kumon_observe.model.evidence import (
    CHECK_MEMBERS,
    VIOLATION_MEMBERS,
    CheckResult,
    Evidence,
    Key,
    Violation,
)
from kumon_observe.model.phrase import phrase
from kumon_observe.model.status import Action, Status
from kumon_observe.model.threshold import Threshold
from kumon_observe.model.verdict import PROBLEMS, Coverage, Problem, SourceReport, Verdict

NOW = datetime(2025, 1, 15, 10, 0, 0, 123_000, tzinfo=UTC)
EVIDENCE = Evidence(
    source="app.log", line=17, offset=2210, at=NOW, text="OUTBOX_TRACE|phase=delivery|count=0"
)

HANDOFF = CheckResult(
    name="handoff",
    status=Status.CRITICAL,
    summary=phrase("{n} lost hand-offs", n=2),
    action=Action.ROLLBACK,
    value=2,
    threshold=Threshold(max=0),
    counts={
        "turns": 812,
        "violations": 2,
        "partial": 1,
        "undelivered": 1,
        "pending": 1,
        "superseded": 0,
        "unattributed": 0,
        "other_guards": 0,
        "evicted": 0,
    },
    violations=(
        Violation(
            key=Key(conv="c1", idem="k1"),
            at=NOW,
            evidence=(EVIDENCE,),
            details={
                "identity": "exact",
                "planned": 1,
                "delivered": 0,
                "corroborated": True,
                "by": ["traces", "guard"],
            },
        ),
    ),
    omitted=1,
    warnings=(
        Violation(key=Key(conv="c2"), at=NOW, details={"type": "partial", "planned": 2, "delivered": 1}),
        Violation(key=Key(conv="c3"), at=NOW, details={"type": "undelivered", "planned": 1}),
    ),
    reasons=(phrase("1 turn was delivered in part"),),
)
INSTANCES = CheckResult(
    name="instances",
    status=Status.CRITICAL,
    summary="1 wrong instance",
    action=Action.ROLLBACK,
    value=1,
    threshold=Threshold(max=0),
    counts={
        "seen": 812,
        "violations": 1,
        "guard_lines": 2,
        "unguarded": 0,
        "resolution_errors": 3,
        "other_guards": 0,
        "untracked": 0,
    },
    violations=(
        Violation(
            key=Key(conv="c9"),
            at=NOW,
            details={"value": "thread_7", "repeats": 2, "used": True, "guarded": True},
        ),
    ),
)
DELIVERY = CheckResult(
    name="delivery",
    status=Status.OK,
    summary="97.3% delivered",
    value=0.9731,
    threshold=Threshold.parse(">= 95%"),
    counts={
        "success": 1447,
        "failed": 40,
        "unresolved": 2,
        "unsent": 1,
        "messages": 1460,
        "messages_delivered": 1449,
        "by_http": {"500": 31, "unknown": 9},
        "waiting": 0,
        "evicted": 0,
    },
    details={"rate": [1447, 1487], "worst_case": [1447, 1489], "interval": [0.964, 0.98]},
)
CONSISTENCY = CheckResult(
    name="consistency",
    status=Status.WARNING,
    summary="1 of 812 pairs differs",
    action=Action.INVESTIGATE,
    value=Fraction(811, 812).__float__(),
    threshold=Threshold(min=1),
    counts={"pairs": 812, "inconsistent": 1, "not_comparable": 4},
    details={"not_comparable_ids": ["state_id"]},
    violations=(
        Violation(
            key=Key(conv="c1", idem="k1"),
            at=NOW,
            details={
                "differs": ["outbox_id"],
                "planner": {"state_id": "1", "outbox_id": "2"},
                "delivery": {"state_id": "1", "outbox_id": None},
            },
        ),
    ),
)
PLUGIN = CheckResult(name="quiet-hours", status=Status.OK, summary="quiet", details={"loudest": {"hour": 22}})
SOURCE = SourceReport(
    name="app.log",
    size=4000,
    read=4000,
    lines=40,
    traces=30,
    layouts={"json": 40},
    first=NOW,
    last=NOW,
    problems={**dict.fromkeys(PROBLEMS, 0), "malformed": 1},
    places=(
        Problem(kind="malformed", evidence=EVIDENCE, reason=phrase("{field} is missing", field="count")),
    ),
    notes=(phrase("it was named twice"),),
)
VERDICT = Verdict(
    command="health",
    generated_at=NOW,
    checks=(HANDOFF, INSTANCES, DELIVERY, CONSISTENCY, PLUGIN, CheckResult.failed("broken", "it raised")),
    sources=(SOURCE, SourceReport(name="-", error="it is empty")),
    coverage=Coverage(outbox=10, instance=10, delivery=10, first=NOW, last=NOW),
    reasons=("-: it is empty",),
)

names = st.text(min_size=1, max_size=8)
counts = st.integers(0, 10**12)
moments = st.datetimes(timezones=st.just(UTC))
maybe_moments = st.none() | moments
maybe_texts = st.none() | st.text(max_size=8)
sentences = st.lists(names, max_size=3).map(tuple)
limits = st.none() | st.integers(0, 100) | st.decimals(0, 1, places=9).map(str)
json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)


@st.composite
def thresholds(draw: st.DrawFn) -> Threshold | None:
    low, high = sorted(draw(st.lists(st.decimals(0, 1, places=9), min_size=2, max_size=2)))
    return draw(
        st.sampled_from(
            [None, Threshold(min=str(low)), Threshold(max=str(high)), Threshold(str(low), str(high))]
        )
    )


def details(members: frozenset[str]) -> st.SearchStrategy[dict[str, object]]:
    return st.dictionaries(names.filter(lambda name: name not in members), json_values, max_size=2)


evidences = st.builds(
    Evidence,
    source=st.text(max_size=8),
    line=counts,
    offset=counts,
    at=maybe_moments,
    text=st.text(max_size=20),
)
violations = st.lists(
    st.builds(
        Violation,
        key=st.builds(Key, conv=maybe_texts, idem=maybe_texts),
        at=maybe_moments,
        evidence=st.lists(evidences, max_size=2).map(tuple),
        details=details(VIOLATION_MEMBERS),
    ),
    max_size=2,
).map(tuple)
results = st.builds(
    CheckResult,
    name=names.filter(lambda name: name not in {"handoff", "instances", "delivery", "consistency"}),
    status=st.sampled_from(Status),
    summary=names,
    value=st.none() | counts | st.floats(allow_nan=False, allow_infinity=False),
    threshold=thresholds(),
    action=st.sampled_from(Action),
    counts=st.dictionaries(names, counts | st.dictionaries(names, counts, max_size=2), max_size=3),
    violations=violations,
    omitted=counts,
    warnings=violations,
    reasons=sentences,
    details=details(CHECK_MEMBERS),
)
reports = st.builds(
    SourceReport,
    name=names,
    size=st.none() | counts,
    read=counts,
    lines=counts,
    traces=counts,
    extra_fields=counts,
    duplicates=counts,
    layouts=st.dictionaries(names, counts, max_size=2),
    first=maybe_moments,
    last=maybe_moments,
    problems=st.fixed_dictionaries(dict.fromkeys(PROBLEMS, counts)),
    places=st.lists(
        st.builds(Problem, kind=st.sampled_from(PROBLEMS), evidence=evidences, reason=st.text(max_size=5)),
        max_size=2,
    ).map(tuple),
    error=maybe_texts,
    notes=sentences,
)
verdicts = st.builds(
    Verdict,
    command=names,
    generated_at=moments,
    checks=st.lists(results, max_size=2).map(tuple),
    sources=st.lists(reports, max_size=2).map(tuple),
    coverage=st.builds(
        Coverage,
        outbox=counts,
        instance=counts,
        delivery=counts,
        guards=counts,
        first=maybe_moments,
        last=maybe_moments,
    ),
    reasons=sentences,
)
