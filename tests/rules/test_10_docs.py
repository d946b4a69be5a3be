"""TRACES section 10: what no trace can show is documented."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.rules.table import rule

DOCS = Path(__file__).resolve().parents[2] / "docs"


@rule("10.1")
@pytest.mark.parametrize(
    "words",
    [
        ("planner", "exception"),
        ("print",),
        ("level", "INFO", "filter"),
        ("prefix", "plain"),
        ("coverage line",),
    ],
)
def test_the_docs_say_what_no_trace_can_show(words: tuple[str, ...]) -> None:
    text = " ".join((DOCS / "traces.md").read_text(encoding="utf-8").split()).lower()
    paragraphs = text[text.index("no trace can show") :]
    assert all(word.lower() in paragraphs for word in words)
