"""The two markers of the plugin: what they ask for, and what is wrong with how they are written."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final, NamedTuple

import pytest

WATCH: Final = "kumon_traces"
ALLOW: Final = "kumon_allow_violations"
DOCUMENTED: Final = (
    f"{ALLOW}(*checks, reason): the test must see what these checks (or any) call wrong, and passes.",
    f"{WATCH}(checks=None, allow_empty=False): watch the test as the fixture of that name does.",
)


class Allowance(NamedTuple):
    """Checks that may find something, all of them if there are no ``names``, and why."""

    names: tuple[str, ...]
    reason: str

    def covers(self, check: str) -> bool:
        """Whether what *check* finds is allowed."""
        return not self.names or check in self.names


class BadMark(Exception):
    """A marker is not written as it must be; the text says how."""


def allowances(item: pytest.Item, known: Iterable[str]) -> list[Allowance]:
    """What the markers of *item* allow; *known* are the names of the checks.

    Raises:
        BadMark: one has no reason, or names no check that there is.
    """
    return [_allowance(mark, tuple(known)) for mark in item.iter_markers(ALLOW)]


def _allowance(mark: pytest.Mark, known: tuple[str, ...]) -> Allowance:
    reason = mark.kwargs.get("reason")
    if not isinstance(reason, str) or not reason.strip() or set(mark.kwargs) != {"reason"}:
        raise BadMark(f'{ALLOW} needs a reason, as in @pytest.mark.{ALLOW}("handoff", reason="…")')
    for name in mark.args:
        if name not in known:
            raise BadMark(f"{ALLOW} names {name!r}, which is no check: there are {', '.join(sorted(known))}")
    return Allowance(mark.args, reason)


class Wish(NamedTuple):
    """How a test wants to be watched; what is ``None`` the suite decides."""

    checks: tuple[str, ...] | None = None
    allow_empty: bool | None = None


def wish(item: pytest.Item) -> Wish:
    """What the closest marker that says so asks for.

    Raises:
        BadMark: it takes no such argument.
    """
    asked: dict[str, object] = {}
    for mark in item.iter_markers(WATCH):
        _understood(mark.args, mark.kwargs)
        asked = {**mark.kwargs, **asked}
    checks, allow_empty = asked.get("checks"), asked.get("allow_empty")
    return Wish(
        None if checks is None else tuple(checks),  # type: ignore[arg-type]
        None if allow_empty is None else bool(allow_empty),
    )


def _understood(args: tuple[object, ...], kwargs: Mapping[str, object]) -> None:
    checks = kwargs.get("checks")
    named = checks is None or (
        isinstance(checks, (list, tuple, set, frozenset)) and all(isinstance(name, str) for name in checks)
    )
    if args or not {"checks", "allow_empty"}.issuperset(kwargs) or not named:
        raise BadMark(f'{WATCH} is written so: @pytest.mark.{WATCH}(checks=["handoff"], allow_empty=True)')
