"""The JSON object of ``archive``."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING

from kumon_observe.model.document.values import JsonObject, time_to
from kumon_observe.model.status import Status

if TYPE_CHECKING:
    from kumon_observe.model.archived import Archived


def archived_to(logs: Iterable[Archived], now: datetime) -> JsonObject:
    """What became of each log; the status is the worst of theirs."""
    logs = tuple(logs)
    return {
        "schema": "kumon-observe/archive/1",
        "generated_at": time_to(now),
        "status": str(Status.worst(log.status for log in logs)),
        "dry_run": any(log.dry_run for log in logs),
        "logs": [
            {
                "log": log.log,
                "status": str(log.status),
                "sentence": str(log.sentence),
                "archive": log.archive,
                "cut": log.cut,
                "packed": log.packed,
                "left": log.left,
                "removed": list(log.removed),
                "notes": [str(note) for note in log.notes],
            }
            for log in logs
        ],
    }
