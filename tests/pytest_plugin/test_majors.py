"""The plugin works under both majors of pytest: its tests run again under the one that is not here."""

from __future__ import annotations

import os
import subprocess
import sys
import venv
from pathlib import Path

import pytest

from tests.shell import ROOT

RUNNING = int(pytest.__version__.partition(".")[0])
OTHER = 8 if RUNNING == 9 else 9
HERE = Path(__file__)


def run(*command: str | Path, env: dict[str, str] | None = None) -> str:
    finished = subprocess.run(
        command,
        cwd=ROOT,
        env={**os.environ, **(env or {})},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
        timeout=900,
    )
    assert finished.returncode == 0, finished.stdout
    return finished.stdout


def test_one_of_the_two_majors_runs_here() -> None:
    assert RUNNING in (8, 9)


def test_the_plugin_passes_its_tests_under_the_other_major(tmp_path: Path) -> None:
    """A fresh environment with the built package; it fails where the package index cannot be reached."""
    run(sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", tmp_path, ROOT)
    (wheel,) = tmp_path.glob("*.whl")
    venv.create(tmp_path / "environment", with_pip=True)
    python = tmp_path / "environment" / "bin" / "python"
    wanted = (f"pytest>={OTHER},<{OTHER + 1}", "pytest-asyncio>=0.26", "pytest-xdist>=3.6", "anyio>=4.4")
    run(python, "-m", "pip", "install", "-q", "--no-compile", f"{wheel}[config]", *wanted)
    said = run(
        python,
        "-m",
        "pytest",
        "-pno:cacheprovider",
        f"--ignore={HERE}",
        "--basetemp",
        tmp_path / "tests",
        HERE.parent,
        env={"COVERAGE_PROCESS_CONFIG": "", "COVERAGE_PROCESS_START": "", "PYTEST_ADDOPTS": ""},
    )
    assert f"pytest-{OTHER}." in said
    assert " passed" in said
