from __future__ import annotations

import kumon_slow_turns
import pytest
from kumon_slow_turns import SlowTurns

from kumon_observe import Status
from kumon_observe.testing import CheckContract, Story, judged


class TestSlowTurns(CheckContract):
    def check(self) -> SlowTurns:
        return SlowTurns(most=100)


def turns(*seconds: float) -> Story:
    """Turns of one conversation each that wait so long, one after the other."""
    story = Story()
    for number, wait in enumerate(seconds):
        story.planner(f"c{number}").wait(wait).delivery(f"c{number}")
    return story


def test_turns_within_the_limit_are_ok() -> None:
    result = judged(turns(1, 2, 5), kumon_slow_turns).check("slow-turns")
    assert (result.status, result.value) == (Status.OK, 5.0)
    assert str(result.summary) == "95% of 3 turns took at most 5.0 s"


def test_slow_turns_are_a_warning_and_shown_slowest_first() -> None:
    result = judged(turns(1, 6, 30, 7), kumon_slow_turns).check("slow-turns")
    assert (result.status, result.value, result.counts) == (Status.WARNING, 30.0, {"turns": 4})
    assert [found.key.conv for found in result.warnings] == ["c2", "c3", "c1"]
    assert result.warnings[0].evidence[0].text.startswith("OUTBOX_TRACE|phase=delivery|conv=c2|")


@pytest.mark.parametrize(("slow", "status"), [(5, Status.OK), (6, Status.WARNING)])
def test_five_of_a_hundred_may_be_slow(slow: int, status: Status) -> None:
    waits = [10] * slow + [1] * (100 - slow)
    assert judged(turns(*waits), kumon_slow_turns).check("slow-turns").status is status


def test_a_log_without_times_says_nothing_of_durations() -> None:
    result = judged(turns(10), kumon_slow_turns, layout="basic").check("slow-turns")
    assert result.status is Status.UNKNOWN
    assert [str(reason) for reason in result.reasons] == ["no turn with times was delivered"]
