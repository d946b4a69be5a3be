"""``make`` says what is wrong with the machine in one sentence, and the demo fails when its verdict does."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.shell import ROOT


def make(*words: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    """Run make with the project's Makefile in *cwd*."""
    own = {
        name: value for name, value in os.environ.items() if name not in ("MAKEFLAGS", "MAKELEVEL", "MFLAGS")
    }
    command = ["make", "--no-print-directory", *words]
    return subprocess.run(command, cwd=cwd, env=own, capture_output=True, text=True, check=False, timeout=60)


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A folder with what make looks at, and no virtual environment."""
    for name in ("Makefile", "pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, tmp_path)
    shutil.copytree(ROOT / "requirements", tmp_path / "requirements")
    shutil.copytree(ROOT / "examples", tmp_path / "examples")
    return tmp_path


def script(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{text}\n", encoding="utf-8")
    path.chmod(0o755)
    return path


def test_a_missing_python_is_named(checkout: Path) -> None:
    ran = make("demo", "PYTHON=python3.999", cwd=checkout)
    assert ran.returncode != 0
    assert "python3.999 was not found: install Python 3.11 or newer" in ran.stderr


def test_an_old_python_is_refused(checkout: Path) -> None:
    old = script(checkout / "oldpython", '[ "$1" = --version ] && echo Python 3.9.2 && exit; exit 1')
    ran = make("test", f"PYTHON={old}", cwd=checkout)
    assert ran.returncode != 0
    assert "Python 3.9.2 is too old: kumon-observe needs 3.11 or newer" in ran.stderr
    assert not (checkout / ".venv").exists()


@pytest.mark.parametrize("verdict", [0, 1, 3, 64])
def test_the_demo_fails_on_any_verdict_but_the_planted_one(checkout: Path, verdict: int) -> None:
    command = script(checkout / "venv" / "bin" / "kumon-observe", f"exit {verdict}")
    script(checkout / "venv" / "bin" / "pip", "exit 1")
    ran = make("demo", "VENV=venv", f"--old-file={command.relative_to(checkout)}", cwd=checkout)
    assert ran.returncode != 0
    assert f"must be 2 (critical); it was {verdict}" in ran.stderr


class Debian:
    """A machine whose Python has no ensurepip until its package is installed; nothing real is touched."""

    def __init__(self, folder: Path, user: int) -> None:
        installed = folder / "installed"
        self.calls = folder / "calls"
        self.python = script(
            folder / "bin" / "debianpython",
            f"""case "$*" in
            *ensurepip*) test -e {installed} ;;
            *-venv*) echo python3.11-venv ;;
            "-m venv"*) mkdir -p "$3/bin" && cp /bin/false "$3/bin/pip" ;;
            esac""",
        )
        script(folder / "bin" / "id", f"echo {user}")
        script(
            folder / "bin" / "apt-get",
            f'echo "$@" >> {self.calls}; case "$1" in install) : > {installed} ;; esac',
        )
        self.path = f"{folder / 'bin'}:{os.environ['PATH']}"


def test_root_gets_the_missing_debian_package_installed(
    checkout: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    machine = Debian(tmp_path / "debian", user=0)
    monkeypatch.setenv("PATH", machine.path)
    make("demo", f"PYTHON={machine.python}", cwd=checkout)
    assert machine.calls.read_text(encoding="utf-8").splitlines() == ["update", "install -y python3.11-venv"]
    assert (checkout / ".venv" / "bin" / "pip").exists()


def test_anybody_else_is_told_which_package_to_install(
    checkout: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    machine = Debian(tmp_path / "debian", user=1000)
    monkeypatch.setenv("PATH", machine.path)
    ran = make("demo", f"PYTHON={machine.python}", cwd=checkout)
    assert ran.returncode != 0
    assert "install the package python3.11-venv, then call make again" in ran.stderr
    assert not machine.calls.exists()


def programs(folder: Path, user: int) -> subprocess.CompletedProcess[str]:
    """Run the script that installs what the tests ask, on a machine without Alertmanager and systemd."""
    for name in ("rm", "chmod"):
        (folder / "bin").mkdir(exist_ok=True)
        (folder / "bin" / name).symlink_to(str(shutil.which(name)))
    script(folder / "bin" / "id", f"echo {user}")
    script(
        folder / "bin" / "apt-get",
        f'[ -x {folder}/policy ] && forbids=", and $({folder}/policy; echo $?) forbids services"\n'
        f'echo "apt-get $@$forbids" >> {folder}/calls',
    )
    script(folder / "bin" / "systemctl", f'echo "systemctl $@" >> {folder}/calls')
    bash = str(shutil.which("bash"))
    own = {"PATH": str(folder / "bin"), "POLICY_RC_D": str(folder / "policy")}
    return subprocess.run(
        [bash, ROOT / "tests" / "programs.sh"], env=own, capture_output=True, text=True, check=False
    )


def test_what_tests_ask_is_installed_and_no_service_of_it_runs(tmp_path: Path) -> None:
    ran = programs(tmp_path, user=0)
    assert (ran.returncode, ran.stderr) == (0, "")
    update, install, disable = (tmp_path / "calls").read_text(encoding="utf-8").splitlines()
    assert update == "apt-get update"
    assert install.startswith("apt-get install -y --no-install-recommends ")
    assert "prometheus-alertmanager systemd, and 101 forbids services" in install
    assert disable == "systemctl --quiet disable prometheus-alertmanager"
    assert not (tmp_path / "policy").exists()


def test_anybody_else_is_told_which_programs_tests_ask(tmp_path: Path) -> None:
    ran = programs(tmp_path, user=1000)
    assert ran.returncode == 1
    assert "the tests need these programs: install " in ran.stderr
    assert "prometheus-alertmanager systemd, then call make again" in ran.stderr
