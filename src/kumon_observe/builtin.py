"""The built-in layouts, checks and sinks: a plugin like any other, and the only one that knows them."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from kumon_observe.plugins.hookspecs import hookimpl

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from kumon_observe.config.settings import Settings
    from kumon_observe.model.alert import Alert
    from kumon_observe.model.protocols import Check, Parser, Sink
    from kumon_observe.sinks.message import Message


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
def kumon_register_sinks(settings: Settings) -> Iterable[Sink]:
    """Standard output, and every sink that ``[sinks]`` gives an address."""
    words = partial(_words, settings)
    if not settings.has_sinks:
        from kumon_observe.sinks.stdout import StdoutSink

        return [StdoutSink(compose=words)]
    from kumon_observe.sinks.built_in import built_in_sinks

    return built_in_sinks(settings.sinks, words, partial(_state, settings))


def _state(settings: Settings) -> Path:
    """Where state is kept."""
    from kumon_observe.state.folder import state_directory

    return state_directory(settings)


def _words(settings: Settings, alert: Alert) -> Message:
    """*alert* in the configured language and zone, by the team's templates."""
    import os

    from kumon_observe.config.zone import told_zone
    from kumon_observe.present.language import Language, detect
    from kumon_observe.sinks.message import Wording, compose

    alerting = settings.alerting
    language = Language(alerting.lang or settings.lang or detect(os.environ))
    return compose(
        alert,
        Wording(
            translate=language.translate,
            zone=told_zone(settings),
            title=alerting.title,
            body=alerting.body,
        ),
    )
