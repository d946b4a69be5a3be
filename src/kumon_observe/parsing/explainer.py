"""From a line to the app's own record: asks the layouts, and goes through those that wrap others."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, tzinfo
from typing import Final, NamedTuple

from kumon_observe.model.moments import to_microseconds
from kumon_observe.model.protocols import Explained, Parser
from kumon_observe.parsing.times import in_zone

LOGGED: Final = "logging"
"""Stands among the layouts for records that a program's own ``logging`` hands over, which no line held."""

_MOST_LAYERS = 4
_EARLIEST = to_microseconds(datetime.min.replace(tzinfo=UTC))
_LATEST = to_microseconds(datetime.max.replace(tzinfo=UTC))


class Record(NamedTuple):
    """A line that a layout explained, down to the innermost record.

    ``message`` is ``None`` where a wrapper holds a bare line, which continues the record before it;
    ``bare`` is that line. ``at`` is in microseconds; ``layouts`` go from the outside in.
    """

    layouts: tuple[str, ...]
    message: str | None
    at: int | None = None
    precise: bool = False
    level: str | None = None
    logger: str | None = None
    process: str | None = None
    bare: str | None = None

    @property
    def writer(self) -> tuple[str | None, str | None]:
        """Who wrote it: the logger and the process."""
        return self.logger, self.process

    @property
    def may_repeat(self) -> bool:
        """Whether its time can show that a second handler wrote it again (TRACES section 8)."""
        return self.precise or (self.at is not None and self.layouts[-1] == "json")

    @property
    def is_whole(self) -> bool:
        """Whether no later line can continue its message: it stood in quotes, or was no line at all."""
        return "json" in self.layouts or LOGGED in self.layouts


class Explainer:
    """Explains one source's lines; remembers which layout explained the last one, since runs are long.

    A layout that raises explains nothing; ``failed`` holds its last error by its name.

    ``zone`` is that of times that name none. With ``forced``, only the layout of that name is asked for
    the outermost form; what it wraps may still be any.
    """

    def __init__(self, parsers: Sequence[Parser], zone: tzinfo = UTC, forced: str = "") -> None:
        usual = [parser for parser in parsers if not getattr(parser, "whole_source", False)]
        self.failed: dict[str, str] = {}
        self._zone = zone
        self._orders = [list(usual) for _ in range(_MOST_LAYERS)]
        if forced:
            self._orders[0] = [parser for parser in usual if parser.name == forced]

    def explain(self, line: str) -> Record | None:
        """The record that begins in *line* (without its end), ``None`` if no layout explains it."""
        found = self.outermost(line)
        return None if found is None else self.record(*found)

    def outermost(self, line: str) -> tuple[str, Explained] | None:
        """The name of the layout that explains *line* and what it says, wrapped records left as they are."""
        return self._ask(line, 0)

    def record(self, layout: str, explained: Explained) -> Record:
        """The innermost record of what *layout* explained."""
        layouts: tuple[str, ...] = (layout,)
        at, process = explained.at, explained.process
        for depth in range(1, _MOST_LAYERS):
            if explained.inner is None:
                break
            found = self._ask(explained.inner, depth)
            if found is None:
                return Record(layouts, None, self._microseconds(at), process=process, bare=explained.inner)
            layouts = (*layouts, found[0])
            explained = found[1]
            at = explained.at or at
            process = explained.process or process
        return Record(
            layouts,
            explained.message if explained.inner is None else None,
            self._microseconds(at),
            explained.precise and explained.at is not None,
            explained.level,
            explained.logger,
            process,
            explained.inner,
        )

    def _ask(self, text: str, depth: int) -> tuple[str, Explained] | None:
        order = self._orders[depth]
        for place, parser in enumerate(order):
            try:
                explained = parser.explain(text)
            except Exception as error:  # noqa: BLE001 - a plugin's fault must not end the reading of a log
                self.failed[parser.name] = f"{type(error).__name__}: {error}"
                continue
            if explained is not None:
                if place:
                    order.insert(0, order.pop(place))
                return parser.name, explained
        return None

    def microseconds(self, at: datetime) -> int | None:
        """*at*, a naive time taken as one in the zone, in microseconds; ``None`` beyond the calendar."""
        moment = to_microseconds(in_zone(at, self._zone))
        return moment if _EARLIEST <= moment <= _LATEST else None

    def _microseconds(self, at: datetime | None) -> int | None:
        return None if at is None else self.microseconds(at)
