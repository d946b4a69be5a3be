"""The sinks that come with the library keep the contract that other people's sinks keep."""

from __future__ import annotations

import errno
import io
from collections.abc import Sequence

from kumon_observe.model.errors import PermanentSinkError, TemporarySinkError
from kumon_observe.model.protocols import Sink
from kumon_observe.sinks.stdout import StdoutSink
from kumon_observe.testing import CapturingSink, SinkContract


class Full(io.StringIO):
    """A stream on a full disk."""

    def flush(self) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")


class TestStdout(SinkContract):
    def sink(self) -> Sink:
        self.stream = io.StringIO(newline="\n")
        return StdoutSink(self.stream)

    def received(self) -> Sequence[str]:
        return self.stream.getvalue().removesuffix("\n").split("\n")

    def refusing(self) -> Sink:
        closed = io.StringIO()
        closed.close()
        return StdoutSink(closed)

    def failing(self) -> Sink:
        return StdoutSink(Full())

    def hanging(self) -> None:
        """Whoever reads a program's output may make it wait."""


class TestStdoutAsJson(TestStdout):
    def sink(self) -> Sink:
        self.stream = io.StringIO(newline="\n")
        return StdoutSink(self.stream, form="json")


class TestCapturing(SinkContract):
    secrets = ("s3cret",)
    retry_after = 30.0

    def sink(self) -> Sink:
        self.capturing = CapturingSink()
        return self.capturing

    def received(self) -> Sequence[str]:
        return [f"{alert.title}: {alert.summary}" for alert in self.capturing.alerts]

    def refusing(self) -> Sink:
        return CapturingSink(failure=PermanentSinkError("the token was revoked: make another one"))

    def failing(self) -> Sink:
        return CapturingSink(failure=TemporarySinkError("busy", retry_after=30))

    def hanging(self) -> Sink:
        return CapturingSink(failure=TemporarySinkError("no answer within 5 s", retry_after=None))
