"""Makes Markdown of the house's docstrings, which people read as plain text in an editor.

Three things differ: a reference (``:class:`Settings```) becomes a link, an indented block after ``::`` and an
example at a prompt become blocks of code.
"""

from __future__ import annotations

import ast
import re
import textwrap
from collections.abc import Iterator
from typing import Any

import griffe

from apidocs import public

ROLE = re.compile(r":(?:attr|class|data|func|meth|mod):`(~?)([\w.]+)`")
LITERAL = re.compile(r" ?::\n\n((?:(?: {4}.*)?(?:\n|\Z))+)")
PROMPT = re.compile(r"(?:(?<=\n)|\A)( *)>>> (?:.+(?:\n|\Z))+")


class Prose(griffe.Extension):
    """Rewrites every docstring of the package that is loaded."""

    def on_package(self, *, pkg: griffe.Module, **_: Any) -> None:
        """Rewrite when the whole package is read, so that every reference can be looked up."""
        for told in list(_all(pkg)):
            if told.docstring is not None:
                told.docstring.value = markdown(told.docstring.value, told)


def _all(inside: griffe.Object) -> Iterator[griffe.Object]:
    yield inside
    for member in inside.members.values():
        if isinstance(member, griffe.Object):
            yield from _all(member)


def markdown(text: str, told: griffe.Object) -> str:
    """The docstring *text* of *told* as Markdown."""
    text = ROLE.sub(lambda role: link(role[2], told, short=bool(role[1])), text)
    text = LITERAL.sub(lambda block: f"{'' if block[0][0] == ' ' else ':'}\n\n{fenced(block[1])}", text)
    return PROMPT.sub(lambda block: fenced(block[0], "pycon"), text)


def link(target: str, told: griffe.Object, *, short: bool) -> str:
    """A link to a public name, plain code for any other; *short* shows the last word alone."""
    shown = target.rpartition(".")[2] if short else target.removeprefix("kumon_observe.")
    path = target if target.startswith("kumon_observe.") else _resolved(target, told)
    return f"[`{shown}`][{path}]" if path in public.paths() else f"`{shown}`"


def _resolved(name: str, told: griffe.Object) -> str | None:
    scope: griffe.Object | None = told
    while scope is not None:
        if name in scope.members:
            return scope.members[name].canonical_path
        scope = scope.parent
    return None


def fenced(block: str, language: str = "") -> str:
    """The indented *block* as a fenced one; Python, if it is."""
    code = textwrap.dedent(block).strip("\n")
    if not language:
        language = "python" if _is_python(code) else "text"
        if code.startswith("# pyproject.toml"):
            language = "toml"
    margin = " " * (len(block.lstrip("\n")) - len(block.lstrip("\n ")))
    margin = margin if language == "pycon" else ""
    return textwrap.indent(f"```{language}\n{code}\n```\n", margin)


def _is_python(code: str) -> bool:
    try:
        ast.parse(code)
    except SyntaxError:
        return False
    return True
