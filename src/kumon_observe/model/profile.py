"""The parts of a day of those who watch: the guide's morning, afternoon and night."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, tzinfo
from enum import Enum
from typing import Final, NamedTuple


class Profile(Enum):
    """``MORNING`` (08 to 12), ``AFTERNOON`` (12 to 22) and ``NIGHT`` (22 to 08), as the guide has them."""

    MORNING = "morning"
    AFTERNOON = "afternoon"
    NIGHT = "night"

    def __str__(self) -> str:
        return self.value

    @property
    def begin(self) -> int:
        """The hour at which it begins."""
        return _BEGINS[self]


_BEGINS: Final = {Profile.MORNING: 8, Profile.AFTERNOON: 12, Profile.NIGHT: 22}


class Shift(NamedTuple):
    """One ``profile`` of one day: from ``begin`` up to ``end``, in UTC.

    A night is that of the day on which it begins.
    """

    profile: Profile
    begin: datetime
    end: datetime


def profile_at(moment: datetime, zone: tzinfo) -> Profile:
    """Which part of the day it is at *moment* (aware) in *zone*."""
    hour = moment.astimezone(zone).hour
    begun = [profile for profile in Profile if profile.begin <= hour]
    return begun[-1] if begun else Profile.NIGHT


def shift_at(moment: datetime, zone: tzinfo, profile: Profile | None = None) -> Shift:
    """The shift of *profile* at *moment*, else the last one before it; ``None``: the current one."""
    profile = profile or profile_at(moment, zone)
    following = {Profile.MORNING: Profile.AFTERNOON, Profile.AFTERNOON: Profile.NIGHT}
    then = following.get(profile, Profile.MORNING)
    today = moment.astimezone(zone).replace(minute=0, second=0, microsecond=0, fold=0)
    day = today.replace(hour=profile.begin)
    if day.astimezone(UTC) > moment:
        day -= timedelta(days=1)
    end = day.replace(hour=then.begin) + timedelta(days=profile is Profile.NIGHT)
    return Shift(profile, day.astimezone(UTC), end.astimezone(UTC))
