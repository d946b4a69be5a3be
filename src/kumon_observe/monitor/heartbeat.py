"""Whether the watch is running: it touches a file whenever judging and delivering worked."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from kumon_observe.config.settings import Settings
from kumon_observe.engine.pseudonym_key import state_directory

FILE: Final = "heartbeat"

FRESH: Final = timedelta(minutes=3)
"""An older heartbeat is that of a watch that stopped, or that cannot judge or deliver."""


def heartbeat_file(settings: Settings) -> Path:
    """``watch.heartbeat``, else the one in the state folder."""
    named = settings.watch.heartbeat
    return Path(named).expanduser() if named else state_directory(settings) / FILE


def heartbeat_age(settings: Settings, now: datetime) -> timedelta | None:
    """How long before *now* (aware) the watch last worked; ``None``: there is no sign of one.

    Raises:
        OSError: the file cannot be looked at.
    """
    try:
        modified = heartbeat_file(settings).stat().st_mtime
    except FileNotFoundError:
        return None
    return now - datetime.fromtimestamp(modified, UTC)
