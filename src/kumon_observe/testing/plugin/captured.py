"""What a test has to show: records of its own process, log files, output of other programs."""

from __future__ import annotations

import json
import logging
import os
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

from attrs import Factory, define

from kumon_observe.engine.live import LiveRecord, may_be_trace, record_of
from kumon_observe.model.moments import to_datetime
from kumon_observe.testing.plugin.tap import TAP, Listener


@define(eq=False)
class Captured:
    """Collects from ``open`` to ``close``; ``unreadable`` counts traces whose arguments did not fit."""

    trusted: Callable[[str], bool]
    records: list[LiveRecord] = Factory(list)
    unreadable: int = 0
    _files: list[tuple[Path, int]] = Factory(list)
    _folder: TemporaryDirectory[str] | None = None
    _listener: Listener | None = None

    def open(self) -> None:
        """Begin to hear what is logged."""
        self._listener = Listener(self.trusted, self._hear)
        TAP.add(self._listener)

    def close(self) -> None:
        """Hear no more, and throw away what was written."""
        if self._listener is not None:
            TAP.remove(self._listener)
            self._listener = None
        if self._folder is not None:
            self._folder.cleanup()
            self._folder = None

    def add_file(self, path: str | os.PathLike[str], *, new_only: bool) -> None:
        """A log file, to be read when it is asked what it shows; *new_only*: from where it ends now."""
        path = Path(path)
        begin = path.stat().st_size if new_only and path.exists() else 0
        self._files.append((path, begin))

    def add_output(self, output: bytes, name: str) -> None:
        """What another program wrote; an empty output is none."""
        if output:
            file = self._place() / f"{len(self._files)}-{name}"
            file.write_bytes(output)
            self._files.append((file, 0))

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing at all to judge."""
        return not (self.records or self.unreadable or self._files)

    @property
    def in_memory(self) -> bool:
        """Whether all there is was logged in this process."""
        return not self._files

    def sources(self) -> list[str]:
        """Everything as log files; what was logged here comes first."""
        logged = [str(self._logged())] if self.records else []
        return logged + [str(self._from(path, begin)) for path, begin in self._files]

    def _hear(self, record: logging.LogRecord) -> None:
        message = record.msg if isinstance(record.msg, str) else str(record.msg)
        if "|" not in message and not may_be_trace(message):
            return
        try:
            self.records.append(record_of(record))
        except Exception:  # noqa: BLE001 - logging itself reports it, on its own stream
            self.unreadable += may_be_trace(message)

    def _place(self) -> Path:
        if self._folder is None:
            self._folder = TemporaryDirectory(prefix="kumon-observe-")
        return Path(self._folder.name)

    def _logged(self) -> Path:
        file = self._place() / "logging"
        file.write_text("".join(map(_line, self.records)), encoding="utf-8")
        return file

    def _from(self, path: Path, begin: int) -> Path:
        if not begin:
            return path
        file = self._place() / f"new-{path.name}"
        with path.open("rb") as log:
            log.seek(begin)
            file.write_bytes(log.read())
        return file


def _line(record: LiveRecord) -> str:
    """*record* as the ``json`` layout has it."""
    at = to_datetime(round(record.created * 1_000_000)).isoformat(timespec="microseconds")
    members = {"timestamp": at, "level": record.level, "logger": record.logger, "message": record.message}
    return json.dumps(members) + "\n"
