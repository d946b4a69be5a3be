"""Which scan reads a source: the compiled one where it is installed, else the one in Python."""

from __future__ import annotations

import os
from functools import cache
from typing import Final

from kumon_observe.config.settings import PURE
from kumon_observe.parsing.options import ScanOptions
from kumon_observe.parsing.scan import Scanner

INTERFACE: Final = 4
"""The calls of the compiled scan that this release makes."""


def scanner_of(
    options: ScanOptions, *, source: int = 0, process: str = "", keep_text: bool = False
) -> Scanner:
    """A scan of one source; the arguments are those of :class:`~kumon_observe.parsing.scan.Scanner`."""
    return _kind()(options, source=source, process=process, keep_text=keep_text)


def is_compiled() -> bool:
    """Whether the compiled scan is used."""
    return _kind() is not Scanner


@cache
def _kind() -> type[Scanner]:
    if os.environ.get(PURE):
        return Scanner
    try:
        import kumon_observe_native
    except ImportError:
        return Scanner
    if kumon_observe_native.INTERFACE != INTERFACE:
        return Scanner
    from kumon_observe.parsing.compiled import CompiledScanner

    return CompiledScanner
