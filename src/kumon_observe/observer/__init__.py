"""Inside an app: its log records are judged in the process that writes them.

Each name is loaded from its module when it is first used.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from kumon_observe.observer.asgi import ASGIApp as ASGIApp
    from kumon_observe.observer.observer import Condition as Condition, Observer as Observer
    from kumon_observe.observer.plan import Callback as Callback

_ROOMS: Final = {
    "observer": ("Condition", "Observer"),
    "plan": ("Callback",),
    "asgi": ("ASGIApp",),
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
