"""Checks that are renewed know what the last day holds, and tell it as checks do that saw it all."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import given, settings, strategies as st

from kumon_observe.config.settings import Settings
from kumon_observe.engine.analyze import wanted_checks
from kumon_observe.engine.generations import Generations
from kumon_observe.engine.judge import Judging
from kumon_observe.model.evidence import CheckResult
from kumon_observe.model.moments import to_datetime
from kumon_observe.model.rows import MICROSECONDS, PlainRow
from kumon_observe.plugins.registry import Registry
from kumon_observe.testing.story import START
from tests.laws.logs import a_log

REGISTRY = Registry.load(Settings())
HORIZON = 120 * MICROSECONDS
NAMES = ("handoff", "instances", "delivery")


def generations() -> Generations:
    return Generations(lambda: wanted_checks(REGISTRY, NAMES), HORIZON)


def resumed(known: Generations) -> Generations:
    fresh = generations()
    fresh.restore(json.loads(json.dumps(known.saved())))
    return fresh


def results(judging: Judging, rows: list[PlainRow]) -> list[CheckResult]:
    return judging.results(to_datetime(max(row[1] or 0 for row in rows)))


timed_logs = a_log().filter(lambda log: bool(log) and log[0].at is not None)


@given(log=timed_logs, again=st.booleans())
@settings(max_examples=80, deadline=None)
def test_what_is_renewed_after_each_row_answers_for_the_rows_since_a_moment_in_the_last_day(
    log: list[Any], again: bool
) -> None:
    rows = [event.row() for event in log]
    known, begins, born = generations(), [0], rows[0][1]
    for number, row in enumerate(rows, start=1):
        known.observe([row])
        latest = max(at for at in (one[1] for one in rows[:number]) if at is not None)
        if latest - born >= HORIZON // 2:
            born, begins = latest, [*begins[-1:], number]
        known.renew()
        if again:
            known = resumed(known)
    expected = Judging(wanted_checks(REGISTRY, NAMES))
    expected.observe(rows[begins[0] :])
    assert results(known.older, rows) == results(expected, rows)


def test_nothing_is_forgotten_that_was_not_told() -> None:
    known = generations()
    for minute in range(100):
        at = round(START.timestamp() * MICROSECONDS) + minute * 60 * MICROSECONDS
        known.observe([_planner(at, f"c{minute}"), _delivery(at, f"c{minute}")])
    assert known.older.results(None)[0].counts["violations"] == 100
    known.renew()
    assert known.older.results(None)[0].counts["violations"] == 100


def _planner(at: int, conv: str) -> PlainRow:
    return (0, at, 0, 1, 0, 9, None, "app", conv, None, 1, "1", "2", False)


def _delivery(at: int, conv: str) -> PlainRow:
    return (1, at, 0, 2, 9, 9, None, "app", conv, None, 0, "1", "2", None)
