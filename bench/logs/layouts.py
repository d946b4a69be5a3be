"""How a record is written: a stamp, what stands before the message, the message, what stands after it."""

from __future__ import annotations

import json
import random
from datetime import UTC, datetime
from typing import Final, Literal

from attrs import frozen

Stamp = Literal["dash", "basic", "json"]

FIRST: Final = int(datetime(2025, 1, 15, 6, tzinfo=UTC).timestamp()) * 1_000_000
"""When a log begins on its day 0, in microseconds."""
DAY: Final = 24 * 3600 * 1_000_000

_SHORTEST_STEP: Final = 1_000
_LONGEST_STEP: Final = 39_000
_DIGITS: Final = tuple(f"{number:03}" for number in range(1000))
_SECONDS: Final = {"dash": "%Y-%m-%d %H:%M:%S,", "json": '{"timestamp": "%Y-%m-%dT%H:%M:%S.', "basic": ""}
_TRACES: Final = "app.core.observability.structured_logging"


@frozen
class Frame:
    """What stands around a message of one place in the app's code."""

    before: str
    after: str

    @classmethod
    def of(
        cls, layout: str, function: str, line: int, *, logger: str = _TRACES, level: str = "INFO"
    ) -> Frame:
        """The frame in *layout* of what *function* of *logger* says in its line *line*."""
        if layout == "dash":
            return cls(f" - {logger} - {level} - ", "\n")
        if layout == "basic":
            return cls(f"{level}:{logger}:", "\n")
        module = logger.rpartition(".")[2]
        return cls(
            f'", "level": "{level}", "logger": "{logger}", "message": "',
            f'", "module": "{module}", "function": "{function}", "line": {line}}}\n',
        )

    def around(self, message: str) -> str:
        """A record of *message*, without its stamp."""
        return f"{self.before}{message}{self.after}"


@frozen
class TraceFrames:
    """The frames of all kinds of traces, and of the lines that quote a parent's message."""

    outbox: Frame
    queued: Frame
    instance: Frame
    send: Frame
    result: Frame
    outbox_guard: Frame
    instance_guard: Frame
    quote: Frame
    echo: Frame
    json: bool

    @classmethod
    def of(cls, layout: str) -> TraceFrames:
        """Those of *layout*."""
        return cls(
            outbox=Frame.of(layout, "log_outbox_trace", 46),
            instance=Frame.of(layout, "log_instance_trace", 64),
            send=Frame.of(layout, "log_delivery_trace_send", 80),
            result=Frame.of(layout, "log_delivery_trace_result", 98),
            outbox_guard=Frame.of(layout, "log_outbox_guard", 117, level="ERROR"),
            instance_guard=Frame.of(layout, "log_instance_guard", 131, level="ERROR"),
            queued=Frame.of(layout, "enqueue_to_outbox", 100, logger="app.core.contracts.outbox"),
            quote=Frame.of(layout, "render", 231, logger="app.core.router.templates", level="WARNING"),
            echo=Frame.of(layout, "emit_to_channel", 356, logger="app.core.router.delivery_io"),
            json=layout == "json",
        )

    def escaped(self, message: str) -> str:
        """*message*, which may go over several lines, as it stands in a record of the layout."""
        return json.dumps(message)[1:-1] if self.json else message


class Clock:
    """The log's own time: every stamp is at least a millisecond after the one before."""

    def __init__(self, layout: Stamp, rng: random.Random, day: int = 0) -> None:
        self.now = FIRST + day * DAY
        self._random = rng.random
        self._fraction = 0 if layout == "basic" else 3 if layout == "dash" else 6
        self._format = _SECONDS[layout]
        self._second = 0
        self._text = ""

    def stamp(self) -> str:
        """The next moment, as it begins a record."""
        self.now += _SHORTEST_STEP + int(self._random() * _LONGEST_STEP)
        if not self._fraction:
            return ""
        second, micro = divmod(self.now, 1_000_000)
        if second != self._second:
            self._second = second
            self._text = datetime.fromtimestamp(second, UTC).strftime(self._format)
        if self._fraction == 3:
            return self._text + _DIGITS[micro // 1000]
        return self._text + _DIGITS[micro // 1000] + _DIGITS[micro % 1000]

    def day_and_time(self) -> str:
        """The present second as conversation ids hold it."""
        return datetime.fromtimestamp(self.now // 1_000_000, UTC).strftime("%Y%m%d_%H%M%S")


LEADS: Final = {"dash": " - INFO - ", "basic": ":", "json": '"message": "'}
"""What stands right before the app's own trace, and never before one that a parent quotes."""
