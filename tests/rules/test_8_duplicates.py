"""TRACES section 8: counting the same line once."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from kumon_observe.config.settings import Settings
from kumon_observe.engine.analyze import analyze
from kumon_observe.model.verdict import Verdict
from tests.rules.table import rule
from tests.scenarios import APP, START, TICK, Story, rendered
from tests.verdicts import Judge, judged

OWN_TIME = pytest.mark.parametrize("timed", ["json", "dash", "iso", "bracket"])
"""Layouts whose records have a time of their own, not that of a wrapper."""


def story() -> Story:
    """A story with one violation of each kind."""
    return (
        Story()
        .others(5)
        .turn("ana", 2, 0)
        .send("bia", instance="thread_1")
        .result("bia", ok=False, http="500")
    )


def results(verdict: Verdict) -> int:
    """How many results the delivery check counted."""
    counts = verdict.check("delivery").counts
    success, failed = counts["success"], counts["failed"]
    assert isinstance(success, int)
    assert isinstance(failed, int)
    return success + failed


@rule("8.1")
def test_two_copies_of_a_file_count_once(judge: Judge, layout: str) -> None:
    once = judge({"app.log": story()}, layout)
    twice = judge({"app.log": story(), "copy.log": story()}, layout)
    assert judged(twice) == judged(once)
    assert judged(once)["handoff"]["counts"]["violations"] == 1


@rule("8.1")
def test_a_source_that_is_named_twice_counts_once(judge: Judge, tmp_path: Path, layout: str) -> None:
    once = judge({"app.log": story()}, layout)
    log = str(tmp_path / "app.log")
    twice = analyze([log, log], settings=Settings(state_dir=str(tmp_path / "state")), show_personal_data=True)
    assert judged(twice) == judged(once)


@rule("8.1")
def test_a_compressed_copy_counts_once(judge: Judge, layout: str) -> None:
    once = judge({"app.log": story()}, layout)
    packed = gzip.compress(story().render(layout))
    assert judged(judge({"app.log": story(), "copy.log.gz": packed}, layout)) == judged(once)


@rule("8.1")
def test_a_copy_that_was_renamed_while_rotating_counts_once(
    judge: Judge, tmp_path: Path, layout: str
) -> None:
    once = judge({"app.log": story()}, layout)
    (tmp_path / "app.log.1").write_bytes(story().render(layout))
    settings = Settings(state_dir=str(tmp_path / "state"))
    rotated = analyze([str(tmp_path / "app.log")], settings=settings, rotated=True, show_personal_data=True)
    assert judged(rotated) == judged(once)


@rule("8.1")
def test_different_files_are_not_copies(judge: Judge, layout: str) -> None:
    verdict = judge({"app.log": Story().others(3), "other.log": Story().at(1).others(3, "more")}, layout)
    assert results(verdict) == 6


@rule("8.2")
def test_two_identical_lines_without_times_are_two_events(judge: Judge, untimed: str) -> None:
    verdict = judge(Story().turn("ana").send("bia").result("bia").result("bia"), untimed)
    assert results(verdict) == 3


@rule("8.2")
def test_two_identical_lines_to_the_second_are_two_events(judge: Judge) -> None:
    message = "DELIVERY_TRACE|action=result|status=success|http=201|instance=v|conv=ana|idem=unknown"
    line = f"[2025-01-15 10:00:00] [INFO] {APP}: {message}\n"
    record = {"timestamp": "2025-01-15T10:00:00", "level": "INFO", "logger": APP, "message": message}
    assert results(judge(line.encode() * 2)) == 2
    assert results(judge((json.dumps(record) + "\n").encode() * 2)) == 2


@rule("8.3")
@OWN_TIME
def test_a_record_that_follows_itself_with_the_same_sub_second_time_is_one(judge: Judge, timed: str) -> None:
    one = Story().turn("ana").result("bia")
    twice = [*one.records, one.records[-1]]
    thrice = [*twice, one.records[-1]]
    assert results(judge(one, timed)) == 2
    assert results(judge(rendered(twice, timed))) == 2
    assert results(judge(rendered(thrice, timed))) == 2


@rule("8.3")
@OWN_TIME
def test_a_whole_log_of_doubled_records_gives_the_verdict_of_single_ones(judge: Judge, timed: str) -> None:
    records = story().records
    doubled = [record for record in records for _ in range(2)]
    assert judged(judge(rendered(doubled, timed))) == judged(judge(rendered(records, timed)))


@rule("8.3")
@pytest.mark.parametrize("layout", ["json", "docker"])
def test_a_fraction_of_zero_that_isoformat_drops_is_one_too(judge: Judge, layout: str) -> None:
    def log(fraction: str) -> bytes:
        times = [f"2025-01-15T10:00:00{fraction}", "2025-01-15T10:00:01", "2025-01-15T10:00:01"]
        message = "DELIVERY_TRACE|action=result|status=success|http=201|instance=v|conv=ana|idem=unknown"
        records = [{"timestamp": at, "level": "INFO", "logger": APP, "message": message} for at in times]
        lines = [json.dumps(record) for record in records]
        if layout == "json":
            return "".join(f"{line}\n" for line in lines).encode()
        return "".join(wrapped(layout, line, 1) for line in lines).encode()

    assert results(judge(log(".250000"))) == 2
    assert results(judge(log(""))) == 3


@rule("8.3")
def test_another_record_between_makes_them_two(judge: Judge, timed: str) -> None:
    records = Story().turn("ana").result("bia").noise().records
    again = [*records, records[-2]]
    assert results(judge(rendered(again, timed))) == 3


@rule("8.3")
def test_another_time_makes_them_two(judge: Judge, timed: str) -> None:
    assert results(judge(Story().turn("ana").result("bia").result("bia"), timed)) == 3


@rule("8.3")
def test_another_logger_makes_them_two(judge: Judge, timed: str) -> None:
    first = Story().turn("ana").result("bia")
    message = first.records[-1].message
    first.now -= TICK
    assert results(judge(first.says(message, logger="app.core.other"), timed)) == 3


def wrapped(layout: str, inner: str, millisecond: int) -> str:
    """A line as a wrapping layout has it; the wrapper's own time has this fraction."""
    time = f"2025-01-15T10:00:01.{millisecond:03}456Z"
    entry: dict[str, object] = {"log": f"{inner}\n", "stream": "stdout", "time": time}
    if layout == "compose":
        return f"app-1  | {inner}\n"
    if layout == "syslog":
        return f"<14>1 {time} host app 123 - - {inner}\n"
    if layout == "railway":
        entry = {"message": inner, "severity": "info", "timestamp": time, "attributes": {}}
    return json.dumps(entry) + "\n"


@rule("8.3", "8.4")
@pytest.mark.parametrize("layout", ["docker", "railway", "syslog", "compose"])
def test_inside_a_wrapper_the_inner_time_counts(judge: Judge, layout: str) -> None:
    inner = Story().turn("ana").result("bia").render("json").decode().splitlines()
    lines = [wrapped(layout, line, number) for number, line in enumerate([*inner, inner[-1]])]
    assert results(judge("".join(lines).encode())) == 2


@rule("8.4")
def test_around_a_record_without_a_time_the_outer_time_tells_them_apart(judge: Judge) -> None:
    line = Story().result("bia").render("basic").decode()
    entries = [
        {"log": line, "stream": "stderr", "time": f"2025-01-15T10:00:01.00000{digit}Z"} for digit in (1, 2)
    ]
    assert results(judge("".join(json.dumps(entry) + "\n" for entry in entries).encode())) == 2


@rule("8.4")
def test_an_inner_time_to_the_second_does_not_make_them_one(judge: Judge) -> None:
    line = Story().result("bia").records[0].message
    inner = (
        json.dumps({"timestamp": "2025-01-15T10:00:00", "level": "INFO", "logger": APP, "message": line})
        + "\n"
    )
    entry = {"log": inner, "stream": "stdout", "time": "2025-01-15T10:00:01.123456Z"}
    assert results(judge((json.dumps(entry) + "\n").encode() * 2)) == 2


def test_the_story_begins_at_a_fraction_of_a_second() -> None:
    assert START.microsecond
    assert Story().turn("ana").records[0].at == START


@rule("8.3", "8.4")
def test_the_inner_time_counts_even_where_the_outer_one_was_the_same_at_first(judge: Judge) -> None:
    story = Story().turn("ana").result("bia")
    inner = story.render("json").decode().splitlines()
    times = [record.at.isoformat().replace("+00:00", "Z") for record in story.records]
    outer = [*times, "2025-01-15T10:00:09.123456Z"]
    lines = [
        f"<14>1 {time} host app 123 - - {line}\n"
        for time, line in zip(outer, [*inner, inner[-1]], strict=True)
    ]
    assert results(judge("".join(lines).encode())) == 2
