"""The handler between ``logging`` and an observer: its cost is added to every log call of the app."""

from __future__ import annotations

import logging
from collections.abc import Callable
from threading import get_ident
from typing import TYPE_CHECKING, Final

from kumon_observe.engine.live import LiveRecord, may_be_trace
from kumon_observe.parsing.grammar import context_kind

if TYPE_CHECKING:
    from logging import LogRecord

    from kumon_observe.observer.intake import Intake

_LONGEST_HEAD: Final = 48
_new: Final = tuple.__new__


class TraceHandler(logging.Handler):
    """Puts traces, and context messages, into the present *intake*; has no lock and formats nothing.

    *start* is called when a record waits and no thread judges yet. A forked process replaces ``intake``.
    """

    def __init__(self, intake: Intake, start: Callable[[], None]) -> None:
        super().__init__()
        self.intake = intake
        self.set_name("kumon_observe")
        self._start = start

    def createLock(self) -> None:  # noqa: N802 - as logging calls it
        """None is needed: nothing is done here that two threads could do to each other's harm."""
        self.lock = None

    def handle(self, record: LogRecord) -> bool:
        """Take *record* if it may be of use; never raises, never waits."""
        intake = self.intake
        try:
            intake.latest = record.created
            message = record.msg
            if message.__class__ is not str:
                message = str(message)
            if not (may_be_trace(message) or _is_context(message)):
                return False
            if record.args:
                message = record.getMessage()
                if not (may_be_trace(message) or _is_context(message)):
                    return False
            if get_ident() in intake.own or (self.filters and not self.filter(record)):
                return False
            # as record_of() has it, without three calls
            process = str(record.process or "")
            intake.put(_new(LiveRecord, (record.created, record.name, record.levelname, message, process)))
            if not intake.is_watched:
                self._start()
        except Exception:  # noqa: BLE001 - the app's log call must not fail for it
            intake.unreadable += 1
            return False
        return True

    def emit(self, record: LogRecord) -> None:
        """As :meth:`handle`."""
        self.handle(record)

    def flush(self) -> None:
        """Nothing is held back here."""


def _is_context(message: str) -> bool:
    return "|" in message[:_LONGEST_HEAD] and context_kind(message) is not None
