from __future__ import annotations

import subprocess
import sys

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
