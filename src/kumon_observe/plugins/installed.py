"""Tells whether any installed package may be a plugin, without asking ``importlib.metadata``.

To import that module takes longer than to judge a small log, and most machines have no plugin. So only where
a package may have one is it asked.
"""

from __future__ import annotations

import os
import sys
from importlib.machinery import PathFinder
from typing import Final

_METADATA: Final = (".dist-info", ".egg-info")
_OF_AN_EGG: Final = "egg-info"


def may_have(group: str) -> bool:
    """Whether ``importlib.metadata.entry_points(group=group)`` may find something; never wrongly false.

    What only that module can read counts as one that may: archives on the path, and packages that other
    importers than the usual one tell of.
    """
    others = (finder for finder in sys.meta_path if finder is not PathFinder)
    if any(hasattr(finder, "find_distributions") for finder in others):
        return True
    heading = f"{group}]".encode()
    return any(_names(heading, folder) for folder in dict.fromkeys(sys.path))


def _names(heading: bytes, folder: str) -> bool:
    try:
        with os.scandir(folder or ".") as entries:
            return any(heading in _entry_points(entry) for entry in entries if _is_metadata(entry.name))
    except NotADirectoryError:
        return True
    except (OSError, ValueError):
        return False


def _is_metadata(name: str) -> bool:
    name = name.lower()
    return name.endswith(_METADATA) or name == _OF_AN_EGG


def _entry_points(metadata: os.DirEntry[str]) -> bytes:
    try:
        with open(os.path.join(metadata.path, "entry_points.txt"), "rb") as file:  # noqa: PTH118, PTH123 - many
            return file.read()
    except OSError:
        return b""
