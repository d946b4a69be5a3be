from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from kumon_observe import __version__
from kumon_observe.cli import table
from tests.cli.processes import environment, run

ALL = sorted(table.COMMANDS)


@pytest.mark.parametrize(
    "arguments", [("--version",), ("--version", "--lang", "pt"), ("--lang", "pt", "--version")]
)
def test_the_version_is_told(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    ran = run(*arguments, cwd=tmp_path)
    assert (ran.returncode, ran.stdout) == (0, f"kumon-observe {__version__}\n")


@pytest.mark.parametrize("arguments", [("--help",), ("-h",), ("--lang", "en", "--help")])
def test_the_overview_names_every_command_and_common_option(
    tmp_path: Path, arguments: tuple[str, ...]
) -> None:
    ran = run(*arguments, cwd=tmp_path)
    assert (ran.returncode, ran.stderr) == (0, "")
    words = ran.stdout.split()
    assert set(ALL) <= set(words)
    assert {option.names[0].rstrip(",") for option in table.COMMON} <= {word.rstrip(",") for word in words}
    assert max(map(len, ran.stdout.splitlines())) <= 80


@pytest.mark.parametrize("command", ALL)
def test_every_command_explains_itself(tmp_path: Path, command: str) -> None:
    ran = run(command, "--help", cwd=tmp_path)
    assert (ran.returncode, ran.stderr) == (0, "")
    assert ran.stdout.startswith(f"Usage: kumon-observe {command} ")


def test_help_is_in_portuguese_too(tmp_path: Path) -> None:
    assert run("--help", cwd=tmp_path, env={"LANG": "pt_BR.UTF-8"}).stdout.startswith("Uso: kumon-observe")
    assert (
        "todas as verificações, em uma tela" in run("health", "--help", "--lang", "pt", cwd=tmp_path).stdout
    )


def imported(tmp_path: Path, *arguments: str) -> set[str]:
    program = (
        "import sys; before = set(sys.modules); from kumon_observe.cli.main import main; "
        "main(sys.argv[1:]); print(*(set(sys.modules) - before), file=sys.stderr)"
    )
    ran = subprocess.run(
        [sys.executable, "-c", program, *arguments],
        cwd=tmp_path,
        env=environment(tmp_path),
        capture_output=True,
        text=True,
        check=True,
    )
    return set(ran.stderr.split())


@pytest.mark.parametrize("argument", ["--version", "--help"])
def test_the_cheapest_answers_import_nothing_heavy(tmp_path: Path, argument: str) -> None:
    assert not {"click", "attrs", "attr", "pluggy", "cattrs", "rich", "json"} & imported(tmp_path, argument)


def test_a_verdict_imports_no_rich_and_no_network(tmp_path: Path) -> None:
    modules = imported(tmp_path, "health")
    assert not {"rich", "asyncio", "sqlite3", "ssl", "http"} & modules


def test_without_the_extra_the_remedy_is_one_line(tmp_path: Path) -> None:
    program = (
        "import sys; sys.modules['click'] = None; from kumon_observe.cli.main import main; sys.exit(main())"
    )
    ran = subprocess.run(
        [sys.executable, "-c", program, "health"],
        cwd=tmp_path,
        env=environment(tmp_path),
        capture_output=True,
        text=True,
        check=False,
    )
    said = "kumon-observe: the command line needs an extra: install kumon-observe[cli]\n"
    assert (ran.returncode, ran.stdout, ran.stderr) == (69, "", said)


def test_the_help_of_a_command_does_not_load_the_engine(tmp_path: Path) -> None:
    modules = imported(tmp_path, "health", "--help")
    assert (
        not {"kumon_observe.engine.analyze", "kumon_observe.plugins.registry", "pluggy", "cattrs"} & modules
    )
