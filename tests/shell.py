"""Runs commands as a person in a checkout types them, with the interpreter of these tests."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.prefix) / "bin"

_TAG = re.compile(r"~[0-9a-f]{4}(?![0-9a-f])")
_ALERT_TIME = re.compile(r"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d-03:00 ", re.MULTILINE)
_INCIDENT = re.compile(r"(?<= alerts ack )[a-z0-9]{4}(?![a-z0-9])")
_MAKES_OWN = ("MAKEFLAGS", "MAKELEVEL", "MFLAGS")


def uncovered() -> dict[str, str]:
    """This environment without what measures coverage: it would be measured too, in time and memory."""
    return {name: value for name, value in os.environ.items() if not name.startswith("COVERAGE_")}


def run(command: str, state: Path, cwd: Path = ROOT) -> subprocess.CompletedProcess[str]:
    """Run *command* in English and UTC, with the state in *state*; standard error is part of the output."""
    kept = {name: value for name, value in os.environ.items() if name not in _MAKES_OWN}
    own = {
        "COLUMNS": "80",
        "KUMON_OBSERVE_STATE_DIR": str(state),
        "LANG": "C.UTF-8",
        "LANGUAGE": "en",
        "LC_ALL": "C.UTF-8",
        "PYTHONPATH": str(ROOT / "src"),
        "TZ": "UTC",
    }
    return subprocess.run(
        _with_own_interpreter(shlex.split(command)),
        cwd=cwd,
        env={**kept, **own},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
        timeout=120,
    )


def _with_own_interpreter(words: list[str]) -> list[str]:
    """The same command, without making a new virtual environment for it."""
    if words[0] == "kumon-observe":
        return [sys.executable, "-m", "kumon_observe", *words[1:]]
    if words[0] == "make":
        installed = BIN / "kumon-observe"
        return ["make", "--no-print-directory", f"VENV={sys.prefix}", f"--old-file={installed}", *words[1:]]
    return words


def comparable(output: str) -> str:
    """*output* without what differs between two runs: tags of pseudonyms, an alert's time, its incident."""
    untimed = _ALERT_TIME.sub("2025-01-15 08:00:00-03:00 ", output)
    return _TAG.sub("~0000", _INCIDENT.sub("k7m2", untimed)).rstrip()
