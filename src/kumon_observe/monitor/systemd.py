"""Tells systemd how the watch is (``sd_notify``), where it runs under it; does nothing elsewhere."""

from __future__ import annotations

import os
import socket
from collections.abc import Mapping
from contextlib import suppress
from typing import Final

_MICROSECONDS: Final = 1_000_000


class Systemd:
    """The socket that systemd named in *environ* (sd_notify(3))."""

    def __init__(self, environ: Mapping[str, str] = os.environ) -> None:
        self._address = environ.get("NOTIFY_SOCKET", "")
        ours = environ.get("WATCHDOG_PID", "") in ("", str(os.getpid()))
        limit = environ.get("WATCHDOG_USEC", "")
        self.watchdog = int(limit) / _MICROSECONDS if ours and limit.isdigit() else None
        """Seconds after which systemd takes the watch for hung; ``None``: it does not look."""

    def ready(self) -> None:
        """The watch follows its logs."""
        self._tell("READY=1")

    def alive(self, status: str) -> None:
        """Judging and delivering work; *status* is one line for ``systemctl status``."""
        self._tell(f"WATCHDOG=1\nSTATUS={' '.join(status.split())}")

    def reloading(self, monotonic: float) -> None:
        """The configuration is read anew; *monotonic* is that clock's time in seconds."""
        self._tell(f"RELOADING=1\nMONOTONIC_USEC={round(monotonic * _MICROSECONDS)}")

    def stopping(self) -> None:
        """The watch ends."""
        self._tell("STOPPING=1")

    def _tell(self, message: str) -> None:
        if not self._address:
            return
        address = "\0" + self._address[1:] if self._address.startswith("@") else self._address
        # Whatever is wrong with that socket, the watch goes on; systemd notices its silence by itself.
        with suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC) as out:
            out.setblocking(False)
            out.sendto(message.encode(), address)
