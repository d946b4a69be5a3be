"""Single values as options take them, checked one by one; every fault is said for a person."""

from __future__ import annotations

import math
from collections.abc import Mapping
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any, Literal, get_args, get_origin

import attrs

from kumon_observe.config.late import Named
from kumon_observe.config.named import lack
from kumon_observe.config.options import attribute_of, fields_of, inner, kind_of, options
from kumon_observe.config.place import ALIASES
from kumon_observe.config.settings import Settings
from kumon_observe.model.errors import ConfigError, MissingExtraError, ThresholdError
from kumon_observe.model.threshold import Threshold

if TYPE_CHECKING:
    from kumon_observe.config.lines import Path


class Faults(Exception):
    """What cannot be used: a path and a sentence for each."""

    def __init__(self, faults: list[tuple[Path, str]]) -> None:
        super().__init__(f"{len(faults)} faults")
        self.faults = faults


class Expected(Exception):
    """A value is of another type than the option takes."""


def settings_of(values: Mapping[Path, Any]) -> Settings:
    """The settings with *values* by the paths of their options, without the time that cattrs needs to start.

    Raises:
        Faults: some of them are not what their options take.
        MissingExtraError: cattrs is not installed; the guide's own variables work without it.
    """
    if find_spec("cattrs") is None and not values.keys() <= set(ALIASES.values()):
        raise MissingExtraError("reading a configuration", "config")
    settings = Settings()
    faults = []
    for path, field in options({path[0] for path in values}).items():
        if path in values:
            try:
                settings = changed(settings, path, field_value(values[path], field))
            except (Expected, ConfigError, TypeError, ValueError) as error:
                faults.append((path, fault_of(path, error)))
    for key, name in dict.fromkeys(path[:2] for path in values if len(path) > 2):
        named = kind_of(key, fields_of(Settings)[key])
        if isinstance(named, Named) and (lacking := lack(key, named, name, getattr(settings, key)[name])):
            faults.append(((key, name), lacking))
    if faults:
        raise Faults(faults)
    return settings


def changed(table: Any, path: Path, value: Any) -> Any:
    """*table* with *value* at *path*.

    Raises:
        TypeError, ValueError: the option does not take it.
    """
    if len(path) > 1:
        value = changed(inner(table, path[0]), path[1:], value)
    if isinstance(table, Mapping):
        return {**table, path[0]: value}
    return attrs.evolve(table, **{attribute_of(path[0]): value})


def field_value(value: Any, field: attrs.Attribute[Any]) -> Any:
    """*value* as *field* takes it, passed by its own validator, so that the field's name is known.

    Raises:
        Expected, ThresholdError, TypeError, ValueError: it takes no such value.
    """
    value = value_of(value, field.type)
    if field.validator is not None:
        field.validator(None, field, value)
    return value


def value_of(value: Any, kind: Any) -> Any:
    """*value* as an option of the type *kind* takes it.

    Raises:
        Expected, ThresholdError: it takes no such value.
    """
    if is_choice(kind):
        return _choice(value, get_args(kind))
    if kind == tuple[str, ...]:
        return _texts(value)
    if kind is Threshold:
        return _threshold(value)
    if kind is int:
        return _whole_number(value)
    if kind is float:
        return _number(value)
    if not isinstance(value, kind):
        described = "true or false" if kind is bool else "a text in quotes"
        raise Expected(f"needs {described}, not {value!r}")
    return value


def is_choice(kind: Any) -> bool:
    """Whether an option of the type *kind* takes one of some words."""
    origin: Any = get_origin(kind)
    return origin is Literal


def fault_of(path: Path, error: BaseException) -> str:
    """What *error* says of the option at *path*, as the rest of a sentence that begins with its key."""
    if isinstance(error, ThresholdError):
        return f"needs a threshold: {error}"
    return str(error.args[0]).removeprefix(f"'{path[-1]}' ") if path else str(error)


def _choice(value: Any, choices: tuple[Any, ...]) -> Any:
    if not isinstance(value, str) or value not in choices:
        raise Expected(f"needs one of {', '.join(map(repr, choices))}, not {value!r}")
    return value


def _texts(value: Any) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(part, str) for part in value):
        example = f", as in [{value!r}]" if isinstance(value, str) else ""
        raise Expected(f"needs a list of texts{example}, not {value!r}")
    return tuple(value)


def _threshold(value: Any) -> Threshold:
    if not isinstance(value, str):
        raise Expected(f"needs a threshold such as '>= 95%', not {value!r}")
    return Threshold.parse(value)


def _whole_number(value: Any) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        raise Expected(f"needs a whole number, not {value!r}")
    return value


def _number(value: Any) -> float:
    if not isinstance(value, (int, float)) or isinstance(value, bool) or not math.isfinite(value):
        raise Expected(f"needs a number, not {value!r}")
    return float(value)
