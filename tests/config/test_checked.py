from __future__ import annotations

import subprocess
import sys
from datetime import time

import pytest

from kumon_observe.config.checked import hours_of, within


@pytest.mark.parametrize(
    ("hours", "inside", "outside"),
    [
        ("08:00-22:00", ["08:00", "21:59"], ["22:00", "07:59", "00:00"]),
        ("22:00-08:00", ["22:00", "00:00", "07:59"], ["08:00", "21:59"]),
        ("00:00-00:30", ["00:00"], ["00:30", "23:59"]),
    ],
)
def test_hours_begin_with_the_first_and_end_before_the_last(
    hours: str, inside: list[str], outside: list[str]
) -> None:
    parsed = hours_of(hours)
    assert [within(parsed, time.fromisoformat(moment)) for moment in inside] == [True] * len(inside)
    assert [within(parsed, time.fromisoformat(moment)) for moment in outside] == [False] * len(outside)


WITHOUT = """
import sys
sys.modules["cronsim"] = None
from kumon_observe.config.watching import JobSettings
for line in ("0 2 * * *", "99 2 * * *", "0 2 * *", "@daily"):
    try:
        print(JobSettings(cron=line).cron)
    except ValueError as error:
        print(error)
"""


def test_without_the_extra_only_the_form_of_a_cron_line_is_looked_at() -> None:
    said = subprocess.run([sys.executable, "-c", WITHOUT], capture_output=True, text=True, check=True).stdout
    remedy = "write five fields (minute, hour, day, month, weekday), as in '0 2 * * *'"
    assert said.splitlines() == [
        "0 2 * * *",
        "99 2 * * *",
        f"'0 2 * *' is no cron line: {remedy}",
        f"'@daily' is no cron line: {remedy}",
    ]
