"""Watches the traces that the Kumon Assistant writes, and judges them.

Importing this package is light: each name below is loaded from its module when it is first used.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from kumon_observe import emit as emit
    from kumon_observe.engine.analyze import analyze as analyze
    from kumon_observe.engine.parse import parse as parse
    from kumon_observe.model.alert import Alert as Alert
    from kumon_observe.model.errors import (
        ConfigError as ConfigError,
        DeclinedError as DeclinedError,
        KumonObserveError as KumonObserveError,
        MergeError as MergeError,
        MissingExtraError as MissingExtraError,
        PermanentSinkError as PermanentSinkError,
        PluginError as PluginError,
        SchemaError as SchemaError,
        SinkError as SinkError,
        StateError as StateError,
        TemporarySinkError as TemporarySinkError,
        ThresholdError as ThresholdError,
        UsageError as UsageError,
    )
    from kumon_observe.model.events import (
        DeliveryTrace as DeliveryTrace,
        HandoffGuard as HandoffGuard,
        InstanceGuard as InstanceGuard,
        InstanceTrace as InstanceTrace,
        InvalidInstanceGuard as InvalidInstanceGuard,
        OutboxGuard as OutboxGuard,
        PlannerTrace as PlannerTrace,
        ResultTrace as ResultTrace,
        SendTrace as SendTrace,
        TraceEvent as TraceEvent,
        TurnResult as TurnResult,
    )
    from kumon_observe.model.evidence import (
        CheckResult as CheckResult,
        Evidence as Evidence,
        Key as Key,
        Violation as Violation,
    )
    from kumon_observe.model.protocols import (
        Check as Check,
        Explained as Explained,
        Parser as Parser,
        Sink as Sink,
    )
    from kumon_observe.model.status import Action as Action, Severity as Severity, Status as Status
    from kumon_observe.model.threshold import Threshold as Threshold
    from kumon_observe.model.verdict import Verdict as Verdict
    from kumon_observe.observer.observer import Observer as Observer
    from kumon_observe.plugins.hookspecs import hookimpl as hookimpl

__version__ = "0.1.0"
"""This release."""

_ROOMS: Final = {
    "engine.analyze": ("analyze",),
    "engine.parse": ("parse",),
    "model.alert": ("Alert",),
    "model.errors": (
        "ConfigError",
        "DeclinedError",
        "KumonObserveError",
        "MergeError",
        "MissingExtraError",
        "PermanentSinkError",
        "PluginError",
        "SchemaError",
        "SinkError",
        "StateError",
        "TemporarySinkError",
        "ThresholdError",
        "UsageError",
    ),
    "model.events": (
        "DeliveryTrace",
        "HandoffGuard",
        "InstanceGuard",
        "InstanceTrace",
        "InvalidInstanceGuard",
        "OutboxGuard",
        "PlannerTrace",
        "ResultTrace",
        "SendTrace",
        "TraceEvent",
        "TurnResult",
    ),
    "model.evidence": ("CheckResult", "Evidence", "Key", "Violation"),
    "model.protocols": ("Check", "Explained", "Parser", "Sink"),
    "model.status": ("Action", "Severity", "Status"),
    "model.threshold": ("Threshold",),
    "model.verdict": ("Verdict",),
    "observer.observer": ("Observer",),
    "plugins.hookspecs": ("hookimpl",),
}
_HOMES: Final = {name: f"kumon_observe.{room}" for room, names in _ROOMS.items() for name in names}

_MODULES: Final = ("emit",)

__all__ = ["__version__", *_MODULES, *_HOMES]  # noqa: PLE0604 - the names are strings


def __getattr__(name: str) -> Any:
    if name in _MODULES:
        return import_module(f"kumon_observe.{name}")
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(home), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
