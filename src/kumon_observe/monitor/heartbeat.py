"""Whether the watch works: whenever judging and delivering did, it touches a file and calls an address."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from kumon_observe.config.settings import Settings
from kumon_observe.engine.pseudonym_key import state_directory
from kumon_observe.model.document.values import JsonObject, time_to, to_text
from kumon_observe.model.evidence import Sentence
from kumon_observe.model.phrase import phrase

FILE: Final = "heartbeat"
"""Its name in the state folder."""

EVERY: Final = 5.0
"""Seconds between two changes of the file."""

_TIMEOUT: Final = 10.0


def heartbeat_file(settings: Settings) -> Path:
    """``watch.heartbeat``, else the one in the state folder."""
    named = settings.watch.heartbeat
    return Path(named).expanduser() if named else state_directory(settings) / FILE


def heartbeat_age(settings: Settings, now: datetime) -> timedelta | None:
    """How long before *now* (aware) the watch last worked; ``None``: there is no sign of one.

    Raises:
        OSError: the file cannot be looked at.
    """
    try:
        modified = heartbeat_file(settings).stat().st_mtime
    except FileNotFoundError:
        return None
    return now - datetime.fromtimestamp(modified, UTC)


class Heartbeat:
    """What somebody else looks at to learn that the watch lives.

    It is given only after judging and delivering worked: a watch that runs and does nothing has none.

    Args:
        path: the file; its content says more than its time of change, for a person.
        ping_url: the address to call (healthchecks style), empty for none.
        ping_every: seconds between two calls.
        call: calls an address; raises ``OSError`` if that fails.
    """

    def __init__(
        self,
        path: Path,
        ping_url: str = "",
        ping_every: float = 60.0,
        call: Callable[[str], None] | None = None,
    ) -> None:
        self._path = path
        self._ping = Ping(ping_url, ping_every, call or called) if ping_url else None
        self._beaten: datetime | None = None
        self._trouble: Sentence | None = None

    def beat(self, now: datetime, document: JsonObject) -> None:
        """Give it, if its time has come; *document* is what the file says."""
        if self._ping is not None:
            self._ping.call(now)
        if self._beaten is not None and timedelta(0) <= now - self._beaten < timedelta(seconds=EVERY):
            return
        self._beaten = now
        draft = self._path.with_name(f"{self._path.name}.{os.getpid()}")
        try:
            draft.write_text(to_text({"at": time_to(now), "pid": os.getpid(), **document}) + "\n")
            draft.replace(self._path)
        except OSError as error:
            draft.unlink(missing_ok=True)
            self._trouble = phrase(
                "the heartbeat {file} cannot be written: {reason}",
                file=str(self._path),
                reason=error.strerror or str(error),
            )
        else:
            self._trouble = None

    def troubles(self) -> list[Sentence]:
        """What is wrong with it."""
        found = (self._trouble, None if self._ping is None else self._ping.trouble)
        return [trouble for trouble in found if trouble is not None]


class Ping:
    """Calls *url* every so many seconds, in a thread of its own: the watch waits for no one."""

    def __init__(self, url: str, every: float, call: Callable[[str], None]) -> None:
        self.trouble: Sentence | None = None
        self._url = url
        self._every = timedelta(seconds=every)
        self._call = call
        self._called: datetime | None = None
        self._running = threading.Lock()

    def call(self, now: datetime) -> None:
        """Call it now, unless that was done shortly before or the last call has not come back."""
        if self._called is not None and timedelta(0) <= now - self._called < self._every:
            return
        if self._running.acquire(blocking=False):
            self._called = now
            threading.Thread(target=self._run, name="kumon-observe ping", daemon=True).start()

    def _run(self) -> None:
        try:
            self._call(self._url)
        except Exception as error:  # noqa: BLE001 - whatever the network does, watching goes on
            self.trouble = phrase("the ping was not answered: {error}", error=type(error).__name__)
        else:
            self.trouble = None
        finally:
            self._running.release()


def called(url: str) -> None:
    """Call *url*.

    Raises:
        OSError: it does not answer, or not with success.
        ValueError: it is no address of the web.
    """
    from urllib.request import Request, urlopen

    if not url.startswith(("http://", "https://")):
        raise ValueError("ping_url is no http address")
    with urlopen(Request(url, headers={"User-Agent": "kumon-observe"}), timeout=_TIMEOUT):  # noqa: S310
        pass
