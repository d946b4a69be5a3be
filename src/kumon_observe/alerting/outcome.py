"""How delivery stands, as whoever delivers sees it."""

from __future__ import annotations

from attrs import frozen

from kumon_observe.model.evidence import Sentence
from kumon_observe.state.standing import SinkStanding


@frozen(kw_only=True)
class Outcome:
    """What has become of the alerts so far.

    Attributes:
        sinks: how each sink does.
        unstored: alerts that could not be put into the outbox, and that no sink took either.
        trouble: why the outbox cannot be used, or could not a short while ago; ``None``: nothing hinders.
        works: whether it could be used when that was tried last.
    """

    sinks: tuple[SinkStanding, ...] = ()
    unstored: int = 0
    trouble: Sentence | None = None
    works: bool = True

    @property
    def waiting(self) -> int:
        """How many alerts wait, once for each sink."""
        return sum(sink.waiting for sink in self.sinks)

    @property
    def dead(self) -> int:
        """How many could not be delivered, once for each sink."""
        return sum(sink.dead for sink in self.sinks)

    @property
    def is_undeliverable(self) -> bool:
        """Whether a critical alert did not reach a sink that it was for, or reached nobody: exit code 4."""
        return self.unstored > 0 or any(sink.undeliverable for sink in self.sinks)
