"""The scan gives what reading line by line gives, wherever its blocks are cut."""

from __future__ import annotations

import itertools
from datetime import timedelta

import pytest
from hypothesis import example, given, settings, strategies as st

from kumon_observe.model.rows import PlainRow
from kumon_observe.parsing.compiled import CompiledScanner
from kumon_observe.parsing.layouts import built_in_layouts
from kumon_observe.parsing.options import ScanOptions
from kumon_observe.parsing.scan import Scanner
from kumon_observe.parsing.tally import Tally
from tests.laws.test_any_bytes import SOUP
from tests.oracle import read_line_by_line
from tests.rendering import VARIANTS, render
from tests.rules.test_1_grammar import FORMS, MALFORMED
from tests.scenarios import APP, START

OPTIONS = ScanOptions(parsers=built_in_layouts())
LIMIT = timedelta(seconds=10)
ECHO = "WhatsApp message sent to 5551900000014: OUTBOX_GUARD|level=CRITICAL|type=handoff_violation|conv=y"
MESSAGES = (*(message for message, _ in FORMS), *MALFORMED, ECHO, "nothing", "a|b|c", "TURN_LOCK|turn=t1")
SCANS = pytest.mark.parametrize("scan", [Scanner, CompiledScanner])
KNOWN = [(layout, n) for layout, variants in VARIANTS.items() for n in range(len(variants))]


@st.composite
def a_record(draw: st.DrawFn) -> bytes:
    """A line in some layout, now and then with what only the layouts can tell."""
    layout, variant = draw(st.sampled_from(KNOWN))
    at = START + timedelta(microseconds=draw(st.sampled_from((0, 0, 0, 1, 1500, 61_000_000))))
    logger = draw(st.sampled_from((APP, APP, APP, "root", "app.core.router.delivery_io")))
    message = draw(st.sampled_from(MESSAGES)) + draw(
        st.sampled_from(("", "", "", " ", "é", "\\", '"', "|x=1"))
    )
    line = render(layout, message, at=at, level="INFO", logger=logger, variant=variant)
    if draw(st.integers(0, 9)) == 0:
        place = draw(st.integers(0, len(line)))
        line = (
            line[:place]
            + draw(st.sampled_from((b"9", b"\x1b[1m", b"\xff", b"|", b"\r", b" ")))
            + line[place:]
        )
    return line


@st.composite
def a_log_of_few_forms(draw: st.DrawFn) -> bytes:
    """Lines that recur, so that their forms are learnt, in one layout or two."""
    lines = draw(st.lists(a_record(), min_size=1, max_size=6))
    chosen = draw(st.lists(st.sampled_from(lines), min_size=1, max_size=40))
    end = draw(st.sampled_from((b"\n", b"\n", b"\r\n")))
    return end.join(chosen) + draw(st.sampled_from((b"", end)))


def scanned(scan: type[Scanner], data: bytes, cuts: list[int]) -> tuple[list[PlainRow], Tally]:
    scanner = scan(OPTIONS, keep_text=True)
    rows: list[PlainRow] = []
    places = sorted({0, len(data), *(cut % (len(data) + 1) for cut in cuts)})
    for start, stop in itertools.pairwise(places):
        rows += scanner.feed(data[start:stop])
    return rows + scanner.finish(), scanner.tally


def told(tally: Tally) -> dict[str, object]:
    return {
        "lines": tally.lines,
        "traces": tally.traces,
        "duplicates": tally.duplicates,
        "extra": tally.extra_fields,
        "layouts": dict(tally.layouts),
        "problems": {kind: n for kind, n in tally.problems.items() if kind != "undecodable"},
    }


@SCANS
@given(data=st.one_of(a_log_of_few_forms(), SOUP), cuts=st.lists(st.integers(0, 10_000), max_size=4))
@example(data=b"x\n" * 40_000 + b"INFO:app.x:OUTBOX_TRACE|phase=planner|conv=c|count=1\n", cuts=[70_000])
@settings(max_examples=600, deadline=LIMIT)
def test_the_scan_equals_reading_line_by_line(scan: type[Scanner], data: bytes, cuts: list[int]) -> None:
    rows, tally = scanned(scan, data, cuts)
    expected, plainly = read_line_by_line(data, OPTIONS)
    assert rows == expected
    assert told(tally) == told(plainly)


@SCANS
@given(data=st.lists(a_log_of_few_forms(), min_size=2, max_size=4).map(b"\n".join))
@settings(max_examples=200, deadline=LIMIT)
def test_a_learnt_form_changes_nothing_after_64_kib_of_noise(scan: type[Scanner], data: bytes) -> None:
    noisy = b"INFO:app.x:noise\n" * 4000 + data
    rows, tally = scanned(scan, noisy, [65_536, 70_000])
    expected, plainly = read_line_by_line(noisy, OPTIONS)
    assert rows == expected
    assert told(tally) == told(plainly)
