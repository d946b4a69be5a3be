"""Whether a package may be a plugin, held to what ``importlib.metadata`` finds."""

from __future__ import annotations

import sys
import zipfile
from collections.abc import Callable, Iterable
from importlib.metadata import Distribution, DistributionFinder, PathDistribution, entry_points
from pathlib import Path

import pytest

from kumon_observe.plugins.hookspecs import PROJECT
from kumon_observe.plugins.installed import may_have

OURS = f"[{PROJECT}]\nquiet = quiet_hours\n"
ANOTHERS = "[console_scripts]\nquiet = kumon_observe.cli.main:main\n\n[kumon_observe.more]\nx = y\n"
METADATA = "Metadata-Version: 2.1\nName: quiet\nVersion: 1.0\n"

Install = Callable[[Path, str], Path]


def folder(site: Path, name: str, text: str) -> Path:
    (site / name).mkdir(parents=True)
    (site / name / "entry_points.txt").write_text(text)
    (site / name / ("METADATA" if name.lower().endswith(".dist-info") else "PKG-INFO")).write_text(METADATA)
    return site


def wheel(site: Path, text: str) -> Path:
    return folder(site, "quiet-1.0.dist-info", text)


def shouting(site: Path, text: str) -> Path:
    return folder(site, "QUIET-1.0.DIST-INFO", text)


def develop(site: Path, text: str) -> Path:
    return folder(site, "quiet.egg-info", text)


def egg(site: Path, text: str) -> Path:
    return folder(site / "quiet-1.0-py3.11.egg", "EGG-INFO", text)


def archive(site: Path, text: str) -> Path:
    path = site / "quiet.zip"
    with zipfile.ZipFile(path, "w") as file:
        file.writestr("quiet-1.0.dist-info/entry_points.txt", text)
        file.writestr("quiet-1.0.dist-info/METADATA", METADATA)
    return path


def zipped_egg(site: Path, text: str) -> Path:
    path = site / "quiet-1.0-py3.11.egg"
    with zipfile.ZipFile(path, "w") as file:
        file.writestr("EGG-INFO/entry_points.txt", text)
        file.writestr("EGG-INFO/PKG-INFO", METADATA)
    return path


FORMS = [wheel, shouting, develop, egg, archive, zipped_egg]
READ_HERE = [wheel, shouting, develop, egg]


def ours() -> bool:
    return bool(entry_points(group=PROJECT))


@pytest.fixture
def path(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The path of a Python without any package."""
    empty: list[str] = []
    monkeypatch.setattr(sys, "path", empty)
    return empty


@pytest.mark.parametrize("install", FORMS)
def test_a_plugin_is_found_however_it_is_installed(tmp_path: Path, path: list[str], install: Install) -> None:
    path.append(str(install(tmp_path, OURS)))
    assert ours()
    assert may_have(PROJECT)


@pytest.mark.parametrize("install", READ_HERE)
def test_other_packages_are_no_reason_to_look_further(
    tmp_path: Path, path: list[str], install: Install
) -> None:
    path.append(str(install(tmp_path, ANOTHERS)))
    assert not ours()
    assert not may_have(PROJECT)


@pytest.mark.parametrize(
    "head", ["[kumon_observe]", "  [kumon_observe]  ", "[[kumon_observe]]", "[ kumon_observe]"]
)
def test_a_heading_counts_if_it_counts_there(tmp_path: Path, path: list[str], head: str) -> None:
    path.append(str(wheel(tmp_path, f"[other]\r\na = b\r\n\r\n{head}\r\nquiet = quiet_hours\r\n")))
    assert may_have(PROJECT) or not ours()


def test_where_we_are_is_on_the_path_too(
    tmp_path: Path, path: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(wheel(tmp_path, OURS))
    path.append("")
    assert ours()
    assert may_have(PROJECT)


def test_what_is_no_package_is_passed_over(tmp_path: Path, path: list[str]) -> None:
    (tmp_path / "half-1.0.dist-info").mkdir()
    (tmp_path / "old-1.0.egg-info").write_text(OURS)
    (tmp_path / "odd-1.0.dist-info" / "entry_points.txt").mkdir(parents=True)
    path += [str(tmp_path), str(tmp_path / "nowhere.zip")]
    assert not ours()
    assert not may_have(PROJECT)


class Elsewhere(DistributionFinder):
    """An importer that tells of packages which stand in no folder of the path."""

    def __init__(self, metadata: Path) -> None:
        self._metadata = metadata

    def find_spec(self, *_given: object) -> None:
        return None

    def find_distributions(self, *_given: object, **_named: object) -> Iterable[Distribution]:
        return [PathDistribution(self._metadata)]


def test_other_importers_are_asked(tmp_path: Path, path: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    finder = Elsewhere(wheel(tmp_path, OURS) / "quiet-1.0.dist-info")
    monkeypatch.setattr(sys, "meta_path", [*sys.meta_path, finder])
    assert ours()
    assert may_have(PROJECT)
