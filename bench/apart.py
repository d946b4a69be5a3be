"""Runs a benchmark in a process of its own, where nothing else is measured or loaded."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

from bench.ours import SOURCES
from bench.place import Place
from bench.processes import CommandFailed


def apart(place: Place, module: str, *options: str) -> dict[str, Any]:
    """What ``python -m module`` prints as JSON.

    Raises:
        CommandFailed: it did not give an answer.
    """
    command = [sys.executable, "-m", module, *options]
    env = place.env | {"PYTHONPATH": f"{SOURCES}:{SOURCES.parent}"}
    ran = subprocess.run(command, env=env, cwd=place.cwd, capture_output=True, text=True, check=False)
    if ran.returncode:
        raise CommandFailed((ran.stderr.strip().splitlines() or [f"it ended with {ran.returncode}"])[-1])
    answer: dict[str, Any] = json.loads(ran.stdout)
    return answer
