"""The file that keeps what programs wrote when they were run for an incident."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import logging
    from pathlib import Path

    from kumon_observe.sinks.process import Ended

LARGEST: Final = 10 << 20
"""Bytes: beyond that the file is put aside as ``….1``, in the place of the one before."""


class OutputFile:
    """Appends to *path*. That it cannot is logged, and changes nothing: what was run was run."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def note(self, head: str) -> None:
        """Add the line *head*, and log it."""
        _log().warning("%s", head)
        self._append(f"== {head}\n".encode(errors="replace"))

    def keep(self, ended: Ended, head: str) -> None:
        """Add what a program wrote, and under it the line *head*, which is logged."""
        left_out = f"[{ended.left_out} bytes before this were not kept]\n" if ended.left_out else ""
        between = b"" if not ended.output or ended.output.endswith(b"\n") else b"\n"
        self._append(left_out.encode() + ended.output + between)
        self.note(head)

    def _append(self, text: bytes) -> None:
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            self._put_aside()
            descriptor = os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)
            with os.fdopen(descriptor, "wb") as file:
                file.write(text)
        except OSError as error:
            reason = error.strerror or str(error)
            _log().warning("the output of the shell hook cannot be kept in %s: %s", self._path, reason)

    def _put_aside(self) -> None:
        if self._path.exists() and self._path.stat().st_size > LARGEST:
            self._path.replace(self._path.with_name(f"{self._path.name}.1"))


def _log() -> logging.Logger:
    import logging

    return logging.getLogger("kumon_observe.sinks.shell")
