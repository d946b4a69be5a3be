from __future__ import annotations

import pytest
from hypothesis import given, strategies as st

from kumon_observe.present.language import Language
from kumon_observe.present.page import cells
from kumon_observe.present.progress import Reading, duration, estimate, line

ENGLISH = Language("en")
HALF = Reading("logs/app-20250115.log", 210_000_000, 450_000_000, 310e6)


@pytest.mark.parametrize(
    ("width", "shown"),
    [
        (92, "logs/app-20250115.log  #########-----------  46%  210.0 MB of 450.0 MB  310.0 MB/s  1 s left"),
        (79, "logs/app-20250115.log  46%  210.0 MB of 450.0 MB  310.0 MB/s  1 s left"),
        (60, "..50115.log  46%  210.0 MB of 450.0 MB  310.0 MB/s  1 s left"),
        (50, "logs/app-20250115.log  46%  310.0 MB/s  1 s left"),
        (39, "..250115.log  46%  310.0 MB/s  1 s left"),
        (30, "..-20250115.log  46%  1 s left"),
        (20, "..-20250115.log  46%"),
        (8, ""),
    ],
)
def test_the_narrower_the_less_is_told(width: int, shown: str) -> None:
    assert line(HALF, ENGLISH, width, unicode=False) == shown


@given(
    name=st.text(max_size=60),
    done=st.integers(0, 10**13),
    total=st.none() | st.integers(0, 10**13),
    rate=st.floats(0, 1e11),
    width=st.integers(0, 120),
    unicode=st.booleans(),
    language=st.sampled_from(["en", "pt"]),
)
def test_it_always_fits(
    name: str, done: int, total: int | None, rate: float, width: int, unicode: bool, language: str
) -> None:
    shown = line(Reading(name, done, total, rate), Language(language), width, unicode=unicode)
    assert cells(shown) <= width
    assert shown.isprintable()


def test_no_file_is_more_than_whole() -> None:
    grown = Reading("app.log", 1_200_000, 1_000_000, 1e6)
    assert line(grown, ENGLISH, 60).split("  ")[-4:] == ["100%", "1.2 MB of 1.0 MB", "1.0 MB/s", "1 s left"]


def test_without_an_end_there_is_neither_share_nor_time() -> None:
    assert (
        line(Reading("app.log.gz", 210_000_000, None, 31e6), ENGLISH, 79) == "app.log.gz  210.0 MB  31.0 MB/s"
    )
    assert line(Reading("empty.log", 0, 0, 0.0), ENGLISH, 79) == "empty.log  0 B"


def test_portuguese_has_its_own_words() -> None:
    assert line(HALF, Language("pt"), 79).endswith("210.0 MB de 450.0 MB  310.0 MB/s  faltam 1 s")


def test_an_estimate_is_a_sentence_where_one_can_be_made() -> None:
    assert str(estimate(HALF)) == "reading 450.0 MB takes about 2 s, at 310.0 MB/s so far"
    assert estimate(HALF._replace(total=None)) is None
    assert estimate(HALF._replace(rate=0.0)) is None


@pytest.mark.parametrize(
    ("seconds", "shown"),
    [
        (0.0, "1 s"),
        (1.2, "2 s"),
        (99.0, "99 s"),
        (99.1, "2 min"),
        (5_940.0, "99 min"),
        (9_000.5, "2 h 31 min"),
    ],
)
def test_times_are_short_and_never_too_short(seconds: float, shown: str) -> None:
    assert duration(seconds) == shown
