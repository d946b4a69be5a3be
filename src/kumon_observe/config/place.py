"""Where a configuration is looked for."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Final, TypeAlias

from kumon_observe.config.settings import PURE

FILE_NAME: Final = "kumon-observe.toml"
PROJECT_FILE: Final = "pyproject.toml"
PATH_VARIABLE: Final = "KUMON_OBSERVE_CONFIG"
PREFIX: Final = "KUMON_OBSERVE_"
"""How every variable begins that sets an option."""

ALIASES: Final = {"SLACK_WEBHOOK_URL": ("sinks", "slack", "webhook_url")}
"""Variables that the guide has for an option, which work as they are."""


Place: TypeAlias = str | os.PathLike[str]
"""A path; the empty one is the folder where we are. (``pathlib`` takes longer to import than this room.)"""


def anything_to_read(path: Place | None, environ: Mapping[str, str], cwd: Place) -> bool:
    """Whether there may be a file or a variable that says something; if not, the defaults are in force."""
    if path or any(name.startswith(PREFIX) and name != PURE for name in environ):
        return True
    if any(environ.get(name) for name in ALIASES):
        return True
    return any(is_file(cwd, name) for name in (FILE_NAME, PROJECT_FILE))


def is_file(folder: Place, name: str) -> bool:
    """Whether *name* in *folder* leads to a regular file."""
    return os.path.isfile(os.path.join(folder, name))  # noqa: PTH113, PTH118
