"""Which processes that took on a work are still alive: each holds a lock that ends with it."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path
from typing import Final

_PREFIX: Final = "owner-"
_SUFFIX: Final = ".lock"


class Owner:
    """This process as the owner of work in the state *directory*, until :meth:`close`.

    ``token`` names it there. The lock is the kernel's, so it ends however the process ends.
    """

    def __init__(self, directory: Path) -> None:
        self.token = os.urandom(8).hex()
        self._directory = directory
        self._descriptor: int | None = None

    def hold(self) -> None:
        """Take the lock, if it is not yet held; what dead processes left is removed.

        Raises:
            OSError: the state folder cannot be written.
        """
        if self._descriptor is not None:
            return
        self._directory.mkdir(parents=True, exist_ok=True, mode=0o700)
        for left in self._directory.glob(f"{_PREFIX}*{_SUFFIX}"):
            self.is_alive(left.name.removeprefix(_PREFIX).removesuffix(_SUFFIX))
        path = _path(self._directory, self.token)
        while self._descriptor is None:
            descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
            # Another process may have taken the file for one that was left, before the lock was on it.
            if _lock(descriptor) and _is_at(descriptor, path):
                self._descriptor = descriptor
            else:
                os.close(descriptor)

    def is_alive(self, token: str) -> bool:
        """Whether the process with *token* still runs on this machine; what a dead one left is removed."""
        if token == self.token:
            return True
        path = _path(self._directory, token)
        try:
            descriptor = os.open(path, os.O_RDWR)
        except FileNotFoundError:
            return False
        try:
            if not _lock(descriptor):
                return True
            path.unlink(missing_ok=True)
            return False
        finally:
            os.close(descriptor)

    def close(self) -> None:
        """Give the lock up."""
        if self._descriptor is not None:
            with suppress(OSError):
                _path(self._directory, self.token).unlink(missing_ok=True)
            os.close(self._descriptor)
            self._descriptor = None


def _path(directory: Path, token: str) -> Path:
    return directory / f"{_PREFIX}{token}{_SUFFIX}"


def _is_at(descriptor: int, path: Path) -> bool:
    try:
        return os.path.samestat(os.fstat(descriptor), path.stat())
    except FileNotFoundError:
        return False


def _lock(descriptor: int) -> bool:
    """Whether the lock could be had at once."""
    import fcntl

    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
