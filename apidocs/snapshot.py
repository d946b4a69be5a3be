"""The public names with their signatures as text: ``make api`` writes it, a test holds it against the code.

The text is Python in the form of stubs, module by module, so that a change is read in a diff as it would be
in the source.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from difflib import unified_diff
from pathlib import Path
from typing import Final

import griffe

from apidocs import public

SNAPSHOT: Final = Path(__file__).with_name("snapshot.txt")
_HEAD: Final = "# Written by `make api`; docs/versioning.md says what it is for."
_COLOUR: Final = re.compile(r"\x1b\[[0-9;]*m")
_WIDTH: Final = 110
_Kind = griffe.ParameterKind
_STARS: Final = {_Kind.var_positional: "*", _Kind.var_keyword: "**"}
_MODULE: Final = re.compile(r"^## (\S+)\n", re.MULTILINE)


def current() -> str:
    """The snapshot of the present code."""
    parts = [f"## {module.path}\n\n{''.join(_module(module))}" for module in public.modules()]
    return "\n".join([_HEAD, "", *parts])


def breaking(old: str, new: str) -> list[str]:
    """What is in snapshot *old* and no more, or otherwise, in *new*, so that a caller's code can break."""
    before, after = _tree(old), _tree(new)
    found = [f"{path}: the module was removed" for path in before.keys() - after.keys()]
    for path in before.keys() & after.keys():
        found += map(_said, griffe.find_breaking_changes(before[path], after[path]))
        found += _types(before[path], after[path])
    return sorted(found)


def complaint(old: str, new: str) -> str:
    """What a person has to know and to do when snapshot *old* is not *new*; nothing if it is."""
    if old == new:
        return ""
    told = ["The public names are not those of apidocs/snapshot.txt any more."]
    if broken := breaking(old, new):
        told += [
            "These changes break the code of users:",
            *(f"  - {change}" for change in broken),
            "Keep the old way and deprecate it first (docs/versioning.md), with a fragment",
            "changelog.d/ISSUE.deprecation.md; only what was deprecated in a release before may go.",
        ]
    told.append("If all of it is meant, call `make api` and commit the snapshot with the change:")
    diff = unified_diff(old.splitlines(), new.splitlines(), "snapshot", "code", lineterm="", n=2)
    return "\n".join([*told, *diff])


def main() -> None:
    """Write the snapshot anew, and say what breaks against the one before."""
    old = SNAPSHOT.read_text(encoding="utf-8") if SNAPSHOT.exists() else ""
    new = current()
    for broken in breaking(old, new):
        print(f"breaks: {broken}")
    SNAPSHOT.write_text(new, encoding="utf-8")


def _module(module: griffe.Module) -> Iterator[str]:
    for name, named in public.names(module).items():
        home = public.home(named)
        if home.is_module:
            yield f"import {home.path} as {name}\n"
        elif public.places()[home.path] == module.path:
            yield from stub(name, home, "")
        else:
            yield f"from {public.places()[home.path]} import {home.name} as {name}\n"


def stub(name: str, named: griffe.Object, margin: str = "") -> Iterator[str]:
    """The lines that tell of *named* what callers can hold on to."""
    for told in () if named.is_attribute else _decorators(named):
        yield f"{margin}@{told}\n"
    if isinstance(named, griffe.Function):
        yield _function(name, named, margin)
    elif isinstance(named, griffe.Class):
        yield from _class(name, named, margin)
    elif isinstance(named, griffe.Attribute):
        yield _attribute(name, named, margin)


def _class(name: str, named: griffe.Class, margin: str) -> Iterator[str]:
    bases = ", ".join(map(str, named.bases))
    body = {**public.members(named)}
    init = named.members.get("__init__")
    if isinstance(init, griffe.Function):
        body = {"__init__": init, **body}
    yield f"{margin}class {name}{f'({bases})' if bases else ''}:{'' if body else ' ...'}\n"
    for inner, member in body.items():
        yield from stub(inner, member, f"{margin}    ")


def _function(name: str, named: griffe.Function, margin: str) -> str:
    start = f"{margin}{'async ' if 'async' in named.labels else ''}def {name}"
    end = f" -> {named.returns}: ...\n" if named.returns else ": ...\n"
    parameters = list(_parameters(named))
    line = f"{start}({', '.join(parameters)}){end}"
    if len(line) <= _WIDTH:
        return line
    return f"{start}(\n" + "".join(f"{margin}    {each},\n" for each in parameters) + f"{margin}){end}"


def _parameters(named: griffe.Function) -> Iterator[str]:
    """The parameters as they are written, with the signs between their kinds."""
    before: griffe.ParameterKind | None = None
    for parameter in named.parameters:
        if parameter.name in ("self", "cls"):
            continue
        kind = parameter.kind
        if before is _Kind.positional_only and kind is not _Kind.positional_only:
            yield "/"
        if kind is _Kind.keyword_only and before not in (_Kind.keyword_only, _Kind.var_positional):
            yield "*"
        before = kind
        typed = f": {parameter.annotation}" if parameter.annotation else ""
        default = f" = {parameter.default}" if not parameter.required and kind not in _STARS else ""
        yield f"{_STARS.get(kind, '')}{parameter.name}{typed}{default}"
    if before is _Kind.positional_only:
        yield "/"


def _attribute(name: str, named: griffe.Attribute, margin: str) -> str:
    if "property" in named.labels:
        return f"{margin}@property\n{margin}def {name}() -> {named.annotation}: ...\n"
    if named.path == f"{public.PACKAGE}.__version__":
        return f"{name}: str\n"
    field = named.annotation is not None and "instance-attribute" in named.labels
    value = "" if field or named.value is None or not _is_value(named) else f" = {named.value}"
    kind = named.annotation or ("" if value else "object")
    return f"{margin}{name}{f': {kind}' if kind else ''}{value}\n"


def _is_value(named: griffe.Attribute) -> bool:
    """Whether an attribute is said by its value, as constants are; what ``__init__`` computes is not."""
    return "class-attribute" in named.labels or "module-attribute" in named.labels


def _decorators(named: griffe.Object) -> Iterator[str]:
    kept = ("classmethod", "staticmethod", "deprecated")
    for decorator in getattr(named, "decorators", ()):
        if decorator.callable_path.rpartition(".")[2] in kept:
            yield str(decorator.value)


def _tree(text: str) -> dict[str, griffe.Module]:
    """The modules of a snapshot as griffe reads them; all that stands there is public."""
    parts = _MODULE.split(text)[1:]
    found = {}
    for path, code in zip(parts[::2], parts[1::2], strict=True):
        found[path] = griffe.visit(path, Path(f"{path}.pyi"), code)
        for member in found[path].members.values():
            member.public = True
    return found


def _types(before: griffe.Object, after: griffe.Object) -> Iterator[str]:
    """Other types of what callers get, which griffe does not look at; wider parameters break nobody."""
    for name, old in before.members.items():
        new = after.members.get(name)
        if isinstance(old, griffe.Attribute) and isinstance(new, griffe.Attribute):
            was, is_now = old.annotation, new.annotation
        elif isinstance(old, griffe.Function) and isinstance(new, griffe.Function):
            was, is_now = old.returns, new.returns
        else:
            if isinstance(old, griffe.Class) and isinstance(new, griffe.Class):
                yield from _types(old, new)
            continue
        if was is not None and str(was) != str(is_now):
            yield f"{old.path}: its type was changed: {was} -> {is_now}"


def _said(breakage: griffe.Breakage) -> str:
    """In one line: what, by its full name, and how it changed."""
    said = _COLOUR.sub("", breakage.explain(griffe.ExplanationStyle.ONE_LINE))
    place, _, change = said.partition(": ")
    name, _, how = change.partition(": ")
    return f"{place.partition('.pyi')[0]}.{name}: {how[:1].lower()}{how[1:]}"


if __name__ == "__main__":
    main()
