"""A check of turns that wait too long between planner and delivery."""

from collections import Counter
from datetime import datetime, timedelta
from itertools import accumulate

import kumon_observe as kumon


class SlowTurns:
    """All but the slowest turns (*percent* of 100) may take at most *seconds*.

    *most* bounds the conversations that are kept: those that wait for their delivery, and those that a part
    of a log began with, which only a merge needs. The five slowest turns are shown.
    """

    name = "slow-turns"

    def __init__(self, seconds: float = 5.0, percent: int = 95, most: int = 10_000) -> None:
        self.seconds, self.percent, self.most = seconds, percent, most
        self.planned: dict[str | None, datetime] = {}
        self.began: dict[str | None, kumon.TraceEvent] = {}
        self.tenths: Counter[int] = Counter()  # how many turns took so many tenths of a second
        self.slowest: list[kumon.Violation] = []

    def observe(self, event: kumon.TraceEvent) -> None:
        if event.at is None or not isinstance(event, (kumon.PlannerTrace, kumon.DeliveryTrace)):
            return
        if len(self.began) < self.most:
            self.began.setdefault(event.conv, event)
        planned = self.planned.pop(event.conv, None)
        if isinstance(event, kumon.PlannerTrace):
            self.planned[event.conv] = event.at
            if len(self.planned) > self.most:
                del self.planned[next(iter(self.planned))]
        elif planned is not None:
            # Rounded up; an hour and more are one, so that there are few different durations.
            tenths = min(max(0, -((planned - event.at) // timedelta(seconds=0.1))), 36_000)
            self.tenths[tenths] += 1
            if tenths > self.seconds * 10:
                key, why = kumon.Key(conv=event.conv, idem=event.idem), {"seconds": tenths / 10}
                shown = (kumon.Evidence.of(event),)
                self.show([kumon.Violation(key=key, at=event.at, evidence=shown, details=why)])

    def show(self, turns: list[kumon.Violation]) -> None:
        self.slowest = sorted(self.slowest + turns, key=lambda t: (-t.details["seconds"], str(t.at)))[:5]

    def merge(self, later: "SlowTurns") -> None:
        for event in later.began.values():
            self.observe(event)
            self.planned.pop(event.conv, None)
        self.planned |= later.planned
        self.tenths += later.tenths
        self.show(later.slowest)

    def result(self, now: datetime | None) -> kumon.CheckResult:
        if not self.tenths:
            return kumon.CheckResult.failed(self.name, "no turn with times was delivered")
        tenths, turns = sorted(self.tenths), self.tenths.total()
        within = accumulate(self.tenths[took] for took in tenths)
        took = next(t for t, n in zip(tenths, within, strict=True) if n * 100 >= self.percent * turns) / 10
        slow = took > self.seconds
        return kumon.CheckResult(
            name=self.name,
            status=kumon.Status.WARNING if slow else kumon.Status.OK,
            summary=f"{self.percent}% of {turns} turns took at most {took} s",
            action=kumon.Action.INVESTIGATE if slow else kumon.Action.NONE,
            value=took,
            threshold=kumon.Threshold(max=self.seconds),
            counts={"turns": turns},
            warnings=tuple(self.slowest),
        )


@kumon.hookimpl
def kumon_register_checks() -> list[SlowTurns]:
    return [SlowTurns()]
