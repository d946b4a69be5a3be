"""A deprecated name is dropped by the release that said so."""

from __future__ import annotations

from pathlib import Path

import pytest

import kumon_observe
from apidocs.overdue import overdue
from tests.shell import ROOT

SOURCE = """
from kumon_observe.model.deprecation import Deprecated, deprecated, warn_deprecated

NAMES = {"Grade": Deprecated("kumon_observe.Status", drops="0.3")}
MORE = {"Mark": Deprecated("kumon_observe.Key", "1.0")}

@deprecated("grade is deprecated: use judge instead; kumon-observe 0.10 drops it")
def grade(wait=None):
    warn_deprecated("the argument 'wait'", instead="grace", drops="2.0")
"""


def test_nothing_deprecated_has_outlived_its_release() -> None:
    assert overdue(ROOT / "src", kumon_observe.__version__) == []


@pytest.mark.parametrize(
    ("version", "said"),
    [
        ("0.2.9", []),
        ("0.3.0", ["0.3"]),
        ("0.9.4", ["0.3"]),
        ("0.10.0", ["0.3", "0.10"]),
        ("1.0.0", ["0.3", "1.0", "0.10"]),
        ("2.1.0", ["0.3", "1.0", "0.10", "2.0"]),
    ],
)
def test_the_release_is_compared_as_numbers(tmp_path: Path, version: str, said: list[str]) -> None:
    (tmp_path / "old.py").write_text(SOURCE, encoding="utf-8")
    found = overdue(tmp_path, version)
    assert sorted(line.split()[2] for line in found) == sorted(said)


def test_what_is_overdue_is_told_with_its_place(tmp_path: Path) -> None:
    (tmp_path / "old.py").write_text(SOURCE, encoding="utf-8")
    assert "old.py:7: kumon-observe 0.10 drops this name: remove it" in overdue(tmp_path, "1.0")
