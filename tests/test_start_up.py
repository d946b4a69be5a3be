"""A command imports what it uses and nothing else, since it may run every minute on a machine at work."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.processes import environment
from tests.scenarios import Story

_LOOK = """\
import sys
before = set(sys.modules)
from kumon_observe.cli.main import main
main(sys.argv[1:])
print(*sorted(set(sys.modules) - before), file=sys.stderr)
"""

OF_OTHERS = {
    "asyncio",
    "cattrs",
    "concurrent",
    "difflib",
    "email",
    "fnmatch",
    "glob",
    "hashlib",
    "heapq",
    "hmac",
    "http",
    "importlib.metadata",
    "importlib.resources",
    "ipaddress",
    "logging",
    "multiprocessing",
    "pathlib",
    "rich",
    "secrets",
    "socket",
    "sqlite3",
    "ssl",
    "string",
    "subprocess",
    "tarfile",
    "tempfile",
    "tomllib",
    "typing_extensions",
    "urllib",
    "zipfile",
    "zlib",
    "zoneinfo",
}
OURS = {
    "cli.helping",
    "cli.progress",
    "config.file",
    "config.layers",
    "config.structure",
    "config.values",
    "engine.evidence",
    "engine.masking",
    "engine.unread",
    "model.document",
    "model.events",
    "model.listing",
    "model.prose",
    "model.schema",
    "model.setup",
    "present.markdown",
    "present.pt",
    "reading.archive",
    "reading.compressed",
    "reading.streams",
    "reading.tar",
}


def loaded(*arguments: str, cwd: Path, **env: str) -> set[str]:
    """The modules that a command imports, each with the packages around it."""
    ran = subprocess.run(
        [sys.executable, "-c", _LOOK, *arguments],
        cwd=cwd,
        env=environment(cwd, **env),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert ran.returncode == 0, ran.stderr
    names = ran.stderr.split()
    return {".".join(name.split(".")[:end]) for name in names for end in range(1, name.count(".") + 2)}


def ours(names: set[str]) -> set[str]:
    return {f"kumon_observe.{name}" for name in names}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for layout in ("json", "dash"):
        (tmp_path / f"{layout}.log").write_bytes(Story().others(5).render(layout))
    return tmp_path


@pytest.mark.parametrize("log", ["json.log", "dash.log"])
def test_a_plain_health_imports_nothing_that_it_does_not_use(folder: Path, log: str) -> None:
    modules = loaded("health", log, cwd=folder)
    assert "kumon_observe.checks.handoff" in modules
    assert modules & (OF_OTHERS | ours(OURS)) == set()


def test_a_log_without_json_needs_no_json(folder: Path) -> None:
    assert "json" not in loaded("health", "dash.log", cwd=folder)


def test_an_answer_in_json_needs_no_screen(folder: Path) -> None:
    modules = loaded("health", "--full", "--json", "dash.log", cwd=folder)
    assert "kumon_observe.model.document" in modules
    screens = {"model.privacy", "present.page", "present.verdict", "present.view"}
    assert modules & (OF_OTHERS | ours(screens | OURS - {"model.document"})) == set()


def test_a_variable_that_sets_an_option_needs_neither_cattrs_nor_tomllib(folder: Path) -> None:
    modules = loaded("health", "dash.log", cwd=folder, KUMON_OBSERVE_LIMIT="5")
    assert "kumon_observe.config.values" in modules
    assert modules & OF_OTHERS == set()


def test_what_is_used_is_imported(folder: Path) -> None:
    assert "kumon_observe.model.document" in loaded("health", "--json", "json.log", cwd=folder)
    assert "kumon_observe.present.pt" in loaded("health", "--lang", "pt", "json.log", cwd=folder)
    assert "zoneinfo" in loaded("health", "--timezone", "America/Sao_Paulo", "json.log", cwd=folder)
    (folder / "kumon-observe.toml").write_text("limit = 3\n")
    assert "cattrs" in loaded("health", "json.log", cwd=folder)


@pytest.mark.parametrize("asked", ["--version", "--help"])
def test_the_cheapest_answers_need_no_command(folder: Path, asked: str) -> None:
    modules = loaded(asked, cwd=folder)
    assert modules & {"click", "attr", "attrs", "pluggy", *OF_OTHERS} == set()
    assert modules & ours({"cli.program", "engine", "parsing", "plugins", "reading"}) == set()


def test_a_variable_that_is_no_option_is_no_configuration(folder: Path) -> None:
    assert "tomllib" not in loaded("health", "json.log", cwd=folder, KUMON_OBSERVE_PURE="1")
