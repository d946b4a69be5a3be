"""How long is waited between two attempts."""

from __future__ import annotations

import pytest
from hypothesis import given, strategies as st

from kumon_observe.alerting.backoff import next_wait

some_seconds = st.floats(0.001, 1e6)
chances = st.floats(0, 1)


@given(st.integers(0, 10_000), some_seconds, some_seconds, chances)
def test_no_wait_is_longer_than_the_longest_or_shorter_than_nothing(
    attempts: int, first: float, most: float, chance: float
) -> None:
    assert 0 <= next_wait(attempts, first, most, chance) <= most


@given(st.integers(1, 10_000), some_seconds, some_seconds)
def test_each_bound_is_twice_the_one_before_until_the_longest(
    attempts: int, first: float, most: float
) -> None:
    one, next_one = next_wait(attempts, first, most, 1), next_wait(attempts + 1, first, most, 1)
    assert next_one == (min(most, 2 * one))


@given(st.integers(1, 100), some_seconds, some_seconds, chances, chances)
def test_chance_divides_the_bound_evenly(
    attempts: int, first: float, most: float, one: float, other: float
) -> None:
    bound = next_wait(attempts, first, most, 1)
    assert next_wait(attempts, first, most, one) == pytest.approx(bound * one)
    assert (one <= other) <= (
        next_wait(attempts, first, most, one) <= next_wait(attempts, first, most, other)
    )


def test_the_first_waits() -> None:
    assert [next_wait(n, 1.0, 300.0, 1.0) for n in range(1, 12)] == [
        1,
        2,
        4,
        8,
        16,
        32,
        64,
        128,
        256,
        300,
        300,
    ]
