"""How the parts of a check's state become plain JSON values, and come back; never the text of a record."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, Final, Generic, TypeVar

from kumon_observe.model.evidence import Evidence, Key, Violation
from kumon_observe.model.moments import to_datetime, to_microseconds
from kumon_observe.model.rows import Ref

Place = tuple[int | None, int, int, int, int, str | None]
"""A reference as the slice of a row that it is."""

_TEXT: Final = 5
_T = TypeVar("_T")


class Table(Generic[_T]):
    """Things that a state refers to from several places: each is *written* once and has a number.

    So what was one object is one again.
    """

    def __init__(self, write: Callable[[_T], Any]) -> None:
        self.written: list[Any] = []
        self._write = write
        self._numbers: dict[int, int] = {}
        self._things: list[_T] = []

    def number(self, thing: _T) -> int:
        """The number of *thing*."""
        known = self._numbers.get(id(thing))
        if known is None:
            known = self._numbers[id(thing)] = len(self._things)
            self._things.append(thing)  # alive, so that no other thing takes its identity
            self.written.append(self._write(thing))
        return known

    def numbers(self, things: Iterable[_T]) -> list[int]:
        """The numbers of *things*."""
        return [self.number(thing) for thing in things]


def saved_place(place: Place | Ref) -> list[int | None]:
    """Where a record stands, without its text."""
    return list(place[:_TEXT])


def place_of(saved: Any) -> Place:
    """The place that was saved."""
    at, source, line, offset, length = saved
    return at, source, line, offset, length, None


def saved_violation(violation: Violation) -> list[Any]:
    """A finding whose evidence are places."""
    places = [saved_place(evidence.ref) for evidence in violation.evidence if evidence.ref is not None]
    at = None if violation.at is None else to_microseconds(violation.at)
    return [violation.key.conv, violation.key.idem, at, places, dict(violation.details)]


def violation_of(saved: Any) -> Violation:
    """The finding that was saved."""
    conv, idem, at, places, details = saved
    return Violation(
        key=Key(conv=conv, idem=idem),
        at=None if at is None else to_datetime(at),
        evidence=tuple(Evidence.at_ref(Ref._make(place_of(place))) for place in places),
        details=details,
    )
