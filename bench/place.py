"""Where commands run: an empty folder with a state of its own, without anybody's configuration."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

from attrs import frozen

from bench.ours import SOURCES

_KEPT: Final = ("PATH", "HOME", "TMPDIR", "LD_LIBRARY_PATH")


@frozen
class Place:
    """A folder to run in, and the environment that goes with it."""

    cwd: Path

    @property
    def env(self) -> dict[str, str]:
        """Little more than the path: English, UTC, this checkout, the state inside the folder."""
        kept = {name: os.environ[name] for name in _KEPT if name in os.environ}
        return kept | {
            "KUMON_OBSERVE_STATE_DIR": str(self.cwd / "state"),
            "LANG": "C.UTF-8",
            "PYTHONPATH": str(SOURCES),
            "TZ": "UTC",
        }
