"""The options that there are, by their dotted keys, and how one is written as text."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import TYPE_CHECKING, Any, Final

import attrs

from kumon_observe.config.settings import Settings
from kumon_observe.config.table import Table

if TYPE_CHECKING:
    from kumon_observe.config.lines import Path

_WORDS: Final = {
    "true": True,
    "yes": True,
    "on": True,
    "1": True,
    "false": False,
    "no": False,
    "off": False,
    "0": False,
}
"""What a truth value may be called in the environment."""


@cache
def options() -> dict[Path, attrs.Attribute[Any]]:
    """Every option of :class:`Settings` in the order of the class, with its resolved type."""
    return dict(_options(Settings, ()))


def _options(table: type[attrs.AttrsInstance], path: Path) -> Iterator[tuple[Path, attrs.Attribute[Any]]]:
    for field in fields_of(table):
        here = (*path, field.name)
        if isinstance(field.type, type) and attrs.has(field.type) and is_table(field.type):
            yield from _options(field.type, here)
        else:
            yield here, field


def fields_of(table: type[attrs.AttrsInstance]) -> tuple[attrs.Attribute[Any], ...]:
    """The fields of a class of settings, their types resolved."""
    fields: tuple[attrs.Attribute[Any], ...] = attrs.fields(attrs.resolve_types(table, localns=_late()))
    return tuple(field for field in fields if not field.name.startswith("_"))


def _late() -> dict[str, Any]:
    """The tables that :class:`Settings` loads when they are first asked for."""
    from kumon_observe.config import alerting, archiving, channels, rules, watching

    modules = (alerting, archiving, channels, rules, watching)
    return {name: value for module in modules for name, value in vars(module).items()}


def is_table(cls: type) -> bool:
    """Whether *cls* is a table of options and not a single value such as a threshold."""
    return issubclass(cls, Table)


def dotted(path: Path) -> str:
    """The path as people write it: ``checks.handoff.grace``."""
    return ".".join(path)


def value_at(settings: Settings, path: Path) -> Any:
    """The value of one option in force."""
    value: Any = settings
    for name in path:
        value = getattr(value, name)
    return value


def from_text(text: str, wanted: Any) -> Any:
    """*text* as the TOML value that an option of the type *wanted* takes; *text* itself if it is none.

    A list is comma separated; a truth value is one of true, yes, on, 1 or false, no, off, 0.
    """
    if wanted == tuple[str, ...]:
        return [part.strip() for part in text.split(",") if part.strip()]
    if wanted is bool:
        return _WORDS.get(text.strip().lower(), text)
    if wanted in (int, float):
        try:
            return wanted(text)
        except ValueError:
            return text
    return text
