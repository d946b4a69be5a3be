"""What somebody who only looks can tell of a watch: whether it lives, and its open incidents.

Nothing is made, locked or changed: where no watch ever ran, nothing is there afterwards either.
"""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from attrs import define

from kumon_observe.config.settings import Settings
from kumon_observe.engine.pseudonym_key import state_directory
from kumon_observe.model.evidence import Sentence
from kumon_observe.model.incident import Incident
from kumon_observe.monitor.heartbeat import heartbeat_file
from kumon_observe.state.database import FILE as DATABASE, NoState, looking
from kumon_observe.state.incidents import open_incidents

_WAIT: Final = 0.2
_Stamp = tuple[tuple[int, int, int] | None, ...]


@define(eq=False)
class Onlooker:
    """Looks at the state in *directory*, and at the file *heartbeat*."""

    directory: Path
    heartbeat: Path
    _stamp: _Stamp | None = None
    _known: tuple[Incident, ...] = ()

    @classmethod
    def of(cls, settings: Settings) -> Onlooker:
        """Of the watch that has these settings."""
        return cls(state_directory(settings), heartbeat_file(settings))

    def beat(self) -> datetime | None:
        """When the watch gave its last sign of life; ``None`` if it never did."""
        try:
            return datetime.fromtimestamp(self.heartbeat.stat().st_mtime, UTC)
        except (OSError, ValueError):
            return None

    def incidents(self) -> tuple[Incident, ...]:
        """Those that are not over; read again only if the database has changed since.

        Raises:
            NoState: they cannot be told; ``sentence`` says why.
        """
        stamp = tuple(_stamp_of(self.directory / name) for name in (DATABASE, f"{DATABASE}-wal"))
        if stamp != self._stamp:
            self._known = tuple(_open_incidents(self.directory))
            self._stamp = stamp
        return self._known


def _open_incidents(directory: Path) -> list[Incident]:
    with looking(directory, _WAIT) as connection:
        if (
            connection is None
            or not connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'incidents'").fetchone()
        ):
            return []
        return open_incidents(connection)


def told(onlooker: Onlooker) -> tuple[tuple[Incident, ...], Sentence | None]:
    """The open incidents, and why they cannot be told, if so."""
    try:
        return onlooker.incidents(), None
    except NoState as why:
        return (), why.sentence


def _stamp_of(path: Path) -> tuple[int, int, int] | None:
    try:
        status = os.stat(path)  # noqa: PTH116 - asked at each refresh
    except OSError:
        return None
    return status.st_ino, status.st_size, status.st_mtime_ns
