"""Packages as ``importlib.metadata`` finds them, without the cost of building any."""

from __future__ import annotations

from pathlib import Path

import pytest

from kumon_observe.config.settings import Settings
from kumon_observe.model.setup import PluginInfo
from kumon_observe.plugins.registry import Registry

CODE = """\
from kumon_observe import hookimpl
from tests.plugins.examples import EventCount

@hookimpl
def kumon_register_checks():
    return [EventCount(__name__)]
"""


def install(site: Path, package: str, plugin: str, module: str, metadata: str | None = "") -> None:
    """Put a package with one entry point into the folder *site*; ``None``: without its metadata."""
    folder = site / f"{package.replace('-', '_')}-1.0.dist-info"
    folder.mkdir()
    (folder / "entry_points.txt").write_text(f"[kumon_observe]\n{plugin} = {module}\n")
    if metadata is not None:
        (folder / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {package}\nVersion: 1.0\n{metadata}")


def found(registry: Registry) -> dict[str, PluginInfo]:
    return {plugin.origin: plugin for plugin in registry.plugins if plugin.name != "builtin"}


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.syspath_prepend(tmp_path)
    for module in ("first_plugin", "second_plugin"):
        (tmp_path / f"{module}.py").write_text(CODE)
    return tmp_path


def test_packages_are_asked_in_the_order_of_their_entry_points(site: Path) -> None:
    install(site, "kumon-z", "a-plugin", "first_plugin")
    install(site, "kumon-a", "b-plugin", "second_plugin")
    registry = Registry.load(Settings())
    assert [check.name for check in registry.checks()][-2:] == ["first_plugin", "second_plugin"]
    assert found(registry)["package kumon-z"].version == "1.0"


def test_packages_can_be_left_unasked(site: Path) -> None:
    install(site, "kumon-a", "a-plugin", "first_plugin")
    assert found(Registry.load(Settings(), entry_points=False)) == {}


def test_two_packages_cannot_share_a_plugin_name(site: Path) -> None:
    install(site, "kumon-a", "same", "first_plugin")
    install(site, "kumon-b", "same", "second_plugin")
    plugins = found(Registry.load(Settings()))
    assert plugins["package kumon-a"].error is None
    assert plugins["package kumon-b"].error == (
        "the name 'same' of package kumon-b is taken by package kumon-a"
    )


@pytest.mark.parametrize(
    ("target", "reason"),
    [
        ("no_such_module", "cannot be loaded: ModuleNotFoundError: No module named 'no_such_module'"),
        ("first_plugin:missing", "cannot be loaded: AttributeError: "),
    ],
)
def test_an_entry_point_to_nothing_is_reported(site: Path, target: str, reason: str) -> None:
    install(site, "kumon-a", "a-plugin", target)
    registry = Registry.load(Settings())
    assert (found(registry)["package kumon-a"].error or "").startswith(reason)
    assert [broken.plugin for broken in registry.broken_checks()] == ["a-plugin"]


def test_a_package_that_was_half_removed_is_still_told_apart(site: Path) -> None:
    install(site, "kumon-a", "a-plugin", "first_plugin", metadata=None)
    plugin = found(Registry.load(Settings()))["module first_plugin"]
    assert (plugin.version, plugin.error, plugin.provides) == (None, None, ("check first_plugin",))
