"""Delivery over a window of time: by hour, by http code, by instance."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import datetime, tzinfo
from typing import Final, Unpack

from kumon_observe.engine.analyze import verdict_of
from kumon_observe.engine.judge import judge
from kumon_observe.engine.run import Run, RunOptions, SourceSpec
from kumon_observe.model import rows
from kumon_observe.model.listing import Performance, Rate
from kumon_observe.model.moments import to_datetime
from kumon_observe.model.rows import MICROSECONDS, PlainRow

_QUARTER: Final = 900 * MICROSECONDS
_UNKNOWN: Final = "unknown"
_MOST_INSTANCES: Final = 1000

_Counts = Counter[tuple[str, bool]]


def performance(
    sources: SourceSpec | Iterable[SourceSpec],
    *,
    zone: tzinfo | None = None,
    **options: Unpack[RunOptions],
) -> Performance:
    """The delivery results of *sources* from ``since`` (inclusive) to ``until`` (exclusive).

    Hours are those of *zone* (the settings' display zone, else the machine's, when ``None``). The
    options are those of :class:`kumon_observe.engine.run.Run`.
    """
    run = Run(specs=sources, **options)
    shown_in = zone or run.display_zone
    tally = _Tally()
    checks = [check for check in run.plugins.checks() if check.name == "delivery"]
    judging = judge(checks, tally.of(run.sources.batches()))
    verdict = verdict_of(run, judging.results(run.now()), "performance", False)
    window = run.sources.window
    return Performance(
        generated_at=verdict.generated_at,
        timezone=str(shown_in) if shown_in is not None else run.generated_at().astimezone().tzname() or "",
        since=None if window.since is None else to_datetime(window.since),
        until=None if window.until is None else to_datetime(window.until),
        delivery=verdict.checks[0],
        total=tally.total,
        by_hour=tally.by_hour(shown_in),
        by_http=run.masks.keys(_rates(tally.by_http), _joined),
        by_instance=run.masks.keys(_rates(tally.by_instance), _joined),
        untimed=tally.untimed,
        sources=verdict.sources,
        coverage=verdict.coverage,
        reasons=verdict.reasons,
    )


class _Tally:
    """Counts results by what they have in common; quarters of an hour, since some zones lie between hours."""

    def __init__(self) -> None:
        self.by_http: _Counts = Counter()
        self.by_instance: _Counts = Counter()
        self.untimed = 0
        self._by_quarter: Counter[tuple[int, bool]] = Counter()

    @property
    def total(self) -> Rate:
        """All results."""
        return _rate(self.by_http)

    def of(self, batches: Iterable[list[PlainRow]]) -> Iterator[list[PlainRow]]:
        """Pass *batches* on, counted."""
        for batch in batches:
            for row in batch:
                if row[0] == rows.RESULT:
                    self._count(row, row[10], row[11], row[12])
                elif row[0] == rows.TURN_RESULT and row[10] != "dedup_hit":
                    self._count(row, row[10] == "sent", None, None)
            yield batch

    def by_hour(self, zone: tzinfo | None) -> tuple[tuple[datetime, Rate], ...]:
        """The results of each hour in *zone* (``None``: the machine's) that had any, in order."""
        hours: dict[datetime, _Counts] = {}
        for (quarter, success), n in self._by_quarter.items():
            local = to_datetime(quarter * _QUARTER).astimezone(zone)
            start = local.replace(minute=0, second=0, microsecond=0)
            hours.setdefault(start, Counter())["", success] += n
        ordered = sorted(hours, key=lambda start: start.timestamp())
        return tuple((start, _rate(hours[start])) for start in ordered)

    def _count(self, row: PlainRow, success: bool, http: str | None, instance: str | None) -> None:
        self.by_http[http or _UNKNOWN, success] += 1
        name = instance if instance is not None else _UNKNOWN
        if len(self.by_instance) < _MOST_INSTANCES or (name, success) in self.by_instance:
            self.by_instance[name, success] += 1
        if row[1] is None:
            self.untimed += 1
        else:
            self._by_quarter[row[1] // _QUARTER, success] += 1


def _rate(counts: _Counts) -> Rate:
    success = sum(n for (_, good), n in counts.items() if good)
    return Rate(success=success, failed=counts.total() - success)


def _joined(one: Rate, other: Rate) -> Rate:
    return Rate(success=one.success + other.success, failed=one.failed + other.failed)


def _rates(counts: _Counts) -> dict[str, Rate]:
    """The rate of each name, the most frequent first."""
    names = Counter[str]()
    for (name, _), n in counts.items():
        names[name] += n
    return {
        name: Rate(success=counts[name, True], failed=counts[name, False]) for name, _ in names.most_common()
    }
