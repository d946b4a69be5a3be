"""The compiled scan is used where it is installed and fits, and is kept out by a variable."""

from __future__ import annotations

import subprocess
import sys

import pytest

from kumon_observe.engine.doctor import diagnose
from tests.scans import pure_scan

ASKED = "from kumon_observe.parsing.choice import is_compiled; print(is_compiled())"
MISSING = f"import sys; sys.modules['kumon_observe_native'] = None; {ASKED}"
OTHER = f"import kumon_observe_native as native; native.INTERFACE = 0; {ASKED}"


@pytest.mark.parametrize(
    ("program", "environ", "compiled"),
    [
        (ASKED, {}, True),
        (ASKED, {"KUMON_OBSERVE_PURE": "1"}, False),
        (ASKED, {"KUMON_OBSERVE_PURE": ""}, True),
        (MISSING, {}, False),
        (OTHER, {}, False),
    ],
)
def test_which_scan_is_used(program: str, environ: dict[str, str], compiled: bool) -> None:
    ran = subprocess.run(
        [sys.executable, "-c", program], env=environ, capture_output=True, text=True, check=True
    )
    assert ran.stdout.strip() == str(compiled)


def test_doctor_says_which_scan_reads() -> None:
    def said() -> str:
        return " / ".join(str(finding.sentence) for finding in diagnose() if finding.topic == "scan")

    assert "the compiled scan" in said()
    with pure_scan():
        assert "the scan in Python" in said()
