"""Where rows become incidents: the rules are asked when their time has come, live and in a replay alike."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final

from attrs import define, field

from kumon_observe.alerting.alerting import Alerting
from kumon_observe.config.rules import RuleSettings
from kumon_observe.model.alert import Alert
from kumon_observe.model.evidence import CheckResult
from kumon_observe.model.rows import PlainRow
from kumon_observe.monitor.judged import Judged

_URGENT: Final = timedelta(seconds=0.25)
_LAZY: Final = timedelta(seconds=5)
_DUTY: Final = 5


@define
class Evaluator:
    """Takes rows, and asks the rules about them.

    A rule without an interval is asked at once where rows may show something critical (but four times a
    second at most, and so rarely that asking takes no more than a fifth of the time), and five seconds after
    any other row. *timer* tells how long asking takes, in seconds.
    """

    judged: Judged
    alerting: Alerting
    rules: Mapping[str, RuleSettings]
    timer: Callable[[], float] = time.perf_counter
    _asked: datetime | None = None
    _wanted: datetime | None = field(default=None)
    _pace: timedelta = _URGENT

    def take(self, rows: Sequence[PlainRow], now: datetime) -> None:
        """Judge *rows*, which came *now*."""
        if not rows:
            return
        grave = self.judged.take(rows, now)
        soonest = now if self._asked is None else max(now, self._asked + self._pace)
        wanted = soonest if grave else max(soonest, now + _LAZY)
        self._wanted = wanted if self._wanted is None else min(wanted, self._wanted)

    def want(self, now: datetime) -> None:
        """Let the next turn, at *now* or later, ask the rules without an interval, whatever was read."""
        self._wanted = now

    def turn(self, now: datetime) -> list[Alert]:
        """Ask the rules whose time has come, and tell what time alone brings; the alerts that were stored.

        Raises:
            NoState: the incidents cannot be stored.
        """
        due = set(self.alerting.due(now))
        if not self._is_wanted(now):
            due -= self._immediate
        alerts = []
        if due:
            alerts += self._evaluated(now, due)
        soon = self.alerting.next_due(now)
        return alerts + self.alerting.tick(now) if soon is not None and soon <= now else alerts

    def ask_all(self, now: datetime) -> list[Alert]:
        """Ask all rules, whatever the time."""
        every = {name for name, rule in self.rules.items() if rule.enabled}
        return self._evaluated(now, every) + self.alerting.tick(now)

    def next_due(self, now: datetime) -> datetime | None:
        """When there is something to do next, if no row comes before."""
        times = (self.alerting.next_due(now), self._wanted)
        return min((at for at in times if at is not None), default=None)

    def _is_wanted(self, now: datetime) -> bool:
        if self._wanted is None:
            return False
        # A clock that was set back must not keep a loss for hours.
        return now >= self._wanted or self._wanted - now > _LAZY + self._pace

    def _evaluated(self, now: datetime, due: set[str]) -> list[Alert]:
        begun = self.timer()
        alerts = self.alerting.evaluate(now, _Answers(self.judged, now), due)
        if due & self._immediate:
            self._asked, self._wanted = now, None
            if due >= self._immediate:
                self.judged.renew()
            self._pace = max(_URGENT, _DUTY * timedelta(seconds=self.timer() - begun))
        return alerts

    @property
    def _immediate(self) -> set[str]:
        return {name for name, rule in self.rules.items() if rule.enabled and not rule.every}


class _Answers:
    """What the checks say *now*, each question answered once."""

    def __init__(self, judged: Judged, now: datetime) -> None:
        self._judged = judged
        self._now = now
        self._known: dict[tuple[str, float], CheckResult | None] = {}

    def result(self, check: str, window: float) -> CheckResult | None:
        """What *check* says of the last *window* seconds."""
        if (check, window) not in self._known:
            self._known[check, window] = self._judged.result(check, window, self._now)
        return self._known[check, window]

    def rate(self, check: str, window: float) -> tuple[int, int] | None:
        """How many of *check*'s events in the last *window* seconds were good, and how many there were."""
        return self._judged.rate(check, window)
