"""When an answer of a check becomes an incident: ``[rules.NAME]``, with the guide's rules as defaults."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, Literal

from attrs import field, frozen, validators

from kumon_observe.config import checked
from kumon_observe.config.table import ANY_COUNT, COUNT, SECONDS, SOME_SECONDS, Table

_severity = validators.in_(("info", "moderate", "high", "critical"))


@frozen(kw_only=True, eq=False, repr=False)
class RuleSettings(Table):
    """``[rules.NAME]``: judges one check's answers; what breaks it is one incident, however often.

    Attributes:
        enabled: whether the rule is used.
        check: the check whose answers it judges; ``data`` is whether there is anything to judge.
        severity: of its incidents.
        breach: the least status of the check that breaks the rule.
        window: seconds of the log that are judged; 0: all that was read.
        every: seconds between two evaluations; 0: as soon as something was read.
        for_: seconds for which it must be broken before the incident fires (``for``).
        times: evaluations in a row that must break it before the incident fires.
        clear_times: evaluations in a row that must keep it before the incident ends.
        clear_at: the threshold that the check's value must meet too before the incident ends (``>= 97%``);
            empty: that of the check.
        min_samples: with fewer samples (``counts``) of the check nothing is judged.
        burn_rate: the error budget is used up so many times too fast, in ``window`` and in ``short_window``
            alike; 0: the check's status decides, not its rate.
        short_window: seconds, for ``burn_rate`` alone.
        latch: an incident stays until a person resolves it.
        hours: evaluated at these hours only, as in ``08:00-22:00`` or ``Mon-Sat 08:00-22:00``, in the zone
            of ``[schedule]``.
        repeat: seconds until an incident that goes on is told again; 0: never.
        escalate: whether an incident that nobody acknowledges is escalated.
    """

    enabled: bool = True
    check: str = ""
    severity: Literal["info", "moderate", "high", "critical"] = field(default="moderate", validator=_severity)
    breach: Literal["unknown", "warning", "critical"] = field(
        default="warning", validator=validators.in_(("unknown", "warning", "critical"))
    )
    window: float = field(default=0.0, validator=SECONDS)
    every: float = field(default=0.0, validator=SECONDS)
    for_: float = field(default=0.0, validator=SECONDS)
    times: int = field(default=1, validator=COUNT)
    clear_times: int = field(default=1, validator=COUNT)
    clear_at: str = field(default="", validator=checked.threshold)
    min_samples: int = field(default=0, validator=ANY_COUNT)
    burn_rate: float = field(default=0.0, validator=SECONDS)
    short_window: float = field(default=300.0, validator=SOME_SECONDS)
    latch: bool = False
    hours: str = field(default="", validator=checked.hours)
    repeat: float = field(default=3600.0, validator=SECONDS)
    escalate: bool = False


_SLIDING: Final = 3600.0
_OFTEN: Final = 300.0

RULES: Final[Mapping[str, RuleSettings]] = MappingProxyType(
    {
        "handoff": RuleSettings(
            check="handoff", severity="critical", breach="critical", latch=True, escalate=True
        ),
        "instances": RuleSettings(
            check="instances", severity="critical", breach="critical", latch=True, escalate=True
        ),
        "delivery": RuleSettings(
            check="delivery", window=_SLIDING, every=_OFTEN, clear_times=2, min_samples=20
        ),
        "consistency": RuleSettings(
            check="consistency", window=_SLIDING, every=_OFTEN, clear_times=2, min_samples=20
        ),
        "delivery-burn": RuleSettings(
            check="delivery",
            severity="high",
            window=_SLIDING,
            short_window=300.0,
            every=60.0,
            burn_rate=14.4,
            clear_times=2,
            min_samples=20,
            escalate=True,
        ),
        "delivery-slow-burn": RuleSettings(
            check="delivery",
            window=21_600.0,
            short_window=1800.0,
            every=_OFTEN,
            burn_rate=6.0,
            clear_times=2,
            min_samples=20,
        ),
        "data": RuleSettings(
            check="data", severity="high", breach="unknown", every=60.0, for_=300.0, escalate=True
        ),
        "quiet": RuleSettings(
            check="traces",
            breach="unknown",
            window=3 * _SLIDING,
            every=_OFTEN,
            hours="Mon-Sat 08:00-22:00",
        ),
    }
)
"""The guide's rules: lost replies and wrong instances at once; rates over an hour, every five minutes.

``data`` is broken by a log that is missing, unreadable or lost, or a check that fails; ``quiet`` when no
trace came for three hours of a working day. The burn rates are those of the SRE workbook (2% and 5% of a
month).
"""
