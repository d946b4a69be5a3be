"""How our own command is called: with those options that this release offers."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Final

SOURCES: Final = Path(__file__).resolve().parent.parent / "src"
COMMAND: Final = (sys.executable, "-m", "kumon_observe")
_OPTION: Final = re.compile(r"^\s+(--[a-z-]+)", re.MULTILINE)


@cache
def offered() -> frozenset[str]:
    """The long options of ``kumon-observe health``, as its help lists them; asked once."""
    env = os.environ | {"PYTHONPATH": str(SOURCES)}
    said = subprocess.run([*COMMAND, "health", "--help"], env=env, capture_output=True, text=True, check=True)
    return frozenset(_OPTION.findall(said.stdout))


def health(*words: str, reread: bool = True) -> list[str]:
    """The command that prints a verdict as JSON; with *reread* it uses nothing that an earlier run kept."""
    full = ["--full"] if reread and "--full" in offered() else []
    return [*COMMAND, "health", "--json", *full, *words]
