from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from attrs import evolve

from kumon_observe.model.board import Board
from kumon_observe.model.phrase import phrase
from kumon_observe.present import dashboard as screen
from kumon_observe.present.dashboard import Size, plain, reading_rows, rows
from kumon_observe.present.page import Span
from kumon_observe.present.rows import Row, wide
from tests.present import answers, boards
from tests.present.answers import ELEVEN, NOW
from tests.present.boards import BOARDS
from tests.present.golden import assert_golden
from tests.present.views import view

FOOT = phrase("q or Ctrl-C ends")


def text_of(shown: list[Row]) -> str:
    return "".join("".join(span.text for span in row).rstrip() + "\n" for row in shown)


def styles(shown: list[Row], text: str) -> set[str]:
    """The styles of the spans that hold *text*."""
    return {span.style for row in shown for span in row if text in span.text}


def screen_of(board: Board, lang: str = "en", width: int = 80, height: int | None = 24) -> list[Row]:
    return rows(board, view(lang), Size(width, height), FOOT)


@pytest.mark.parametrize(
    ("name", "lang", "width", "height"),
    [
        ("healthy", "en", 80, 24),
        ("lost", "en", 80, 24),
        ("lost", "pt", 60, 24),
        ("lost", "en", 120, 40),
        ("quiet", "pt", 80, 24),
        ("missing", "en", 80, 24),
        ("missing", "pt", 60, 24),
    ],
)
def test_the_screen_is_as_agreed(name: str, lang: str, width: int, height: int) -> None:
    assert_golden(
        f"dashboard-{name}-{lang}-{width}x{height}", text_of(screen_of(BOARDS[name], lang, width, height))
    )


def test_the_page_about_it_shows_what_it_shows() -> None:
    page = (Path(__file__).parents[2] / "docs" / "dashboard.md").read_text(encoding="utf-8")
    assert f"```text\n{text_of(screen_of(boards.lost()))}```" in page


def test_the_plain_screen_is_as_agreed() -> None:
    assert_golden("dashboard-lost-plain-en-80", plain(boards.lost(), view()))


@pytest.mark.parametrize("name", BOARDS)
@pytest.mark.parametrize("lang", ["en", "pt"])
@pytest.mark.parametrize("width", [40, 60, 80, 200])
@pytest.mark.parametrize("height", [1, 5, 12, 18, 24, 50])
def test_the_screen_fits_every_terminal(name: str, lang: str, width: int, height: int) -> None:
    shown = screen_of(BOARDS[name], lang, width, height)
    assert len(shown) <= height
    assert all(wide(row) <= width for row in shown)


@pytest.mark.parametrize("name", BOARDS)
def test_the_verdict_stands_on_the_smallest_screen(name: str) -> None:
    whole, small = screen_of(BOARDS[name]), screen_of(BOARDS[name], height=1)
    assert small == whole[:1]


def test_a_larger_screen_has_more_traces() -> None:
    board = evolve(boards.healthy(), records=boards.records(20))
    few, many = (text_of(screen_of(board, height=height)).count("_TRACE|") for height in (24, 60))
    assert few < many


@pytest.mark.parametrize("unicode", [True, False])
def test_ascii_stands_in_where_block_characters_cannot_be_shown(unicode: bool) -> None:
    shown = text_of(rows(boards.lost(), view(unicode=unicode), Size()))
    assert shown.isascii() is not unicode


def test_the_time_of_the_refresh_is_shown() -> None:
    later = evolve(boards.healthy(), at=NOW + timedelta(seconds=2))
    assert "11:02:00" in text_of(screen_of(boards.healthy())[:1])
    assert "11:02:02" in text_of(screen_of(later)[:1])


def test_what_is_well_is_green() -> None:
    assert "ok" in styles(screen_of(boards.healthy()), "OK")


@pytest.mark.parametrize(
    "board",
    [
        pytest.param(boards.quiet(), id="old"),
        pytest.param(evolve(boards.healthy(), newest=None), id="of no time"),
        pytest.param(evolve(boards.healthy(), newest=NOW + timedelta(hours=3)), id="ahead"),
        pytest.param(boards.missing(), id="missing"),
    ],
)
def test_nothing_is_green_that_says_nothing_of_the_present(board: Board) -> None:
    assert "ok" not in {span.style for row in screen_of(board) for span in row}
    assert screen_of(board)[0][0].style == "unknown"


@pytest.mark.parametrize(
    ("newest", "said"),
    [
        (ELEVEN, "newest trace 2 min ago"),
        (NOW - timedelta(seconds=4), "newest trace 4 s ago"),
        (NOW + timedelta(seconds=4), "newest trace 0 s ago"),
        (NOW + timedelta(hours=3), "newest trace 3 h ahead of the clock"),
        (NOW + timedelta(hours=3), "! the log's times lie ahead of the clock: is its zone right"),
        (NOW - timedelta(minutes=11), "! no trace for 11 min: does the app run, and does it log here?"),
        (None, "age of the newest trace unknown"),
        (None, "OK: the traces have no times, so of when that is cannot be told"),
    ],
)
def test_the_age_of_the_newest_trace_is_told(newest: datetime | None, said: str) -> None:
    assert said in text_of(screen_of(evolve(boards.healthy(), newest=newest)))


@pytest.mark.parametrize(
    ("seconds", "said", "style"),
    [
        (3, "the watch lives (3 s ago)", ""),
        (180, "the watch lives (3 min ago)", ""),
        (181, "THE WATCH IS SILENT for 3 min", "critical"),
        (None, "no watch has run here", "unknown"),
    ],
)
def test_whether_the_watch_lives_is_told(seconds: int | None, said: str, style: str) -> None:
    beat = None if seconds is None else NOW - timedelta(seconds=seconds)
    assert styles(screen_of(evolve(boards.healthy(), beat=beat)), said) == {style}


def test_the_gravest_incidents_come_first_and_those_not_told_last() -> None:
    shown = text_of(screen_of(boards.lost(), height=40))
    order = [shown.index(name) for name in ("k7p5", "k7p4", "k7p3", "k7p2")]
    assert order == sorted(order)


def test_who_has_an_incident_is_told() -> None:
    shown = {row[1].text.strip(): row[-1] for row in screen_of(boards.lost(), height=40) if len(row) > 2}
    assert shown["k7p5"] == Span("nobody has it", "warning")
    assert shown["k7p3"] == Span("Ana Ribeiro has it")
    assert shown["k7p2"] == Span("not yet told", "dim")


def test_an_acknowledgement_without_a_name_is_told() -> None:
    nameless = evolve(boards.incidents()[1], by="")
    shown = text_of(screen_of(evolve(boards.healthy(), incidents=(nameless,))))
    assert "somebody has it" in shown


def test_incidents_that_do_not_fit_are_counted() -> None:
    many = tuple(boards.incident(number) for number in range(40))
    shown = text_of(screen_of(evolve(boards.healthy(), incidents=many)))
    assert "INCIDENTS  40 open" in shown
    assert shown.count("k7p") + int(shown.split("  and ")[1].split()[0]) == 40


@pytest.mark.parametrize("lang", ["en", "pt"])
def test_an_incident_can_be_named_on_the_narrowest_screen_and_nothing_there_is_half(lang: str) -> None:
    shown = text_of(screen_of(boards.lost(), lang, 40, 60))
    for incident in boards.lost().incidents:
        assert f"{incident.id}  {incident.rule[:2]}" in shown
    assert "15 min" not in shown


def test_incidents_that_cannot_be_read_are_not_none() -> None:
    shown = text_of(screen_of(boards.missing()))
    assert "INCIDENTS: not known" in shown
    assert "! the incidents are not known: state.db cannot be used: database is locked" in shown
    assert "none open" not in shown


def test_problems_beyond_four_rows_are_counted() -> None:
    losses = tuple(f"app-{number}.log: it is empty" for number in range(9))
    shown = text_of(screen_of(evolve(boards.healthy(), losses=losses)))
    assert "! app-2.log: it is empty\n! and 6 lines more: kumon-observe health says them\n" in shown


def test_a_hostile_trace_drives_no_terminal() -> None:
    hostile = boards.record(60, "OUTBOX_TRACE|phase=\x1b[2Jplanner|conv=\u202eabc|count=1\nmore")
    shown = text_of(screen_of(evolve(boards.healthy(), records=(hostile,))))
    assert "\\x1b[2J" in shown
    assert "\x1b" not in shown
    assert "\u202e" not in shown


def test_several_logs_are_told_apart() -> None:
    verdict = answers.verdict(
        answers.handoff(), sources=(answers.source("a.log"), answers.source("b-long.log"))
    )
    records = (boards.record(59, "A_TRACE|x=1", "a.log"), boards.record(60, "A_TRACE|x=2", "b-long.log"))
    shown = text_of(screen_of(boards.board(verdict, records=records)))
    assert "a.log       A_TRACE|x=1" in shown
    assert "b-long.log  A_TRACE|x=2" in shown
    assert "a.log +1" in shown


def test_the_first_reading_shows_how_far_it_is() -> None:
    shown = text_of(reading_rows("app.log  40%", view("pt")))
    assert shown == "lendo os logs\napp.log  40%\n"


def test_colour_adds_nothing_that_the_words_do_not_say() -> None:
    coloured = plain(boards.lost(), view(colour=True))
    assert "\x1b[1;31m" in coloured
    assert "\x1b" not in plain(boards.lost(), view())
    assert screen.plain(boards.lost(), view()).startswith("CRITICAL: ROLL BACK NOW")
