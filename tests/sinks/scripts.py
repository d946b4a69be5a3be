"""Programs to run for an alert, and the sink that runs them."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from kumon_observe.config.channels import ShellSettings
from kumon_observe.sinks.shell import ShellSink
from kumon_observe.testing.clock import FakeClock
from tests.sinks.hostile import words


def script(folder: Path, text: str, name: str = "recover.sh") -> str:
    """A program that does what *text*, in the language of ``sh``, says."""
    path = folder / name
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(0o755)
    return str(path)


def python(folder: Path, text: str) -> str:
    """A program in Python."""
    path = folder / "recover.py"
    path.write_text(f"#!{sys.executable}\n{text}\n")
    path.chmod(0o755)
    return str(path)


def hook(folder: Path, *command: str, **settings: Any) -> ShellSink:
    """The sink that runs *command* and keeps its state in *folder*; rollbacks are allowed."""
    usual: dict[str, Any] = {"rollback": True, "evidence": "any", "timeout": 10.0}
    return ShellSink(
        ShellSettings(command=command, **{**usual, **settings}), folder / "state", words, clock=FakeClock()
    )
