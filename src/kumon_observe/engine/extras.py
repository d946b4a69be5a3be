"""Which of this package's extras are installed, as its own metadata lists them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from importlib import metadata
from typing import Final

from attrs import frozen

_PACKAGE: Final = "kumon-observe"
_REQUIREMENT: Final = re.compile(r"([A-Za-z0-9._-]+).*;.*\bextra\s*==\s*[\"']([^\"']+)[\"']")


@frozen
class Extras:
    """The extras of which every package is there, and the others; ``all`` is none of them."""

    present: tuple[str, ...] = ()
    absent: tuple[str, ...] = ()

    @classmethod
    def installed(cls) -> Extras | None:
        """Those of this environment; ``None`` when the library runs without being installed."""
        try:
            return cls.of(metadata.requires(_PACKAGE) or ())
        except metadata.PackageNotFoundError:
            return None

    @classmethod
    def of(cls, requirements: Iterable[str]) -> Extras:
        """The extras in *requirements* (PEP 508), by whether their packages are installed."""
        complete: dict[str, bool] = {}
        for package, extra in (match.groups() for match in map(_REQUIREMENT.match, requirements) if match):
            if extra != "all" and package != _PACKAGE:
                complete[extra] = _has(package) and complete.get(extra, True)
        return cls(
            present=tuple(extra for extra, whole in complete.items() if whole),
            absent=tuple(extra for extra, whole in complete.items() if not whole),
        )


def _has(package: str) -> bool:
    try:
        metadata.distribution(package)
    except metadata.PackageNotFoundError:
        return False
    return True
