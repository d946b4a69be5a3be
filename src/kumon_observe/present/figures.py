"""Measured values and their limits as people read them; never rounded across the limit."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from kumon_observe.model.evidence import CheckResult, Sentence
from kumon_observe.model.phrase import phrase
from kumon_observe.model.threshold import Threshold, percentage

_KILO = 1000
_UNITS = ("B", "kB", "MB", "GB", "TB")


def value(result: CheckResult) -> str:
    """The measured value: ``2``, ``94.99%``, or ``-`` when nothing was measured."""
    measured = result.value
    if measured is None:
        return "-"
    if isinstance(measured, int):
        return str(measured)
    rate = result.details.get("rate")
    if rate is not None and _is_ratio(rate):
        return percentage(rate[0], rate[1], result.threshold)
    if result.threshold is not None and result.threshold.percent:
        exact = Fraction(str(measured))
        return percentage(exact.numerator, exact.denominator, result.threshold)
    return f"{measured:g}"


def _is_ratio(pair: object) -> bool:
    return isinstance(pair, (tuple, list)) and len(pair) == 2 and all(isinstance(n, int) for n in pair)


def limit(threshold: Threshold | None) -> Sentence:
    """``max 0``, ``min 95%``: what is demanded; empty where there is no limit."""
    if threshold is None:
        return ""
    parts = []
    if threshold.min is not None:
        least = Threshold(min=threshold.min, percent=threshold.percent)
        parts.append(phrase("min {limit}", limit=str(least).removeprefix(">= ")))
    if threshold.max is not None:
        most = Threshold(max=threshold.max, percent=threshold.percent)
        parts.append(phrase("max {limit}", limit=str(most).removeprefix("<= ")))
    return parts[0] if len(parts) == 1 else phrase("{both}", both=tuple(parts))


def size(n: int) -> str:
    """*n* bytes as ``812 B`` or ``1.2 MB``."""
    amount, unit = float(n), 0
    while amount >= _KILO and unit < len(_UNITS) - 1:
        amount, unit = amount / _KILO, unit + 1
    return f"{n} B" if not unit else f"{amount:.1f} {_UNITS[unit]}"


def number(result_counts: Mapping[str, object], name: str) -> int:
    """A whole number of a check's counts, 0 where it has none of this name."""
    found = result_counts.get(name, 0)
    return found if isinstance(found, int) else 0
