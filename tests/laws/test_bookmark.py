"""A scan that goes on from a bookmark finds what one that was never stopped finds."""

from __future__ import annotations

import json

import pytest
from attrs import evolve
from hypothesis import example, given, settings, strategies as st

from kumon_observe.model.errors import StateError
from kumon_observe.model.rows import PlainRow, Ref
from kumon_observe.parsing.again import text_at
from kumon_observe.parsing.bookmark import Bookmark
from kumon_observe.parsing.head import HEAD_BYTES
from kumon_observe.parsing.scan import Scanner
from kumon_observe.parsing.standing import Reread
from kumon_observe.parsing.tally import Place, Tally
from tests.laws.test_any_bytes import SOUP
from tests.laws.test_scan import LIMIT, OPTIONS, SCANS, a_log_of_few_forms
from tests.scenarios import START, Story, trace

NOISE = Story().noise(HEAD_BYTES // 60)
NOW = 1_760_000_000_000_000


def reader(data: bytes) -> Reread:
    return lambda offset, length: data[offset : offset + length]


def without_texts(rows: list[PlainRow]) -> list[PlainRow]:
    return [(*row[:6], None, *row[7:]) for row in rows]


def told(tally: Tally) -> Tally:
    """*tally* with the places as they can be kept: their text is read again when it is shown."""
    places = [Place(place.kind, place.ref._replace(text=None), place.reason) for place in tally.places]
    return evolve(tally, places=places)


def kept(scanner: Scanner, data: bytes) -> Bookmark | None:
    mark = Bookmark.of(scanner, OPTIONS, reader(data), NOW)
    return None if mark is None else Bookmark.restored(json.loads(json.dumps(mark.saved())))


@SCANS
@given(
    head=st.sampled_from(("json", "basic", "docker", "plain")),
    data=st.one_of(a_log_of_few_forms(), SOUP),
    cut=st.integers(0, 10_000),
)
@example(head="json", data=b"x\n" * 10, cut=3)
@settings(max_examples=400, deadline=LIMIT)
def test_going_on_finds_what_one_reading_finds(scan: type[Scanner], head: str, data: bytes, cut: int) -> None:
    start = NOISE.render(head) if head != "plain" else b"only words\n" * (HEAD_BYTES // 8)
    data = start + data
    place = len(start) + cut % (len(data) - len(start) + 1)
    once = scan(OPTIONS)
    rows = once.feed(data) + once.finish()

    first = scan(OPTIONS)
    before = first.feed(data[:place])
    mark = kept(first, data[:place])
    if mark is None:
        assert not first.settled or first.unreadable is not None or not scan_is_known(first, data[:place])
        return
    second = scan(OPTIONS)
    mark.go_on(second, OPTIONS, reader(data), NOW)
    after = second.feed(data[mark.offset :]) + second.finish()
    assert without_texts(before + after) == without_texts(rows)
    assert told(second.tally) == told(once.tally)
    assert (second.bytes_read, second.offset) == (once.bytes_read, once.offset)


def scan_is_known(scanner: Scanner, data: bytes) -> bool:
    """Whether the trace before the place can be found again: not if it is one of several lines."""
    again = Scanner(OPTIONS)
    again.feed(data)
    end = data.rfind(b"\n") + 1
    line = data.rfind(b"\n", 0, end - 1) + 1
    probe = Scanner(OPTIONS)
    probe.resume(scanner.beginning, line, 0, (-1, None, "", again.previous[3]))
    probe.feed(data[line:end])
    return probe.previous[0] == end


@SCANS
def test_a_second_handler_is_noticed_across_the_place(scan: type[Scanner]) -> None:
    turn = Story().planner("ana", 1)
    data = NOISE.render("dash") + turn.render("dash")
    first = scan(OPTIONS)
    first.feed(data)
    mark = kept(first, data)
    assert mark is not None
    assert mark.previous
    assert "ana" not in json.dumps(mark.saved())
    data += turn.render("dash")
    second = scan(OPTIONS)
    mark.go_on(second, OPTIONS, reader(data), NOW)
    assert second.feed(data[mark.offset :]) == []
    assert second.tally.duplicates == 1


@SCANS
def test_there_is_no_bookmark_within_a_record_of_several_lines(scan: type[Scanner]) -> None:
    chunk = (
        json.dumps({"log": "INFO:app.x:OUTBOX_TRACE|phase=pla", "stream": "stdout", "time": "2025"}) + "\n"
    )
    scanner = scan(OPTIONS)
    data = NOISE.render("docker") + chunk.encode().replace(b'"2025"', b'"2025-01-15T10:00:00.1Z"')
    scanner.feed(data)
    assert kept(scanner, data) is None


@SCANS
def test_there_is_no_bookmark_in_the_head_of_a_log(scan: type[Scanner]) -> None:
    data = Story().turn("ana").render("dash")
    scanner = scan(OPTIONS)
    scanner.feed(data)
    assert kept(scanner, data) is None
    scanner.begin(data)
    assert kept(scanner, data) is None


def marked(data: bytes) -> Bookmark:
    scanner = Scanner(OPTIONS)
    scanner.feed(data)
    mark = kept(scanner, data)
    assert mark is not None
    return mark


def test_another_trace_before_the_place_is_refused() -> None:
    mark = marked(NOISE.render("dash") + Story().planner("ana", 1).render("dash"))
    data = NOISE.render("dash") + Story().planner("bia", 1).render("dash")
    with pytest.raises(StateError, match="another one"):
        mark.go_on(Scanner(OPTIONS), OPTIONS, reader(data), NOW)


def test_another_head_is_refused() -> None:
    mark = marked(NOISE.render("dash") + Story().planner("ana", 1).render("dash"))
    data = NOISE.render("basic") + Story().planner("ana", 1).render("dash")
    with pytest.raises(StateError, match="something else"):
        mark.go_on(Scanner(OPTIONS), OPTIONS, reader(data), NOW)


def test_a_layout_that_fails_now_is_refused() -> None:
    class Failing:
        name = "failing"

        def explain(self, record: str) -> None:
            raise ZeroDivisionError(record)

    data = NOISE.render("dash")
    options = evolve(OPTIONS, parsers=[Failing(), *OPTIONS.parsers])
    with pytest.raises(StateError, match="no longer be read"):
        marked(data).go_on(Scanner(options), options, reader(data), NOW)


@pytest.mark.parametrize(("days", "fits"), [(1, True), (300, True), (400, False), (-1, False)])
def test_times_without_a_year_stay_in_theirs(days: int, *, fits: bool) -> None:
    data = Story().others(100).render("syslog")
    reference = START.replace(month=2)
    options = OPTIONS.written_at(reference)
    scanner = Scanner(options)
    assert scanner.feed(data)
    micros = int(reference.timestamp() * 1_000_000)
    mark = Bookmark.of(scanner, options, reader(data), micros)
    assert mark is not None
    again = Bookmark.restored(mark.saved())
    later = micros + days * 86_400_000_000
    if fits:
        again.go_on(Scanner(options), options, reader(data), later)
    else:
        with pytest.raises(StateError, match="no year"):
            again.go_on(Scanner(options), options, reader(data), later)


def test_the_text_of_a_record_of_several_lines_is_read_again() -> None:
    message = trace("OUTBOX_TRACE", phase="planner", conv="c\nd", count=1)
    data = NOISE.render("basic") + f"INFO:app.x:{message}\n".encode() + Story().noise(3).render("basic")
    scanner = Scanner(OPTIONS)
    (row,) = scanner.feed(data)
    assert row[6] == message
    ref = Ref.of(row)._replace(text=None)
    assert text_at(ref, scanner.beginning, OPTIONS, reader(data)) == message
