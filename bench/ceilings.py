"""What was agreed on: how much work each minor version of Python may do for a megabyte (tests/bench)."""

from __future__ import annotations

import json
import math
import sys
from pathlib import Path
from typing import Any, Final

from attrs import frozen

CEILINGS: Final = Path(__file__).resolve().parent.parent / "tests" / "bench" / "ceilings.json"
PYTHON: Final = f"{sys.version_info.major}.{sys.version_info.minor}"

_COUNTED: Final = ("calls", "built_in_calls", "lines")
_ROOM: Final = 1.03
_ROOM_OF_ANOTHER_PYTHON: Final = 1.25
"""Another minor version compiles loops otherwise; it is held more loosely until it was measured."""

Counted = dict[str, dict[str, dict[str, int]]]
"""way -> kind of log -> the fields of :class:`bench.work.Work`."""


@frozen
class Ceiling:
    """How much of each kind of work is allowed on a log of so many bytes and traces, and who measured it."""

    allowed: dict[str, int]
    size: int
    traces: int
    measured_on: str


def ceiling(way: str, kind: str, python: str = PYTHON, path: Path = CEILINGS) -> Ceiling:
    """The ceiling for *python*: its own, or, with more room, that of the nearest version that has one.

    Raises:
        LookupError: nobody measured this way or kind.
    """
    book: dict[str, Counted] = json.loads(path.read_text(encoding="utf-8"))
    nearest = min(book, key=lambda known: abs(_minor(known) - _minor(python)))
    try:
        figures = book[nearest][way][kind]
    except KeyError:
        raise LookupError(
            f"no ceiling for {kind} logs, {way}: measure it (python -m bench.work --write)"
        ) from None
    room = _ROOM if nearest == python else _ROOM_OF_ANOTHER_PYTHON
    allowed = {name: math.ceil(figures[name] * room) for name in _COUNTED}
    return Ceiling(allowed, figures["size"], figures["traces"], nearest)


def write(counted: Counted, python: str = PYTHON, path: Path = CEILINGS) -> None:
    """Make what was *counted* the figures of *python*; those of other versions stay."""
    book: dict[str, Any] = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    book[python] = counted
    text = json.dumps(dict(sorted(book.items(), key=lambda item: _minor(item[0]))), indent=2)
    path.write_text(f"{text}\n", encoding="utf-8")


def _minor(python: str) -> int:
    return int(python.partition(".")[2])
