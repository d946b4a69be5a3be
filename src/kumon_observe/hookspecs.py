"""The public address of the hooks; :mod:`kumon_observe.plugins.hookspecs` documents them."""

from __future__ import annotations

from kumon_observe.plugins.hookspecs import (
    PROJECT,
    hookimpl,
    hookspec,
    kumon_register_checks,
    kumon_register_parsers,
    kumon_register_sinks,
)

__all__ = [
    "PROJECT",
    "hookimpl",
    "hookspec",
    "kumon_register_checks",
    "kumon_register_parsers",
    "kumon_register_sinks",
]
