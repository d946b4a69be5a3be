"""An app that observes itself, for the benchmarks: its turns, its observer, its memory."""

from __future__ import annotations

import logging
import os
from pathlib import Path
from typing import Final

from kumon_observe import Observer
from kumon_observe.config.settings import Settings
from kumon_observe.plugins.registry import Registry

APP: Final = "app.core.observability.structured_logging"
_PAGE: Final = os.sysconf("SC_PAGE_SIZE")
_TURN: Final = (
    "OUTBOX_TRACE|phase=planner|conv={conv}|idem=unknown|state_id=1403035{n}|outbox_id=1403036{n}|count=0",
    "OUTBOX_TRACE|phase=planner|conv={conv}|idem=unknown|state_id=1403035{n}|outbox_id=1403036{n}|count=1",
    "OUTBOX_TRACE|phase=delivery|conv={conv}|idem=unknown|state_id=1403035{n}|outbox_id=1403036{n}|count=1",
    "INSTANCE_TRACE|source=meta|instance=kumon_assistant|conv={conv}|idem=unknown",
    "DELIVERY_TRACE|action=send|instance=kumon_assistant|phone=55519{n:08d}|conv={conv}|idem=unknown",
    "DELIVERY_TRACE|action=result|status=success|http=unknown|instance=kumon_assistant|conv={conv}|idem=unknown",
)
PER_TURN: Final = len(_TURN)


class Turns:
    """The traces of healthy turns, each of a conversation of its own; made beforehand as far as it goes."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._number = 0

    def next(self) -> list[str]:
        """The messages of the next turn."""
        self._number += 1
        conv = f"conv_{self._name}_{self._number}_20250115_100000"
        return [message.format(conv=conv, n=self._number) for message in _TURN]

    def lost(self) -> list[str]:
        """The messages of a turn whose reply was lost."""
        planned = self.next()[1:3]
        return [planned[0], planned[1].replace("count=1", "count=0")]


def observer(folder: Path, **options: object) -> Observer:
    """An observer that keeps its key in *folder* and knows the built-in plugins alone."""
    settings = Settings(state_dir=str(folder / "state"))
    registry = Registry.load(settings, entry_points=False)
    return Observer(settings=settings, registry=registry, **{"sinks": (), **options})  # type: ignore[arg-type]


def app_logger() -> logging.Logger:
    """The app's logger of traces, which goes nowhere but to an observer."""
    logging.getLogger().setLevel(logging.INFO)
    return logging.getLogger(APP)


def resident() -> int:
    """The memory of this process in bytes (RSS)."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * _PAGE
