"""Where a configuration is looked for."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from kumon_observe.config.settings import PURE

FILE_NAME: Final = "kumon-observe.toml"
PROJECT_FILE: Final = "pyproject.toml"
PATH_VARIABLE: Final = "KUMON_OBSERVE_CONFIG"
PREFIX: Final = "KUMON_OBSERVE_"
"""How every variable begins that sets an option."""


def anything_to_read(path: str | Path | None, environ: Mapping[str, str], cwd: Path) -> bool:
    """Whether there may be a file or a variable that says something; if not, the defaults are in force."""
    if path or any(name.startswith(PREFIX) and name != PURE for name in environ):
        return True
    return any((cwd / name).is_file() for name in (FILE_NAME, PROJECT_FILE))
