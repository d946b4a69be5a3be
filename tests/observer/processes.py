"""Runs small programs that observe themselves, since a fork, an end and a leak are a whole process's."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from tests.cli.processes import environment
from tests.shell import ROOT

_HEAD = """\
import json, logging, os, sys, threading, time
from kumon_observe import Observer
from kumon_observe.config.settings import Settings
from tests.observer.app import LOST, Inbox, play, until
from tests.scenarios import Story
logging.getLogger().setLevel(logging.INFO)
"""


def program(folder: Path, text: str, *, timeout: float = 60) -> subprocess.CompletedProcess[str]:
    """Run *text* as a program of its own, its state in *folder*."""
    file = folder / "program.py"
    file.write_text(_HEAD + text, encoding="utf-8")
    found = unmeasured(environment(folder))
    found["PYTHONPATH"] = f"{found['PYTHONPATH']}:{ROOT}"
    return subprocess.run(
        [sys.executable, "-W", "error", str(file)],
        cwd=folder,
        env=found,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        timeout=timeout,
    )


def unmeasured(env: dict[str, str]) -> dict[str, str]:
    """*env* for a program that forks while its threads run, in which coverage would wait for its own lock."""
    return {name: value for name, value in env.items() if not name.startswith("COVERAGE")}


def printed(folder: Path, text: str, *, timeout: float = 60) -> list[Any]:
    """The JSON values that *text* prints, one a line; it must end well and say nothing else."""
    ran = program(folder, text, timeout=timeout)
    assert (ran.returncode, ran.stderr) == (0, ""), ran.stderr
    return [json.loads(line) for line in ran.stdout.splitlines()]
