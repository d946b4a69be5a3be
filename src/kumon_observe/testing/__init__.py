"""What tests need: assertions about a verdict and about the running test, and the pytest plugin behind them.

Each name is loaded from its module when it is first used.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from kumon_observe.testing.assertions import (
        assert_delivered as assert_delivered,
        assert_no_violations as assert_no_violations,
    )
    from kumon_observe.testing.traces import KumonTraces as KumonTraces

_ROOMS: Final = {
    "assertions": ("assert_delivered", "assert_no_violations"),
    "traces": ("KumonTraces",),
}
_HOMES: Final = {name: f"{__name__}.{room}" for room, names in _ROOMS.items() for name in names}

__all__ = list(_HOMES)


def __getattr__(name: str) -> Any:
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(home), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
