"""The store of incidents and of what waits to be sent: on disk for the watch, in memory to try things out."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Final

from kumon_observe.state.database import FILE, NoState, is_damaged, opened, prepare, why_not

if TYPE_CHECKING:
    import sqlite3

_WAIT: Final = 5.0
_IN_MEMORY: Final = Path(":memory:")


class Book:
    """The database in the state *directory*; ``None``: one in memory, which ends with this object.

    *wait* is in seconds: how long another process may hold it. For several threads, one at a time.
    """

    def __init__(self, directory: Path | None, wait: float = _WAIT) -> None:
        self._directory = directory
        self._wait = wait
        self._lock = threading.RLock()
        self._connection: sqlite3.Connection | None = None
        self._made: int | None = None
        self.opened = 0
        """How many files it has had open, one after the other: with each but the first, all began anew."""

    @classmethod
    def in_memory(cls) -> Book:
        """A store that nothing outlives, for backtests and tests."""
        return cls(None)

    def copied(self) -> Book:
        """What it holds now, in memory: to go on with while nothing can be written (a full disk).

        What cannot even be read is empty there: better that something is told twice than never.
        """
        copy = Book.in_memory()
        with suppress(NoState), self.reading() as connection:
            copy.replace_by(connection)
        return copy

    def replace_by(self, connection: sqlite3.Connection) -> None:
        """Hold what the database of *connection* holds, and nothing else."""
        with self._lock:
            connection.backup(self._open())

    def close(self) -> None:
        """Let go of the database; the next use opens it again, but for one in memory, which is gone."""
        with self._lock:
            if self._connection is not None:
                self._connection.close()
            self._connection = None

    @contextmanager
    def changing(self) -> Iterator[sqlite3.Connection]:
        """One transaction: all of it is kept if nothing is raised, or nothing of it.

        Raises:
            NoState: the database cannot be opened, read or written now.
        """
        with self._transaction("BEGIN IMMEDIATE") as connection:
            yield connection

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """The database as it is at one moment.

        Raises:
            NoState: the database cannot be opened or read now.
        """
        with self._transaction("BEGIN") as connection:
            yield connection

    @contextmanager
    def _transaction(self, begin: str) -> Iterator[sqlite3.Connection]:
        import sqlite3

        with self._lock:
            try:
                connection = self._open()
                connection.execute(begin)
                try:
                    yield connection
                except BaseException:
                    connection.rollback()
                    raise
                connection.commit()
            except sqlite3.Error as error:
                if self._directory is None:
                    raise
                made = self._made
                if is_damaged(error):
                    self.close()
                    self._made = None
                raise why_not(error, self._directory, made) from error

    def _open(self) -> sqlite3.Connection:
        """The connection; a new one where the file was taken away or replaced meanwhile."""
        if (
            self._directory is not None
            and self._connection is not None
            and _inode(self._directory) != self._made
        ):
            self.close()
            self._made = None
        if self._connection is None:
            self._connection = self._new()
        return self._connection

    def _new(self) -> sqlite3.Connection:
        if self._directory is not None:
            connection = opened(self._directory, self._wait)
            made = _inode(self._directory)
            if made != self._made:
                self._made, self.opened = made, self.opened + 1
            return connection
        import sqlite3

        connection = sqlite3.connect(_IN_MEMORY, isolation_level=None, check_same_thread=False)
        prepare(connection, _IN_MEMORY)
        return connection


def _inode(directory: Path) -> int | None:
    try:
        return os.stat(directory / FILE).st_ino  # noqa: PTH116 - asked before each transaction
    except OSError:
        return None


__all__ = ["Book", "NoState"]
