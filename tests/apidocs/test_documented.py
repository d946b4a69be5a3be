"""Every public name is explained by a docstring, and what is public is found without a list to keep."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import griffe
import pytest

import kumon_observe
from apidocs import public
from apidocs.documented import undocumented
from tests.shell import ROOT

PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("**/*.md"))]
_BLOCK = re.compile(r"^```python\n(.*?)^```$", re.DOTALL | re.MULTILINE)
_IMPORT = re.compile(r"^\s*(?:from (kumon_observe[\w.]*) import|import (kumon_observe[\w.]*))", re.MULTILINE)


def addresses() -> set[str]:
    return {module.path for module in public.modules()}


@pytest.mark.parametrize("module", public.modules(inner=True), ids=lambda module: module.path)
def test_every_public_name_has_a_docstring(module: griffe.Module) -> None:
    assert undocumented(module) == []


def test_what_is_exported_and_what_stands_in_the_model_is_public() -> None:
    assert {"kumon_observe", "kumon_observe.hookspecs", "kumon_observe.config.settings"} <= addresses()
    assert list(public.names(public.package())) == kumon_observe.__all__
    for path in (ROOT / "src" / "kumon_observe" / "model").glob("*.py"):
        named = f"kumon_observe.model.{path.stem}"
        assert named in addresses() | public.INNER or path.stem == "__init__"


def test_a_computed_list_of_names_is_asked_of_the_module(monkeypatch: pytest.MonkeyPatch) -> None:
    source = "from attrs import field as field\n_HOMES = {'field': 1}\n__all__ = list(_HOMES)\n"
    running = ModuleType("computed")
    exec(source, running.__dict__)
    monkeypatch.setitem(sys.modules, "computed", running)
    with griffe.temporary_visited_module(source, module_name="computed") as module:
        assert list(public.names(module)) == ["field"]


def test_what_is_not_promised_is_still_there() -> None:
    inner = {module.path for module in public.modules(inner=True)} - addresses()
    assert inner == public.INNER


def test_every_exported_name_stands_on_one_page() -> None:
    homes = {public.home(named).path for named in public.names(public.package()).values()}
    assert homes <= public.paths()


def taught() -> Iterator[tuple[str, str]]:
    """What the examples in the documents import, with the page."""
    for page in PAGES:
        for block in _BLOCK.findall(page.read_text(encoding="utf-8")):
            yield from ((page.name, first or second) for first, second in _IMPORT.findall(block))


def test_the_documents_teach_public_names_alone() -> None:
    for_maintainers = {("versioning.md", "kumon_observe.model.deprecation")}
    assert {place for place in taught() if place[1] not in addresses()} <= for_maintainers


def mentioned(named: griffe.Object) -> Iterator[str | griffe.Expr | None]:
    """The types in the signature of a function or of an attribute."""
    if isinstance(named, griffe.Function):
        yield from (parameter.annotation for parameter in named.parameters)
        yield named.returns
    elif isinstance(named, griffe.Attribute):
        yield named.annotation


def test_public_signatures_mention_public_types_alone() -> None:
    strangers = set()
    for path in public.places():
        named = public.package()[path.removeprefix("kumon_observe.")]
        for told in (named, *public.members(named).values()):
            types = (typed for typed in mentioned(told) if isinstance(typed, griffe.Expr))
            names = (name for typed in types for name in typed.iterate() if isinstance(name, griffe.ExprName))
            strangers |= {
                (told.path, name.canonical_path)
                for name in names
                if name.canonical_path.startswith("kumon_observe.")
                and name.canonical_path not in public.places()
            }
    assert strangers == set()


MODULES = {
    "__init__.py": """
from pkg import shelf as shelf
from pkg._inner import Kept as Kept
from pkg._inner import Other

__all__ = ["Kept", "shelf"]

class Unlisted: ...
""",
    "_inner.py": "class Kept: ...\nclass Other: ...\n",
    "shelf.py": "from os import path\nWIDTH = 1\n_HIDDEN = 2\ndef put(): ...\n",
}


def test_a_module_is_public_with_what_it_lists_or_else_with_what_it_defines() -> None:
    with griffe.temporary_visited_package("pkg", MODULES, init=False) as package:
        listed = public.names(package)
        defined = public.names(package["shelf"])
        assert {name: public.home(named).path for name, named in listed.items()} == {
            "Kept": "pkg._inner.Kept",
            "shelf": "pkg.shelf",
        }
        assert list(defined) == ["WIDTH", "put"]


SAMPLE = '''
"""A module with ``LIMIT``."""
from attrs import frozen

LIMIT = 1
WIDTH = 2

@frozen
class Told:
    """Of one ``size``.

    Attributes:
        place: where.
    """
    size: int
    place: str
    colour: str

    def shown(self): ...

class Heir(Told):
    """Of another size."""
    size: int
    age: int

def silent(): ...
'''


def test_what_has_no_docstring_is_named(tmp_path: Path) -> None:
    with griffe.temporary_visited_module(SAMPLE, module_name="sample") as module:
        missing = undocumented(module)
    names = ("Heir.age", "Told.colour", "Told.shown", "WIDTH", "silent")
    assert missing == [f"sample.{name}" for name in names]
