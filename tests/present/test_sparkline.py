from __future__ import annotations

from datetime import timedelta

import pytest

from kumon_observe.model.board import Step, Trend
from kumon_observe.model.threshold import Threshold
from kumon_observe.present.page import Span
from kumon_observe.present.sparkline import sparkline

NINETY_FIVE = Threshold.parse(">= 95%")
NONE = Threshold(max=0)


def drawn(*steps: Step | None, is_ratio: bool = True, room: int = 24, unicode: bool = True) -> list[Span]:
    trend = Trend(check="delivery", is_ratio=is_ratio, steps=steps, width=timedelta(minutes=15))
    threshold = NINETY_FIVE if is_ratio else NONE
    return sparkline(trend, threshold, "warning", room, unicode=unicode)


def text_of(spans: list[Span]) -> str:
    return "".join(span.text for span in spans)


def test_a_step_without_data_is_a_gap_and_neither_none_nor_all() -> None:
    assert text_of(drawn(None, Step(0, 5), Step(5, 5))) == "·▁█"
    assert text_of(drawn(None, Step(0, 5), Step(2, 5), is_ratio=False)) == "·▁█"


@pytest.mark.parametrize(
    ("good", "bar", "style"),
    [
        (10_000, "█", ""),
        (9_999, "▇", ""),
        (9_500, "▄", ""),
        (9_499, "▄", "warning"),
        (9_000, "▁", "warning"),
        (0, "▁", "warning"),
    ],
)
def test_a_share_has_its_height_about_the_threshold_and_is_judged_exactly(
    good: int, bar: str, style: str
) -> None:
    assert drawn(Step(good, 10_000)) == [Span(bar, style)]


def test_any_violation_stands_out() -> None:
    shown = drawn(Step(0, 9), Step(1, 900), Step(100, 900), is_ratio=False)
    assert shown == [Span("▁"), Span("▂", "warning"), Span("█", "warning")]


def test_the_latest_steps_are_shown_where_there_is_little_room() -> None:
    steps = [Step(5, 5)] * 20 + [Step(0, 5)] * 4
    assert text_of(drawn(*steps, room=5)) == "█▁▁▁▁"
    assert drawn(*steps, room=0) == []


def test_ascii_stands_in_for_block_characters() -> None:
    assert text_of(drawn(None, Step(0, 5), Step(5, 5), unicode=False)) == " _#"


def test_without_a_threshold_nothing_is_bad() -> None:
    trend = Trend(check="own", is_ratio=True, steps=(Step(1, 2),), width=timedelta(minutes=15))
    assert sparkline(trend, None, "warning", 24, unicode=True)[0].style == ""
