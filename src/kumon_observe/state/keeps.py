"""Short texts that a sink keeps by name, as which message began an incident's thread."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import Final

from attrs import frozen

from kumon_observe.clock import Clock
from kumon_observe.model.moments import to_microseconds
from kumon_observe.state.database import FILE, NoState, reading, writing

_WAIT: Final = 2.0
_LONGEST: Final = 4096
"""Characters of a text; a longer one is not kept."""


@frozen
class StateKeep:
    """What the *sink* keeps in the state *directory*, for *seconds* after it was put there last.

    It never raises: what cannot be kept is forgotten.
    """

    directory: Path
    sink: str
    seconds: float
    clock: Clock

    def get(self, name: str) -> str | None:
        """The text that was kept under *name*."""
        if not (self.directory / FILE).exists():
            return None
        with suppress(NoState), reading(self.directory, _WAIT) as database:
            row = database.execute(
                "SELECT value FROM sink_texts WHERE sink = ? AND name = ?", (self.sink, name)
            ).fetchone()
            return None if row is None else str(row[0])
        return None

    def put(self, name: str, text: str) -> None:
        """Keep *text* under *name*, instead of what was kept there."""
        if len(text) > _LONGEST:
            return
        now = self.clock()
        with suppress(NoState), writing(self.directory, _WAIT) as database:
            database.execute(
                "INSERT OR REPLACE INTO sink_texts (sink, name, value, kept_at) VALUES (?, ?, ?, ?)",
                (self.sink, name, text, to_microseconds(now)),
            )
            before = to_microseconds(now - timedelta(seconds=self.seconds))
            database.execute("DELETE FROM sink_texts WHERE kept_at < ?", (before,))
