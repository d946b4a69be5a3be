"""Hears what the app logs without touching its handlers, levels or propagation."""

from __future__ import annotations

import logging
from collections.abc import Callable
from threading import Lock
from typing import Any, Final

from attrs import define

_UNHEARD: Final = "_kumon_observe_alone"
"""Marks a record that exists for the listeners alone, as its logger's level would have dropped it."""


@define(eq=False)
class Listener:
    """Hears every record that is logged.

    Those of INFO and above whose logger is ``trusted`` are heard even where that logger's level drops them.
    ``hear`` must not raise.
    """

    trusted: Callable[[str], bool]
    hear: Callable[[logging.LogRecord], None]


class _Tap:
    """Stands before three methods of ``logging.Logger`` while anybody listens.

    A handler would miss loggers that do not propagate, and a lowered level would fill the test's own
    ``caplog`` and streams. Here both stay as they are: a record that only the listeners want goes no further.
    """

    def __init__(self) -> None:
        self._listeners: list[Listener] = []
        self._lock = Lock()
        self._before: tuple[Any, Any, Any] | None = None

    def add(self, listener: Listener) -> None:
        """From now on *listener* hears."""
        with self._lock:
            if self._before is None:
                self._install()
            self._listeners = [*self._listeners, listener]

    def remove(self, listener: Listener) -> None:
        """*listener* hears no more; with the last one all is as it was before."""
        with self._lock:
            self._listeners = [other for other in self._listeners if other is not listener]
            if not self._listeners:
                self._uninstall()

    def _install(self) -> None:
        kind = logging.Logger
        enabled, make, handle = self._before = (kind.isEnabledFor, kind.makeRecord, kind.handle)

        def is_enabled_for(logger: logging.Logger, level: int) -> bool:
            if enabled(logger, level):
                return True
            return level >= logging.INFO and any(one.trusted(logger.name) for one in self._listeners)

        def make_record(
            logger: logging.Logger, name: str, level: int, *rest: Any, **more: Any
        ) -> logging.LogRecord:
            record = make(logger, name, level, *rest, **more)
            if not enabled(logger, level):
                setattr(record, _UNHEARD, True)
            return record

        def hand_over(logger: logging.Logger, record: logging.LogRecord) -> None:
            for one in self._listeners:
                one.hear(record)
            if not record.__dict__.pop(_UNHEARD, False):
                handle(logger, record)

        self._ours = (is_enabled_for, make_record, hand_over)
        kind.isEnabledFor, kind.makeRecord, kind.handle = self._ours  # type: ignore[method-assign,assignment]

    def _uninstall(self) -> None:
        kind: Any = logging.Logger
        if self._before is not None and self._ours == (kind.isEnabledFor, kind.makeRecord, kind.handle):
            kind.isEnabledFor, kind.makeRecord, kind.handle = self._before
            self._before = None


TAP: Final = _Tap()
"""The one tap of this process."""
