"""What a session's watched tests add up to, over all processes that run them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass


@dataclass
class Totals:
    """Counts of watched tests; a dataclass, since the plugin itself must load no dependency."""

    tests: int = 0
    traces: int = 0
    violating: int = 0
    allowed: int = 0
    empty: int = 0

    def add(self, other: Mapping[str, int]) -> None:
        """Add what another process counted."""
        for name, n in other.items():
            setattr(self, name, getattr(self, name) + n)

    def counts(self) -> dict[str, int]:
        """The same as plain numbers."""
        return asdict(self)

    def line(self) -> str:
        """The session's one line."""
        parts = [
            _counted(self.tests, "watched test"),
            _counted(self.traces, "trace"),
        ]
        if self.violating:
            parts.append(f"{self.violating} with violations")
        if self.allowed:
            parts.append(f"{self.allowed} with allowed violations")
        if self.empty:
            parts.append(f"{self.empty} without any trace")
        if not (self.violating or self.allowed):
            parts.append("no violations" if self.traces else "nothing was judged")
        return f"kumon-observe: {', '.join(parts)}"


def _counted(n: int, noun: str) -> str:
    return f"{n} {noun}" if n == 1 else f"{n} {noun}s"
