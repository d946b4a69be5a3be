"""Saved cursors: bytes by a key, checked, bounded in number and age."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Final

from attrs import frozen

from kumon_observe.clock import Clock, utc_now
from kumon_observe.model.evidence import Sentence
from kumon_observe.model.phrase import phrase
from kumon_observe.state.database import FILE, NoState, reading, writing

MOST_KEPT: Final = 32
LONGEST_KEPT: Final = 30 * 86_400
"""Seconds after which a cursor that nobody renewed is given up."""

MOST_BYTES: Final = 16 << 20
_WAIT: Final = 1.0


@frozen
class Cursors:
    """The cursors in the state *directory*; *wait* is in seconds, how long another process may hold it up.

    Nothing is raised for what a disk or another program does: a sentence says why there is no cursor.
    """

    directory: Path
    clock: Clock = utc_now
    wait: float = _WAIT

    def load(self, key: str) -> tuple[bytes | None, Sentence | None]:
        """What was saved under *key*, ``None`` if there is nothing; and why it cannot be had, if so."""
        if not (self.directory / FILE).exists():
            return None, None
        try:
            with reading(self.directory, self.wait) as database:
                row = database.execute("SELECT digest, value FROM cursors WHERE key = ?", (key,)).fetchone()
        except NoState as why:
            return None, why.sentence
        if row is None:
            return None, None
        digest, value = row
        if isinstance(value, bytes) and digest == _digest(key, value):
            return value, None
        return None, self.drop(key) or phrase("what was saved of this log is damaged, and was thrown away")

    def save(self, key: str, value: bytes) -> Sentence | None:
        """Keep *value* under *key*, and no more than the latest few; what hinders, if anything."""
        if len(value) > MOST_BYTES:
            return phrase("the state of this log is too large to be saved: {n} bytes", n=len(value))
        now = _seconds(self.clock())
        try:
            with writing(self.directory, self.wait) as database:
                database.execute(
                    "INSERT OR REPLACE INTO cursors (key, saved_at, digest, value) VALUES (?, ?, ?, ?)",
                    (key, now, _digest(key, value), value),
                )
                database.execute("DELETE FROM cursors WHERE saved_at < ?", (now - LONGEST_KEPT,))
                database.execute(
                    "DELETE FROM cursors WHERE key NOT IN "
                    "(SELECT key FROM cursors ORDER BY saved_at DESC, rowid DESC LIMIT ?)",
                    (MOST_KEPT,),
                )
        except NoState as why:
            return why.sentence
        return None

    def drop(self, key: str) -> Sentence | None:
        """Forget what was saved under *key*; what hinders, if anything."""
        try:
            with writing(self.directory, self.wait) as database:
                database.execute("DELETE FROM cursors WHERE key = ?", (key,))
        except NoState as why:
            return why.sentence
        return None


def _digest(key: str, value: bytes) -> bytes:
    import hashlib

    return hashlib.blake2b(value, key=hashlib.blake2b(key.encode()).digest()).digest()


def _seconds(moment: datetime) -> int:
    return int(moment.timestamp())
