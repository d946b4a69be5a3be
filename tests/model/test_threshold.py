from __future__ import annotations

import re
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, strategies as st

from kumon_observe.config.settings import ConsistencySettings, DeliverySettings
from kumon_observe.model.errors import ConfigError, ThresholdError
from kumon_observe.model.threshold import Threshold, percentage

WRITTEN = [
    (">= 95%", Threshold(min=Fraction(95, 100)), ">= 95%"),
    (">=95%", Threshold(min=Fraction(95, 100)), ">= 95%"),
    ("  ≥ 99.9 %  ", Threshold(min=Fraction(999, 1000)), ">= 99.9%"),
    (">= 0.95", Threshold(min=Fraction(95, 100)), ">= 0.95"),
    ("<= 0", Threshold(max=0), "<= 0"),
    ("≤ 5%", Threshold(max=Fraction(1, 20)), "<= 5%"),
    (">= 100%", Threshold(min=1), ">= 100%"),
    (">= 0.000000001%", Threshold(min=Fraction(1, 10**11)), ">= 0.000000001%"),
]


@pytest.mark.parametrize(("text", "threshold", "shown"), WRITTEN)
def test_reads_and_prints_what_a_person_writes(text: str, threshold: Threshold, shown: str) -> None:
    assert Threshold.parse(text) == threshold
    assert str(Threshold.parse(text)) == shown


@pytest.mark.parametrize(
    "text", ["", "95%", "> 95%", ">= ", ">= 95 % %", ">= 1e3", ">= -1", ">= ٩٥%", ">= nan"]
)
def test_refuses_what_is_no_threshold_and_says_how_to_write_one(text: str) -> None:
    with pytest.raises(ThresholdError, match=r"write one as '>= 95%' or '<= 0'"):
        Threshold.parse(text)


ALLOWED = [
    (">= 95%", 9500, 10_000, True),
    (">= 95%", 9499, 10_000, False),
    (">= 95%", 19, 20, True),
    (">= 95%", 94_999_999, 100_000_000, False),
    (">= 100%", 10**18, 10**18, True),
    (">= 100%", 10**18 - 1, 10**18, False),
    ("<= 0", 0, 1, True),
    ("<= 0", 1, 10**18, False),
    ("<= 5%", 5, 100, True),
    ("<= 5%", 501, 10_000, False),
]


@pytest.mark.parametrize(("text", "part", "whole", "allowed"), ALLOWED)
def test_compares_exactly(text: str, part: int, whole: int, allowed: bool) -> None:
    assert Threshold.parse(text).allows(part, whole) is allowed


def test_both_limits_are_met_and_printed() -> None:
    between = Threshold(min=0.25, max=0.75)
    assert [between.allows(n, 4) for n in range(5)] == [False, True, True, True, False]
    assert str(between) == ">= 0.25 and <= 0.75"


def test_a_float_is_the_decimal_that_was_written() -> None:
    assert Threshold(min=0.95) == Threshold.parse(">= 95%")
    assert Threshold(min=0.1).allows(1, 10)


def test_a_limit_that_is_no_finite_decimal_prints_as_a_fraction() -> None:
    assert str(Threshold(min=Fraction(1, 3))) == ">= 1/3"


@pytest.mark.parametrize("whole", [0, -1])
def test_a_ratio_of_nothing_meets_nothing(whole: int) -> None:
    with pytest.raises(ThresholdError, match="nothing was counted"):
        Threshold.parse(">= 95%").allows(0, whole)


@pytest.mark.parametrize(
    ("limits", "message"),
    [
        ({}, "needs a min or a max"),
        ({"min": 2, "max": 1}, "min 2 is above its max 1"),
        ({"min": "many"}, "needs a number, not 'many'"),
        ({"max": float("nan")}, "needs a number, not nan"),
        ({"max": "1/0"}, "needs a number, not '1/0'"),
    ],
)
def test_limits_that_make_no_sense_are_configuration_errors(limits: dict[str, Any], message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        Threshold(**limits)


PERCENTAGES = [
    (9499, 10_000, "94.99%"),
    (94_999, 100_000, "94.999%"),
    (9500, 10_000, "95.0%"),
    (949, 1000, "94.9%"),
    (19_001, 20_000, "95.0%"),
    (1447, 1487, "97.3%"),
    (1, 1, "100%"),
    (99_999, 100_000, "99.999%"),
    (0, 7, "0.0%"),
    (1, 100_000, "0.001%"),
    (10**12 - 1, 10**12, "999999999999/1000000000000"),
    (0, 0, "-"),
]


@pytest.mark.parametrize(("part", "whole", "shown"), PERCENTAGES)
def test_a_printed_share_never_reads_as_the_other_side_of_its_threshold(
    part: int, whole: int, shown: str
) -> None:
    assert percentage(part, whole, Threshold.parse(">= 95%")) == shown


@given(st.integers(1, 10**7), st.data(), st.integers(0, 1000))
def test_the_printed_share_is_on_the_side_of_the_exact_one(
    whole: int, data: st.DataObject, limit: int
) -> None:
    part = data.draw(st.integers(0, whole))
    threshold = Threshold(min=Fraction(limit, 1000))
    text = percentage(part, whole, threshold)
    shown = Fraction(text.rstrip("%")) / 100
    assert (shown == 1) is (part == whole)
    assert (shown == 0) is (part == 0)
    assert threshold.allows(shown.numerator, shown.denominator) is threshold.allows(part, whole)


@given(st.integers(0, 10**9 - 1), st.integers(0, 9), st.sampled_from([">=", "<="]), st.booleans())
def test_what_is_printed_reads_back_as_the_same(digits: int, decimals: int, sign: str, percent: bool) -> None:
    whole, rest = divmod(digits, 10**decimals)
    number = f"{whole}.{rest:0{decimals}d}" if decimals else str(whole)
    threshold = Threshold.parse(f"{sign} {number}{'%' if percent else ''}")
    assert Threshold.parse(str(threshold)) == threshold


@pytest.mark.parametrize("text", ["<= 95%", ">= 95", ">= 200%", "<= 0"])
@pytest.mark.parametrize("settings", [DeliverySettings, ConsistencySettings])
def test_a_rate_needs_a_least_share(settings: type[DeliverySettings], text: str) -> None:
    with pytest.raises(
        ValueError, match=f"'{re.escape(text)}' is no least share: write one such as '>= 95%'"
    ):
        settings(threshold=Threshold.parse(text))
    assert settings(threshold=Threshold.parse(">= 90%")).threshold.min == Fraction(9, 10)
