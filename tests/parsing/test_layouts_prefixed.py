"""The layouts of plain text: where a prefix ends, which word is a logger, colours."""

from __future__ import annotations

import pytest
from hypothesis import given, strategies as st

from kumon_observe.parsing.ansi import trimmed
from tests.parsing.asking import explainers, only


@pytest.mark.parametrize(
    ("text", "logger", "message"),
    [
        ("2025-01-15T10:00:00Z INFO root OUTBOX_TRACE|x", "root", "OUTBOX_TRACE|x"),
        ("2025-01-15T10:00:00Z INFO app OUTBOX_TRACE|x", "app", "OUTBOX_TRACE|x"),
        ("2025-01-15T10:00:00Z INFO Processing OUTBOX_TRACE|x", "Processing", "OUTBOX_TRACE|x"),
        ("2025-01-15T10:00:00Z INFO Processing the text", None, "Processing the text"),
        ("2025-01-15T10:00:00Z INFO OUTBOX_TRACE|x", None, "OUTBOX_TRACE|x"),
        ("2025-01-15T10:00:00Z INFO app.core.x - OUTBOX_TRACE|x", "app.core.x", "- OUTBOX_TRACE|x"),
        ("2025-01-15T10:00:00Z | INFO | app.core.x OUTBOX_TRACE|x", None, "app.core.x OUTBOX_TRACE|x"),
        ("2025-01-15T10:00:00Z INFO   OUTBOX_TRACE|x", None, "  OUTBOX_TRACE|x"),
        ("2025-01-15T10:00:00Z INFO   app.core.x OUTBOX_TRACE|x", None, "  app.core.x OUTBOX_TRACE|x"),
        ("2025-01-15T10:00:00Z INFO app.core.x:OUTBOX_TRACE|x", None, "app.core.x:OUTBOX_TRACE|x"),
    ],
)
def test_a_word_after_the_level_is_a_logger_only_where_it_must_be(
    text: str, logger: str | None, message: str
) -> None:
    explained = only("iso", text)
    assert (explained.logger, explained.message) == (logger, message)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("INFO OUTBOX_TRACE|x", "OUTBOX_TRACE|x"),
        ("INFO:     OUTBOX_TRACE|x", "OUTBOX_TRACE|x"),
        ("CRITICAL: OUTBOX_TRACE|x", "OUTBOX_TRACE|x"),
        ("INFO:      OUTBOX_TRACE|x", "     OUTBOX_TRACE|x"),
        ("INFO:  OUTBOX_TRACE|x", " OUTBOX_TRACE|x"),
        ("INFO          OUTBOX_TRACE|x", "         OUTBOX_TRACE|x"),
        ("INFO app.core.x: OUTBOX_TRACE|x", "app.core.x: OUTBOX_TRACE|x"),
        ("INFO | OUTBOX_TRACE|x", "| OUTBOX_TRACE|x"),
    ],
)
def test_spaces_that_no_formatter_writes_belong_to_the_message(text: str, message: str) -> None:
    explained = only("level", text)
    assert text.startswith(str(explained.level))
    assert (explained.logger, explained.message) == (None, message)


def test_a_second_logger_like_word_is_part_of_the_message() -> None:
    text = "2025-01-15 10:00:00,123 - app.core.x - INFO - app.core.y - OUTBOX_TRACE|x"
    assert only("dash", text).message == "app.core.y - OUTBOX_TRACE|x"
    text = "[2025-01-15 10:00:00,123] [INFO] app.core.x: app.core.y: OUTBOX_TRACE|x"
    assert only("bracket", text).message == "app.core.y: OUTBOX_TRACE|x"
    assert only("basic", "INFO:app.core.x:46:OUTBOX_TRACE|x").message == "46:OUTBOX_TRACE|x"


def test_a_level_is_not_taken_for_a_logger() -> None:
    explained = only("dash", "2025-01-15 10:00:00,123 - INFO - ERROR - OUTBOX_TRACE|x")
    assert (explained.level, explained.logger) == ("INFO", "ERROR")


@pytest.mark.parametrize(
    "text",
    [
        *(
            "",
            " INFO:app.x:OUTBOX_TRACE|x",
            "info:app.x:OUTBOX_TRACE|x",
            "INFO\tOUTBOX_TRACE|x",
            "INFOOUTBOX_TRACE|x",
        ),
        *(
            "INFO:my logger:OUTBOX_TRACE|x",
            "INFO::OUTBOX_TRACE|x",
            "INFO:app.x OUTBOX_TRACE|x",
            "INFO",
            "INFO:",
        ),
        *("2025-13-45 10:00:00,123 - app.x - INFO - OUTBOX_TRACE|x", "2025-01-15 10:00:00 OUTBOX_TRACE|x"),
        *(
            "[2025-01-15 10:00:00] OUTBOX_TRACE|x",
            "[2025-01-15 10:00:00] [app] OUTBOX_TRACE|x",
            "[INFO] OUTBOX_TRACE|x",
        ),
        *(
            "2025-01-15T99:00:00Z INFO OUTBOX_TRACE|x",
            "Feb 30 10:00:00 host app: x",
            "Jan 15 10:00:00 host app x",
        ),
        *(
            "1 2025-99-15T10:00:00Z host app 1 - - x",
            "OUTBOX_TRACE x",
            "OUTBOX_TRACE_X|a",
            "DELIVERY|turn_based_start|x",
        ),
        *("OUTBOX_TRACE| x", "app-1| INFO:app.x:y", "app-1 |INFO:app.x:y", "my app | INFO:app.x:y")[1:],
    ],
)
def test_what_is_of_no_layout(text: str) -> None:
    assert explainers(text) == []


def test_a_bar_without_spaces_around_it_names_no_container() -> None:
    for text in ("OUTBOX_TRACE|phase=planner | x", "DELIVERY|sent|turn=1"):
        assert explainers(text) == ["plain"]
    assert explainers("TURN_LOCK|acquired") == []
    assert only("compose", "kumon.app_1-2   | x").process == "kumon.app_1-2"


# colour codes


def test_colours_around_a_message_are_dropped_and_those_within_stay() -> None:
    explained = only(
        "basic", "\x1b[1m\x1b[32mINFO\x1b[0m:app.x:\x1b[31m\x1b[1mred \x1b[32mgreen\x1b[0m end\x1b[0m\x1b[0m"
    )
    assert explained.message == "red \x1b[32mgreen\x1b[0m end"
    assert explained.logger == "app.x"


@given(
    st.lists(st.sampled_from(["\x1b[32m", "a", "b|", " ", "\x1b", "m", "\x1b[38;5;1m"]), max_size=8).map(
        "".join
    )
)
def test_colours_move_no_start_of_a_message(message: str) -> None:
    text = f"\x1b[32mINFO\x1b[0m:app.x:{message}"
    assert only("basic", text).message == trimmed(message)


def test_a_code_that_moves_the_cursor_is_not_a_colour() -> None:
    assert only("basic", "INFO:app.x:\x1b[2KOUTBOX_TRACE|x").message == "\x1b[2KOUTBOX_TRACE|x"
