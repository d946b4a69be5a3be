"""The built-in layouts, checks and sinks: a plugin like any other, and the only one that knows them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kumon_observe.plugins.hookspecs import hookimpl

if TYPE_CHECKING:
    from collections.abc import Iterable

    from kumon_observe.config.settings import Settings
    from kumon_observe.model.protocols import Check, Parser, Sink


@hookimpl
def kumon_register_parsers() -> Iterable[Parser]:
    """The eleven layouts of TRACES section 2."""
    from kumon_observe.parsing.layouts import built_in_layouts

    return built_in_layouts()


@hookimpl
def kumon_register_checks(settings: Settings) -> Iterable[Check]:
    """The four checks of TRACES sections 4 to 7."""
    from kumon_observe.checks.consistency import ConsistencyCheck
    from kumon_observe.checks.delivery import DeliveryCheck
    from kumon_observe.checks.handoff import HandoffCheck
    from kumon_observe.checks.instances import InstancesCheck

    options = settings.checks
    return [
        HandoffCheck(options.handoff),
        InstancesCheck(options.instances),
        DeliveryCheck(options.delivery),
        ConsistencyCheck(options.consistency),
    ]


@hookimpl
def kumon_register_sinks() -> Iterable[Sink]:
    """The sink that needs nothing: standard output."""
    from kumon_observe.sinks.stdout import StdoutSink

    return [StdoutSink()]
