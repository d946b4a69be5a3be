"""The sink that prints: alerts on standard output, as text for people or as JSON lines for programs."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Literal, TextIO

from kumon_observe.model.errors import PermanentSinkError, TemporarySinkError
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

        It waits as long as whoever reads the stream makes it wait, as any program that prints.

        Raises:
            PermanentSinkError: the stream is closed, here or at its other end.
            TemporarySinkError: it cannot be written now, as on a full disk.
        """
        stream = self._stream or sys.stdout
        line = _document(alert) if self._form == "json" else _line(alert)
        encoding = getattr(stream, "encoding", None) or "utf-8"
        try:
            stream.write(line.encode(encoding, "backslashreplace").decode(encoding) + "\n")
            stream.flush()
        except (BrokenPipeError, ValueError) as error:  # a closed stream is a ValueError
            raise PermanentSinkError(
                "standard output is closed: nobody reads what is written there"
            ) from error
        except OSError as error:
            raise TemporarySinkError(f"cannot write to standard output: {error.strerror or error}") from error


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
