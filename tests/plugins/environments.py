"""Fresh virtual environments with the project and its dependencies in them, made in no time."""

from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
import venv
from pathlib import Path

from attrs import frozen

from tests.shell import ROOT

_OF_THESE_TESTS = ("COVERAGE_", "COV_", "KUMON_", "PYTEST_")


@frozen
class Environment:
    """One environment, with a home of its own; installs from no index."""

    folder: Path

    @classmethod
    def make(cls, folder: Path) -> Environment:
        """Make it: packages behind its own are those of the running environment."""
        venv.create(folder, symlinks=True)
        (site,) = folder.glob("lib/python*/site-packages")
        (site / "dependencies.pth").write_text(f"{sysconfig.get_path('purelib')}\n{ROOT / 'src'}\n")
        made = cls(folder)
        for name, module in (("pip", "pip"), ("pytest", "pytest"), ("kumon-observe", "kumon_observe")):
            command = folder / "bin" / name
            command.write_text(f'#!/bin/sh\nexec "{made.python}" -m {module} "$@"\n')
            command.chmod(0o755)
        return made

    @property
    def python(self) -> Path:
        """Its interpreter."""
        return self.folder / "bin" / "python"

    def run(self, *command: str | Path, cwd: Path, code: int = 0) -> str:
        """What a command in it prints; it must end with *code*."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith(_OF_THESE_TESTS)}
        own = {
            "HOME": str(self.folder),
            "LANG": "C.UTF-8",
            "PATH": f"{self.folder / 'bin'}:{os.environ['PATH']}",
            "PIP_DISABLE_PIP_VERSION_CHECK": "1",
            "PIP_NO_BUILD_ISOLATION": "0",  # pip reads it the other way round: there is no isolation
            "PIP_NO_COMPILE": "1",
            "PIP_NO_DEPS": "1",
            "PIP_NO_INDEX": "1",
            "PYTHONDONTWRITEBYTECODE": "1",
            "XDG_STATE_HOME": str(self.folder),
        }
        ran = subprocess.run(
            command, cwd=cwd, env={**kept, **own}, capture_output=True, text=True, timeout=120, check=False
        )
        assert ran.returncode == code, ran.stdout + ran.stderr
        return ran.stdout

    def install(self, source: Path, wheels: Path) -> None:
        """Build the wheel of the package in *source*, and install it."""
        self.run(sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", wheels, cwd=source)
        (wheel,) = wheels.glob("*.whl")
        self.run("pip", "install", "--quiet", wheel, cwd=wheels)
