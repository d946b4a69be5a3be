"""Which sink is told of what: ``[routes.NAME]``."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import TYPE_CHECKING

from kumon_observe.model.phrase import Phrase, phrase
from kumon_observe.model.status import Severity

if TYPE_CHECKING:
    from kumon_observe.config.alerting import RouteSettings
    from kumon_observe.config.settings import Settings
    from kumon_observe.model.incident import Incident


def receivers(settings: Settings, sinks: Collection[str], incident: Incident) -> tuple[str, ...]:
    """Those of *sinks* that are told that *incident* goes on, in their order."""
    return takers(settings, sinks, incident.rule, incident.severity, incident.level)


def takers(
    settings: Settings, sinks: Collection[str], rule: str, severity: Severity, level: int
) -> tuple[str, ...]:
    """Those of *sinks* that are told of what *rule* finds, in their order."""
    return tuple(name for name in sinks if _takes(settings.routes, name, rule, severity, level))


def following(settings: Settings, told: Collection[str], *, end: bool) -> tuple[str, ...]:
    """Those who were *told* of an incident and take what comes of it; its *end* only if they want to know."""
    routes = settings.routes
    return tuple(
        name
        for name in sorted(told)
        if (route := routes.get(name)) is None or (route.enabled and (route.resolved or not end))
    )


def uncovered(settings: Settings, sinks: Collection[str]) -> Iterator[Phrase]:
    """Says of each rule whose critical incidents nobody would be told of at once."""
    for name, rule in settings.rules.items():
        if not rule.enabled or rule.severity != "critical":
            continue
        if not any(_takes(settings.routes, sink, name, Severity.CRITICAL, 0) for sink in sinks):
            yield phrase(
                "nobody would be told of a critical incident of the rule {rule}: "
                "set up a sink that takes it (docs/alerts.md)",
                rule=name,
            )


def _takes(routes: Mapping[str, RouteSettings], sink: str, rule: str, severity: Severity, level: int) -> bool:
    route = routes.get(sink)
    if route is None:
        return True
    if not route.enabled or severity < Severity(route.least) or level < route.level:
        return False
    return not route.rules or rule in route.rules
