"""The sink that prints: alerts on standard output, as text for people or as JSON lines for programs."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, TextIO

from kumon_observe.model.errors import PermanentSinkError, TemporarySinkError

if TYPE_CHECKING:
    from kumon_observe.model.alert import Alert
    from kumon_observe.sinks.lines import Form
    from kumon_observe.sinks.message import Compose


class StdoutSink:
    """Prints one line for each alert to *stream* (``None``: standard output as it is at that moment)."""

    name = "stdout"

    def __init__(
        self, stream: TextIO | None = None, form: Form = "text", compose: Compose | None = None
    ) -> None:
        self._stream = stream
        self._form = form
        self._compose = compose

    def send(self, alert: Alert) -> None:
        """Print *alert* and flush.

        It waits as long as whoever reads the stream makes it wait, as any program that prints.

        Raises:
            PermanentSinkError: the stream is closed, here or at its other end.
            TemporarySinkError: it cannot be written now, as on a full disk.
        """
        from kumon_observe.sinks.lines import line
        from kumon_observe.sinks.message import in_english

        stream = self._stream or sys.stdout
        text = line(alert, self._form, self._compose or in_english)
        encoding = getattr(stream, "encoding", None) or "utf-8"
        try:
            stream.write(text.encode(encoding, "backslashreplace").decode(encoding) + "\n")
            stream.flush()
        except (BrokenPipeError, ValueError) as error:  # a closed stream is a ValueError
            raise PermanentSinkError(
                "standard output is closed: nobody reads what is written there"
            ) from error
        except OSError as error:
            raise TemporarySinkError(f"cannot write to standard output: {error.strerror or error}") from error
