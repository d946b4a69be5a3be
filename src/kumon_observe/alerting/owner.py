"""Who delivers: a name under which rows are claimed, and by which others see whether it still lives."""

from __future__ import annotations

import contextlib
import os
import threading
import uuid
from pathlib import Path
from typing import Final

_PREFIX: Final = "sender-"
_SUFFIX: Final = ".lock"


class Owner:
    """One who delivers from the state *directory*. Its file there is locked while its process lives.

    The system lets go of the lock when a process ends, however it ends, so that what a killed one had claimed
    can be sent without waiting for its lease. A forked process that uses it gets a name of its own.
    """

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._lock = threading.Lock()
        self._name = ""
        self._process = 0
        self._descriptor: int | None = None

    @property
    def name(self) -> str:
        """The name; its file is made when it is first asked for.

        Raises:
            OSError: the file cannot be made or locked.
        """
        with self._lock:
            for last in (False, False, True):
                if self._process == os.getpid():
                    break
                try:
                    self._begin(uuid.uuid4().hex)
                except (BlockingIOError, FileNotFoundError):  # somebody sweeps, and took it for a dead one's
                    if last:
                        raise
            return self._name

    def _begin(self, name: str) -> None:
        self._directory.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._descriptor = _locked(self._path(name), os.O_CREAT)
        self._name, self._process = name, os.getpid()

    def lives(self, name: str) -> bool:
        """Whether the owner called *name* does; the file of one that does not is removed."""
        if name == self._name:
            return True
        path = self._path(name)
        try:
            descriptor = _locked(path)
        except BlockingIOError:
            return True
        except OSError:
            return path.exists()  # it cannot be told: the lease decides
        path.unlink(missing_ok=True)
        os.close(descriptor)
        return False

    def sweep(self) -> None:
        """Remove the files of owners that do not live."""
        for path in self._directory.glob(f"{_PREFIX}*{_SUFFIX}"):
            self.lives(path.name.removeprefix(_PREFIX).removesuffix(_SUFFIX))

    def release(self) -> None:
        """Live no longer: what it has claimed is free at once."""
        with self._lock:
            if self._descriptor is not None and self._process == os.getpid():
                with contextlib.suppress(OSError):
                    self._path(self._name).unlink(missing_ok=True)
                os.close(self._descriptor)
            self._descriptor, self._name, self._process = None, "", 0

    def _path(self, name: str) -> Path:
        return self._directory / f"{_PREFIX}{name}{_SUFFIX}"


def _locked(path: Path, create: int = 0) -> int:
    """The descriptor of the file at *path*, locked for as long as it is open.

    Raises:
        BlockingIOError: another one has locked it.
        OSError: it cannot be opened or locked.
    """
    import fcntl

    descriptor = os.open(path, os.O_RDWR | create, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        path.stat()  # it may have been swept away in between
    except OSError:
        os.close(descriptor)
        raise
    return descriptor
