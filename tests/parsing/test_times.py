"""Times as logs write them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, strategies as st

from kumon_observe.parsing.times import in_zone, read_epoch, read_iso, read_yearless

NAIVE = datetime(2025, 1, 15, 10, 0, 0)  # noqa: DTZ001 - the log names no zone


@pytest.mark.parametrize(
    ("text", "at", "precise"),
    [
        ("2025-01-15T10:00:00", NAIVE, False),
        ("2025-01-15 10:00:00", NAIVE, False),
        ("2025-01-15 10:00:00,123", NAIVE.replace(microsecond=123_000), True),
        ("2025-01-15T10:00:00.000", NAIVE, True),
        ("2025-01-15T10:00:00.123456Z", NAIVE.replace(microsecond=123_456, tzinfo=UTC), True),
        ("2025-01-15T10:00:00.1234567Z", NAIVE.replace(microsecond=123_456, tzinfo=UTC), True),
        ("2025-01-15T10:00:00.123456789+00:00", NAIVE.replace(microsecond=123_456, tzinfo=UTC), True),
        ("2025-01-15T10:00:00-03:00", NAIVE.replace(tzinfo=timezone(timedelta(hours=-3))), False),
        ("2025-01-15T10:00:00+0530", NAIVE.replace(tzinfo=timezone(timedelta(hours=5, minutes=30))), False),
    ],
)
def test_an_iso_time_is_read_with_its_zone_and_says_whether_it_is_precise(
    text: str, at: datetime, precise: bool
) -> None:
    moment = read_iso(text)
    assert moment == (at, precise)
    assert moment.at.utcoffset() == at.utcoffset()


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2025-01-15",
        "20250115T100000",
        "2025-W03-3",
        "2025-13-15T10:00:00",
        "2025-02-30 10:00:00",
        "10:00:00",
        "2025-01-15T10:00:00+99:00",
        "2025-01-15T10:00:00Z tail",
        "\uff12025-01-15T10:00:00",
        "2025-01-15T24:30:00",
    ],
)
def test_what_is_no_time_is_none(text: str) -> None:
    assert read_iso(text) is None


def test_epoch_numbers_are_seconds_or_by_their_size_milliseconds() -> None:
    at = NAIVE.replace(tzinfo=UTC)
    assert read_epoch(1_736_935_200) == (at, False)
    assert read_epoch(1_736_935_200.5) == (at + timedelta(seconds=0.5), True)
    assert read_epoch(1_736_935_200_250) == (at + timedelta(seconds=0.25), True)


@given(st.integers() | st.floats())
def test_no_number_whatever_raises(number: float) -> None:
    moment = read_epoch(number)
    assert moment is None or moment.at.tzinfo is UTC


@pytest.mark.parametrize(
    ("month", "day", "reference", "year"),
    [
        ("Jan", 15, datetime(2025, 1, 16, tzinfo=UTC), 2025),
        ("Dec", 31, datetime(2026, 1, 1, 0, 30, tzinfo=UTC), 2025),
        ("Jan", 1, datetime(2025, 12, 31, 23, 30, tzinfo=UTC), 2026),
        ("Jan", 3, datetime(2025, 12, 31, 23, 30, tzinfo=UTC), 2025),
        ("Jan", 17, datetime(2025, 1, 15, tzinfo=UTC), 2024),
        ("Feb", 29, datetime(2027, 6, 1, tzinfo=UTC), 2024),
        ("Feb", 29, datetime(1904, 1, 1, tzinfo=UTC), 1896),
    ],
)
def test_a_time_without_a_year_lies_in_the_last_year_before_the_reference(
    month: str, day: int, reference: datetime, year: int
) -> None:
    at = read_yearless(month, day, "10:00:00", reference)
    assert at is not None
    assert (at.year, at.hour, at.tzinfo) == (year, 10, None)


@pytest.mark.parametrize(
    ("month", "day", "clock"), [("Feb", 30, "10:00:00"), ("Jan", 0, "10:00:00"), ("Jan", 1, "25:00:00")]
)
def test_an_impossible_time_without_a_year_is_none(month: str, day: int, clock: str) -> None:
    assert read_yearless(month, day, clock, datetime(2025, 1, 15, tzinfo=UTC)) is None
    assert read_yearless("Feb", 29, "10:00:00", datetime(1, 1, 1, tzinfo=UTC)) is None


def test_a_naive_time_is_taken_in_the_given_zone_and_an_aware_one_stays() -> None:
    zone = ZoneInfo("America/Sao_Paulo")
    assert in_zone(NAIVE, zone).astimezone(UTC) == NAIVE.replace(hour=13, tzinfo=UTC)
    aware = NAIVE.replace(tzinfo=UTC)
    assert in_zone(aware, zone) is aware
