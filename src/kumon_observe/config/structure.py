"""From a table of plain values to :class:`Settings`, by cattrs, with every fault said for a person."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import cache
from typing import TYPE_CHECKING, Any

import attrs

from kumon_observe.config.options import dotted, fields_of, is_table, options
from kumon_observe.config.settings import Settings
from kumon_observe.config.values import Expected, Faults, fault_of, is_choice, value_of
from kumon_observe.model.errors import MissingExtraError
from kumon_observe.model.threshold import Threshold

if TYPE_CHECKING:
    from cattrs import Converter

    from kumon_observe.config.lines import Path


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
    except (BaseValidationError, Expected) as error:
        raise Faults(list(_faults(error, (), Settings))) from None


@cache
def _converter() -> Converter:
    from cattrs import Converter

    converter = Converter(forbid_extra_keys=True, detailed_validation=True)
    for kind in (str, bool, int, float, Threshold):
        converter.register_structure_hook(kind, value_of)
    converter.register_structure_hook_func(lambda kind: is_choice(kind) or kind == tuple[str, ...], value_of)
    converter.register_structure_hook_factory(_is_table, lambda cls: _table_hook(cls, converter))
    return converter


def _is_table(kind: Any) -> bool:
    return isinstance(kind, type) and attrs.has(kind) and is_table(kind)


def _table_hook(cls: type[Any], converter: Converter) -> Callable[[Any, Any], Any]:
    """Structures *cls* with each field's own validator run at the field, so that its name is known."""
    from cattrs.gen import make_dict_structure_fn, override

    overrides = {field.name: override(struct_hook=_field_hook(field, converter)) for field in fields_of(cls)}
    structure = make_dict_structure_fn(cls, converter, **overrides)  # type: ignore[arg-type]

    def hook(value: Any, kind: Any) -> Any:
        if not isinstance(value, dict):
            raise Expected(f"needs to be a table, not {value!r}")
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
    else:
        yield path, fault_of(path, error)


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
