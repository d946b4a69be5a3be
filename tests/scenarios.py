"""The scenario builder of :mod:`kumon_observe.testing`, which plugin authors have too."""

from __future__ import annotations

from kumon_observe.testing.story import (
    APP,
    GOOD_INSTANCE,
    LAYOUTS,
    PHONE,
    START,
    TICK,
    TIMED,
    UNTIMED,
    WRAPPERS,
    Said,
    Story,
    rendered,
    trace,
)

__all__ = [
    "APP",
    "GOOD_INSTANCE",
    "LAYOUTS",
    "PHONE",
    "START",
    "TICK",
    "TIMED",
    "UNTIMED",
    "WRAPPERS",
    "Said",
    "Story",
    "rendered",
    "trace",
]
