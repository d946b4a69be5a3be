"""Sizes as people write them, in decimal units: 1 MB is 1,000,000 bytes."""

from __future__ import annotations

import re
from typing import Final

_UNITS: Final = {"": 1, "kB": 10**3, "KB": 10**3, "MB": 10**6, "GB": 10**9}


def size_of(text: str) -> int:
    """Bytes of ``450MB``, ``4.5GB`` or ``1000``.

    Raises:
        ValueError: it is no size.
    """
    match = re.fullmatch(r"([0-9]+(?:\.[0-9]+)?) ?([kKMG]B|)", text)
    if match is None:
        raise ValueError(f"{text!r} is no size: write 450MB or 4GB")
    return int(float(match[1]) * _UNITS[match[2]])


def shown(size: int) -> str:
    """*size* bytes for people: ``450 MB``, ``4.5 GB``."""
    for unit, worth in (("GB", 10**9), ("MB", 10**6), ("kB", 10**3)):
        if size >= worth:
            return f"{size / worth:.3g} {unit}"
    return f"{size} B"
