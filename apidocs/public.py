"""Which names are public (docs/versioning.md): found in the source, so that no list has to be kept.

Adding is free. A module of the room ``model`` is public unless it stands in ``INNER``; a room that users
import from is public with what its ``__all__`` names, or what it defines without one.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Final

import griffe

ROOT: Final = Path(__file__).resolve().parent.parent
SOURCE: Final = ROOT / "src"
PACKAGE: Final = "kumon_observe"

DOORS: Final = (
    PACKAGE,
    f"{PACKAGE}.config.alerting",
    f"{PACKAGE}.config.archiving",
    f"{PACKAGE}.config.channels",
    f"{PACKAGE}.config.rules",
    f"{PACKAGE}.config.settings",
    f"{PACKAGE}.config.watching",
    f"{PACKAGE}.emit",
    f"{PACKAGE}.hookspecs",
    f"{PACKAGE}.model",
    f"{PACKAGE}.observer",
    f"{PACKAGE}.plugins.registry",
    f"{PACKAGE}.testing",
)
"""What users import from; one that does not exist yet counts as soon as it does."""

PARTS: Final = {
    f"{PACKAGE}.clock": ("Clock",),
    f"{PACKAGE}.engine.cursor": ("Cursor",),
    f"{PACKAGE}.engine.progress": ("Told",),
    f"{PACKAGE}.engine.run": ("RunOptions", "SourceSpec"),
    f"{PACKAGE}.testing.plugin.faults": ("Explain", "Faults"),
}
"""Modules of which only some names are public: those that public signatures mention."""

ALL_INSIDE: Final = f"{PACKAGE}.model"
"""The room whose modules are public one by one."""

INNER: Final = frozenset(
    f"{ALL_INSIDE}.{name}"
    for name in (
        "apart",
        "deployment",
        "deprecation",
        "document.archived",
        "document.reading",
        "document.setup",
        "document.values",
        "document.writing",
        "fields",
        "moments",
        "patterns",
        "privacy",
        "prose",
        "value",
        "wildcards",
        "zones",
    )
)
"""Modules of ``model`` that only this package's own rooms need: documented, but promised to nobody."""

Named = griffe.Object | griffe.Alias


@cache
def package() -> griffe.Module:
    """The source as griffe reads it, without running any of it."""
    loaded = griffe.load(
        PACKAGE,
        search_paths=[str(SOURCE)],
        extensions=griffe.load_extensions("apidocs.made"),
        docstring_parser="google",
        resolve_aliases=True,
    )
    assert isinstance(loaded, griffe.Module)
    return loaded


def _below(module: griffe.Module) -> Iterator[griffe.Module]:
    yield module
    for inner in module.modules.values():
        if not inner.is_alias and not inner.name.startswith("_"):
            yield from _below(inner)


def modules(*, inner: bool = False) -> tuple[griffe.Module, ...]:
    """The public modules by name; with *inner* those that are documented but promised to nobody, too.

    A module without a public name, such as a room's own, is none.
    """
    found = {
        module.path: module
        for module in _below(package())
        if module.path in {*DOORS, *PARTS} or module.path.startswith(f"{ALL_INSIDE}.")
    }
    handed_on = (home(named) for module in list(found.values()) for named in names(module).values())
    found |= {module.path: module for module in handed_on if isinstance(module, griffe.Module)}
    return tuple(found[path] for path in sorted(found) if names(found[path]) and (inner or path not in INNER))


def names(module: griffe.Module) -> dict[str, Named]:
    """The public names of a *module* with what they stand for, in the order of its source."""
    if module.path in PARTS:
        return {name: module.members[name] for name in PARTS[module.path]}
    if "__all__" in module.members:
        return {name: module.members[name] for name in _exported(module)}
    return {
        name: member
        for name, member in module.members.items()
        if not name.startswith("_") and not member.is_alias and not member.is_module
    }


def _exported(module: griffe.Module) -> list[str]:
    """What ``__all__`` of *module* holds; where it is computed, only running the module tells."""
    if module.exports and all(isinstance(name, str) for name in module.exports):
        return list(map(str, module.exports))
    sys.path.insert(0, str(SOURCE))
    try:
        return list(import_module(module.path).__all__)
    finally:
        sys.path.remove(str(SOURCE))


def members(named: Named) -> dict[str, griffe.Object]:
    """The public methods and attributes of a class that stand in its own body."""
    if not named.is_class:
        return {}
    return {
        name: member
        for name, member in named.members.items()
        if not name.startswith("_") and isinstance(member, griffe.Object)
    }


def home(named: Named) -> griffe.Object:
    """Where *named* is defined, however many modules hand it on."""
    found = named.final_target if isinstance(named, griffe.Alias) else named
    assert isinstance(found, griffe.Object)
    return found


@cache
def places() -> dict[str, str]:
    """The module on whose page each public name stands, by the name's home: there, or else the first door."""
    found: dict[str, str] = {}
    doors = sorted(modules(), key=lambda module: module.path == PACKAGE)
    own = [(module, named) for module in doors for named in names(module).values() if not named.is_alias]
    handed_on = [(module, named) for module in doors for named in names(module).values() if named.is_alias]
    for module, named in own + handed_on:
        if not home(named).is_module:
            found.setdefault(home(named).path, module.path)
    return found


@cache
def paths() -> frozenset[str]:
    """The full names of all that has a place of its own on a page: what has a docstring of its own."""
    found = {module.path for module in modules()}
    for path in places():
        named = package()[path.removeprefix(f"{PACKAGE}.")]
        found |= {told.path for told in (named, *members(named).values()) if told.docstring is not None}
    return frozenset(found)
