"""Cron lines across changes of clocks: New York (at 02:00) and São Paulo (at midnight, until 2019)."""

from __future__ import annotations

import sys
from datetime import UTC, datetime, timedelta
from itertools import islice, pairwise, takewhile
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings, strategies as st

from kumon_observe.model.errors import MissingExtraError
from kumon_observe.schedules.cron import CronLine

NEW_YORK = ZoneInfo("America/New_York")
SAO_PAULO = ZoneInfo("America/Sao_Paulo")

SPRING = datetime(2024, 3, 9, 12, tzinfo=NEW_YORK)
"""The day before clocks jump from 02:00 to 03:00."""

AUTUMN = datetime(2024, 11, 2, 12, tzinfo=NEW_YORK)
"""The day before they fall back from 02:00 to 01:00."""


def shown(line: str, zone: ZoneInfo, start: datetime, hours: float) -> list[str]:
    """The local times, with their offsets, in the *hours* after *start*."""
    end = start.astimezone(UTC) + timedelta(hours=hours)
    moments = takewhile(lambda moment: moment <= end, CronLine(line, zone).after(start))
    return [moment.astimezone(zone).strftime("%d %H:%M%z")[:-2] for moment in moments]


def test_a_job_in_the_missing_hour_runs_once_at_its_end() -> None:
    assert shown("0 2 * * *", NEW_YORK, SPRING, 40) == ["10 03:00-04", "11 02:00-04"]
    assert shown("30 2 * * *", NEW_YORK, SPRING, 40) == ["10 03:00-04", "11 02:30-04"]
    assert shown("*/15 2 * * *", NEW_YORK, SPRING, 20) == ["10 03:00-04"]
    assert shown("0 2,3 * * *", NEW_YORK, SPRING, 20) == ["10 03:00-04"]


def test_a_job_in_the_hour_that_comes_twice_runs_once() -> None:
    assert shown("30 1 * * *", NEW_YORK, AUTUMN, 40) == ["03 01:30-04", "04 01:30-05"]
    assert shown("30 2 * * *", NEW_YORK, AUTUMN, 40) == ["03 02:30-05", "04 02:30-05"]
    assert shown("30 1,2 * * *", NEW_YORK, AUTUMN, 20) == ["03 01:30-04", "03 02:30-05"]


@pytest.mark.parametrize("line", ["10 * * * *", "10 22-23,0-7 * * *"])
def test_an_hourly_job_runs_once_in_each_hour_that_passes(line: str) -> None:
    night = SPRING.replace(hour=23, minute=30)
    assert shown(line, NEW_YORK, night, 4) == ["10 00:10-05", "10 01:10-05", "10 03:10-04", "10 04:10-04"]
    night = AUTUMN.replace(hour=23, minute=30)
    assert shown(line, NEW_YORK, night, 4) == ["03 00:10-04", "03 01:10-04", "03 01:10-05", "03 02:10-05"]


def test_the_guides_night_in_sao_paulo_when_clocks_still_changed() -> None:
    falls_back = datetime(2018, 2, 17, 21, 30, tzinfo=SAO_PAULO)  # 00:00 becomes 23:00
    hourly = "0 22-23,0-7 * * *"
    assert shown(hourly, SAO_PAULO, falls_back, 4) == [
        "17 22:00-02",
        "17 23:00-02",
        "17 23:00-03",
        "18 00:00-03",
    ]
    jumps = datetime(2018, 11, 3, 21, 30, tzinfo=SAO_PAULO)  # 00:00 becomes 01:00
    assert shown(hourly, SAO_PAULO, jumps, 4) == ["03 22:00-03", "03 23:00-03", "04 01:00-02", "04 02:00-02"]
    assert shown("0 2 * * *", SAO_PAULO, jumps, 24) == ["04 02:00-02"]
    assert shown("0 0 * * *", SAO_PAULO, jumps, 48) == ["04 01:00-02", "05 00:00-02"]
    assert shown("30 23 * * *", SAO_PAULO, falls_back, 40) == ["17 23:30-02", "18 23:30-03"]


def test_it_goes_on_rightly_from_within_the_hour_that_comes_twice() -> None:
    second = datetime(2024, 11, 3, 1, 20, tzinfo=NEW_YORK, fold=1)
    assert shown("30 1 * * *", NEW_YORK, second, 25) == ["04 01:30-05"]
    assert shown("*/30 * * * *", NEW_YORK, second, 1) == ["03 01:30-05", "03 02:00-05"]


def test_since_2019_sao_paulo_has_days_of_24_hours() -> None:
    line = CronLine("0 2 * * *", SAO_PAULO)
    moments = list(islice(line.after(datetime(2024, 1, 1, tzinfo=UTC)), 400))
    assert {later - earlier for earlier, later in pairwise(moments)} == {timedelta(days=1)}
    assert moments[0] == datetime(2024, 1, 1, 5, tzinfo=UTC)


def test_a_line_that_names_the_29th_of_february_waits_for_it() -> None:
    leap = next(CronLine("0 0 29 2 *", NEW_YORK).after(datetime(2024, 3, 1, tzinfo=UTC)))
    assert leap == datetime(2028, 2, 29, 5, tzinfo=UTC)


ZONES = st.sampled_from(
    ["America/New_York", "America/Sao_Paulo", "Europe/Berlin", "Australia/Lord_Howe", "UTC"]
)
MOMENTS = st.integers(1_262_304_000, 1_767_225_600).map(lambda seconds: datetime.fromtimestamp(seconds, UTC))
"""From 2010 to 2025."""


LINES = ("*/15 8-11 * * *", "0 22-23,0-7 * * *", "30 1,2 * * MON", "0 2 * * *", "7 * * * *")


@settings(deadline=None)
@given(zone=ZONES.map(ZoneInfo), start=MOMENTS, step=st.sampled_from([5, 15, 30]))
def test_a_job_of_every_few_minutes_never_pauses_and_never_hurries(
    zone: ZoneInfo, start: datetime, step: int
) -> None:
    moments = list(islice(CronLine(f"*/{step} * * * *", zone).after(start), 200))
    gaps = {later - earlier for earlier, later in pairwise(moments)}
    assert gaps == {timedelta(minutes=step)}
    assert start < moments[0] <= start + timedelta(minutes=step)


@settings(deadline=None)
@given(zone=ZONES.map(ZoneInfo), start=MOMENTS, hour=st.integers(0, 23), minute=st.integers(0, 59))
def test_a_daily_job_runs_exactly_once_on_every_day(
    zone: ZoneInfo, start: datetime, hour: int, minute: int
) -> None:
    moments = list(islice(CronLine(f"{minute} {hour} * * *", zone).after(start), 40))
    days = [moment.astimezone(zone).date() for moment in moments]
    assert days == [days[0] + timedelta(days=number) for number in range(40)]


@settings(deadline=None)
@given(
    zone=ZONES.map(ZoneInfo),
    start=MOMENTS,
    later=st.integers(1, 60 * 24 * 40),
    line=st.sampled_from(
        ["*/15 8-11 * * *", "0 22-23,0-7 * * *", "30 1,2 * * MON", "0 2 * * *", "7 * * * *"]
    ),
)
def test_where_one_begins_to_look_changes_nothing(
    zone: ZoneInfo, start: datetime, later: int, line: str
) -> None:
    then = start + timedelta(minutes=later)
    all_of_them = CronLine(line, zone).after(start)
    expected = next(moment for moment in all_of_them if moment > then)
    assert next(CronLine(line, zone).after(then)) == expected


def test_without_cronsim_the_extra_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "cronsim", None)
    with pytest.raises(
        MissingExtraError, match=r"by the clock needs an extra: install kumon-observe\[schedule\]"
    ):
        next(CronLine("0 2 * * *", NEW_YORK).after(SPRING))
