from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from kumon_observe import __version__
from kumon_observe.cli.errors import CommandLineError
from kumon_observe.cli.files import create_folder
from kumon_observe.plugins import starter
from tests.cli.processes import run

NEW = ("plugins", "new", "slow-turns", "--kind", "check")


def test_a_package_is_written_and_how_to_test_it_said(tmp_path: Path) -> None:
    ran = run(*NEW, cwd=tmp_path)
    assert (ran.returncode, ran.stderr) == (0, "")
    assert ran.stdout.splitlines() == [
        "kumon-slow-turns written: a plugin package (check), whose tests run with",
        "  cd kumon-slow-turns",
        "  pip install --editable '.[test]'",
        "  pytest",
    ]
    written = tmp_path / "kumon-slow-turns"
    assert sorted(path.name for path in written.iterdir()) == [
        "README.md",
        "kumon_slow_turns.py",
        "pyproject.toml",
        "test_kumon_slow_turns.py",
    ]
    assert "class SlowTurns:" in (written / "kumon_slow_turns.py").read_text()
    about = (written / "pyproject.toml").read_text()
    assert 'slow-turns = "kumon_slow_turns"' in about
    assert f'"kumon-observe>={__version__[:3]}"' in about


def test_it_is_said_in_portuguese_too_and_not_at_all_quietly(tmp_path: Path) -> None:
    said = run(*NEW, "--lang", "pt", cwd=tmp_path).stdout
    assert said.startswith("kumon-slow-turns escrito: um pacote de plugin (check), cujos testes rodam com\n")
    assert run("plugins", "new", "other", "--kind", "sink", "-q", cwd=tmp_path).stdout == ""
    assert (tmp_path / "kumon-other").is_dir()


def test_json_names_the_files(tmp_path: Path) -> None:
    document = json.loads(run(*NEW, "--json", cwd=tmp_path).stdout)
    assert (document["name"], document["kind"], document["folder"]) == (
        "slow-turns",
        "check",
        "kumon-slow-turns",
    )
    assert set(document["files"]) == {path.name for path in (tmp_path / "kumon-slow-turns").iterdir()}


def a_folder(path: Path) -> None:
    path.mkdir()
    (path / "mine.py").write_text("mine")


def an_empty_folder(path: Path) -> None:
    path.mkdir()


def a_file(path: Path) -> None:
    path.write_text("mine")


def a_link_to_nothing(path: Path) -> None:
    path.symlink_to("nowhere")


@pytest.mark.parametrize("there", [a_folder, an_empty_folder, a_file, a_link_to_nothing])
def test_what_exists_is_not_overwritten(tmp_path: Path, there: Callable[[Path], None]) -> None:
    there(tmp_path / "kumon-slow-turns")
    before = sorted(path.name for path in tmp_path.rglob("*"))
    ran = run(*NEW, cwd=tmp_path)
    said = "kumon-observe: kumon-slow-turns exists already: move it away or choose another name\n"
    assert (ran.returncode, ran.stdout, ran.stderr) == (73, "", said)
    assert sorted(path.name for path in tmp_path.rglob("*") if path.name != "home") == before


def test_what_cannot_be_written_whole_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(CommandLineError, match=r"cannot write .*kumon-x: No such file or directory"):
        create_folder(tmp_path / "kumon-x", {"a.py": "", "no/such.py": ""})
    with pytest.raises(CommandLineError, match=r"cannot write .*kumon-x: No such file or directory"):
        create_folder(tmp_path / "nowhere" / "kumon-x", {"a.py": ""})
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["a", "x1", "slow-turns", "a-1-b", "a" * 40, "json"])
def test_usable_names(name: str) -> None:
    assert starter.refusal(name, "check") is None


@pytest.mark.parametrize(
    "name", ["", "A", "é", "1a", "-a", "a-", "a--b", "a_b", "a.b", "a b", "a\n", "../a", "a" * 41]
)
def test_names_against_the_rules_are_refused_with_the_rules(name: str) -> None:
    assert "at most 40 letters a-z and digits, beginning with a letter" in str(starter.refusal(name, "check"))


@pytest.mark.parametrize(
    ("name", "kind"),
    [("handoff", "check"), ("json", "layout"), ("stdout", "sink"), ("builtin", "check"), ("observe", "sink")],
)
def test_our_own_names_are_refused(name: str, kind: str) -> None:
    assert "is taken by kumon-observe itself: choose another" in str(starter.refusal(name, kind))


def test_plugins_alone_lists_what_is_installed(tmp_path: Path) -> None:
    assert run("plugins", cwd=tmp_path).stdout == run("--no-color", "plugins", "-v", cwd=tmp_path).stdout
    assert "check: handoff, instances, delivery, consistency" in run("plugins", cwd=tmp_path).stdout


def test_the_help_of_plugins_names_both_ways(tmp_path: Path) -> None:
    said = run("plugins", "--help", "--lang", "pt", cwd=tmp_path).stdout
    assert "kumon-observe plugins new NAME --kind check|sink|layout" in said
    assert "new NAME" in said
    assert "escreve um pacote de plugin com testes: kumon-NAME, nesta pasta" in said
