"""How sources are read."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, tzinfo
from typing import Protocol, Self, runtime_checkable

from attrs import evolve, field, frozen

from kumon_observe.model.protocols import Parser
from kumon_observe.parsing.explainer import Explainer
from kumon_observe.parsing.sealing import Sealer
from kumon_observe.parsing.trust import TrustedLoggers


@runtime_checkable
class Dated(Protocol):
    """A layout whose times lack the year: it takes the latest that is not after a reference."""

    def with_reference(self, moment: datetime) -> Parser:
        """The layout for a file that was last written at *moment*."""


@frozen(kw_only=True, eq=False, repr=False)
class ScanOptions:
    """How sources are read: the layouts, the zone of times without one, who is trusted, sizes in bytes.

    With a ``sealer``, a trace counts only if it verifies its seal.
    """

    parsers: Sequence[Parser]
    zone: tzinfo = UTC
    layout: str = ""
    trusted: Callable[[str | None], bool] = field(
        factory=lambda: TrustedLoggers(("app.*", "kumon_observe.*"))
    )
    max_record: int = 1 << 20
    sealer: Sealer | None = None

    def written_at(self, moment: datetime) -> Self:
        """The options for a file last written at *moment*, which tells the year of times without one."""
        parsers = [
            parser.with_reference(moment) if isinstance(parser, Dated) else parser for parser in self.parsers
        ]
        return evolve(self, parsers=parsers)

    def explainer(self) -> Explainer:
        """A fresh explainer for one source."""
        return Explainer(self.parsers, self.zone, self.layout)
