"""A small world in which rules judge: what the checks say is set by the test, and so is the clock."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from attrs import evolve

from kumon_observe.alerting import acts
from kumon_observe.alerting.alerting import Alerting
from kumon_observe.config.alerting import AlertingSettings, RouteSettings
from kumon_observe.config.rules import RULES, RuleSettings
from kumon_observe.config.settings import Settings
from kumon_observe.model.alert import Alert
from kumon_observe.model.evidence import CheckResult, Evidence, Key, Violation
from kumon_observe.model.incident import Incident, Silence
from kumon_observe.model.phrase import phrase
from kumon_observe.model.status import Action, Status
from kumon_observe.model.threshold import Threshold
from kumon_observe.state import incidents, outbox
from kumon_observe.state.book import Book

NOON = datetime(2025, 1, 15, 12, tzinfo=UTC)


def loss(number: int | str, **changes: Any) -> Violation:
    """The lost hand-off of one turn."""
    usual: dict[str, Any] = {
        "key": Key(conv=f"c{number}", idem="k"),
        "at": NOON - timedelta(hours=1) + timedelta(seconds=hash_of(number)),
        "evidence": (Evidence(source="app.log", line=1, offset=hash_of(number), text="OUTBOX_TRACE|…"),),
        "details": {"identity": "exact", "planned": 1, "delivered": 0, "by": ["traces"]},
    }
    return Violation(**{**usual, **changes})


def hash_of(number: int | str) -> int:
    return number if isinstance(number, int) else sum(number.encode())


def losses(*found: int | str | Violation, omitted: int = 0, status: Status | None = None) -> CheckResult:
    """What the hand-off check says of these losses, cumulatively."""
    violations = tuple(one if isinstance(one, Violation) else loss(one) for one in found)
    n = len(violations) + omitted
    return CheckResult(
        name="handoff",
        status=status or (Status.CRITICAL if n else Status.OK),
        summary=phrase("{n} lost hand-offs", n=n),
        value=n,
        threshold=Threshold(max=0),
        action=Action.ROLLBACK if n else Action.NONE,
        counts={"turns": 812},
        violations=violations,
        omitted=omitted,
    )


def delivered(good: int, events: int) -> CheckResult:
    """What the delivery check says of so many results."""
    met = events > 0 and good * 100 >= events * 95
    status = Status.UNKNOWN if not events else Status.OK if met else Status.WARNING
    return CheckResult(
        name="delivery",
        status=status,
        summary=phrase("{good} of {events} delivered", good=good, events=events),
        value=good / events if events else None,
        threshold=Threshold(min="0.95", percent=True),
        action=Action.INVESTIGATE if status is Status.WARNING else Action.NONE,
        details={"rate": [good, events]},
    )


def data(status: Status) -> CheckResult:
    """What the monitor says of the log itself."""
    return CheckResult(name="data", status=status, summary=phrase("the log is {how}", how=str(status)))


class World:
    """Rules, a store and a clock; ``told`` is every alert so far."""

    def __init__(
        self,
        rules: Mapping[str, RuleSettings] | None = None,
        *,
        routes: Mapping[str, RouteSettings] | None = None,
        sinks: Collection[str] = ("slack",),
        book: Book | None = None,
        now: datetime = NOON,
        timezone: str = "America/Sao_Paulo",
        **alerting: Any,
    ) -> None:
        from kumon_observe.config.watching import ScheduleSettings

        self.settings = Settings(
            rules=RULES if rules is None else rules,
            routes=routes or {},
            alerting=AlertingSettings(**alerting),
            schedule=ScheduleSettings(timezone=timezone),
        )
        self.sinks = sinks
        self.book = book or Book.in_memory()
        self.now = now
        self.results: dict[str, CheckResult | None] = {}
        self.rates: dict[tuple[str, float], tuple[int, int] | None] = {}
        self.told: list[Alert] = []
        self.restart()

    # what the rules ask

    def result(self, check: str, window: float) -> CheckResult | None:
        return self.results.get(check)

    def rate(self, check: str, window: float) -> tuple[int, int] | None:
        return self.rates.get((check, window))

    # what happens

    def restart(self) -> None:
        """Go on with a new object on the same store, as after a kill."""
        self.alerting = Alerting(self.settings, self.book, self.sinks)

    def says(self, *results: CheckResult) -> list[str]:
        """The checks say this, and all their rules are evaluated; the news that are told."""
        self.results.update({result.name: result for result in results})
        checks = {result.name for result in results}
        rules = [name for name, rule in self.settings.rules.items() if rule.check in checks]
        return self.note(self.alerting.evaluate(self.now, self, rules))

    def after(self, seconds: float) -> list[str]:
        """Time passes, and the clock ticks once; the news that are told."""
        self.now += timedelta(seconds=seconds)
        return self.note(self.alerting.tick(self.now))

    def later(self, seconds: float) -> World:
        """Time passes and nobody looks."""
        self.now += timedelta(seconds=seconds)
        return self

    def note(self, alerts: Iterable[Alert]) -> list[str]:
        alerts = list(alerts)
        self.told += alerts
        return [str(alert.news) for alert in alerts]

    # what a person does

    def ack(self, by: str = "ana", comment: str = "") -> Incident:
        return acts.acknowledge(self.settings, self.book, self.now, self.one().id, by=by, comment=comment)

    def resolve(self, by: str = "ana", comment: str = "") -> Incident:
        return acts.resolve(self.settings, self.book, self.now, self.one().id, by=by, comment=comment)

    def silence(self, rule: str = "", seconds: float = 3600) -> Silence:
        until = self.now + timedelta(seconds=seconds)
        return acts.silence(self.settings, self.book, self.now, rule, until, by="ana", comment="works")

    # what there is

    def open(self) -> list[Incident]:
        with self.book.reading() as connection:
            return incidents.open_incidents(connection)

    def one(self) -> Incident:
        (incident,) = self.open()
        return incident

    def waiting(self) -> list[tuple[str, str]]:
        """The news that wait to be sent, with the sink of each."""
        with self.book.reading() as connection:
            letters = outbox.waiting(connection)
        return [(str(letter.alert.news), letter.sink) for letter in letters if letter.alert is not None]


def rule(**changes: Any) -> dict[str, RuleSettings]:
    """The hand-off rule alone, changed."""
    return {"handoff": evolve(RULES["handoff"], **changes)}


def rate_rule(**changes: Any) -> dict[str, RuleSettings]:
    """The delivery rule alone, changed."""
    return {"delivery": evolve(RULES["delivery"], **changes)}
