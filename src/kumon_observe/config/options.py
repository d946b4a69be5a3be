"""The options that there are, by their dotted keys, and how one is written as text."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from keyword import iskeyword
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final, TypeAlias

import attrs

from kumon_observe.config.late import STAND_INS, Named, late_table
from kumon_observe.config.settings import Settings
from kumon_observe.config.table import Table

if TYPE_CHECKING:
    from kumon_observe.config.lines import Path

Names: TypeAlias = Mapping[str, Iterable[str]]
"""By the key of a named table, such as ``rules``, names that are there beside the default ones."""

ANY_NAME: Final = "NAME"
"""Stands for the name of a named table where all of them are meant."""

_NO_NAMES: Final[Names] = MappingProxyType({})

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


def options(keys: Iterable[str] | None = None, names: Names = _NO_NAMES) -> dict[Path, attrs.Attribute[Any]]:
    """Every option of :class:`Settings` in the order of the class, with its resolved type.

    ``keys``: of these keys of the file alone, so that no other table is loaded. ``names``: with the
    options of these named tables too.
    """
    wanted = fields_of(Settings) if keys is None else set(keys)
    found: dict[Path, attrs.Attribute[Any]] = {}
    for key, field in fields_of(Settings).items():
        if key in wanted:
            found.update(_options(kind_of(key, field), field, (key,), names))
    return found


@cache
def described() -> dict[Path, attrs.Attribute[Any]]:
    """Every option once: those of named tables with ``NAME`` in the place of a name."""
    found: dict[Path, attrs.Attribute[Any]] = {}
    for path, field in options(names=dict.fromkeys(fields_of(Settings), (ANY_NAME,))).items():
        named = isinstance(kind_of(path[0], fields_of(Settings)[path[0]]), Named)
        if not named or path[1] == ANY_NAME:
            found[path] = field
    return found


def kind_path(path: Path) -> Path:
    """The path of one of :func:`described` that the option at *path* is an example of."""
    return path if path in described() else (path[0], ANY_NAME, *path[2:])


def _options(
    kind: Any, field: attrs.Attribute[Any], path: Path, names: Names
) -> Iterator[tuple[Path, attrs.Attribute[Any]]]:
    if isinstance(kind, Named):
        for name in dict.fromkeys((*kind.defaults, *names.get(path[0], ()))):
            yield from _options(kind.cls, field, (*path, name), names)
    elif isinstance(kind, type) and is_table(kind):
        for name, inner in fields_of(kind).items():
            yield from _options(inner.type, inner, (*path, name), names)
    else:
        yield path, field


def fields_of(table: type[Any]) -> Mapping[str, attrs.Attribute[Any]]:
    """The fields of a class of settings by their names in the file, their types resolved."""
    return {name_of(field.name): field for field in attrs.fields(attrs.resolve_types(table, None, STAND_INS))}


def kind_of(name: str, field: attrs.Attribute[Any]) -> Any:
    """The type of *field*, which is called *name*; a table is loaded if it was not yet."""
    return late_table(name) if field.name.startswith("_") else field.type


def name_of(attribute: str) -> str:
    """What the attribute of a class of settings is called in the file: ``for_`` is ``for`` there."""
    return attribute.strip("_")


def attribute_of(name: str) -> str:
    """The attribute that holds what is called *name* in the file."""
    return f"{name}_" if iskeyword(name) else name


def is_table(cls: type) -> bool:
    """Whether *cls* is a table of options and not a single value such as a threshold."""
    return issubclass(cls, Table)


def dotted(path: Path) -> str:
    """The path as people write it: ``checks.handoff.grace``."""
    return ".".join(path)


def names_in(settings: Settings) -> Names:
    """The names of the named tables in *settings*."""
    return {"rules": settings.rules, "routes": settings.routes, "jobs": settings.jobs}


def value_at(settings: Settings, path: Path) -> Any:
    """The value of one option in force."""
    value: Any = settings
    for name in path:
        value = inner(value, name)
    return value


def inner(table: Any, name: str) -> Any:
    """What is called *name* in a table, or in the named tables of one kind."""
    return table[name] if isinstance(table, Mapping) else getattr(table, attribute_of(name))


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
