from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given, strategies as st

from kumon_observe.model.lengths import is_length, length_of


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("90s", 90),
        ("0s", 0),
        ("10m", 600),
        ("10min", 600),
        ("1h30m", 5400),
        ("1d 2h", 93_600),
        (" 1w ", 604_800),
    ],
)
def test_a_length_is_read_as_people_mean_it(text: str, seconds: int) -> None:
    assert length_of(text) == timedelta(seconds=seconds)


@pytest.mark.parametrize("text", ["", "soon", "90", "-2h", "1.5h", "2 h", "1000000s", "٣h"])
def test_anything_else_is_refused(text: str) -> None:
    assert not is_length(text)
    with pytest.raises(ValueError, match="is no length of time: write 90s, 30min, 2h or 1h30m"):
        length_of(text)


def test_more_than_can_be_counted_is_refused() -> None:
    with pytest.raises(ValueError, match=r"999999w' is too long a time"):
        length_of("999999w " * 300)


@given(st.integers(0, 999_999), st.integers(0, 999_999))
def test_parts_add_up(hours: int, minutes: int) -> None:
    assert length_of(f"{hours}h{minutes}m") == timedelta(hours=hours, minutes=minutes)
