"""The examples in docstrings do what they show."""

from __future__ import annotations

import builtins
import doctest
import tomllib
from importlib import import_module
from typing import Any
from unittest.mock import MagicMock

import pytest

from apidocs import examples, public
from kumon_observe import hookimpl
from tests.shell import ROOT

PROMPTS = examples.prompts()
BLOCKS = examples.blocks()


def failures(test: doctest.DocTest) -> str:
    """What *test* shows that did not happen; it runs beside ``examples/app.log``."""
    said: list[str] = []
    doctest.DocTestRunner(verbose=False).run(test, out=said.append)
    return "".join(said)


@pytest.mark.parametrize("name", sorted(PROMPTS))
def test_the_examples_of_docstrings_run(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    module = public.package()[name.removeprefix("kumon_observe.")].module.path
    test = PROMPTS[name]
    test.globs = dict(vars(import_module(module)))
    assert failures(test) == ""


class Surroundings(dict[str, Any]):
    """The built-in names, and made-up ones for what a reader's own program has."""

    def __missing__(self, name: str) -> Any:
        return MagicMock(name=name)


def run(block: str, **ours: Any) -> None:
    """Run a block beside *ours*, wherever in it a name is looked up."""
    exec(compile(block, "example", "exec"), {"__builtins__": Surroundings(vars(builtins)), **ours})


@pytest.mark.parametrize("name", sorted(BLOCKS))
def test_the_blocks_of_docstrings_can_be_used_as_they_are(name: str) -> None:
    block = BLOCKS[name]
    if block.startswith("# pyproject.toml"):
        assert tomllib.loads(block)
    else:
        run(block, hookimpl=hookimpl)


def test_a_block_knows_the_rest_of_a_program() -> None:
    run("class Mine:\n    size = len(outbox)\n\n    @fixture\n    def check(self): ...\n")


def test_a_block_that_misuses_a_public_name_fails() -> None:
    with pytest.raises(ImportError, match="cannot import name 'Verdikt'"):
        run("from kumon_observe import Verdikt\nours(Verdikt)")
    with pytest.raises(TypeError, match="unexpected keyword argument 'layuot'"):
        run("from kumon_observe import parse\nlist(parse(lines, layuot='json'))")


def test_the_ways_in_show_an_example() -> None:
    assert {
        "kumon_observe.engine.analyze.analyze",
        "kumon_observe.engine.parse.parse",
        "kumon_observe.model.status.Status",
        "kumon_observe.model.threshold.Threshold",
    } <= set(PROMPTS)
    assert {name.rpartition(".")[2] for name in BLOCKS} >= {
        f"kumon_register_{kind}:1" for kind in ("checks", "parsers", "sinks")
    }


def test_an_example_that_shows_something_else_fails() -> None:
    test = doctest.DocTestParser().get_doctest(">>> 1 + 1\n3\n", {}, "wrong", None, 0)
    said = failures(test)
    assert "Expected:\n    3\nGot:\n    2" in said
