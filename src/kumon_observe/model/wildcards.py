"""Shell-style patterns of names (``app.*``), in which upper and lower case differ."""

from __future__ import annotations

from typing import Final

_SIGNS: Final = frozenset("*?[")


def matches(name: str, pattern: str) -> bool:
    """Whether *name* is one that *pattern* means; a ``*`` at the end alone needs no regular expression."""
    fixed = pattern.removesuffix("*")
    if not _SIGNS.isdisjoint(fixed):
        from fnmatch import fnmatchcase

        return fnmatchcase(name, pattern)
    return name == pattern if fixed == pattern else name.startswith(fixed)
