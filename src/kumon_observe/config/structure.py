"""From a table of plain values to :class:`Settings`, by cattrs, with every fault said for a person."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from typing import TYPE_CHECKING, Any, Literal, get_args, get_origin

import attrs

from kumon_observe.config.lines import Path
from kumon_observe.config.options import dotted, fields_of, is_table, options
from kumon_observe.config.settings import Settings
from kumon_observe.model.errors import MissingExtraError, ThresholdError
from kumon_observe.model.threshold import Threshold

if TYPE_CHECKING:
    from cattrs import Converter


class Faults(Exception):
    """What cannot be used: a path and a sentence for each."""

    def __init__(self, faults: list[tuple[Path, str]]) -> None:
        super().__init__(f"{len(faults)} faults")
        self.faults = faults


class _Expected(Exception):
    """A value is of another type than the option takes."""


def structured(table: Mapping[str, Any]) -> Settings:
    """The settings that *table* describes, defaults where it says nothing.

    Raises:
        Faults: unknown keys, or values that an option does not take.
        MissingExtraError: cattrs is not installed.
    """
    try:
        from cattrs import BaseValidationError
    except ImportError:
        raise MissingExtraError("reading a configuration", "config") from None
    try:
        return _converter().structure(table, Settings)
    except (BaseValidationError, _Expected) as error:
        raise Faults(list(_faults(error, (), Settings))) from None


@cache
def _converter() -> Converter:
    from cattrs import Converter

    converter = Converter(forbid_extra_keys=True, detailed_validation=True)
    hooks: dict[Any, Callable[[Any, Any], Any]] = {
        str: _strictly(str, "a text in quotes"),
        bool: _strictly(bool, "true or false"),
        int: _whole_number,
        float: _number,
        Threshold: _threshold,
    }
    for wanted, hook in hooks.items():
        converter.register_structure_hook(wanted, hook)
    converter.register_structure_hook_func(lambda kind: bool(kind == tuple[str, ...]), _texts)
    converter.register_structure_hook_func(_is_choice, _choice)
    converter.register_structure_hook_factory(_is_table, lambda cls: _table_hook(cls, converter))
    return converter


def _is_choice(kind: Any) -> bool:
    origin: Any = get_origin(kind)
    return origin is Literal


def _is_table(kind: Any) -> bool:
    return isinstance(kind, type) and attrs.has(kind) and is_table(kind)


def _table_hook(cls: type[Any], converter: Converter) -> Callable[[Any, Any], Any]:
    """Structures *cls* with each field's own validator run at the field, so that its name is known."""
    from cattrs.gen import make_dict_structure_fn, override

    overrides = {field.name: override(struct_hook=_field_hook(field, converter)) for field in fields_of(cls)}
    structure = make_dict_structure_fn(cls, converter, **overrides)  # type: ignore[arg-type]

    def hook(value: Any, kind: Any) -> Any:
        if not isinstance(value, dict):
            raise _Expected(f"needs to be a table, not {value!r}")
        return structure(value, kind)

    return hook


def _field_hook(field: attrs.Attribute[Any], converter: Converter) -> Callable[[Any, Any], Any]:
    wanted: Any = field.type

    def hook(value: Any, _kind: Any) -> Any:
        structured_value = converter.structure(value, wanted)
        if field.validator is not None:
            field.validator(None, field, structured_value)
        return structured_value

    return hook


def _strictly(kind: type, described: str) -> Callable[[Any, Any], Any]:
    def hook(value: Any, _kind: Any) -> Any:
        if not isinstance(value, kind):
            raise _Expected(f"needs {described}, not {value!r}")
        return value

    return hook


def _whole_number(value: Any, _kind: Any) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        raise _Expected(f"needs a whole number, not {value!r}")
    return value


def _number(value: Any, _kind: Any) -> float:
    if not isinstance(value, (int, float)) or isinstance(value, bool) or not math.isfinite(value):
        raise _Expected(f"needs a number, not {value!r}")
    return float(value)


def _texts(value: Any, _kind: Any) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(part, str) for part in value):
        example = f", as in [{value!r}]" if isinstance(value, str) else ""
        raise _Expected(f"needs a list of texts{example}, not {value!r}")
    return tuple(value)


def _choice(value: Any, kind: Any) -> Any:
    choices = get_args(kind)
    if not isinstance(value, str) or value not in choices:
        raise _Expected(f"needs one of {', '.join(map(repr, choices))}, not {value!r}")
    return value


def _threshold(value: Any, _kind: Any) -> Threshold:
    if not isinstance(value, str):
        raise _Expected(f"needs a threshold such as '>= 95%', not {value!r}")
    return Threshold.parse(value)


def _faults(error: BaseException, path: Path, table: type[Any]) -> Iterator[tuple[Path, str]]:
    from cattrs import AttributeValidationNote, ClassValidationError, ForbiddenExtraKeysError

    if isinstance(error, ClassValidationError):
        for inner in error.exceptions:
            notes = [n for n in getattr(inner, "__notes__", ()) if isinstance(n, AttributeValidationNote)]
            if notes:
                yield from _faults(inner, (*path, notes[-1].name), notes[-1].type)
            else:
                yield from _faults(inner, path, table)
    elif isinstance(error, ForbiddenExtraKeysError):
        for name in sorted(error.extra_fields):
            yield (*path, name), f"is no option: {_suggestion(name, path, table)}"
    elif isinstance(error, ThresholdError):
        yield path, f"needs a threshold: {error}"
    else:
        yield path, str(error.args[0]).removeprefix(f"'{path[-1]}' ") if path else str(error)


def _suggestion(name: str, path: Path, table: type[Any]) -> str:
    import difflib

    here = [field.name for field in fields_of(table)]
    close = difflib.get_close_matches(name, here, n=1)
    if close:
        return f"did you mean {dotted((*path, close[0]))}?"
    elsewhere = [dotted(option) for option in options() if option[-1] == name]
    if elsewhere:
        return f"did you mean {' or '.join(elsewhere)}?"
    return f"here are {', '.join(here)}"
