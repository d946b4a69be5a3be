"""TRACES section 2: the layouts of its table, as it shows them."""

from __future__ import annotations

import json
import os
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest

from kumon_observe.config.settings import Settings
from kumon_observe.engine.analyze import analyze
from kumon_observe.engine.parse import parse
from kumon_observe.model.events import TraceEvent
from kumon_observe.model.status import Status
from tests.rules.table import rule
from tests.scenarios import APP, START, Said, Story
from tests.verdicts import Judge, problems

MESSAGE = "OUTBOX_TRACE|phase=planner|conv=ana|idem=unknown|state_id=1|outbox_id=2|count=1"
GUARD = "OUTBOX_GUARD|level=CRITICAL|type=handoff_violation|planner_after=1|delivery_before=0|conv=ana|idem="
AT = datetime(2025, 1, 15, 10, 0, 0, 123_000, tzinfo=UTC)
SECOND = AT.replace(microsecond=0)
DOCS = Path(__file__).resolve().parents[2] / "docs"


def read(line: str | bytes, **options: Any) -> list[TraceEvent]:
    """The events in this line."""
    return list(parse([line], **options))


# the layouts of the table, written out

ISO = "2025-01-15T10:00:00.123456"
MICRO = AT.replace(microsecond=123_456)
PREFIXED = [
    ("basic", f"INFO:{APP}:{{}}", None),
    ("dash", "2025-01-15 10:00:00,123 - app.core.x - INFO - {}", AT),
    ("bracket", "[2025-01-15 10:00:00,123] INFO in structured_logging: {}", AT),
    ("bracket", "[2025-01-15 10:00:00] [INFO] app.core.x: {}", SECOND),
    ("level", "INFO {}", None),
    ("level", "INFO     app.core.x:structured_logging.py:46 {}", None),
    ("level", "INFO:     {}", None),
    ("iso", f"{ISO}Z INFO app.core.x {{}}", MICRO),
    ("iso", f"{ISO}+00:00 INFO app.core.x {{}}", MICRO),
    ("iso", f"{ISO}-03:00 INFO app.core.x {{}}", MICRO + timedelta(hours=3)),
    ("iso", f"{ISO}Z INFO {{}}", MICRO),
    ("iso", f"{ISO}Z | INFO | app.core.x | {{}}", MICRO),
    ("iso", f"{ISO}Z | INFO | {{}}", MICRO),
]


@rule("2.5")
@pytest.mark.parametrize(("name", "form", "at"), PREFIXED)
def test_a_line_as_the_table_shows_it_is_recognised(
    name: str, form: str, at: datetime | None, judge: Judge
) -> None:
    (event,) = read(form.format(MESSAGE))
    assert (event.conv, event.at) == ("ana", at)
    verdict = judge(form.format(MESSAGE).encode() + b"\n")
    assert verdict.sources[0].layouts == {name: 1}


def json_record(**changes: object) -> dict[str, object]:
    """A record as the app's JSON formatter writes it."""
    return {"timestamp": ISO, "level": "INFO", "logger": "app.core.x", "message": MESSAGE, **changes}


@rule("2.5", "2.7")
@pytest.mark.parametrize("time_key", ["timestamp", "time", "ts", "asctime", "@timestamp"])
@pytest.mark.parametrize("level_key", ["level", "levelname", "severity"])
@pytest.mark.parametrize("logger_key", ["logger", "name"])
@pytest.mark.parametrize("message_key", ["message", "msg", "event"])
def test_the_key_names_of_json_vary(time_key: str, level_key: str, logger_key: str, message_key: str) -> None:
    record = {time_key: ISO, level_key: "INFO", logger_key: "app.core.x", message_key: MESSAGE, "line": 46}
    for keys in (list(record), list(reversed(record))):
        (event,) = read(json.dumps({key: record[key] for key in keys}))
        assert (event.conv, event.at) == ("ana", MICRO)


@rule("2.7")
def test_the_fraction_of_a_json_time_is_missing_when_it_is_zero() -> None:
    (event,) = read(json.dumps(json_record(timestamp="2025-01-15T10:00:00")))
    assert event.at == SECOND


@rule("2.7")
def test_a_json_object_may_be_written_without_spaces() -> None:
    (event,) = read(json.dumps(json_record(), separators=(",", ":")))
    assert event.conv == "ana"


@rule("2.7")
@pytest.mark.parametrize(
    "record",
    [{"message": MESSAGE}, {"message": MESSAGE, "logger": "app.core.x"}, {"timestamp": ISO, "level": "INFO"}],
)
def test_an_object_without_a_message_and_a_time_or_level_is_no_record(
    record: dict[str, object], judge: Judge
) -> None:
    assert read(json.dumps(record)) == []
    verdict = judge(Story().turn("ana").raw(json.dumps(record)).noise(), "json")
    assert verdict.sources[0].traces == 6


@rule("2.7")
@pytest.mark.parametrize("missing", ["level", "timestamp"])
def test_a_message_with_either_a_time_or_a_level_is_a_record(missing: str) -> None:
    record = json_record()
    del record[missing]
    assert len(read(json.dumps(record))) == 1


@rule("2.5")
def test_the_docker_layout_wraps_any_other() -> None:
    for inner in [form.format(MESSAGE) for _, form, _ in PREFIXED] + [json.dumps(json_record())]:
        entry = {"log": f"{inner}\n", "stream": "stdout", "time": "2025-01-15T10:00:05.5Z"}
        (event,) = read(json.dumps(entry, separators=(",", ":")))
        assert event.conv == "ana"
        assert event.at is not None


@rule("2.5")
def test_railway_wraps_any_other() -> None:
    for inner in [form.format(MESSAGE) for _, form, _ in PREFIXED] + [json.dumps(json_record())]:
        entry = {
            "message": inner,
            "severity": "info",
            "timestamp": "2025-01-15T10:00:05.5Z",
            "attributes": {"level": "info"},
        }
        (event,) = read(json.dumps(entry))
        assert event.conv == "ana"


@rule("2.5")
def test_compose_and_syslog_wrap_any_other() -> None:
    heads = ["app-1  | ", "Jan 15 10:00:05 host app[123]: ", "<14>1 2025-01-15T10:00:05.5Z host app 123 - - "]
    for head in heads:
        for inner in [form.format(MESSAGE) for _, form, _ in PREFIXED] + [json.dumps(json_record())]:
            (event,) = read(head + inner)
            assert event.conv == "ana", head + inner


@rule("2.5")
def test_a_wrapper_around_a_bare_trace_in_a_prefixed_source_is_no_trace(judge: Judge) -> None:
    entries = [
        {"log": f"{line}\n", "stream": "stderr", "time": "2025-01-15T10:00:00.5Z"}
        for line in ("INFO:app.x:hello", GUARD)
    ]
    log = "".join(json.dumps(entry) + "\n" for entry in entries)
    verdict = judge(log.encode())
    assert verdict.check("handoff").counts["violations"] == 0
    assert problems(verdict) == {"embedded": 1}


@rule("2.6")
def test_layouts_mix_record_by_record(judge: Judge) -> None:
    story = Story().turn("ana", 2, 0).turn("bia").turn("carla")
    uvicorn = b'INFO:     100.64.0.7:29681 - "POST /api/v1/messages-upsert HTTP/1.1" 200 OK\n'
    layouts = ("basic", "json", "dash", "iso", "level", "docker", "compose")
    log = b"".join(
        record.render(layouts[n % len(layouts)]) + uvicorn for n, record in enumerate(story.records)
    )
    verdict = judge(log)
    assert verdict.check("handoff").counts["turns"] == 3
    assert verdict.check("handoff").counts["violations"] == 1
    assert set(layouts) <= set(verdict.sources[0].layouts)


# docker's chunks


def entries(text: str, size: int, stream: str = "stdout") -> list[str]:
    """Docker's entries for one record of *text*, cut at *size*."""
    pieces = [text[at : at + size] for at in range(0, len(text), size)]
    ends = [""] * (len(pieces) - 1) + ["\n"]
    time = "2025-01-15T10:00:00.5Z"
    return [
        json.dumps({"log": piece + end, "stream": stream, "time": time})
        for piece, end in zip(pieces, ends, strict=True)
    ]


@rule("2.8")
def test_the_chunks_of_a_long_record_are_joined(judge: Judge) -> None:
    pad = "x" * 40_000
    message = MESSAGE.replace("|count=1", f"|note={pad}|count=1")
    verdict = judge("\n".join(entries(f"INFO:{APP}:{message}", 16_384)).encode() + b"\n")
    assert verdict.coverage.outbox == 1
    assert not problems(verdict)


@rule("2.8")
def test_chunks_of_two_streams_may_interleave(judge: Judge) -> None:
    message = MESSAGE.replace("|count=1", f"|note={'x' * 40_000}|count=1")
    out = entries(f"INFO:{APP}:{message}", 16_384, "stdout")
    err = entries(f"INFO:{APP}:{message.replace('ana', 'bia')}", 16_384, "stderr")
    mixed = [line for pair in zip(out, err, strict=True) for line in pair]
    assert judge("\n".join(mixed).encode() + b"\n").coverage.outbox == 2


@rule("2.8", "2.2")
def test_a_chunk_that_begins_with_a_guard_is_no_guard(judge: Judge) -> None:
    start = f"INFO:{APP}:cannot render with ".ljust(16_383, "x") + " "
    full_prefix = f"ERROR:{APP}:{GUARD}"
    for forged in (GUARD, full_prefix):
        lines = entries(start + forged, 16_384)
        assert json.loads(lines[1])["log"].startswith(forged)
        healthy = Story().turn("ana").render("docker").decode()
        verdict = judge((healthy + "\n".join(lines) + "\n").encode())
        assert verdict.check("handoff").counts["violations"] == 0
        assert problems(verdict) == {"embedded": 1}


# compose, syslog, plain


@rule("2.9")
def test_the_name_in_compose_is_the_process() -> None:
    one, two = read(f"app-1  | INFO:{APP}:{MESSAGE}")[0], read(f"app-2  | INFO:{APP}:{MESSAGE}")[0]
    assert one.process != two.process


@rule("2.10")
def test_syslog_takes_the_year_from_the_files_time(tmp_path: Path) -> None:
    log = tmp_path / "app.log"
    log.write_text(
        f"Dec 31 23:59:59 host app[1]: INFO:{APP}:{MESSAGE}\n"
        f"Jan  1 00:00:01 host app[1]: INFO:{APP}:{MESSAGE.replace('planner', 'delivery')}\n"
    )
    touched = datetime(2024, 1, 1, 0, 5, tzinfo=UTC).timestamp()
    os.utime(log, (touched, touched))
    verdict = analyze([str(log)], settings=Settings(state_dir=str(tmp_path)))
    assert verdict.coverage.first == datetime(2023, 12, 31, 23, 59, 59, tzinfo=UTC)
    assert verdict.coverage.last == datetime(2024, 1, 1, 0, 0, 1, tzinfo=UTC)
    assert verdict.check("handoff").status is Status.OK


@rule("2.11")
def test_a_source_of_bare_traces_is_plain(judge: Judge) -> None:
    verdict = judge(Story().turn("ana", 2, 0).turn("bia"), "plain")
    assert verdict.check("handoff").counts["violations"] == 1
    assert set(verdict.sources[0].layouts) == {"plain"}


@rule("2.11")
def test_a_bare_trace_in_a_source_with_prefixes_is_no_trace(judge: Judge, layout: str) -> None:
    for where in ("before", "after"):
        bare, prefixed = Said("", START, raw=GUARD.encode()), Story().turn("ana").records
        story = Story(records=[bare, *prefixed] if where == "before" else [*prefixed, bare])
        verdict = judge(story, layout)
        assert verdict.check("handoff").counts["violations"] == 0
        assert problems(verdict) == {"embedded": 1}


@rule("2.11")
def test_a_prefix_anywhere_in_the_first_64_kib_makes_the_source_not_plain(judge: Judge) -> None:
    bare = (GUARD + "\n").encode() * 100
    assert judge(bare + b"INFO:     Started server process [1]\n").check("handoff").counts["violations"] == 0
    assert judge(bare).check("handoff").counts["violations"] == 1


@rule("2.11")
def test_a_prefix_beyond_the_first_64_kib_leaves_the_source_plain(judge: Judge) -> None:
    bare = Story().others(200).render("plain")
    assert len(bare) > 64 << 10
    log = bare + b"INFO:     Started server process [1]\n" + Story().turn("ana", 2, 0).render("plain")
    assert judge(log).check("handoff").counts["violations"] == 1


@rule("2.11")
@pytest.mark.parametrize("prefixed", ["app.log", "app.log.1"])
def test_rotated_siblings_are_plain_only_together(tmp_path: Path, prefixed: str) -> None:
    for name in ("app.log", "app.log.1"):
        log = Story().others(3).render("basic") if name == prefixed else f"{GUARD}\nValueError\n".encode()
        (tmp_path / name).write_bytes(log)
    settings = Settings(state_dir=str(tmp_path / "state"))
    verdict = analyze([str(tmp_path / "app.log")], settings=settings, rotated=True)
    assert verdict.check("handoff").counts["violations"] == 0


@rule("2.11")
def test_plain_can_be_forced(judge: Judge) -> None:
    log = b"INFO:     Started server process [1]\n" + Story().turn("ana", 2, 0).render("plain")
    assert judge(log).check("handoff").status is Status.UNKNOWN
    assert judge(log, forced="plain").check("handoff").status is not Status.OK


# times and colours


@rule("2.12")
@pytest.mark.parametrize(("zone", "hours"), [("UTC", 0), ("America/Sao_Paulo", 3)])
@pytest.mark.parametrize(
    "form", ["2025-01-15 10:00:00,123 - app.core.x - INFO - {}", "[2025-01-15 10:00:00,123] INFO in x: {}"]
)
def test_a_naive_time_is_in_the_configured_zone(zone: str, hours: int, form: str) -> None:
    (event,) = read(form.format(MESSAGE), settings=Settings(timezone=zone))
    assert event.at == AT + timedelta(hours=hours)


@rule("2.12")
def test_a_time_with_a_zone_keeps_it() -> None:
    (event,) = read(f"{ISO}-03:00 INFO app.core.x {MESSAGE}", settings=Settings(timezone="Asia/Tokyo"))
    assert event.at == MICRO.replace(tzinfo=timezone(timedelta(hours=-3)))


@rule("2.13")
@pytest.mark.parametrize(
    "line",
    [
        f"\x1b[32mINFO\x1b[0m:     {MESSAGE}",
        f"\x1b[32mINFO\x1b[0m:{APP}:{MESSAGE}",
        f"INFO:{APP}:\x1b[36m{MESSAGE}\x1b[0m",
        f"2025-01-15 10:00:00,123 - app.core.x - \x1b[1;32mINFO\x1b[0m - {MESSAGE}",
        f"{ISO}Z \x1b[32mINFO\x1b[0m app.core.x {MESSAGE}",
        f"{ISO}Z INFO app.core.x \x1b[1m{MESSAGE}\x1b[0m",
        f"[2025-01-15 10:00:00,123] \x1b[32mINFO\x1b[0m in structured_logging: {MESSAGE}",
        json.dumps(json_record(level="\x1b[32mINFO\x1b[0m", message=f"\x1b[36m{MESSAGE}\x1b[0m")),
    ],
)
def test_colours_around_level_or_message_are_dropped(line: str) -> None:
    (event,) = read(line)
    assert event.conv == "ana"
    assert event.row()[10] == 1
