"""The one SQLite file: made on first use, migrated by version, shared by processes, never trusted blindly."""

from __future__ import annotations

import errno
import os
import stat
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Final

from kumon_observe.model.evidence import Sentence
from kumon_observe.model.phrase import phrase
from kumon_observe.state.migrations import MIGRATIONS

if TYPE_CHECKING:
    import sqlite3

FILE: Final = "state.db"
DAMAGED: Final = "state.db.damaged"

_APPLICATION: Final = 0x6B756D6F
"""Marks the file as this library's (SQLite's ``application_id``)."""

_SQLITE_CORRUPT: Final = 11
_SQLITE_NOTADB: Final = 26
_PRIMARY_CODE: Final = 0xFF


class NoState(Exception):
    """The state cannot be used now; ``sentence`` says why, and what that means."""

    def __init__(self, sentence: Sentence) -> None:
        super().__init__(str(sentence))
        self.sentence = sentence


@contextmanager
def reading(directory: Path, wait: float) -> Iterator[sqlite3.Connection]:
    """The database in *directory*, as it is while it is read.

    *wait* is in seconds: how long another process may hold it.

    Raises:
        NoState: it cannot be opened or read, or it is of a newer release or of another program.
            A damaged one is put aside, so that the next call makes a new one.
    """
    with _transaction(directory, wait, "BEGIN") as connection:
        yield connection


@contextmanager
def writing(directory: Path, wait: float) -> Iterator[sqlite3.Connection]:
    """The database in *directory*; what is written is kept whole, if nothing is raised, or not at all.

    *wait* is in seconds: how long another process may hold it.

    Raises:
        NoState: as for :func:`reading`, or it cannot be written.
    """
    with _transaction(directory, wait, "BEGIN IMMEDIATE") as connection:
        yield connection


@contextmanager
def looking(directory: Path, wait: float) -> Iterator[sqlite3.Connection | None]:
    """The database in *directory* for whoever only looks: it is neither made, migrated nor put aside.

    ``None``: there is none. It may be of an earlier release, and lack tables; *wait* is as for
    :func:`reading`.

    Raises:
        NoState: it cannot be read, or it is of a newer release or of another program.
    """
    import sqlite3
    from urllib.parse import quote

    path = directory / FILE
    try:
        path.stat()
    except FileNotFoundError:
        yield None
        return
    except OSError as error:
        raise NoState(unusable(path, error)) from error
    try:
        # Without its companions nobody has it open; to be read as usual it would be given them.
        alone = not any(path.with_name(FILE + end).exists() for end in ("-wal", "-journal"))
        address = f"file:{quote(str(path.absolute()))}?mode=ro{'&immutable=1' if alone else ''}"
        with closing(sqlite3.connect(address, uri=True, timeout=wait, isolation_level=None)) as connection:
            _version(connection, path)
            yield connection
    except (sqlite3.Error, OSError) as error:
        raise NoState(unusable(path, error)) from error


def opened(directory: Path, wait: float) -> sqlite3.Connection:
    """A connection to the database in *directory* that stays open, for whoever asks it often.

    It may be used by several threads, one at a time; *wait* is as for :func:`reading`.

    Raises:
        NoState: as for :func:`reading`.
    """
    import sqlite3

    path = directory / FILE
    made: int | None = None
    try:
        made = _made(path)
        connection = sqlite3.connect(path, timeout=wait, isolation_level=None, check_same_thread=False)
        try:
            prepare(connection, path)
        except BaseException:
            connection.close()
            raise
    except sqlite3.Error as error:
        raise NoState(_told(error, path, made)) from error
    except OSError as error:
        raise NoState(unusable(path, error)) from error
    return connection


def is_damaged(error: sqlite3.Error) -> bool:
    """Whether *error* says that the file is no database any more."""
    return getattr(error, "sqlite_errorcode", 0) & _PRIMARY_CODE in (_SQLITE_CORRUPT, _SQLITE_NOTADB)


def why_not(error: sqlite3.Error, directory: Path, made: int | None) -> NoState:
    """What *error* of the database in *directory* means; as above, a damaged file is put aside."""
    return NoState(_told(error, directory / FILE, made))


@contextmanager
def _transaction(directory: Path, wait: float, begin: str) -> Iterator[sqlite3.Connection]:
    import sqlite3

    path = directory / FILE
    made: int | None = None
    try:
        made = _made(path)
        with closing(sqlite3.connect(path, timeout=wait, isolation_level=None)) as connection:
            prepare(connection, path)
            connection.execute(begin)
            try:
                yield connection
            except BaseException:
                connection.rollback()
                raise
            connection.commit()
    except sqlite3.Error as error:
        raise NoState(_told(error, path, made)) from error
    except OSError as error:
        raise NoState(unusable(path, error)) from error


def _made(path: Path) -> int:
    """Make the file if there is none; its inode."""
    with suppress(FileNotFoundError):
        there = path.stat()
        if stat.S_ISDIR(there.st_mode):  # SQLite would say no more than that it cannot open it
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
        return there.st_ino
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    # SQLite would make the file readable for others; its companions take the rights of the file itself. It is
    # made under another name: to close a file ends the locks of all connections that this process has to it.
    new = path.with_name(f"{FILE}.{os.getpid()}-{threading.get_ident()}")
    _touched(new)
    try:
        os.link(new, path)
    except FileExistsError:
        pass  # another one was faster
    except OSError:  # a filesystem without links
        _touched(path)
    finally:
        new.unlink()
    return path.stat().st_ino


def _touched(path: Path) -> None:
    os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))


def prepare(connection: sqlite3.Connection, path: Path) -> None:
    """Bring the database of *connection*, named *path*, to this release's version.

    Raises:
        NoState: it is of a newer release, or of another program.
        sqlite3.Error: it cannot be read or written.
    """
    import sqlite3

    version = _version(connection, path)
    # What was committed must outlive the power too. That costs nothing that could be measured: a connection
    # that is closed after its transaction brings all to the disk anyway.
    connection.execute("PRAGMA synchronous = FULL")
    if version == len(MIGRATIONS):
        return
    with suppress(sqlite3.OperationalError):  # another process, which is just making it too, does it then
        connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("BEGIN IMMEDIATE")
    try:
        for step in MIGRATIONS[_version(connection, path) :]:
            connection.execute(step)
        connection.execute(f"PRAGMA application_id = {_APPLICATION}")
        connection.execute(f"PRAGMA user_version = {len(MIGRATIONS)}")
    except BaseException:
        connection.rollback()
        raise
    connection.commit()


def _version(connection: sqlite3.Connection, path: Path) -> int:
    """The version of the database, 0 for a new one."""
    ((application,),) = connection.execute("PRAGMA application_id")
    ((version,),) = connection.execute("PRAGMA user_version")
    ((tables,),) = connection.execute("SELECT count(*) FROM sqlite_master")
    if application != _APPLICATION and (application or version or tables):
        raise NoState(phrase("{file} is no state of kumon-observe, and is left alone", file=str(path)))
    if version > len(MIGRATIONS):
        raise NoState(phrase("{file} was made by a newer release, and is left alone", file=str(path)))
    return int(version)


def _told(error: sqlite3.Error, path: Path, made: int | None) -> Sentence:
    """What *error* means; a damaged file, the one with the inode *made*, is put aside."""
    if not is_damaged(error):
        return unusable(path, error)
    try:
        if path.stat().st_ino == made:  # else another process was faster, and what stands there is new
            for companion in ("-wal", "-shm"):
                path.with_name(FILE + companion).unlink(missing_ok=True)
            path.replace(path.with_name(DAMAGED))
    except OSError as fault:
        return unusable(path, fault)
    return phrase("{file} was damaged and is now {aside}", file=str(path), aside=DAMAGED)


def unusable(path: Path, error: Exception) -> Sentence:
    """That the file or folder at *path* cannot be used, and why."""
    reason = (error.strerror if isinstance(error, OSError) else None) or str(error)
    return phrase("{file} cannot be used: {reason}", file=str(path), reason=reason)
