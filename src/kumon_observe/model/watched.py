"""When a watch counts as alive, for whoever asks."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

FRESH: Final = timedelta(minutes=3)
"""An older heartbeat is that of a watch that stopped, or that cannot judge or deliver."""
