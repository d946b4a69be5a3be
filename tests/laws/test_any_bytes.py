"""No input whatever raises or hangs."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import given, settings, strategies as st

from kumon_observe.engine.parse import parse
from kumon_observe.model.events import TraceEvent
from kumon_observe.model.status import Status
from kumon_observe.model.verdict import Verdict
from tests.laws.test_order_and_noise import verdict_of
from tests.rendering import VARIANTS, render
from tests.rules.test_1_grammar import FORMS, MALFORMED
from tests.scenarios import APP, START

LIMIT = timedelta(seconds=10)
PIECES = (
    *(message.encode() for message, _ in FORMS),
    *(message.encode() for message in MALFORMED[:6]),
    *(
        render(
            layout, "OUTBOX_TRACE|phase=planner|conv=c|count=1", at=START, level="INFO", logger=APP, variant=n
        )
        for layout, variants in VARIANTS.items()
        for n in range(len(variants))
    ),
    b'{"log":"',
    b'\\n","stream":"stdout","time":"2025-01-15T10:00:00Z"}',
    b'{"message": "',
    b"app-1  | ",
    b"Jan 15 10:00:00 host app[1]: ",
    b"2025-13-45T99:99:99Z INFO app.x ",
    b"9999-12-31T23:59:59.999999-23:59 INFO app.x ",
    b"[2025-01-15 10:00:00,123] ",
    b"\n",
    b"\r\n",
    b"\r",
    b"\x00",
    b"\xff\xfe",
    b"\xef\xbb\xbf",
    b"\xed\xa0\x80",
    b"|",
    b"=",
    b"\\",
    b'"',
    b"{" * 200,
    b"[" * 2000,
    b" " * 500,
    b"9" * 50,
    b"\x1b[",
    b"\x1b[31m",
)
SOUP = st.lists(st.one_of(st.sampled_from(PIECES), st.binary(max_size=20)), max_size=30).map(b"".join)


def answers(verdict: Verdict) -> bool:
    """Whether every check gave a proper answer."""
    return len(verdict.checks) == 4 and all(isinstance(check.status, Status) for check in verdict.checks)


@given(log=st.binary(max_size=2_000))
@settings(max_examples=200, deadline=LIMIT)
def test_arbitrary_bytes_are_judged(log: bytes) -> None:
    assert answers(verdict_of(log))


@given(log=SOUP)
@settings(max_examples=400, deadline=LIMIT)
def test_pieces_of_logs_in_any_order_are_judged(log: bytes) -> None:
    assert answers(verdict_of(log))


@given(log=SOUP, cut=st.integers(0, 3_000))
@settings(max_examples=150, deadline=LIMIT)
def test_lines_that_are_cut_anywhere_are_parsed(log: bytes, cut: int) -> None:
    lines = (log[:cut] + b"\n" + log[cut:]).split(b"\n")
    assert all(isinstance(event, TraceEvent) for event in parse(lines))


@given(text=st.text(max_size=300))
@settings(max_examples=200, deadline=LIMIT)
def test_text_is_parsed(text: str) -> None:
    assert all(isinstance(event, TraceEvent) for event in parse([text]))


def test_long_nonsense_is_judged_in_good_time() -> None:
    for piece in (
        b"{",
        b"[",
        b'{"a":',
        b"INFO",
        b" ",
        b"|",
        b"=",
        b"2025-01-15 ",
        b"\\",
        b'"',
        b"DELIVERY_TRACE|",
        b"a" * 7 + b"\n",
    ):
        assert answers(verdict_of(piece * (400_000 // len(piece))))
