"""What the watch says of the log itself: nothing is missing, and traces come when they are to be expected."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from kumon_observe.model.status import Status
from kumon_observe.testing.clock import FakeClock
from tests.monitor.watched import Watched, configured
from tests.scenarios import Story

WINDOW = 10_800.0


@pytest.mark.parametrize(
    ("begun", "now", "said"),
    [
        ("2025-01-15 12:00", "2025-01-15 14:59", Status.OK),  # a Wednesday; 09:00 in São Paulo
        ("2025-01-15 12:00", "2025-01-15 15:01", Status.UNKNOWN),
        ("2025-01-14 22:00", "2025-01-15 11:01", None),  # the night is over, and nobody wrote yet
        ("2025-01-14 22:00", "2025-01-15 14:01", Status.UNKNOWN),
        ("2025-01-18 22:00", "2025-01-19 18:00", None),  # a Sunday
        ("2025-01-18 22:00", "2025-01-20 14:01", Status.UNKNOWN),
    ],
)
def test_silence_is_told_of_working_hours_alone(
    tmp_path: Path, begun: str, now: str, said: Status | None
) -> None:
    clock = FakeClock(datetime.fromisoformat(begun).replace(tzinfo=UTC))
    watched = Watched(tmp_path, configured(tmp_path), clock)
    watched.writes(Story().turn("ana").records)
    watched.step()
    result = watched.session.judged.result("traces", WINDOW, datetime.fromisoformat(now).replace(tzinfo=UTC))
    assert (None if result is None else result.status) is said
    if result is None:
        return
    minutes = int((datetime.fromisoformat(now) - datetime.fromisoformat(begun)) / timedelta(minutes=1))
    assert str(result.summary) == (
        f"no trace came for {minutes} minutes" if said is Status.UNKNOWN else "traces come"
    )


def test_a_missing_log_is_no_data(tmp_path: Path) -> None:
    watched = Watched(tmp_path, configured(tmp_path), FakeClock())
    watched.step()
    watched.log.unlink()
    for _ in range(2):
        watched.clock.advance(5)
        watched.step()
    result = watched.session.judged.result("data", 0, watched.clock())
    assert result is not None
    assert result.status is Status.UNKNOWN
    assert any("app.log" in str(reason) for reason in result.reasons)
    assert watched.session.judged.result("nothing", 0, watched.clock()) is None
