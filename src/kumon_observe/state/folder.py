"""Where state is kept between runs."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from kumon_observe.config.settings import Settings


def state_directory(settings: Settings) -> Path:
    """Where this library keeps its state: ``state_dir``, else the user's state directory (XDG)."""
    from pathlib import Path

    return Path(state_folder(settings))


def state_folder(settings: Settings) -> str:
    """The same as text, for runs that may never touch it: ``pathlib`` is slow to import.

    Raises:
        RuntimeError: the user's home is not known.
    """
    folder = settings.state_dir
    if not folder:
        home = os.environ.get("XDG_STATE_HOME", "")
        folder = f"{home if home.startswith(os.sep) else '~/.local/state'}/kumon-observe"
    folder = os.path.expanduser(folder)  # noqa: PTH111
    if folder.startswith("~"):
        raise RuntimeError("the user's home directory cannot be told")
    return folder
