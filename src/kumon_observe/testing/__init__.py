"""What tests need: those of an app its assertions, those of a plugin contracts, stories and fakes.

The pytest plugin of this package is :mod:`kumon_observe.testing.plugin`.

Each name is loaded from its module when it is first used. Contracts and strategies need pytest and
hypothesis, which the extra ``testing`` brings; nothing else here does.
"""

from __future__ import annotations

import sys
from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from kumon_observe.testing.alerts import CapturingSink as CapturingSink, an_alert as an_alert
    from kumon_observe.testing.assertions import (
        assert_delivered as assert_delivered,
        assert_no_violations as assert_no_violations,
    )
    from kumon_observe.testing.clock import FakeClock as FakeClock
    from kumon_observe.testing.contracts.check import CheckContract as CheckContract
    from kumon_observe.testing.contracts.layout import LayoutContract as LayoutContract
    from kumon_observe.testing.contracts.sink import SinkContract as SinkContract
    from kumon_observe.testing.judged import judged as judged
    from kumon_observe.testing.plugin.traces import KumonTraces as KumonTraces
    from kumon_observe.testing.story import Said as Said, Story as Story, trace as trace
    from kumon_observe.testing.strategies import a_log as a_log, an_event as an_event

_ROOMS: Final = {
    "alerts": ("CapturingSink", "an_alert"),
    "assertions": ("assert_delivered", "assert_no_violations"),
    "contracts.check": ("CheckContract",),
    "clock": ("FakeClock",),
    "judged": ("judged",),
    "contracts.layout": ("LayoutContract",),
    "contracts.sink": ("SinkContract",),
    "story": ("Said", "Story", "trace"),
    "strategies": ("a_log", "an_event"),
    "plugin.traces": ("KumonTraces",),
}
_HOMES: Final = {name: f"{__name__}.{room}" for room, names in _ROOMS.items() for name in names}
_OF_THE_EXTRA: Final = ("pytest", "hypothesis")

__all__ = list(_HOMES)


def __getattr__(name: str) -> Any:
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(_loaded(name, home), name)
    globals()[name] = value
    return value


def _loaded(name: str, home: str) -> Any:
    """The module *home*; where pytest runs, its assertions show values as a test's own do."""
    from kumon_observe.model.errors import MissingExtraError

    try:
        if ".contracts." in home and home not in sys.modules:
            import pytest

            pytest.register_assert_rewrite(home)
        return import_module(home)
    except ModuleNotFoundError as missing:
        if missing.name not in _OF_THE_EXTRA:
            raise
        raise MissingExtraError(name, "testing") from missing


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
