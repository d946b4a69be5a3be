"""What is built and installed: its metadata, its files, and how light it is to import."""

from __future__ import annotations

import email
import os
import subprocess
import sys
import tomllib
import zipfile
from email.message import Message
from importlib.metadata import entry_points
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement

import kumon_observe
from tests.shell import ROOT

HEAVY = {"asyncio", "sqlite3", "ssl", "http", "attr", "attrs", "pluggy", "click", "rich", "cattrs"}


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> zipfile.ZipFile:
    """The wheel, built as for a release."""
    folder = tmp_path_factory.mktemp("dist")
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder), str(ROOT)]
    built = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)
    assert built.returncode == 0, built.stdout + built.stderr
    (path,) = folder.glob("*.whl")
    return zipfile.ZipFile(path)


@pytest.fixture(scope="module")
def metadata(wheel: zipfile.ZipFile) -> Message:
    """The wheel's own description."""
    (name,) = (name for name in wheel.namelist() if name.endswith(".dist-info/METADATA"))
    return email.message_from_bytes(wheel.read(name))


def test_the_wheel_holds_all_files_of_the_package_and_nothing_else(wheel: zipfile.ZipFile) -> None:
    packed = {name for name in wheel.namelist() if ".dist-info/" not in name}
    package = ROOT / "src" / "kumon_observe"
    files = (path for path in package.rglob("*") if path.is_file() and "__pycache__" not in path.parts)
    assert packed == {str(path.relative_to(ROOT / "src")) for path in files}
    assert {"kumon_observe/py.typed", "kumon_observe/model/schema/verdict.json"} <= packed


def test_the_licence_is_in_the_wheel(wheel: zipfile.ZipFile, metadata: Message) -> None:
    assert metadata["License-Expression"] == "MIT"
    assert any(name.endswith("licenses/LICENSE") for name in wheel.namelist())


def test_the_version_is_the_one_that_the_package_tells(metadata: Message) -> None:
    assert metadata["Version"] == kumon_observe.__version__


def test_the_core_needs_three_packages(metadata: Message) -> None:
    required = [Requirement(line) for line in metadata.get_all("Requires-Dist", [])]
    assert {needed.name for needed in required if needed.marker is None} == {
        "attrs",
        "pluggy",
        "typing-extensions",
    }


def project() -> dict[str, Any]:
    project: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return project


def test_all_is_every_other_extra() -> None:
    extras = project()["optional-dependencies"]
    named = [Requirement(line) for line in extras.pop("all")]
    assert {needed.name for needed in named} == {"kumon-observe"}
    assert set().union(*(needed.extras for needed in named)) == set(extras)


def test_the_command_is_installed() -> None:
    (command,) = entry_points(group="console_scripts", name="kumon-observe")
    assert command.value == "kumon_observe.cli.main:main"
    assert callable(command.load())


@pytest.mark.parametrize(
    ("module", "words", "said"),
    [
        ("click", ["health"], "the command line needs an extra: install kumon-observe[cli]"),
        (
            "cattrs",
            ["--config", "x.toml", "health"],
            "reading a configuration needs an extra: install kumon-observe[config]",
        ),
    ],
)
def test_a_missing_extra_is_named(module: str, words: list[str], said: str, tmp_path: Path) -> None:
    (tmp_path / "x.toml").write_text("limit = 3\n", encoding="utf-8")
    without = f"import sys; sys.modules[{module!r}] = None"
    code = f"{without}; from kumon_observe.cli.main import main; sys.exit(main({words}))"
    ran = subprocess.run(
        [sys.executable, "-c", code],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT / "src"), "LANG": "C.UTF-8"},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert (ran.returncode, ran.stdout, ran.stderr) == (69, "", f"kumon-observe: {said}\n")


def test_importing_the_package_is_light() -> None:
    code = "import sys; before = set(sys.modules); import kumon_observe; print(*set(sys.modules) - before)"
    ran = subprocess.run(
        [sys.executable, "-I", "-c", f"import sys; sys.path.insert(0, {str(ROOT / 'src')!r}); {code}"],
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    loaded = {name.partition(".")[0] for name in ran.stdout.split()}
    assert "kumon_observe" in loaded
    assert not loaded & HEAVY


def test_the_lock_names_no_index() -> None:
    lock = (ROOT / "requirements" / "dev.txt").read_text(encoding="utf-8")
    assert "--hash=sha256:" in lock
    assert "index-url" not in lock
    assert "://" not in lock


def test_the_lock_holds_every_dependency_that_is_tested() -> None:
    described = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    extras = described["project"]["optional-dependencies"]
    groups = [
        described["project"]["dependencies"],
        extras["cli"],
        extras["config"],
        described["dependency-groups"]["dev"],
    ]
    lock = (ROOT / "requirements" / "dev.txt").read_text(encoding="utf-8")
    pinned = dict(
        line.split(" ")[0].split("==") for line in lock.splitlines() if "==" in line and line[0].isalpha()
    )
    for needed in (Requirement(line) for group in groups for line in group):
        assert needed.specifier.contains(pinned[needed.name]), needed.name
