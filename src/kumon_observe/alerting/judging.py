"""What one answer means for one rule: broken, kept, or nothing that could be said."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from fractions import Fraction
from typing import TYPE_CHECKING, Final

from attrs import frozen

from kumon_observe.model.status import Status
from kumon_observe.model.threshold import Threshold

if TYPE_CHECKING:
    from kumon_observe.alerting.answers import Answers
    from kumon_observe.config.rules import RuleSettings
    from kumon_observe.model.evidence import CheckResult

_SAMPLES: Final = ("pairs", "turns", "seen")


class Said(Enum):
    """What a rule says.

    ``BROKEN``, ``KEPT`` (well enough to end an incident), ``NEARLY`` (kept, but not well enough for that),
    ``HELD`` (nothing can be said, so everything stays as it is).
    """

    BROKEN = "broken"
    KEPT = "kept"
    NEARLY = "nearly"
    HELD = "held"


@frozen
class Judgement:
    """What a rule ``said`` of the check's ``result``."""

    said: Said
    result: CheckResult | None = None

    @property
    def counts_findings(self) -> bool:
        """Whether each finding breaks the rule: there is a most that is allowed (TRACES sections 4 and 5)."""
        limit = self.result.threshold if self.result is not None else None
        return limit is not None and limit.max is not None


def judge(rule: RuleSettings, answers: Answers) -> Judgement:
    """What *rule* says now. Missing data neither breaks nor keeps it, unless ``unknown`` is its breach."""
    result = answers.result(rule.check, rule.window)
    if result is None:
        return Judgement(Said.HELD)
    if result.status is Status.UNKNOWN and rule.breach != "unknown":
        return Judgement(Said.HELD, result)
    if rule.burn_rate:
        return Judgement(_burning(rule, answers, result), result)
    samples = samples_of(result)
    if samples is not None and samples < rule.min_samples:
        return Judgement(Said.HELD, result)
    if result.status >= Status(rule.breach):
        return Judgement(Said.BROKEN, result)
    return Judgement(_kept(rule, result), result)


def _kept(rule: RuleSettings, result: CheckResult) -> Said:
    """Kept, as far as ``clear_at`` allows (hysteresis)."""
    if not rule.clear_at:
        return Said.KEPT
    part, whole = _ratio(result)
    return Said.KEPT if whole > 0 and Threshold.parse(rule.clear_at).allows(part, whole) else Said.NEARLY


def _ratio(result: CheckResult) -> tuple[int, int]:
    rate = result.details.get("rate")
    if isinstance(rate, (tuple, list)) and len(rate) == 2:
        return int(rate[0]), int(rate[1])
    if result.value is None:
        return 0, 0
    value = Fraction(str(result.value))
    return value.numerator, value.denominator


def samples_of(result: CheckResult) -> int | None:
    """How many samples *result* rests on; ``None`` for a check that counts none."""
    rate = result.details.get("rate")
    if isinstance(rate, (tuple, list)) and len(rate) == 2:
        return int(rate[1])
    for name in _SAMPLES:
        count = result.counts.get(name)
        if count is not None and not isinstance(count, Mapping):
            return count
    return None


def _burning(rule: RuleSettings, answers: Answers, result: CheckResult) -> Said:
    """Whether the error budget is used up too fast in both windows (SRE workbook, "Alerting on SLOs").

    The short window ends an incident soon after the errors end.
    """
    objective = result.threshold.min if result.threshold is not None else None
    long, short = (answers.rate(rule.check, seconds) for seconds in (rule.window, rule.short_window))
    if objective is None or long is None or short is None or long[1] < rule.min_samples:
        return Said.HELD
    if not long[1] or not short[1]:
        return Said.HELD
    limit = Fraction(str(rule.burn_rate)) * (1 - objective)
    if burns(long, limit) and burns(short, limit):
        return Said.BROKEN
    return _kept(rule, result)


def burns(rate: tuple[int, int], limit: Fraction) -> bool:
    """Whether the share of bad events of *rate* (good, all) reaches *limit*, compared exactly.

    >>> burns((95, 100), Fraction(5, 100))
    True
    """
    good, events = rate
    bad = events - good
    return bad > 0 and bad * limit.denominator >= limit.numerator * events
