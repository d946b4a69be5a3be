"""How good or bad an answer is: the four statuses and the severities of alerts (TRACES section 3)."""

from __future__ import annotations

from collections.abc import Iterable
from enum import Enum
from functools import total_ordering


@total_ordering
class Status(Enum):
    """What a check or a verdict says. Ordered: ``OK < UNKNOWN < WARNING < CRITICAL``.

    *Nothing seen* is ``UNKNOWN``, never ``OK``. A ``WARNING`` wants somebody to look into it, ``CRITICAL`` a
    rollback.

    >>> Status.UNKNOWN > Status.OK
    True
    >>> Status.worst([Status.OK, Status.CRITICAL]).exit_code
    2
    """

    OK = "ok"
    UNKNOWN = "unknown"
    WARNING = "warning"
    CRITICAL = "critical"

    @property
    def exit_code(self) -> int:
        """0 ok, 1 warning, 2 critical, 3 unknown (the convention of monitoring plugins)."""
        return _EXIT_CODES[self]

    def __lt__(self, other: object) -> bool:
        if not isinstance(other, Status):
            return NotImplemented
        return _RANKS[self] < _RANKS[other]

    def __str__(self) -> str:
        return self.value

    @classmethod
    def worst(cls, statuses: Iterable[Status]) -> Status:
        """The gravest of *statuses*; ``UNKNOWN`` when there are none, since nothing was judged."""
        return max(statuses, default=cls.UNKNOWN)


_RANKS = {status: rank for rank, status in enumerate(Status)}
_EXIT_CODES = {Status.OK: 0, Status.WARNING: 1, Status.CRITICAL: 2, Status.UNKNOWN: 3}


@total_ordering
class Severity(Enum):
    """How urgent an alert is. Ordered: ``INFO < MODERATE < HIGH < CRITICAL``.

    ``INFO`` can wait, ``MODERATE`` is for today, ``HIGH`` for this hour, ``CRITICAL`` wakes somebody.
    """

    INFO = "info"
    MODERATE = "moderate"
    HIGH = "high"
    CRITICAL = "critical"

    def __lt__(self, other: object) -> bool:
        if not isinstance(other, Severity):
            return NotImplemented
        return _URGENCY[self] < _URGENCY[other]

    def __str__(self) -> str:
        return self.value


_URGENCY = {severity: rank for rank, severity in enumerate(Severity)}


class Action(Enum):
    """What the guide demands of the person on call when a check is not met.

    ``NONE``, ``INVESTIGATE`` (find out why), ``ROLLBACK`` (at once, to the release before).
    """

    NONE = "none"
    INVESTIGATE = "investigate"
    ROLLBACK = "rollback"

    def __str__(self) -> str:
        return self.value
