"""What rules would have done over a log: the incidents, and what would have been sent to whom."""

from __future__ import annotations

from datetime import datetime

from attrs import frozen

from kumon_observe.model.alert import Alert
from kumon_observe.model.evidence import Sentence
from kumon_observe.model.incident import Incident
from kumon_observe.model.value import Value
from kumon_observe.model.verdict import Verdict


@frozen(kw_only=True, eq=False, repr=False)
class Sent(Value):
    """One notification.

    Attributes:
        at: the time of the log, aware.
        sink: to whom.
        alert: what.
    """

    at: datetime
    sink: str
    alert: Alert


@frozen(kw_only=True, eq=False, repr=False)
class Backtest(Value):
    """The answer of a replay.

    Attributes:
        verdict: what the checks say of the log as a whole.
        begins: the log's first moment, aware; ``None`` for a log without times.
        ends: the moment up to which was replayed, aware.
        incidents: in the order in which they began.
        sent: the notifications, in order.
        reasons: why less could be replayed than was asked for.
    """

    verdict: Verdict
    begins: datetime | None = None
    ends: datetime | None = None
    incidents: tuple[Incident, ...] = ()
    sent: tuple[Sent, ...] = ()
    reasons: tuple[Sentence, ...] = ()

    @property
    def fired(self) -> frozenset[str]:
        """The rules that fired."""
        return frozenset(one.rule for one in self.incidents if one.fired is not None)


@frozen(kw_only=True, eq=False, repr=False)
class Expected(Value):
    """A notification that a scenario expects; what is ``None`` may be anything.

    Attributes:
        rule: whose.
        news: what it tells, as in ``fired``.
        sink: to whom.
        level: the escalation.
        at: when, aware.
    """

    rule: str
    news: str
    sink: str | None = None
    level: int | None = None
    at: datetime | None = None


@frozen(kw_only=True, eq=False, repr=False)
class Scenario(Value):
    """One scenario, tried.

    Attributes:
        name: the scenario's.
        expected: the notifications that it demands, in order; ``None``: it demands none in particular.
        alarms: the rules that are right to fire in it: its label.
        backtest: what happened.
        faults: what is not as the scenario demands.
    """

    name: str
    alarms: frozenset[str]
    backtest: Backtest
    expected: tuple[Expected, ...] | None = None
    faults: tuple[Sentence, ...] = ()

    @property
    def fired(self) -> frozenset[str]:
        """The rules that fired."""
        return self.backtest.fired


@frozen(kw_only=True, eq=False, repr=False)
class Accuracy(Value):
    """How right the rules are over labelled scenarios: each rule in each scenario is one decision.

    Attributes:
        right_alarms: it fired and should.
        false_alarms: it fired and should not.
        missed: it should fire and did not.
        right_silences: it did not fire and should not.
    """

    right_alarms: int = 0
    false_alarms: int = 0
    missed: int = 0
    right_silences: int = 0

    @property
    def accuracy(self) -> tuple[int, int]:
        """Right decisions of all (the guide's goal: 95% at least)."""
        right = self.right_alarms + self.right_silences
        return right, right + self.false_alarms + self.missed

    @property
    def is_accurate(self) -> bool:
        """Whether at least 95% of the decisions are right."""
        right, decisions = self.accuracy
        return right * 100 >= decisions * 95

    @property
    def is_believable(self) -> bool:
        """Whether less than 1% of the alarms are false; where there is none, none is."""
        false, alarms = self.false_positives
        return not false or false * 100 < alarms

    @property
    def false_positives(self) -> tuple[int, int]:
        """False alarms of all alarms (the guide's goal: under 1%)."""
        return self.false_alarms, self.false_alarms + self.right_alarms


@frozen(kw_only=True, eq=False, repr=False)
class RulesTest(Value):
    """A file of scenarios, tried.

    Attributes:
        file: its name.
        scenarios: what became of each, in their order.
        accuracy: what they add up to.
    """

    file: str
    scenarios: tuple[Scenario, ...]
    accuracy: Accuracy

    @property
    def passed(self) -> bool:
        """Whether every scenario went as it demands."""
        return not any(tried.faults for tried in self.scenarios)
