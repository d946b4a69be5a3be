"""The sink that prints: alerts on standard output, as text for people or as JSON lines for programs."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Literal, TextIO

from kumon_observe.model.status import Action

if TYPE_CHECKING:
    from kumon_observe.model.alert import Alert


class StdoutSink:
    """Prints one line for each alert to *stream* (``None``: standard output as it is at that moment)."""

    name = "stdout"

    def __init__(self, stream: TextIO | None = None, form: Literal["text", "json"] = "text") -> None:
        self._stream = stream
        self._form = form

    def send(self, alert: Alert) -> None:
        """Print *alert* and flush.

        Raises:
            OSError: the stream is closed at its other end, or its disk is full.
        """
        stream = self._stream or sys.stdout
        line = _document(alert) if self._form == "json" else _line(alert)
        encoding = getattr(stream, "encoding", None) or "utf-8"
        stream.write(line.encode(encoding, "backslashreplace").decode(encoding) + "\n")
        stream.flush()


def _document(alert: Alert) -> str:
    from kumon_observe.model.document import alert_to, to_text

    return to_text(alert_to(alert))


def _line(alert: Alert) -> str:
    """The alert on one line, whatever control characters its texts hold."""
    at = alert.at.astimezone().isoformat(sep=" ", timespec="seconds")
    parts = [at, str(alert.severity).upper(), f"{alert.title}:", str(alert.summary)]
    if alert.action is not Action.NONE:
        parts.append(f"({alert.action})")
    return "".join(char if char.isprintable() else " " for char in " ".join(parts))
