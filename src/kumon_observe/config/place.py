"""Where a configuration is looked for."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Final

from kumon_observe.config.settings import PURE

FILE_NAME: Final = "kumon-observe.toml"
PROJECT_FILE: Final = "pyproject.toml"
PATH_VARIABLE: Final = "KUMON_OBSERVE_CONFIG"
PREFIX: Final = "KUMON_OBSERVE_"
"""How every variable begins that sets an option."""


def anything_to_read(
    path: str | os.PathLike[str] | None, environ: Mapping[str, str], cwd: str | os.PathLike[str]
) -> bool:
    """Whether there may be a file or a variable that says something; if not, the defaults are in force.

    An empty *cwd* is the folder where we are. (``pathlib`` takes longer to import than all of this.)
    """
    if path or any(name.startswith(PREFIX) and name != PURE for name in environ):
        return True
    return any(os.path.isfile(os.path.join(cwd, name)) for name in (FILE_NAME, PROJECT_FILE))  # noqa: PTH113, PTH118
