"""What the rules ask: the answers of the checks, over the whole log or a window at its end."""

from __future__ import annotations

from typing import Protocol

from kumon_observe.model.evidence import CheckResult


class Answers(Protocol):
    """What the checks say now. ``None`` from either method means that it cannot be told."""

    def result(self, check: str, window: float) -> CheckResult | None:
        """The result of *check* over the last *window* seconds of the log (0: all), resolved and masked."""

    def rate(self, check: str, window: float) -> tuple[int, int] | None:
        """How many events of the last *window* seconds were good, and how many there were."""
