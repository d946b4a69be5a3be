from __future__ import annotations

from datetime import UTC, datetime, timedelta, tzinfo
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, strategies as st

from kumon_observe.cli.errors import CommandLineError
from kumon_observe.cli.when import moment

NOW = datetime(2025, 1, 15, 3, 0, tzinfo=UTC)
SAO_PAULO = ZoneInfo("America/Sao_Paulo")


@pytest.mark.parametrize(
    ("text", "zone", "meant"),
    [
        ("2h", UTC, "2025-01-15T01:00:00Z"),
        ("90s", UTC, "2025-01-15T02:58:30Z"),
        ("30m", UTC, "2025-01-15T02:30:00Z"),
        ("30min", UTC, "2025-01-15T02:30:00Z"),
        ("1h30m", UTC, "2025-01-15T01:30:00Z"),
        ("1d 2h", UTC, "2025-01-14T01:00:00Z"),
        ("1w", UTC, "2025-01-08T03:00:00Z"),
        ("2024-01-15 10:00", UTC, "2024-01-15T10:00:00Z"),
        ("2024-01-15 10:00", SAO_PAULO, "2024-01-15T13:00:00Z"),
        ("2024-01-15T10:00:30.5", UTC, "2024-01-15T10:00:30.5Z"),
        ("2024-01-15T10:00Z", SAO_PAULO, "2024-01-15T10:00:00Z"),
        ("2024-01-15T10:00-03:00", UTC, "2024-01-15T13:00:00Z"),
        ("2024-01-15", UTC, "2024-01-15T00:00:00Z"),
        (" 02:30 ", UTC, "2025-01-15T02:30:00Z"),
        ("22:00", UTC, "2025-01-14T22:00:00Z"),
        ("22:00", SAO_PAULO, "2025-01-15T01:00:00Z"),
        ("03:00", UTC, "2025-01-15T03:00:00Z"),
        ("02:30:15", UTC, "2025-01-15T02:30:15Z"),
    ],
)
def test_a_moment_is_read_as_people_mean_it(text: str, zone: tzinfo, meant: str) -> None:
    assert moment("--since", text, NOW, zone) == datetime.fromisoformat(meant)


@pytest.mark.parametrize(
    "text",
    ["", "soon", "2", "-2h", "25:00", "10:00+03:00", "2024-13-01", "999999w", "0001-01-01T00:00+23:59x"],
)
def test_anything_else_is_refused_by_name(text: str) -> None:
    with pytest.raises(CommandLineError, match=r"--since .* is no time: write"):
        moment("--since", text, NOW, UTC)


@given(st.text(max_size=30))
def test_no_text_whatever_breaks_it(text: str) -> None:
    try:
        found = moment("--since", text, NOW, UTC)
    except CommandLineError:
        return
    assert found.tzinfo is not None


def test_without_a_zone_it_is_the_machines() -> None:
    found = moment("--since", "2024-01-15 10:00", NOW, None)
    assert found.utcoffset() is not None
    assert abs(found - datetime(2024, 1, 15, 10, tzinfo=UTC)) <= timedelta(hours=14)
