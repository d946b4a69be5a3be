"""Real packages, built and installed into a fresh environment beside the project."""

from __future__ import annotations

import json
import subprocess
import sys
import sysconfig
import venv
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

PROJECT = Path(__file__).parents[2]
MANIFEST = """\
[build-system]
requires = ["hatchling"]
build-backend = "hatchling.build"

[project]
name = "{name}"
version = "1.2.3"
requires-python = ">=3.11"

[project.entry-points.kumon_observe]
{plugin} = "{module}"
"""
GOOD = """\
from kumon_observe import CheckResult, Status, hookimpl


class EventCount:
    name = "event-count"

    def __init__(self):
        self.seen = 0

    def observe(self, event):
        self.seen += 1

    def merge(self, later):
        self.seen += later.seen

    def result(self, now):
        return CheckResult(name=self.name, status=Status.OK, summary=f"{self.seen} events", value=self.seen)


@hookimpl
def kumon_register_checks():
    return [EventCount()]
"""
BAD = "import sys\n\nsys.exit('this plugin wants another system')\n"
LOOK = """\
import json, sys
from pathlib import Path
import kumon_observe
from kumon_observe.config.settings import PluginSettings, Settings
from kumon_observe.engine.analyze import analyze
from kumon_observe.model.document import plugins_to, verdict_to
from kumon_observe.model.schema import load_schema
from kumon_observe.plugins.registry import Registry

settings = Settings(plugins=PluginSettings(disabled=tuple(sys.argv[2:])), state_dir=sys.argv[1])
registry = Registry.load(settings)
log = Path(sys.argv[1]) / "app.log"
log.write_text("INFO:app.core.x:OUTBOX_TRACE|phase=planner|conv=c1|idem=k1|count=1\\n")
json.dump({
    "home": kumon_observe.__file__,
    "typed": (Path(kumon_observe.__file__).parent / "py.typed").exists(),
    "shipped": load_schema("verdict")["$id"],
    **plugins_to(registry.plugins),
    "broken": [str(broken) for broken in registry.broken_checks()],
    "verdict": verdict_to(analyze([str(log)], settings=settings, registry=registry)),
    "imported": "kumon_leaving" in sys.modules,
}, sys.stdout)
"""


def run(*command: str | Path) -> str:
    finished = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert finished.returncode == 0, finished.stderr
    return finished.stdout


def package(folder: Path, name: str, plugin: str, code: str) -> Path:
    module = name.replace("-", "_")
    folder.mkdir()
    (folder / f"{module}.py").write_text(code)
    (folder / "pyproject.toml").write_text(MANIFEST.format(name=name, plugin=plugin, module=module))
    return folder


def wheel(source: Path, wheels: Path) -> None:
    run(sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", wheels, source)


@pytest.fixture(scope="module")
def python(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The interpreter of a fresh environment with the project and both plugins installed."""
    folder = tmp_path_factory.mktemp("packages")
    wheels = folder / "wheels"
    wheel(package(folder / "good", "kumon-event-count", "event-count", GOOD), wheels)
    wheel(package(folder / "bad", "kumon-leaving", "leaving", BAD), wheels)
    wheel(PROJECT, wheels)
    environment = folder / "environment"
    venv.create(environment, with_pip=True)
    python = environment / "bin" / "python"
    run(
        python, "-m", "pip", "install", "-q", "--no-deps", "--no-index", "--no-compile", *wheels.glob("*.whl")
    )
    # The dependencies are those of the running environment; the folder stands behind the fresh one's own.
    (site,) = environment.glob("lib/python*/site-packages")
    (site / "dependencies.pth").write_text(sysconfig.get_path("purelib") + "\n")
    return python


def look(python: Path, folder: Path, *disabled: str) -> Mapping[str, Any]:
    found: Mapping[str, Any] = json.loads(run(python, "-I", "-c", LOOK, folder, *disabled))
    return found


def test_a_good_plugin_works_beside_one_that_cannot_be_imported(python: Path, tmp_path: Path) -> None:
    found = look(python, tmp_path)
    plugins = {plugin["name"]: plugin for plugin in found["plugins"]}
    assert list(plugins) == ["builtin", "event-count", "leaving"]
    assert plugins["builtin"]["error"] is None
    assert plugins["event-count"] == {
        "name": "event-count",
        "version": "1.2.3",
        "origin": "package kumon-event-count",
        "provides": ["check event-count"],
        "error": None,
        "disabled": False,
    }
    reason = "cannot be loaded: SystemExit: this plugin wants another system"
    assert plugins["leaving"]["error"] == reason
    assert found["broken"] == [f"plugin leaving: {reason}"]


def test_the_verdict_has_the_plugins_check_and_is_not_green_without_the_broken_one(
    python: Path, tmp_path: Path
) -> None:
    checks = {check["name"]: check for check in look(python, tmp_path)["verdict"]["checks"]}
    assert checks["event-count"]["value"] == 1
    assert (checks["leaving"]["status"], checks["leaving"]["reasons"]) == (
        "unknown",
        ["cannot be loaded: SystemExit: this plugin wants another system"],
    )


def test_a_disabled_plugin_is_not_even_imported(python: Path, tmp_path: Path) -> None:
    found = look(python, tmp_path, "leaving")
    assert [plugin["disabled"] for plugin in found["plugins"]] == [False, False, True]
    assert found["broken"] == []
    assert found["imported"] is False


def test_the_wheel_brings_types_and_schemas(python: Path, tmp_path: Path) -> None:
    found = look(python, tmp_path)
    assert Path(found["home"]).is_relative_to(python.parents[1])
    assert found["typed"] is True
    assert found["shipped"] == "urn:kumon-observe:schema:verdict:1"
