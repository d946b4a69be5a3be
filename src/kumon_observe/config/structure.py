"""From a table of plain values to :class:`Settings`, by cattrs, with every fault said for a person."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import cache
from typing import TYPE_CHECKING, Any

import attrs

from kumon_observe.config.late import Named
from kumon_observe.config.named import is_nothing, lack, laid_over, misnamed
from kumon_observe.config.options import described, dotted, fields_of, is_table, kind_of, name_of
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

    overrides = {
        field.name: override(rename=name, struct_hook=_field_hook(name, field, converter))
        for name, field in fields_of(cls).items()
    }
    structure = make_dict_structure_fn(cls, converter, **overrides)  # type: ignore[arg-type]

    def hook(value: Any, kind: Any) -> Any:
        if not isinstance(value, dict):
            raise Expected(f"needs to be a table, not {value!r}")
        return structure(value, kind)

    return hook


def _field_hook(name: str, field: attrs.Attribute[Any], converter: Converter) -> Callable[[Any, Any], Any]:
    def hook(value: Any, _kind: Any) -> Any:
        wanted = kind_of(name, field)
        if isinstance(wanted, Named):
            return _named(name, wanted, value, converter)
        structured_value = converter.structure(value, wanted)
        if field.validator is not None:
            field.validator(None, field, structured_value)
        return structured_value

    return hook


def _named(key: str, named: Named, value: Any, converter: Converter) -> dict[str, Any]:
    """The tables under *key*, the default ones first."""
    if not isinstance(value, dict):
        raise Expected(f"needs to be a table, not {value!r}")
    wrong = dict(misnamed(named, value))
    tables, errors = dict(named.defaults), []
    for name, written in value.items():
        try:
            if name in wrong:
                raise Expected(wrong[name])
            table = laid_over(named, name, converter.structure(written, named.cls), written)
            if lacking := lack(key, named, name, table):
                raise Expected(lacking)
        except Exception as error:  # noqa: BLE001 - all of them are told at once
            errors.append(_noted(error, name, named.cls))
        else:
            if not is_nothing(named, name, table):
                tables[name] = table
    if errors:
        from cattrs import ClassValidationError

        raise ClassValidationError(f"tables of {key}", errors, named.cls)
    return tables


def _noted(error: Exception, name: str, cls: type[Any]) -> Exception:
    """*error* with the key at which it was found, as cattrs notes it."""
    from cattrs import AttributeValidationNote

    error.add_note(AttributeValidationNote("", name, cls))
    return error


def _faults(error: BaseException, path: Path, kind: Any) -> Iterator[tuple[Path, str]]:
    """The faults in what stands at *path*: in a table of the class *kind*, or in named tables."""
    from cattrs import AttributeValidationNote, ClassValidationError, ForbiddenExtraKeysError

    if isinstance(error, ClassValidationError):
        for inner in error.exceptions:
            notes = [n for n in getattr(inner, "__notes__", ()) if isinstance(n, AttributeValidationNote)]
            if not notes:
                yield from _faults(inner, path, kind)
            elif isinstance(kind, Named):
                yield from _faults(inner, (*path, notes[-1].name), kind.cls)
            else:
                name = name_of(notes[-1].name)
                yield from _faults(inner, (*path, name), kind_of(name, fields_of(kind)[name]))
    elif isinstance(error, ForbiddenExtraKeysError):
        for name in sorted(error.extra_fields):
            yield (*path, name), f"is no option: {_suggestion(name, path, kind)}"
    else:
        yield path, fault_of(path, error)


def _suggestion(name: str, path: Path, table: type[Any]) -> str:
    import difflib

    here = list(fields_of(table))
    close = difflib.get_close_matches(name, here, n=1)
    if close:
        return f"did you mean {dotted((*path, close[0]))}?"
    elsewhere = [dotted(option) for option in described() if option[-1] == name]
    if elsewhere:
        return f"did you mean {' or '.join(elsewhere)}?"
    return f"here are {', '.join(here)}"
