"""Whatever is played, the verdict says exactly what was booked: precision and recall of 1."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given, settings

from kumon_observe.model.status import Status
from tests.laws.played import Booked, a_day
from tests.laws.test_order_and_noise import verdict_of
from tests.scenarios import LAYOUTS, Said, rendered
from tests.verdicts import keys


@pytest.mark.parametrize("layout", LAYOUTS)
@given(day=a_day())
@settings(max_examples=60, deadline=None)
def test_a_verdict_says_what_was_played(layout: str, day: tuple[list[Said], Booked]) -> None:
    records, booked = day
    verdict = verdict_of(rendered(records, layout))
    handoff, instances = verdict.check("handoff"), verdict.check("instances")
    delivery, consistency = verdict.check("delivery"), verdict.check("consistency")

    assert Counter(keys(handoff)) == booked.lost
    assert sum(violation.details["corroborated"] for violation in handoff.violations) == booked.guarded
    assert handoff.counts["turns"] == booked.turns
    assert (handoff.counts["partial"], handoff.counts["undelivered"]) == (booked.partial, booked.undelivered)
    assert (handoff.counts["pending"], handoff.counts["superseded"]) == (0, 0)
    warned = bool(booked.partial or booked.undelivered)
    assert handoff.status is (Status.CRITICAL if booked.lost else Status.WARNING if warned else Status.OK)

    wrong = {(v.key.conv, v.key.idem, v.details["value"]) for v in instances.violations}
    assert wrong == set(booked.wrong)
    assert instances.counts["resolution_errors"] == booked.resolution_errors

    assert (delivery.counts["success"], delivery.counts["failed"]) == (booked.success, booked.failed)
    assert (delivery.counts["unresolved"], delivery.counts["unsent"]) == (booked.unresolved, booked.unsent)

    pairs = consistency.counts["pairs"]
    assert pairs == booked.pairs
    excluded = booked.pairs >= 20 and booked.inconsistent * 2 > booked.pairs
    assert consistency.counts["inconsistent"] == (0 if excluded else booked.inconsistent)
