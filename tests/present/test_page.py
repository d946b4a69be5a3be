from __future__ import annotations

import pytest
from hypothesis import given, strategies as st

from kumon_observe.present.page import Look, Page, Span, cells, visible


def wrapped(width: int, *parts: str | Span, indent: int = 0, hang: int = 0) -> list[str]:
    page = Page(Look(width=width))
    page.line(*parts, indent=indent, hang=hang)
    return page.text().splitlines()


def test_lines_break_between_words() -> None:
    assert wrapped(24, "replies were lost between planner and delivery") == [
        "replies were lost",
        "between planner and",
        "delivery",
    ]


def test_following_rows_hang() -> None:
    assert wrapped(30, "- one two three four five six seven", indent=2, hang=4) == [
        "  - one two three four five",
        "    six seven",
    ]


def test_columns_keep_their_spaces() -> None:
    assert wrapped(40, "OK        handoff      0 (max 0)") == ["OK        handoff      0 (max 0)"]


def test_an_overlong_word_breaks_after_a_bar() -> None:
    trace = "OUTBOX_TRACE|phase=planner|conv=conv_1|count=1"
    assert wrapped(32, trace, hang=2) == ["OUTBOX_TRACE|phase=planner|", "  conv=conv_1|count=1"]


def test_an_overlong_word_without_joints_breaks_at_the_width() -> None:
    assert wrapped(20, "x" * 45) == ["x" * 20, "x" * 20, "x" * 5]


def test_a_word_may_run_through_styles() -> None:
    assert wrapped(80, Span("CRITICAL", "critical"), Span(": now")) == ["CRITICAL: now"]


def test_without_a_width_nothing_is_wrapped() -> None:
    page = Page(Look(width=None))
    page.line("word " * 100)
    assert len(page.text().splitlines()) == 1


def test_colour_is_put_around_words_only_when_wanted() -> None:
    plain, coloured = Page(Look(colour=False)), Page(Look(colour=True))
    for page in (plain, coloured):
        page.line(Span("OK", "ok"), "  handoff")
    assert plain.text() == "OK  handoff\n"
    assert coloured.text() == "\x1b[32mOK\x1b[0m  handoff\n"


def test_blank_lines_never_double_nor_lead_nor_end() -> None:
    page = Page()
    page.blank()
    page.line("a")
    page.blank()
    page.blank()
    page.line("b")
    page.blank()
    assert page.text() == "a\n\nb\n"


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        ("\x1b[2J", "\\x1b[2J"),
        ("\x9b31m", "\\x9b31m"),
        ("a\rb", "a\\rb"),
        ("a\nb", "a\\nb"),
        ("\x07", "\\x07"),
        ("\x7f", "\\x7f"),
        ("\u202eevil", "\\u202eevil"),
        ("\u2028", "\\u2028"),
        ("\udcff", "\\udcff"),
        ("ação 今", "ação 今"),
    ],
)
def test_nothing_can_drive_the_terminal(raw: str, shown: str) -> None:
    assert visible(raw) == shown


def test_a_style_cannot_be_smuggled_in() -> None:
    page = Page(Look(colour=True))
    page.line(Span("\x1b]0;owned\x07", "bold"))
    assert page.text() == "\x1b[1m\\x1b]0;owned\\x07\x1b[0m\n"


def test_wide_letters_take_two_columns_and_marks_none() -> None:
    assert (cells("今日"), cells("e\u0301"), cells("ação")) == (4, 1, 4)


@given(
    text=st.text(max_size=200),
    width=st.integers(min_value=20, max_value=100),
    indent=st.integers(min_value=0, max_value=90),
    hang=st.integers(min_value=0, max_value=90),
)
def test_no_line_is_wider_than_the_page_and_no_letter_is_lost(
    text: str, width: int, indent: int, hang: int
) -> None:
    rows = wrapped(width, text, indent=indent, hang=hang)
    assert all(cells(row) <= width for row in rows)
    assert "".join(rows).replace(" ", "") == visible(text).replace(" ", "")
