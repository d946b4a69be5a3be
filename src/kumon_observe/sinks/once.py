"""What makes sure that something is done once for an incident, whatever crashes in between."""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final, NamedTuple

_LOCK: Final = "lock"


class InUse(Exception):
    """Another process works with the same marks at this moment."""


class Mark(NamedTuple):
    """What is known of an incident's one run.

    Attributes:
        key: of the alert that began it.
        begun: when, as text.
        ended: whether its end is known.
        fault: what went wrong with it; empty: nothing.
    """

    key: str
    begun: str
    ended: bool = False
    fault: str = ""


class Marks:
    """One file in *folder* for each incident: written before the run, and once more after it.

    A mark is on the disk before its run begins. So one that does not tell an end is of a run that was cut
    short, or that did not even begin: nobody can say which, and it is not begun again.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Keep every other process out as long as this one is within.

        Raises:
            InUse: another one is within.
            OSError: the folder cannot be made or written.
        """
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        descriptor = os.open(self._folder / _LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise InUse from None
            yield
        finally:
            os.close(descriptor)

    def of(self, incident: str) -> Mark | None:
        """The mark of *incident*; ``None``: it was never run for.

        Raises:
            OSError: it cannot be read.
        """
        try:
            lines = self._path(incident).read_text(encoding="utf-8", errors="replace").split("\n")
        except FileNotFoundError:
            return None
        begun = _object(lines[0])
        end = _object(lines[1]) if len(lines) > 2 else {}
        return Mark(
            key=str(begun.get("key", "")),
            begun=str(begun.get("begun", "?")),
            ended="fault" in end,
            fault=str(end.get("fault", "")),
        )

    def begin(self, incident: str, key: str, begun: str) -> None:
        """Mark *incident*; the mark is on the disk when this returns.

        Raises:
            FileExistsError: it is marked.
            OSError: it cannot be written. It is not marked then.
        """
        path = self._path(incident)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
        try:
            _write(descriptor, {"incident": incident, "key": key, "begun": begun})
        except OSError:
            path.unlink(missing_ok=True)
            raise
        finally:
            os.close(descriptor)
        self._sync()

    def end(self, incident: str, fault: str) -> None:
        """Keep that it ended, and what went wrong (empty: nothing).

        Raises:
            OSError: it cannot be written. Then its end is not known.
        """
        descriptor = os.open(self._path(incident), os.O_WRONLY | os.O_APPEND | os.O_CLOEXEC)
        try:
            _write(descriptor, {"fault": fault})
        finally:
            os.close(descriptor)

    def forget(self, incident: str) -> None:
        """Take the mark of an *incident* back, for which nothing was begun after all.

        Raises:
            OSError: it cannot be removed.
        """
        self._path(incident).unlink(missing_ok=True)
        self._sync()

    def _path(self, incident: str) -> Path:
        name = hashlib.sha256(incident.encode("utf-8", "surrogatepass")).hexdigest()[:32]
        return self._folder / f"{name}.json"

    def _sync(self) -> None:
        descriptor = os.open(self._folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _write(descriptor: int, what: dict[str, str]) -> None:
    text = f"{json.dumps(what)}\n".encode()
    if os.write(descriptor, text) < len(text):
        raise OSError("the disk is full")
    os.fsync(descriptor)


def _object(line: str) -> dict[str, Any]:
    try:
        value = json.loads(line)
    except ValueError:
        return {}
    return value if isinstance(value, dict) else {}
