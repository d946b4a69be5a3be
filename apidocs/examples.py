"""The examples that docstrings show, found in the source."""

from __future__ import annotations

import doctest
import textwrap
from collections.abc import Iterator

import griffe

from apidocs import public
from apidocs.prose import LITERAL


def _all(inside: griffe.Object) -> Iterator[griffe.Object]:
    yield inside
    for member in inside.members.values():
        if isinstance(member, griffe.Object):
            yield from _all(member)


def prompts() -> dict[str, doctest.DocTest]:
    """The examples at a prompt of the whole package, by what they are of; their namespace is empty."""
    reader = doctest.DocTestParser()
    found = {}
    for told in _all(public.package()):
        text = told.docstring.value if told.docstring is not None else ""
        if reader.get_examples(text):
            found[told.path] = reader.get_doctest(text, {}, told.path, str(told.filepath), told.lineno or 0)
    return found


def blocks() -> dict[str, str]:
    """The blocks after ``::``, by what they are of and their number."""
    return {
        f"{told.path}:{number}": textwrap.dedent(block).strip("\n")
        for told in _all(public.package())
        if told.docstring is not None
        for number, block in enumerate(LITERAL.findall(told.docstring.value), start=1)
    }
