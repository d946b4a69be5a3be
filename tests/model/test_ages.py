"""How long ago something was."""

from __future__ import annotations

from datetime import timedelta

import pytest

from kumon_observe.model.ages import age


@pytest.mark.parametrize(
    ("seconds", "said"),
    [(0, "0 s"), (99, "99 s"), (100, "1 min"), (7199, "119 min"), (7200, "2 h"), (172_800, "2 d")],
)
def test_an_age_is_in_its_largest_unit(seconds: int, said: str) -> None:
    assert age(timedelta(seconds=seconds)) == said


def test_what_lies_ahead_is_no_time_ago() -> None:
    assert age(timedelta(seconds=-5)) == "0 s"
