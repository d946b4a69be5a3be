"""A trend in one row of block characters: a step without data is a gap, a bad one has its colour."""

from __future__ import annotations

from fractions import Fraction
from typing import Final

from kumon_observe.model.board import Step, Trend
from kumon_observe.model.threshold import Threshold
from kumon_observe.present.page import Span

_BLOCKS: Final = "▁▂▃▄▅▆▇█"
_ASCII: Final = "_.:-=+*#"
_GAP: Final = "·"
_TOP: Final = 7
_LEAST_RANGE: Final = Fraction(1, 10)


def sparkline(trend: Trend, threshold: Threshold | None, bad: str, room: int, *, unicode: bool) -> list[Span]:
    """The last steps of *trend* in at most *room* columns; those that break *threshold* in the style *bad*.

    Only a whole share has the full height; the middle is about the threshold. A count has its height among
    the others, none the lowest.
    """
    steps = trend.steps[-room:] if room > 0 else ()
    most = max((step.part for step in steps if step is not None), default=0)
    return [_bar(step, trend, threshold, most, bad, unicode) for step in steps]


def _bar(
    step: Step | None, trend: Trend, threshold: Threshold | None, most: int, bad: str, unicode: bool
) -> Span:
    if step is None:
        return Span(_GAP if unicode else " ", "dim")
    glyphs = _BLOCKS if unicode else _ASCII
    if trend.is_ratio:
        met = threshold is None or threshold.allows(step.part, step.whole)
        return Span(glyphs[_height(step, threshold)], "" if met else bad)
    met = threshold is None or threshold.allows(step.part)
    height = 1 + (_TOP - 1) * step.part // most if step.part else 0
    return Span(glyphs[height], "" if met else bad)


def _height(step: Step, threshold: Threshold | None) -> int:
    """From 0 to 7, of a scale that ends at the whole and begins as far below the threshold."""
    least = threshold.min if threshold is not None and threshold.min is not None else Fraction(1, 2)
    depth = max(_LEAST_RANGE, 2 * (1 - least))
    return max(0, int(_TOP * (Fraction(step.part, step.whole) - (1 - depth)) / depth))
