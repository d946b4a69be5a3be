"""docs/emit.md tells of every name, and shows what is written."""

from __future__ import annotations

import re

from kumon_observe import emit
from tests.emitting import emitting
from tests.shell import ROOT

PAGE = (ROOT / "docs" / "emit.md").read_text(encoding="utf-8")


def test_every_name_is_told() -> None:
    others = {"Sealer", "bound", "configure", "new_turn", "text"}
    assert {name for name in others if f"emit.{name}" not in PAGE} == set()
    assert set(re.findall(r"^\| `emit\.(\w+)\(", PAGE, re.MULTILINE)) == set(emit.__all__) - others


def test_the_trace_on_the_page_is_one() -> None:
    with emitting(process="3430-e0b6c72d"):
        written = emit.text.planner(count=1, conv="a b", state_id=7, outbox_id=8, turn="t1")
    assert f"```\n{written}\n```" in PAGE
