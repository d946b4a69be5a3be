"""A window's answer is that of the check on the log from a moment on, however the rows come."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import timedelta
from itertools import pairwise
from typing import Any

from hypothesis import given, settings, strategies as st

from kumon_observe.config.settings import Settings
from kumon_observe.engine.analyze import wanted_checks
from kumon_observe.engine.judge import JudgedCheck
from kumon_observe.engine.windows import Windows
from kumon_observe.model.evidence import CheckResult
from kumon_observe.model.protocols import Check
from kumon_observe.model.rows import MICROSECONDS, RESULT, PlainRow
from kumon_observe.plugins.registry import Registry
from kumon_observe.testing.story import START
from tests.laws.logs import a_log

REGISTRY = Registry.load(Settings())
WINDOW, STEP = 120.0, 10
ASKED = [("delivery", WINDOW), ("consistency", WINDOW), ("handoff", WINDOW)]
RATES = [("delivery", 300.0), ("delivery", 60.0)]


def make(name: str) -> Check:
    (check,) = wanted_checks(REGISTRY, (name,))
    return check


def windows() -> Windows:
    return Windows(ASKED, RATES, make)


def of_log(log: Sequence[PlainRow], name: str, begins: int, now: int) -> CheckResult:
    """What the check says of *log* from *begins* on, the times of its rows never going back."""
    check, latest = JudgedCheck(make(name)), 0
    for row in log:
        latest = max(latest, row[1] or 0)
        if latest >= begins:
            check.observe([row])
    return check.result(START + timedelta(microseconds=now - micro(0)))


def micro(seconds: float) -> int:
    return round((START.timestamp() + seconds) * MICROSECONDS)


def latest(log: Sequence[PlainRow]) -> int:
    return max(row[1] or 0 for row in log)


timed_logs = a_log().filter(lambda log: bool(log) and log[0].at is not None)


@given(log=timed_logs, cuts=st.lists(st.integers(0, 40)))
@settings(max_examples=80, deadline=None)
def test_a_window_is_judged_as_the_log_from_its_step_on(log: list[Any], cuts: list[int]) -> None:
    rows = [event.row() for event in log]
    judged = windows()
    borders = sorted({0, len(rows), *(cut for cut in cuts if cut < len(rows))})
    for begin, end in pairwise(borders):
        judged.observe(rows[begin:end])
        judged = resumed(judged)
    now, step = latest(rows), STEP * MICROSECONDS
    since = now - round(WINDOW * MICROSECONDS)
    begun = {at - at % step for at in running(rows)}
    begins = min(at for at in begun if at >= since)
    for name, seconds in ASKED:
        assert judged.result(name, seconds) == of_log(rows, name, begins, now)


@given(log=timed_logs, cut=st.integers(0, 40))
@settings(max_examples=80, deadline=None)
def test_a_rate_counts_the_results_of_its_minutes(log: list[Any], cut: int) -> None:
    rows = [event.row() for event in log]
    judged = windows()
    judged.observe(rows[:cut])
    judged = resumed(judged)
    judged.observe(rows[cut:])
    now, minute = latest(rows), 60 * MICROSECONDS
    for name, seconds in RATES:
        inside = [
            row
            for row, at in zip(rows, running(rows), strict=True)
            if at - at % minute >= now - seconds * MICROSECONDS
        ]
        good = [outcome for outcome in map(outcome_of, inside) if outcome is not None]
        assert judged.rate(name, seconds) == (sum(good), len(good))


def outcome_of(row: PlainRow) -> bool | None:
    if row[0] == RESULT:
        return bool(row[10])
    return row[10] == "sent" if row[10] in ("sent", "send_failed") else None


def running(rows: Sequence[PlainRow]) -> list[int]:
    """For each row the latest time so far."""
    times: list[int] = []
    for row in rows:
        times.append(max(row[1] or 0, times[-1] if times else 0))
    return times


def resumed(judged: Windows) -> Windows:
    """New windows that go on from what the old ones saved."""
    fresh = windows()
    fresh.restore(json.loads(json.dumps(judged.saved())))
    return fresh


def test_a_window_forgets_what_left_it() -> None:
    judged = windows()
    judged.observe([result(0, success=False)])
    judged.observe([result(121, success=True)])
    assert judged.result("delivery", WINDOW).counts["failed"] == 0
    assert judged.result("delivery", WINDOW).counts["success"] == 1


def test_rows_without_times_are_judged_as_they_come() -> None:
    judged = windows()
    judged.observe([(*result(0, success=False)[:1], None, *result(0, success=False)[2:])])
    assert judged.result("delivery", WINDOW).counts["failed"] == 1


def result(seconds: float, *, success: bool) -> PlainRow:
    return (
        RESULT, micro(seconds), 0, 1, 0, 90, None, "app", "c1", "k1", success, "500", "kumon_assistant", None
    )  # fmt: skip
