from __future__ import annotations

from datetime import UTC, datetime

import pytest

from kumon_observe.model.profile import Profile, profile_at, shift_at
from kumon_observe.model.zones import named_zone

ZONE = named_zone("America/Sao_Paulo")


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2025, 1, day, hour, minute, tzinfo=ZONE).astimezone(UTC)


@pytest.mark.parametrize(
    ("hour", "profile"),
    [
        (0, "night"),
        (7, "night"),
        (8, "morning"),
        (11, "morning"),
        (12, "afternoon"),
        (21, "afternoon"),
        (22, "night"),
    ],
)
def test_the_day_has_the_guides_three_parts(hour: int, profile: str) -> None:
    assert profile_at(at(10, hour, 59), ZONE) is Profile(profile)


@pytest.mark.parametrize(
    ("now", "profile", "begin", "end"),
    [
        (at(10, 9), None, at(10, 8), at(10, 12)),
        (at(10, 23), None, at(10, 22), at(11, 8)),
        (at(11, 3), None, at(10, 22), at(11, 8)),
        (at(11, 3), Profile.MORNING, at(10, 8), at(10, 12)),
        (at(11, 15), Profile.MORNING, at(11, 8), at(11, 12)),
        (at(11, 9), Profile.NIGHT, at(10, 22), at(11, 8)),
    ],
)
def test_a_shift_is_the_one_that_goes_on_or_the_last_one(
    now: datetime, profile: Profile | None, begin: datetime, end: datetime
) -> None:
    shift = shift_at(now, ZONE, profile)
    assert (shift.begin, shift.end) == (begin, end)
    assert shift.profile is (profile or profile_at(now, ZONE))
