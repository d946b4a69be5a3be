"""One watch for each state: two would tell everything twice."""

from __future__ import annotations

import fcntl
import json
import os
import socket
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Final

from kumon_observe.model.document.values import time_to
from kumon_observe.model.errors import KumonObserveError
from kumon_observe.model.evidence import Sentence
from kumon_observe.model.phrase import phrase
from kumon_observe.state.owners import is_at

FILE: Final = "watch.lock"
REQUEST: Final = "watch.takeover"
_POLL: Final = 0.1


class WatchIsRunning(KumonObserveError):
    """Another watch holds the state; ``sentence`` says which."""

    def __init__(self, sentence: Sentence) -> None:
        super().__init__(str(sentence))
        self.sentence = sentence


class Lock:
    """The lock of the state in *directory*, held from :meth:`take` to :meth:`release`.

    It is the kernel's own (``flock``): it ends with the process, however that ends. The file tells a person
    who holds it. Where there can be none (a full or read-only disk), ``fault`` says why: a watch that may
    tell something twice is better than none.
    """

    fault: Sentence | None = None

    def __init__(self, directory: Path) -> None:
        self._path = directory / FILE
        self._request = directory / REQUEST
        self._descriptor: int | None = None

    def take(self, now: datetime) -> None:
        """Hold it.

        Raises:
            WatchIsRunning: another process does.
        """
        try:
            self._take(now)
        except OSError as error:
            self.fault = phrase(
                "no lock keeps a second watch from this state, {file} cannot be used: {reason}",
                file=str(self._path),
                reason=error.strerror or str(error),
            )
        else:
            self.fault = None

    def hold_on(self, now: datetime) -> None:
        """Hold it still: anew, where its file was taken away or could not be made before.

        Raises:
            WatchIsRunning: another process was faster.
        """
        if self._descriptor is None or not is_at(self._descriptor, self._path):
            self.release()
            self.take(now)

    def _take(self, now: datetime) -> None:
        self._path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            os.close(descriptor)
            if not isinstance(error, BlockingIOError):
                raise
            raise WatchIsRunning(
                phrase(
                    "another watch runs on this state: {holder}; stop it, or take its place with --takeover",
                    holder=self._holder(),
                )
            ) from None
        self._descriptor = descriptor
        told = {"pid": os.getpid(), "host": socket.gethostname(), "since": time_to(now)}
        with suppress(OSError):  # a full disk: who holds it cannot be told, that it is held can
            os.ftruncate(descriptor, 0)
            os.pwrite(descriptor, json.dumps(told).encode() + b"\n", 0)
            self._request.unlink(missing_ok=True)

    def take_over(
        self,
        now: datetime,
        patience: float,
        sleep: Callable[[float], None] = time.sleep,
        is_over: Callable[[], bool] = lambda: False,
    ) -> None:
        """Ask whoever holds it to end, and hold it then; wait for that at most *patience* seconds.

        Asked is by a file, since the other may live in another container, where a process id means nothing.
        When *is_over*, it is waited for no more.

        Raises:
            WatchIsRunning: the other one does not end.
            OSError: nobody can be asked, since the state folder cannot be written to.
        """
        for _ in range(max(1, round(patience / _POLL))):
            if is_over():
                break
            try:
                self.take(now)
            except WatchIsRunning:
                self._request.touch(mode=0o600)
                sleep(_POLL)
            else:
                return
        self._request.unlink(missing_ok=True)
        raise WatchIsRunning(
            phrase(
                "the watch that runs on this state does not end within {n} seconds: {holder}; end it by hand",
                n=f"{patience:g}",
                holder=self._holder(),
            )
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

    def _holder(self) -> Sentence:
        try:
            told = json.loads(self._path.read_bytes())
            pid, host, since = str(told["pid"]), str(told["host"]), str(told["since"])
        except (OSError, ValueError, KeyError, TypeError):
            return phrase("a process that did not say which")
        return phrase("process {pid} on {host}, since {since}", pid=pid, host=host, since=since)
