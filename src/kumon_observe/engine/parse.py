"""Lines in, events out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from kumon_observe.config.settings import Settings
from kumon_observe.engine.run import Run
from kumon_observe.model.events import TraceEvent, event_of
from kumon_observe.model.rows import PlainRow
from kumon_observe.parsing.grammar import Trace, parse_message
from kumon_observe.parsing.scan import Scanner
from kumon_observe.plugins.registry import Registry


def parse(
    lines: Iterable[str | bytes],
    *,
    layout: str | None = None,
    settings: Settings | None = None,
    registry: Registry | None = None,
) -> Iterator[TraceEvent]:
    """The trace events in *lines* (with or without their ends), in order.

    What stands where no trace may stand, or comes from a logger that is not trusted, gives no event. The
    first events come after 64 KiB or at the end, when it is clear whether bare lines may be traces.

    >>> line = "INFO:app.core:OUTBOX_TRACE|phase=planner|conv=c1|idem=k1|state_id=1|outbox_id=2|count=3"
    >>> [event] = parse([line])
    >>> event.conv, event.count
    ('c1', 3)

    Args:
        lines: of one log, in order.
        layout: the one log layout to accept; each record is explained on its own when ``None``.
        settings: configuration; the defaults without any.
        registry: plugins; those that are installed, without any.

    Raises:
        UsageError: *layout* is not known.
    """
    run = Run(specs=(), settings=settings, registry=registry, layout=layout)
    scanner = Scanner(run.scan_options, keep_text=True)
    for line in lines:
        raw = line.encode("utf-8", "backslashreplace") if isinstance(line, str) else line
        yield from map(_event, scanner.feed(raw if raw.endswith(b"\n") else raw + b"\n"))
    yield from map(_event, scanner.finish())


def _event(row: PlainRow) -> TraceEvent:
    trace = parse_message(row[6] or "")
    return event_of(row, trace.extra if isinstance(trace, Trace) else None)
