"""What is closed is kept as long as it may be asked for, and no longer: memory does not grow with the log."""

from __future__ import annotations

from kumon_observe.checks.closed import ClosedTurns
from kumon_observe.checks.turns import Turn


def closed(number: int, idem: str | None = None) -> Turn:
    place = (None, 0, number, number, 1, None)
    return Turn(f"c{number}", idem, "0", 1, None, place, number=number, opened=number)


def memory() -> ClosedTurns:
    return ClosedTurns(lambda _rows: memory())


def test_turns_between_many_folded_ones_are_given_up_in_time() -> None:
    turns = memory()
    for number in range(0, 4_000_000, 1000):
        turns.closed(closed(number))
        assert len(turns) <= 20
    assert turns.of("c3996000", None, 3_999_000) is not None
    assert turns.of("c3994000", None, 3_999_000) is None


def test_a_turn_is_remembered_for_4096_planner_rows() -> None:
    turns = memory()
    for number in range(20_000):
        turns.closed(closed(number, f"k{number}"))
        assert len(turns) <= 4 * 4096
    assert turns.of("c15903", None, 19_999) is not None
    assert turns.of("c15902", None, 19_999) is None
