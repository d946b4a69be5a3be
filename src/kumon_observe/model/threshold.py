"""A limit as a value, compared exactly: ratios on integers, never on rounded floats."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import Final

from attrs import field, frozen

from kumon_observe.model.errors import ThresholdError
from kumon_observe.model.patterns import LatePattern
from kumon_observe.model.value import Value

_FORM: Final = LatePattern(
    r"\s*(?P<sign>>=|<=|≥|≤)\s*(?P<number>\d{1,9}(?:\.\d{1,9})?)\s*(?P<percent>%?)\s*", re.ASCII
)
_MOST_DECIMALS = 12


def _exact(value: int | float | str | Fraction | None) -> Fraction | None:
    """*value* as the decimal that a person wrote: 0.95 is 95/100, not the nearest binary fraction."""
    if value is None or isinstance(value, Fraction):
        return value
    try:
        return Fraction(str(value))
    except (ValueError, ZeroDivisionError):
        raise ThresholdError(f"a threshold needs a number, not {value!r}") from None


@frozen(eq=False, repr=False)
class Threshold(Value):
    """At least ``min``, at most ``max``, or both; the limits themselves are met. ``percent``: so it is shown.

    >>> Threshold.parse(">= 95%").allows(19, 20)
    True
    >>> str(Threshold.parse(">= 95%"))
    '>= 95%'
    """

    min: Fraction | None = field(default=None, converter=_exact)
    max: Fraction | None = field(default=None, converter=_exact)
    percent: bool = field(default=False, eq=False)

    def __attrs_post_init__(self) -> None:
        if self.min is None and self.max is None:
            raise ThresholdError("a threshold needs a min or a max, for example '>= 95%'")
        if self.min is not None and self.max is not None and self.min > self.max:
            raise ThresholdError(f"a threshold's min {self.min} is above its max {self.max}")

    @classmethod
    def parse(cls, text: str) -> Threshold:
        """Read ``>= 95%``, ``<= 0``, ``>= 0.95`` (``≥`` and ``≤`` too).

        Raises:
            ThresholdError: *text* is none of these forms.
        """
        match = _FORM.fullmatch(text)
        if match is None:
            raise ThresholdError(f"{text!r} is no threshold: write one as '>= 95%' or '<= 0'")
        percent = bool(match["percent"])
        number = Fraction(match["number"]) / (100 if percent else 1)
        if match["sign"] in (">=", "≥"):
            return cls(min=number, percent=percent)
        return cls(max=number, percent=percent)

    def allows(self, part: int, whole: int = 1) -> bool:
        """Whether ``part / whole`` meets the limits, compared on integers.

        Raises:
            ThresholdError: *whole* is not above zero; a ratio of nothing meets nothing.
        """
        if whole <= 0:
            raise ThresholdError(f"cannot hold {part}/{whole} against {self}: nothing was counted")
        if self.min is not None and part * self.min.denominator < self.min.numerator * whole:
            return False
        return self.max is None or part * self.max.denominator <= self.max.numerator * whole

    def __str__(self) -> str:
        parts = []
        if self.min is not None:
            parts.append(f">= {self._shown(self.min)}")
        if self.max is not None:
            parts.append(f"<= {self._shown(self.max)}")
        return " and ".join(parts)

    def _shown(self, limit: Fraction) -> str:
        return f"{_decimal(limit * 100)}%" if self.percent else _decimal(limit)


def _decimal(value: Fraction) -> str:
    """*value* without rounding where it is a finite decimal, which every parsed one is."""
    scaled = value * 10**_MOST_DECIMALS
    if scaled.denominator != 1:
        return str(value)
    digits = f"{abs(scaled.numerator):0{_MOST_DECIMALS + 1}d}"
    sign = "-" if value < 0 else ""
    whole, decimals = digits[:-_MOST_DECIMALS], digits[-_MOST_DECIMALS:].rstrip("0")
    return f"{sign}{whole}.{decimals}" if decimals else f"{sign}{whole}"


def percentage(part: int, whole: int, threshold: Threshold | None = None) -> str:
    """``part / whole`` in per cent, rounded to as few decimals as keep it on its side of *threshold*.

    9499 of 10000 against 95% is ``94.99%`` (not ``95.0%``); only a whole is ``100%``, only nothing ``0.0%``.
    """
    if whole <= 0:
        return "-"
    if part == whole:
        return "100%"
    for decimals in range(1, 10):
        scale = 10**decimals
        rounded = (200 * scale * part + whole) // (2 * whole)
        shown = Fraction(rounded, 100 * scale)
        if 0 < shown < 1 and _same_side(threshold, shown, Fraction(part, whole)):
            return f"{rounded // scale}.{rounded % scale:0{decimals}d}%"
    return f"{part}/{whole}" if part else "0.0%"


def _same_side(threshold: Threshold | None, one: Fraction, other: Fraction) -> bool:
    if threshold is None:
        return True
    return threshold.allows(one.numerator, one.denominator) == threshold.allows(
        other.numerator, other.denominator
    )
