"""Hours of the day, on days with and without a change of the clocks."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, tzinfo

import pytest
from hypothesis import given, strategies as st

from kumon_observe.model.hours import Hours
from kumon_observe.model.zones import named_zone

START = datetime(2024, 1, 1, tzinfo=UTC)
SAO_PAULO, NEW_YORK = named_zone("America/Sao_Paulo"), named_zone("America/New_York")


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("hours", "moment", "within"),
    [
        ("08:00-22:00", "2025-01-15 10:59:59.999", False),
        ("08:00-22:00", "2025-01-15 11:00", True),
        ("08:00-22:00", "2025-01-16 00:59:59", True),
        ("08:00-22:00", "2025-01-16 01:00", False),
        ("22:00-08:00", "2025-01-16 01:00", True),
        ("22:00-08:00", "2025-01-15 10:59", True),
        ("22:00-08:00", "2025-01-15 11:00", False),
        ("12:00-00:00", "2025-01-16 02:59", True),
        ("12:00-00:00", "2025-01-16 03:00", False),
        ("Mon-Sat 08:00-22:00", "2025-01-18 12:00", True),  # a Saturday
        ("Mon-Sat 08:00-22:00", "2025-01-19 12:00", False),
        ("Sat 22:00-06:00", "2025-01-19 04:00", True),
        ("Sat 22:00-06:00", "2025-01-20 04:00", False),
        ("Fri-Mon 08:00-22:00", "2025-01-20 12:00", True),
        ("Fri-Mon 08:00-22:00", "2025-01-21 12:00", False),
    ],
)
def test_they_begin_at_their_first_minute_and_end_before_their_last(
    hours: str, moment: str, within: bool
) -> None:
    assert Hours.parse(hours).includes(at(moment), SAO_PAULO) is within


@pytest.mark.parametrize(
    "text", ["8-22", "08:00", "08:60-22:00", "08:00-24:00", "08:00-08:00", " ", "Seg 08:00-22:00", "Mon-Sat"]
)
def test_what_are_no_hours_is_said(text: str) -> None:
    with pytest.raises(
        ValueError, match=f"^{text!r} are no hours: write them as in '08:00-22:00' or 'Mon-Sat 08:00-22:00'$"
    ):
        Hours.parse(text)


def test_where_the_clocks_skip_the_beginning_they_begin_right_after() -> None:
    hours = Hours.parse("02:30-06:00")  # 2025-03-09: 02:00 EST is followed by 03:00 EDT
    assert hours.opens(at("2025-03-09 05:00"), NEW_YORK) == at("2025-03-09 07:00")
    assert not hours.includes(at("2025-03-09 06:59"), NEW_YORK)
    assert hours.includes(at("2025-03-09 07:00"), NEW_YORK)


def test_where_the_clocks_repeat_the_beginning_they_begin_twice() -> None:
    hours = Hours.parse("01:30-02:00")  # 2025-11-02: 01:59 EDT is followed by 01:00 EST
    assert hours.opens(at("2025-11-02 04:00"), NEW_YORK) == at("2025-11-02 05:30")
    assert hours.opens(at("2025-11-02 06:10"), NEW_YORK) == at("2025-11-02 06:30")


@given(
    begin=st.integers(0, 1439),
    length=st.integers(1, 1439),
    minute=st.integers(0, 3 * 365 * 1440),
    zone=st.sampled_from((SAO_PAULO, NEW_YORK, named_zone("UTC"), named_zone("Australia/Lord_Howe"))),
)
def test_they_open_at_the_next_moment_that_they_include(
    begin: int, length: int, minute: int, zone: tzinfo
) -> None:
    hours, now = Hours(begin, (begin + length) % 1440), START + timedelta(minutes=minute)
    if hours.begin == hours.end or hours.includes(now, zone):
        return
    opens = hours.opens(now, zone)
    assert opens > now
    if opens - now < timedelta(days=1):
        assert hours.includes(opens, zone)
    steps = int((opens - now) / timedelta(minutes=7))
    for step in range(1, steps):
        assert not hours.includes(now + step * timedelta(minutes=7), zone)


@given(st.integers(0, 1439), st.integers(0, 1439), st.integers(0, 6), st.integers(0, 6))
def test_they_are_written_as_they_are_read(begin: int, end: int, first: int, last: int) -> None:
    if begin != end:
        hours = Hours(begin, end, first, last)
        assert Hours.parse(str(hours)) == hours


def test_time_is_held_only_if_all_of_it_lies_in_the_hours() -> None:
    hours = Hours.parse("Mon-Sat 08:00-22:00")
    assert hours.holds(3600, at("2025-01-15 12:00"), SAO_PAULO)
    assert not hours.holds(3600, at("2025-01-15 11:59"), SAO_PAULO)
    assert not hours.holds(15 * 3600, at("2025-01-16 12:00"), SAO_PAULO)
    assert hours.opens(at("2025-01-18 23:00") + timedelta(hours=3), SAO_PAULO) == at("2025-01-20 11:00")
