"""What a configuration of rules and routes says that cannot come true, before it is needed."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import TYPE_CHECKING, Final

from kumon_observe.alerting.routing import uncovered
from kumon_observe.model.phrase import Phrase, phrase

if TYPE_CHECKING:
    from kumon_observe.config.settings import Settings

WATCHED: Final = ("data", "traces")
"""What the watch itself answers beside the checks."""


def faults(settings: Settings, checks: Collection[str], sinks: Collection[str]) -> Iterator[Phrase]:
    """A sentence for each fault, where there are these *checks* and *sinks*, by name.

    A rule that can never be judged, a route that leads nowhere, a critical rule that nobody would hear of.
    """
    for name, rule in settings.rules.items():
        if rule.enabled and rule.check not in (*checks, *WATCHED):
            known = ", ".join([*checks, *WATCHED])
            yield phrase(
                "the rule {rule} judges the check {check!r}, which there is not: use one of {known}",
                rule=name,
                check=rule.check,
                known=known,
            )
    for name, route in settings.routes.items():
        if name not in sinks:
            known = ", ".join(sinks)
            yield phrase(
                "the route {name!r} is of no sink that can be used: there are {known}", name=name, known=known
            )
        for wanted in route.rules:
            if wanted not in settings.rules:
                known = ", ".join(settings.rules)
                yield phrase(
                    "the route {name!r} names the rule {rule!r}, which there is not: use one of {known}",
                    name=name,
                    rule=wanted,
                    known=known,
                )
    yield from uncovered(settings, sinks)
