"""What a watch is asked to do, and what of it will not work."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING, BinaryIO

from attrs import frozen

from kumon_observe.alerting.faults import faults
from kumon_observe.clock import Clock
from kumon_observe.model.evidence import Sentence
from kumon_observe.model.phrase import phrase

if TYPE_CHECKING:
    from kumon_observe.config.settings import Settings
    from kumon_observe.model.protocols import Sink
    from kumon_observe.plugins.registry import Registry


@frozen(kw_only=True)
class Plan:
    """What a watch is asked to do.

    Attributes:
        settings: the configuration.
        registry: the plugins.
        specs: the logs.
        layout: the one log layout to accept; ``None``: the settings'.
        show_personal_data: mask neither phones nor texts.
        stdin: what ``-`` reads.
        clock: tells the time.
        without: the sinks that are not told, by name.
    """

    settings: Settings
    registry: Registry
    specs: Sequence[str]
    clock: Clock
    layout: str | None = None
    show_personal_data: bool = False
    stdin: BinaryIO | None = None
    without: Collection[str] = ()

    def sinks(self) -> list[Sink]:
        """New sinks, those that are told."""
        return [sink for sink in self.registry.sinks() if sink.name not in self.without]


def faults_of(plan: Plan) -> list[Sentence]:
    """What of the configuration will not work when it is needed."""
    sinks = plan.sinks()
    found: list[Sentence] = [
        phrase("the sink {name} cannot deliver: {why}", name=sink.name, why=why)
        for sink in sinks
        if (why := getattr(sink, "fault", None))
    ]
    checks = [check.name for check in plan.registry.checks()]
    return found + list(faults(plan.settings, checks, [sink.name for sink in sinks]))
