"""The compiled scan where it is fed what no log of ours holds, or is called as nobody should."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import kumon_observe_native as native
import pytest

from kumon_observe.model.rows import Fold
from kumon_observe.parsing.compiled import CompiledScanner
from kumon_observe.parsing.explainer import Record
from kumon_observe.parsing.layouts import built_in_layouts
from kumon_observe.parsing.options import ScanOptions
from kumon_observe.parsing.scan import Scanner
from tests.scenarios import APP, Story

OPTIONS = ScanOptions(parsers=built_in_layouts())
PARTS = (b"OUTBOX_TRACE|phase=planner|conv=", b"*", b"|idem=", b"*", b"|count=", b"#")
PAYLOAD = ((2, False, None), (-1, False, None), (-1, False, None), (-1, False, False))
FORM = (0, PARTS, 0, 1, PAYLOAD, b"X_TRACE|phase=", 7)
LINE = b"INFO:app:OUTBOX_TRACE|phase=planner|conv=c|idem=i|count=7\n"


def scan(*forms: Any, fold: Callable[..., Any] = Fold) -> native.Scan:
    return native.Scan(forms=forms or (FORM,), fold=fold, source=0, keep_text=False, limit=1 << 20)


def taught(made: native.Scan, *pieces: Any, form: int = 0, own: int = -1) -> native.Scan:
    record = Record(("basic",), "")
    made.learn(
        form=form,
        pieces=pieces or (b"INFO:app:", None),
        own=own,
        record=record,
        writer=record.writer,
        layouts=("basic",),
        process="",
        may_repeat=False,
        proves_repeats=False,
    )
    return made


def test_a_lone_surrogate_is_read_as_in_python() -> None:
    story = [
        {"timestamp": f"2025-01-15T10:00:00.{n}", "level": "INFO", "logger": APP, "message": message}
        for n, message in enumerate(
            [
                "OUTBOX_TRACE|phase=planner|conv=c\ud83d|idem=unknown|state_id=1|outbox_id=2|count=1",
                "OUTBOX_TRACE|phase=planner|conv=c1|idem=unknown|state_id=1|outbox_id=2|count=1",
                "OUTBOX_TRACE|phase=planner|conv=c1|idem=unknown|state_id=1|outbox_id=2|count=1|text=\ud83d",
                "OUTBOX_TRACE|phase=delivery|conv=c1|idem=unknown|state_id=1|outbox_id=2|count=0",
            ],
            start=1,
        )
    ]
    data = "".join(json.dumps(record) + "\n" for record in story).encode()
    one, other = CompiledScanner(OPTIONS), Scanner(OPTIONS)
    assert [*one.feed(data), *one.finish()] == [*other.feed(data), *other.finish()]


def test_a_time_of_nul_bytes_is_none() -> None:
    data = Story().turn("ana").render("iso")
    line = (
        b"\0" * 16
        + b":05.123456Z INFO app.x OUTBOX_TRACE|phase=planner|conv=c|idem=i|state_id=1|outbox_id=2|count=1\n"
    )
    one, other = CompiledScanner(OPTIONS), Scanner(OPTIONS)
    assert [*one.feed(data + line), *one.finish()] == [*other.feed(data + line), *other.finish()]
    assert one.tally == other.tally


def test_a_line_of_a_learnt_form_is_read() -> None:
    made = taught(scan())
    made.begin(LINE * 2, 100, 1)
    assert made.run(0) == len(LINE) * 2
    rows, folded, *_ = made.rows()
    assert [row[:6] for row in rows] == [
        (0, None, 0, 1, 100, len(LINE) - 1),
        (0, None, 0, 2, 100 + len(LINE), len(LINE) - 1),
    ]
    assert [row[8:] for row in rows] == [("c", "i", 7, None, None, False)] * 2
    assert folded == ({}, (), (), (), b"")


@pytest.mark.parametrize(
    "form",
    [
        (0, (b"#",) * 9, -1, -1, PAYLOAD, b"x", 0),
        (0, (b"a",) * 18, -1, -1, ((-1, False, None),) * 4, b"x", 0),
        (0, PARTS, 3, 1, PAYLOAD, b"x", 0),
        (0, PARTS, 0, 9, PAYLOAD, b"x", 0),
        (0, PARTS, 0, 1, PAYLOAD[:3], b"x", 0),
        (0, PARTS, 0, 1, ((9, False, None), *PAYLOAD[1:]), b"x", 0),
        (0, PARTS, 0, 1, PAYLOAD, b"x", 2),
    ],
)
def test_forms_that_cannot_be_are_refused(form: Any) -> None:
    with pytest.raises(ValueError, match="form"):
        scan(form)


def test_forms_of_lines_that_cannot_be_are_refused() -> None:
    for pieces in ((b"no trace",), (None, None), (b"x",) * 25):
        with pytest.raises(ValueError, match="form of line"):
            taught(scan(), *pieces)
    with pytest.raises(ValueError, match="no such form"):
        taught(scan(), form=1)


def test_places_outside_the_block_are_refused() -> None:
    made = taught(scan())
    made.begin(LINE, 0, 1)
    for start in (-1, -100_000, len(LINE) + 1):
        with pytest.raises(ValueError, match="begins there"):
            made.run(start)
        with pytest.raises(ValueError, match=r"begins there|no end"):
            made.raw(start)
    with pytest.raises(RuntimeError, match="made once"):
        made.__init__(forms=(FORM,), fold=Fold, source=0, keep_text=False, limit=1)  # type: ignore[misc]


def settled() -> tuple[native.Scan, Callable[[], Any]]:
    """A scan with a settled turn, and what folds it."""
    scanner = CompiledScanner(OPTIONS)
    made = scanner._native
    scanner.feed(Story().others(3).render("basic"))
    scanner.finish()
    made.begin(Story().turn("ana").render("basic"), 0, 1)
    made.run(0)
    return made, lambda: made.rows(fold=True, longest=1, room=100)


def test_what_the_scan_calls_must_not_call_it() -> None:
    made = scan()

    def begins(_given: str) -> Any:
        made.begin(b"x\n", 0, 1)

    taught(made, (begins, False), b" ", None, own=0)
    made.begin(b"2025-01-15 10:00:05 " + LINE.removeprefix(b"INFO:app:"), 0, 1)
    with pytest.raises(RuntimeError, match="at work"):
        made.run(0)
    made, fold = settled()
    assert fold()[1][0] == {"ana": 6}
    with pytest.raises(RuntimeError, match="at work"):
        made.rows(fold=True, vouches=begins, longest=1, room=100)
    assert fold()[1][0] == {"ana": 6}
