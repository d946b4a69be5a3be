"""The packages of docs/examples, and those that ``plugins new`` writes: built, installed, tested, used."""

from __future__ import annotations

import ast
import json
import re
import shutil
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.plugins.environments import Environment
from tests.scenarios import Story
from tests.shell import ROOT

EXAMPLES = ROOT / "docs" / "examples"
MOST_LINES = 60


def installed(source: Path, folder: Path) -> Environment:
    """An environment with the package in *source*, whose own tests passed there against what is installed."""
    environment = Environment.make(folder / "environment")
    package = folder / "source"
    shutil.copytree(source, package)
    environment.install(package, folder / "wheels")
    tests = folder / "tests"
    tests.mkdir()
    for file in package.glob("test_*.py"):
        shutil.copy(file, tests)
    passed = environment.run("pytest", "-q", "-p", "no:cacheprovider", "--rootdir=.", cwd=tests)
    assert re.search(r"^\d+ passed in ", passed, re.MULTILINE), passed
    return environment


def provided(environment: Environment, cwd: Path) -> dict[str, Any]:
    """What the plugin beside the built-in one is."""
    listed = json.loads(environment.run("kumon-observe", "plugins", "--json", cwd=cwd))
    (plugin,) = (plugin for plugin in listed["plugins"] if plugin["name"] != "builtin")
    found: dict[str, Any] = plugin
    return found


def plugin(name: str, provides: str, version: str) -> dict[str, Any]:
    return {
        "name": name,
        "version": version,
        "origin": f"package kumon-{name}",
        "provides": [provides],
        "error": None,
        "disabled": False,
    }


def verdict(environment: Environment, log: Path, code: int) -> dict[str, Any]:
    said: dict[str, Any] = json.loads(
        environment.run("kumon-observe", "health", log.name, "--json", cwd=log.parent, code=code)
    )
    return said


def test_the_check_of_slow_turns_takes_part_in_health(tmp_path: Path) -> None:
    environment = installed(EXAMPLES / "kumon-slow-turns", tmp_path)
    assert provided(environment, tmp_path) == plugin("slow-turns", "check slow-turns", "1.0")
    story = Story().others(25).planning("ana").wait(30).delivery("ana").sent("ana").planning("bia").wait(40)
    log = tmp_path / "app.log"
    log.write_bytes(story.delivery("bia").sent("bia").render("json"))
    checks = {check["name"]: check for check in verdict(environment, log, code=1)["checks"]}
    assert (checks["slow-turns"]["status"], checks["slow-turns"]["value"]) == ("warning", 30.0)
    assert checks["handoff"]["status"] == "ok"


def test_the_sink_is_there(tmp_path: Path) -> None:
    environment = installed(EXAMPLES / "kumon-pager", tmp_path)
    assert provided(environment, tmp_path) == plugin("pager", "sink pager", "1.0")
    log = tmp_path / "app.log"
    log.write_bytes(Story().others(25).render("json"))
    assert verdict(environment, log, code=0)["status"] == "ok"


def test_a_log_in_logfmt_is_judged(tmp_path: Path) -> None:
    environment = installed(EXAMPLES / "kumon-logfmt", tmp_path)
    assert provided(environment, tmp_path) == plugin("logfmt", "layout logfmt", "1.0")
    log = tmp_path / "app.log"
    said = Story().others(25).turn("ana", 1, 0).records
    log.write_text("".join(f'time={r.at.isoformat()} logger={r.logger} msg="{r.message}"\n' for r in said))
    found = verdict(environment, log, code=2)
    assert found["input"]["sources"][0]["layouts"] == {"logfmt": len(said)}


@pytest.mark.parametrize("module", sorted(EXAMPLES.glob("*/kumon_*.py")), ids=lambda path: path.stem)
def test_an_example_has_less_than_sixty_lines_of_code(module: Path) -> None:
    text = module.read_text(encoding="utf-8")
    told: set[int] = set()
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef)) and ast.get_docstring(node):
            told.update(range(node.body[0].lineno, (node.body[0].end_lineno or 0) + 1))
    lines = (line.strip() for number, line in enumerate(text.splitlines(), start=1) if number not in told)
    assert 20 < sum(bool(line) and not line.startswith("#") for line in lines) < MOST_LINES


@pytest.mark.parametrize(("kind", "name"), [("sink", "pager-of-ours"), ("layout", "angled")])
def test_what_plugins_new_writes_is_built_and_passes_its_tests(tmp_path: Path, kind: str, name: str) -> None:
    maker = Environment.make(tmp_path / "maker")
    maker.run("kumon-observe", "plugins", "new", name, "--kind", kind, cwd=tmp_path)
    environment = installed(tmp_path / f"kumon-{name}", tmp_path / "own")
    assert provided(environment, tmp_path) == plugin(name, f"{kind} {name}", "0.1.0")


def test_the_five_minutes_of_the_page_pass(tmp_path: Path) -> None:
    page = (ROOT / "docs" / "plugins.md").read_text(encoding="utf-8")
    (commands,) = re.findall(r"^```sh\n(.*?)^```$", page, re.DOTALL | re.MULTILINE)
    environment = Environment.make(tmp_path / "environment")
    said = environment.run("bash", "-euc", commands, cwd=tmp_path)
    assert "kumon-late-replies written: a plugin package (check)" in said
    assert re.search(r"^=+ \d+ passed in ", said, re.MULTILINE)
    assert "\nlate-replies 0.1.0  (package kumon-late-replies)\n  check: late-replies\n" in said


@pytest.mark.parametrize("kind", ["check", "sink", "layout"])
def test_what_plugins_new_writes_is_clean(tmp_path: Path, kind: str) -> None:
    environment = Environment.make(tmp_path / "environment")
    environment.run("kumon-observe", "plugins", "new", "night-calls", "--kind", kind, cwd=tmp_path)
    package = tmp_path / "kumon-night-calls"
    ruff = (sys.executable, "-m", "ruff")
    environment.run(
        *ruff, "check", "--no-cache", "--isolated", "--line-length=110", "--extend-select=I,UP,B", cwd=package
    )
    environment.run(*ruff, "format", "--no-cache", "--isolated", "--line-length=110", "--check", cwd=package)
    for file in package.iterdir():
        assert not re.search(r"@\w+@", file.read_text(encoding="utf-8")), file.name
