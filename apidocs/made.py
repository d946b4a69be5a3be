"""Lets griffe see how attrs classes, named tuples and wrapped functions are made: static reading cannot.

Without it the reference would show ``Verdict()`` and ``emit.planner``, and the snapshot would miss a new
field that callers have to give.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import griffe

from apidocs import public

MAKERS = {"attrs.define", "attrs.frozen", "attr.define", "attr.frozen"}
FIELDS = {"attrs.field", "attr.field"}


class Made(griffe.Extension):
    """Gives such classes and functions the parameters that they have, and hides bases that are not public."""

    def on_package(self, *, pkg: griffe.Module, **_: Any) -> None:
        """Look at all classes once the whole package is read, since fields are inherited across modules."""
        for made in list(classes(pkg)):
            if _is_made(made) and "__init__" not in made.members:
                made.set_member("__init__", _init(made))
            made.bases = [base for base in made.bases if not _is_inner(base)]
        for module in list(modules(pkg)):
            for name, member in list(module.members.items()):
                wrapped = _wrapped(member, pkg)
                if wrapped is not None:
                    module.set_member(name, _wrapper(name, member, wrapped))


def classes(inside: griffe.Module | griffe.Class) -> Iterator[griffe.Class]:
    """All classes that are defined *inside*."""
    for member in inside.members.values():
        if isinstance(member, griffe.Class):
            yield member
        if isinstance(member, griffe.Module | griffe.Class):
            yield from classes(member)


def modules(inside: griffe.Module) -> Iterator[griffe.Module]:
    """*inside* itself and all modules in it."""
    yield inside
    for inner in inside.modules.values():
        if not inner.is_alias:
            yield from modules(inner)


def _wrapped(member: griffe.Object | griffe.Alias, pkg: griffe.Module) -> griffe.Function | None:
    """The function that a name stands for when its value is ``_private(…, that_function)``."""
    if not isinstance(member, griffe.Attribute) or not isinstance(member.value, griffe.ExprCall):
        return None
    call = member.value
    last = call.arguments[-1] if call.arguments else None
    if not str(call.function).startswith("_") or not isinstance(last, griffe.Expr):
        return None
    try:
        found = pkg[last.canonical_path.removeprefix(f"{pkg.name}.")]
    except KeyError:
        return None
    return found if isinstance(found, griffe.Function) else None


def _wrapper(name: str, member: griffe.Object | griffe.Alias, wrapped: griffe.Function) -> griffe.Function:
    made = griffe.Function(name, parameters=wrapped.parameters, returns="None", lineno=member.lineno)
    made.docstring = member.docstring
    return made


def _is_inner(base: str | griffe.Expr) -> bool:
    """Whether a base is promised to nobody: it serves this package alone."""
    return not isinstance(base, str) and base.canonical_path.rpartition(".")[0] in public.INNER


def fields(made: griffe.Class) -> Iterator[griffe.Parameter]:
    """The fields of a class as parameters, its own after those that it inherits."""
    for base in reversed(made.mro()):
        if _is_made(base):
            yield from _own_fields(base)
    yield from _own_fields(made)


def _own_fields(made: griffe.Class) -> Iterator[griffe.Parameter]:
    only_by_name = _arguments(_maker(made)).get("kw_only") == "True"
    kind = griffe.ParameterKind.keyword_only if only_by_name else griffe.ParameterKind.positional_or_keyword
    for name, member in made.members.items():
        if (
            isinstance(member, griffe.Attribute)
            and "instance-attribute" in member.labels
            and member.annotation
        ):
            given = _arguments(member.value) if _called(member.value) in FIELDS else None
            if given is not None and given.get("init") == "False":
                continue
            default = _known(_default(member.value, given), made)
            yield griffe.Parameter(name.lstrip("_"), annotation=member.annotation, kind=kind, default=default)


def _default(value: str | griffe.Expr | None, given: dict[str, Any] | None) -> str | griffe.Expr | None:
    if given is None:
        return value
    if "factory" in given:
        return "..." if str(given["factory"]).startswith("lambda") else f"{given['factory']}()"
    return given.get("default")


def _known(default: str | griffe.Expr | None, made: griffe.Class) -> str | griffe.Expr | None:
    """The value of a constant that only its own module can name."""
    constant = made.module.members.get(str(default)) if str(default).startswith("_") else None
    return constant.value if isinstance(constant, griffe.Attribute) else default


def _init(made: griffe.Class) -> griffe.Function:
    itself = griffe.Parameter("self", kind=griffe.ParameterKind.positional_or_keyword)
    by_name = {field.name: field for field in fields(made)}
    return griffe.Function(
        "__init__", parameters=griffe.Parameters(itself, *by_name.values()), returns="None", parent=made
    )


def _is_made(made: griffe.Class) -> bool:
    return _maker(made) is not None or any(str(base) == "NamedTuple" for base in made.bases)


def _maker(made: griffe.Class) -> griffe.Expr | None:
    for decorator in made.decorators:
        if decorator.callable_path in MAKERS and isinstance(decorator.value, griffe.Expr):
            return decorator.value
    return None


def _called(value: str | griffe.Expr | None) -> str | None:
    return value.canonical_path if isinstance(value, griffe.ExprCall) else None


def _arguments(call: str | griffe.Expr | None) -> dict[str, Any]:
    if not isinstance(call, griffe.ExprCall):
        return {}
    return {
        argument.name: argument.value if argument.name == "default" else str(argument.value)
        for argument in call.arguments
        if isinstance(argument, griffe.ExprKeyword)
    }
