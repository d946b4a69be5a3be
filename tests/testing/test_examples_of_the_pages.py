"""The test classes that docs/testing-plugins.md shows are collected and pass."""

from __future__ import annotations

import re
from pathlib import Path

from tests.plugins.environments import Environment
from tests.shell import ROOT
from tests.test_docs import programs

PAGE = ROOT / "docs" / "testing-plugins.md"


def test_the_contracts_of_the_page_pass(tmp_path: Path) -> None:
    for name, text in programs():
        (tmp_path / name).write_text(text, encoding="utf-8")
    tests = re.findall(r"^# (test_\w+\.py)$", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    assert tests == ["test_quiet_hours.py", "test_logfmt.py", "test_spool.py"]
    environment = Environment.make(tmp_path / "environment")
    said = environment.run("pytest", "-q", "-p", "no:cacheprovider", "--rootdir=.", *tests, cwd=tmp_path)
    assert re.search(r"^2\d passed in ", said, re.MULTILINE), said
