from __future__ import annotations

import pytest
from attrs import evolve

from kumon_observe.present import markdown
from tests.present import answers
from tests.present.golden import assert_golden
from tests.present.views import view


def test_the_report_is_as_agreed() -> None:
    assert_golden("report-en", markdown.render(answers.lost_and_failing(), view()))
    assert_golden("report-healthy-pt", markdown.render(answers.healthy(), view("pt")))


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        ("a|b", "a\\|b"),
        ("<script>", "\\<script\\>"),
        ("[x](http://evil)", "\\[x\\](http://evil)"),
        ("**bold** _it_", "\\*\\*bold\\*\\* \\_it\\_"),
        ("a\nb", "a\\\\nb"),
        ("# title", "\\# title"),
    ],
)
def test_text_of_the_log_cannot_format(raw: str, shown: str) -> None:
    assert markdown.escaped(raw) == shown


@pytest.mark.parametrize(
    ("raw", "shown"),
    [("a", "`a`"), ("a`b", "``a`b``"), ("`a", "`` `a ``"), ("", "`  `"), ("a\nb", "`a\\nb`")],
)
def test_code_cannot_be_closed_from_inside(raw: str, shown: str) -> None:
    assert markdown.code(raw) == shown


def test_a_hostile_conversation_stays_in_its_cell() -> None:
    loss = evolve(answers.loss("x | y ` <b>", 1, 2, "traces"), evidence=(answers.evidence(1, "a`|\n# b"),))
    text = markdown.render(answers.verdict(answers.handoff(loss)), view())
    assert "| x \\| y \\` \\<b\\> |" in text
    assert "``a`|\\n# b``" in text
