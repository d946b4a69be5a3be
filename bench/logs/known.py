"""What a log holds, counted while it was played and never read back from it."""

from __future__ import annotations

from typing import Self

from attrs import asdict, define


@define
class Known:
    """The right answers. ``size`` is in bytes; the other figures are named as in the verdict's counts.

    ``guard_lines`` counts both guards; ``embedded`` the parents who quote a trace in their messages.
    """

    size: int = 0
    lines: int = 0
    traces: int = 0
    embedded: int = 0
    guard_lines: int = 0
    turns: int = 0
    lost: int = 0
    partial: int = 0
    undelivered: int = 0
    pending: int = 0
    success: int = 0
    failed: int = 0
    unresolved: int = 0
    unsent: int = 0
    wrong_instances: int = 0
    unguarded: int = 0
    resolution_errors: int = 0
    pairs: int = 0
    inconsistent: int = 0

    def to_json(self) -> dict[str, int]:
        """A JSON object of all figures."""
        return asdict(self)

    @classmethod
    def from_json(cls, figures: dict[str, int]) -> Self:
        """The figures that :meth:`to_json` gave."""
        return cls(**figures)
