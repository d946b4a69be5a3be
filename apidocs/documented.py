"""Which public names no docstring explains."""

from __future__ import annotations

import re
from collections.abc import Iterator

import griffe

from apidocs import public


def undocumented(module: griffe.Module) -> list[str]:
    """The full names of what is public in *module* and not explained.

    A constant counts as explained where its module names it as code, a field where its class does or lists it
    under ``Attributes:`` or ``Args:``: one sentence about two fields says more than two docstrings.
    """
    missing = [] if module.docstring is not None else [module.path]
    for home in map(public.home, public.names(module).values()):
        missing += _within(home, home.module.docstring.value if home.module.docstring else "")
    return sorted(set(missing))


def _within(named: griffe.Object, around: str) -> Iterator[str]:
    own = named.docstring.value if named.docstring is not None else ""
    if not own and not (named.is_attribute and mentions(around, named.name)):
        yield named.path
    for member in public.members(named).values():
        inherited = _inherited(named, member.name) if isinstance(named, griffe.Class) else ""
        yield from _within(member, own or inherited) if not inherited else ()


def _inherited(made: griffe.Class, name: str) -> str:
    """What a base of *made* says of its own member *name*, which then holds for that of *made* as well."""
    for base in made.mro():
        if isinstance(member := base.members.get(name), griffe.Object):
            told = base.docstring.value if base.docstring is not None else ""
            if member.docstring is not None:
                return member.docstring.value
            if mentions(told, name):
                return told
    return ""


def mentions(docstring: str, name: str) -> bool:
    """Whether the *docstring* of a class explains its field *name*."""
    if re.search(rf"``{re.escape(name)}\b", docstring):
        return True
    sections = re.findall(r"^(?:Args|Attributes):\n((?: .*\n?)+)", docstring, re.MULTILINE)
    return any(re.search(rf"^ +{re.escape(name)}:", listed, re.MULTILINE) for listed in sections)
