"""The last errors: tracebacks whole, from any layout, within bounds."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from kumon_observe.config.settings import Settings
from kumon_observe.engine.errors import recent_errors
from kumon_observe.model.errors import UsageError
from kumon_observe.model.listing import Listing
from kumon_observe.model.status import Status
from tests.rendering import docker_chunks, render
from tests.scenarios import APP, START, Story

TRACEBACK = (
    "Traceback (most recent call last):",
    '  File "app/core/router/delivery_io.py", line 88, in delivery_node',
    "    raise RuntimeError(outbox)",
    "RuntimeError: outbox of 5551900000014 is gone",
)


def errors_of(tmp_path: Path, data: bytes, **options: object) -> Listing:
    log = tmp_path / "app.log"
    log.write_bytes(data)
    return recent_errors([log], settings=Settings(state_dir=str(tmp_path)), **options)  # type: ignore[arg-type]


def error_lines(layout: str) -> bytes:
    first = render(layout, "delivery failed", at=START, level="ERROR", logger=APP)
    return b"\n".join((first, *(line.encode() for line in TRACEBACK))) + b"\n"


@pytest.mark.parametrize("layout", ["basic", "dash", "bracket", "level", "iso"])
def test_a_traceback_stays_with_its_record(tmp_path: Path, layout: str) -> None:
    data = Story().turn("ana").render(layout) + error_lines(layout) + Story().turn("bia").render(layout)
    listing = errors_of(tmp_path, data)
    (record,) = listing.records
    shown = record.text.splitlines()
    assert shown[0] == "delivery failed"
    assert shown[1:4] == list(TRACEBACK[:3])
    assert shown[4].startswith("RuntimeError: outbox of ***14~")
    assert (record.level, record.line) == ("ERROR", 7)
    assert listing.status is Status.OK


def test_a_traceback_in_docker_entries_stays_with_its_record(tmp_path: Path) -> None:
    lines = error_lines("basic").decode().splitlines()
    entries = [
        json.dumps(
            {"log": f"{line}\n", "stream": "stderr", "time": "2025-01-15T10:00:00Z"}, separators=(",", ":")
        )
        for line in lines
    ]
    listing = errors_of(tmp_path, ("\n".join(entries) + "\n").encode())
    assert [len(record.text.splitlines()) for record in listing.records] == [5]


def test_a_record_cut_into_chunks_is_shown_whole(tmp_path: Path) -> None:
    message = "failed " + "x" * 40_000
    line = render("basic", message, at=START, level="ERROR", logger=APP).decode()
    listing = errors_of(tmp_path, b"\n".join(docker_chunks(line, at=START)) + b"\n")
    (record,) = listing.records
    assert record.text == message


def test_the_last_ones_are_shown_and_the_others_counted(tmp_path: Path) -> None:
    data = b"".join(
        render("json", f"error {n}", at=START + timedelta(seconds=n), level=level, logger=APP) + b"\n"
        for n, level in enumerate(["ERROR", "CRITICAL", "INFO", "FATAL", "WARNING", "error"])
    )
    listing = errors_of(tmp_path, data, limit=2)
    assert [record.text for record in listing.records] == ["error 3", "error 5"]
    assert listing.omitted == 2


def test_only_errors_inside_the_window_are_shown(tmp_path: Path) -> None:
    data = b"".join(
        render("json", f"error {n}", at=START + timedelta(minutes=n), level="ERROR", logger=APP) + b"\n"
        for n in range(5)
    )
    window = {"since": START + timedelta(minutes=1), "until": START + timedelta(minutes=3)}
    listing = errors_of(tmp_path, data, **window)
    assert [record.text for record in listing.records] == ["error 1", "error 2"]


def test_a_record_over_the_limit_is_left_out_and_reading_goes_on(tmp_path: Path) -> None:
    line = render("dash", "small", at=START, level="ERROR", logger=APP) + b"\n"
    huge = render("dash", "y" * 3_000_000, at=START, level="ERROR", logger=APP) + b"\n"
    listing = errors_of(tmp_path, line + huge + line)
    assert [record.text for record in listing.records] == ["small", "small"]
    assert [record.line for record in listing.records] == [1, 3]


def test_a_negative_limit_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="the limit -1 is negative"):
        errors_of(tmp_path, error_lines("dash"), limit=-1)


@pytest.mark.parametrize("name", ["", " "])
def test_an_empty_name_of_a_log_is_refused(name: str) -> None:
    with pytest.raises(UsageError, match="a log's name is empty: give a file"):
        recent_errors(["app.log", name])


def test_a_plain_log_has_no_levels_and_so_no_errors(tmp_path: Path) -> None:
    listing = errors_of(tmp_path, Story().turn("ana").render("plain") + b"ValueError\n")
    assert listing.records == ()


def test_replicas_are_merged_by_time(tmp_path: Path) -> None:
    for name, minutes in (("a.log", (0, 2)), ("b.log", (1, 3))):
        lines = [
            render("iso", f"error {n}", at=START + timedelta(minutes=n), level="ERROR", logger=APP)
            for n in minutes
        ]
        (tmp_path / name).write_bytes(b"\n".join(lines) + b"\n")
    logs = [tmp_path / "a.log", tmp_path / "b.log"]
    listing = recent_errors(logs, settings=Settings(state_dir=str(tmp_path)))
    assert [record.text for record in listing.records] == [f"error {n}" for n in range(4)]


def test_a_log_without_any_record_is_unknown(tmp_path: Path) -> None:
    listing = recent_errors([tmp_path / "missing.log"], clock=lambda: datetime(2025, 1, 16, tzinfo=UTC))
    assert listing.status is Status.UNKNOWN
    (reason,) = listing.reasons[:1]
    assert str(reason).endswith("it does not exist: check the path")


def test_half_a_character_in_a_quoted_trace_ends_nothing(tmp_path: Path) -> None:
    line = render("json", "sent '@ OUTBOX_GUARD|type=x|conv=y'", at=START, level="ERROR", logger=APP)
    listing = errors_of(tmp_path, line.replace(b"@", b"\\ud800") + b"\n")
    assert [record.text for record in listing.records] == ["sent '***'"]
    assert [place.evidence.text for place in listing.sources[0].places] == ["… OUTBOX_GUARD| …"]
