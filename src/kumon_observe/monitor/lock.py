"""One watch for each state: two would tell everything twice."""

from __future__ import annotations

import fcntl
import json
import os
import socket
import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Final

from kumon_observe.model.document.values import time_to
from kumon_observe.model.errors import KumonObserveError

FILE: Final = "watch.lock"
REQUEST: Final = "watch.takeover"
_POLL: Final = 0.1


class WatchIsRunning(KumonObserveError):
    """Another watch holds the state; the message says which."""


class Lock:
    """The lock of the state in *directory*, held from :meth:`take` to :meth:`release`.

    It is the kernel's own (``flock``): it ends with the process, however that ends. The file tells a person
    who holds it.
    """

    def __init__(self, directory: Path) -> None:
        self._path = directory / FILE
        self._request = directory / REQUEST
        self._descriptor: int | None = None

    def take(self, now: datetime) -> None:
        """Hold it.

        Raises:
            WatchIsRunning: another process does.
            OSError: the state folder cannot be written to.
        """
        self._path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            os.close(descriptor)
            if not isinstance(error, BlockingIOError):
                raise
            raise WatchIsRunning(
                f"another watch runs on this state: {self._holder()}; "
                "stop it, or take its place with --takeover"
            ) from None
        told = {"pid": os.getpid(), "host": socket.gethostname(), "since": time_to(now)}
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, json.dumps(told).encode() + b"\n", 0)
        self._request.unlink(missing_ok=True)
        self._descriptor = descriptor

    def take_over(self, now: datetime, patience: float, sleep: Callable[[float], None] = time.sleep) -> None:
        """Ask whoever holds it to end, and hold it then; wait for that at most *patience* seconds.

        Asked is by a file, since the other may live in another container, where a process id means nothing.

        Raises:
            WatchIsRunning: the other one does not end.
            OSError: the state folder cannot be written to.
        """
        for _ in range(max(1, round(patience / _POLL))):
            try:
                self.take(now)
            except WatchIsRunning:
                self._request.touch(mode=0o600)
                sleep(_POLL)
            else:
                return
        self._request.unlink(missing_ok=True)
        raise WatchIsRunning(
            f"the watch that runs on this state does not end within {patience:g} seconds: {self._holder()}; "
            "end it by hand"
        )

    @property
    def is_wanted(self) -> bool:
        """Whether another watch asks to take the place of this one."""
        return self._request.exists()

    def release(self) -> None:
        """Hold it no longer."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None

    def _holder(self) -> str:
        try:
            told = json.loads(self._path.read_bytes())
            return f"process {told['pid']} on {told['host']}, since {told['since']}"
        except (OSError, ValueError, KeyError, TypeError):
            return "a process that did not say which"
