"""Who takes on work: a name under which it is claimed, and by which others see whether its owner lives."""

from __future__ import annotations

import os
import threading
import uuid
from contextlib import suppress
from pathlib import Path
from typing import Final

_PREFIX: Final = "owner-"
_SUFFIX: Final = ".lock"
_TRIES: Final = 3


class Owner:
    """One who does work of the state *directory*. Its file there is locked while its process lives.

    The system lets go of the lock when a process ends, however it ends, so that what a killed one had claimed
    is free without waiting. A forked process that uses it gets a name of its own; so does one whose file was
    taken away.
    """

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._lock = threading.Lock()
        self._name = ""
        self._process = 0
        self._descriptor: int | None = None

    @property
    def name(self) -> str:
        """The name; its file is made when it is first asked for, and those of the dead are removed.

        Raises:
            OSError: the file cannot be made or locked.
        """
        with self._lock:
            if self._is_held:
                return self._name
            self._let_go()
            self._directory.mkdir(parents=True, exist_ok=True, mode=0o700)
            self.sweep()
            for left in reversed(range(_TRIES)):
                try:
                    self._begin(uuid.uuid4().hex)
                except (BlockingIOError, FileNotFoundError):  # somebody sweeps, and took it for a dead one's
                    if not left:
                        raise
                else:
                    break
            return self._name

    def lives(self, name: str) -> bool:
        """Whether the owner called *name* does, on this machine; the file of one that does not is removed."""
        if name == self._name:
            return True
        path = self._path(name)
        try:
            descriptor = _locked(path)
        except BlockingIOError:
            return True
        except OSError:
            return path.exists()  # it cannot be told
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
            if self._process == os.getpid():
                with suppress(OSError):
                    self._path(self._name).unlink(missing_ok=True)
            self._let_go()

    @property
    def _is_held(self) -> bool:
        if self._descriptor is None or self._process != os.getpid():
            return False
        return is_at(self._descriptor, self._path(self._name))

    def _begin(self, name: str) -> None:
        self._descriptor = _locked(self._path(name), os.O_CREAT)
        self._name, self._process = name, os.getpid()

    def _let_go(self) -> None:
        """Close the file: this process's, or the copy that a forked one has of its parent's."""
        if self._descriptor is not None:
            os.close(self._descriptor)
        self._descriptor, self._name, self._process = None, "", 0

    def _path(self, name: str) -> Path:
        return self._directory / f"{_PREFIX}{name}{_SUFFIX}"


def _locked(path: Path, create: int = 0) -> int:
    """The descriptor of the file at *path*, locked for as long as it is open.

    Raises:
        BlockingIOError: another one has locked it.
        OSError: it cannot be opened or locked, or was taken away meanwhile.
    """
    import fcntl

    descriptor = os.open(path, os.O_RDWR | os.O_CLOEXEC | create, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        if not is_at(descriptor, path):
            raise FileNotFoundError(path)
    except OSError:
        os.close(descriptor)
        raise
    return descriptor


def is_at(descriptor: int, path: Path) -> bool:
    """Whether the open file *descriptor* is the one that stands at *path* now."""
    try:
        return os.path.samestat(os.fstat(descriptor), path.stat())
    except OSError:
        return False
