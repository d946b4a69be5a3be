"""What the checks say of a log that goes on: all of it, its last hour, and whether anything comes at all."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from kumon_observe.engine.analyze import verdict_of, wanted_checks
from kumon_observe.engine.generations import Generations
from kumon_observe.engine.grave import Gravity
from kumon_observe.engine.judge import JudgedCheck
from kumon_observe.engine.windows import Windows
from kumon_observe.model.errors import StateError
from kumon_observe.model.evidence import CheckResult, Sentence
from kumon_observe.model.hours import Hours
from kumon_observe.model.phrase import phrase
from kumon_observe.model.rows import MICROSECONDS, PlainRow
from kumon_observe.model.status import Action, Status
from kumon_observe.model.verdict import Verdict
from kumon_observe.model.zones import named_zone

if TYPE_CHECKING:
    from kumon_observe.config.rules import RuleSettings
    from kumon_observe.engine.run import Run

DATA: Final = "data"
"""The name by which a rule asks whether all that should be judged was."""

TRACES: Final = "traces"
"""The name by which a rule asks whether any trace came."""


_LISTED: Final = 1000
"""How many findings are told one by one: as many as a check keeps."""


class Judged:
    """Judges the rows of a *run* as they come, for the questions that *rules* ask.

    *begun* is when the watching began: before that nothing can have been missed.
    """

    def __init__(self, run: Run, rules: Mapping[str, RuleSettings], begun: datetime) -> None:
        self.run = run
        self.begun = begun
        self._rules = [rule for rule in rules.values() if rule.enabled]
        self.latest: datetime | None = None
        """When the latest trace came, by the clock."""

        horizon = run.settings.watch.horizon
        self._generations = Generations(
            lambda: wanted_checks(run.plugins, None), round(horizon * MICROSECONDS)
        )
        self._names = {judged.check.name for judged in self.checks}
        self._gravity = Gravity(self._generations.apart)
        asked = [rule for rule in self._rules if rule.check in self._names]
        self._windows = Windows(
            windows={(rule.check, rule.window) for rule in asked if rule.window},
            rates=[
                (rule.check, seconds)
                for rule in asked
                if rule.burn_rate
                for seconds in (rule.window, rule.short_window)
            ],
            make=lambda name: wanted_checks(run.plugins, (name,))[0],
        )

    @property
    def checks(self) -> list[JudgedCheck]:
        """The checks that answer for the last day."""
        return self._generations.older.checks

    def take(self, rows: Sequence[PlainRow], now: datetime) -> bool:
        """Judge *rows*, which came *now*.

        Returns:
            Whether they may be evidence of a critical violation, so that an answer is worth its time now.
        """
        if not rows:
            return False
        self.latest = now
        grave = self._gravity.may_be_grave(rows)
        self._generations.observe(rows)
        self._windows.observe(rows)
        return grave

    def result(self, check: str, window: float, now: datetime) -> CheckResult | None:
        """What *check* says of the last *window* seconds of the log (0: the last day), resolved and masked.

        ``None``: there is no such check, or nothing can be told: nobody writes at this time of the day.
        """
        if check == DATA:
            return self._data()
        if check == TRACES:
            return self._traces(window, now)
        if check not in self._names:
            return None
        found = self._windows.result(check, window) if window else self._of_all(check)
        losses = self.losses()
        shown = self.run.resolved(found, _LISTED)
        return shown.degraded(*losses) if losses else shown

    def rate(self, check: str, window: float) -> tuple[int, int] | None:
        """How many of *check*'s events in the last *window* seconds were good, and how many there were."""
        try:
            return self._windows.rate(check, window)
        except KeyError:
            return None

    def verdict(self, command: str, reasons: Iterable[Sentence] = ()) -> Verdict:
        """What all checks say of the last day."""
        results = self._generations.older.results(self.run.now())
        return verdict_of(self.run, results, command, True, also_lost=reasons)

    def renew(self) -> None:
        """All that was found is known: what is older than a day may be forgotten."""
        self._generations.renew()

    def losses(self) -> list[Sentence]:
        """What was not read: while there is any, nothing is ``ok``."""
        return self.run.losses()

    def failed(self) -> list[Sentence]:
        """The checks that cannot answer, each with why."""
        broken = [
            phrase("{check}: {why}", check=judged.check.name, why=judged.error)
            for judged in self.checks
            if judged.error is not None
        ]
        return [
            *broken,
            *(
                phrase("{check}: {why}", check=each.plugin, why=each.reason)
                for each in self.run.plugins.broken_checks()
            ),
        ]

    def saved(self) -> Mapping[str, Any] | None:
        """All of it as JSON values, ``None`` where a check keeps no state: then all is read again."""
        checks = self._generations.saved()
        if checks is None:
            return None
        return {"checks": checks, "windows": self._windows.saved(), "seen": self.run.sources.seen.saved()}

    def restore(self, saved: Any) -> None:
        """Go on from what was saved.

        Raises:
            StateError: it is of another release or option, or is damaged; then this is not to be used.
        """
        try:
            self._generations.restore(saved["checks"])
            self._windows.restore(saved["windows"])
            self.run.sources.seen.restore(saved["seen"])
        except (KeyError, TypeError, ValueError) as error:
            raise StateError(f"what was saved of the watch is damaged: {error}") from error

    def _of_all(self, check: str) -> CheckResult:
        (judged,) = (judged for judged in self.checks if judged.check.name == check)
        return judged.result(self.run.now())

    def _is_time_for(self, window: float, now: datetime) -> bool:
        """Whether traces are expected all through the window: nobody writes before the hours of a rule."""
        zone = named_zone(self.run.settings.schedule.timezone)
        asked = [rule for rule in self._rules if rule.check == TRACES and rule.window == window]
        return all(not rule.hours or Hours.parse(rule.hours).holds(window, now, zone) for rule in asked)

    def _data(self) -> CheckResult:
        losses = (*self.losses(), *self.failed())
        return CheckResult(
            name=DATA,
            status=Status.UNKNOWN if losses else Status.OK,
            summary=phrase("nothing can be judged of what is missing")
            if losses
            else phrase("all logs are read and judged"),
            action=Action.INVESTIGATE if losses else Action.NONE,
            value=len(losses),
            counts={"losses": len(losses)},
            reasons=losses,
        )

    def _traces(self, window: float, now: datetime) -> CheckResult | None:
        since = max(self.begun, self.latest or self.begun)
        quiet = now - since > timedelta(seconds=window)
        if quiet and not self._is_time_for(window, now):
            return None
        minutes = int((now - since).total_seconds() // 60)
        return CheckResult(
            name=TRACES,
            status=Status.UNKNOWN if quiet else Status.OK,
            summary=phrase("no trace came for {minutes} minutes", minutes=minutes)
            if quiet
            else phrase("traces come"),
            action=Action.INVESTIGATE if quiet else Action.NONE,
            value=minutes,
            counts={"minutes": minutes},
        )
