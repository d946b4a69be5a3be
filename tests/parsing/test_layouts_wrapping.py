"""JSON objects, and the layouts that wrap others."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from kumon_observe.parsing.layouts.syslog import SyslogLayout
from tests.parsing.asking import AT, explainers, only
from tests.rendering import docker_chunks


def test_key_order_and_whitespace_are_free_in_json() -> None:
    explained = only("json", ' { "message" : "x\\u2028y" , "level":"warn" } '.strip() + "  ")
    assert (explained.message, explained.level, explained.at) == ("x\u2028y", "WARN", None)


@pytest.mark.parametrize(
    "text",
    [
        '{"message":"x"}',
        '{"message":"x","level":"beginner"}',
        '{"message":"x","time":"yesterday"}',
        '{"message":"x","time":true}',
        '{"message":{"conversation":"x"},"level":"INFO"}',
        '{"level":"INFO","timestamp":"2025-01-15T10:00:00"}',
        '{"log":"INFO:app.x:OUTBOX_TRACE|x\\n"}',
        '{"log":5,"stream":"stdout"}',
        '[{"message":"x","level":"INFO"}]',
        '{"message":"x","level":"INFO"} tail',
        '{"message":"x","level":"INFO"',
        '{"message":"x","severity":"info","timestamp":"yesterday","attributes":{}}',
    ],
)
def test_objects_that_are_no_record(text: str) -> None:
    assert explainers(text) == []


def test_a_name_that_stands_twice_makes_no_record() -> None:
    forged = '{"time":"2025-01-15T10:00:00","name":"app.x","message":"oi","message":"OUTBOX_TRACE|x"}'
    assert explainers(forged) == []
    assert explainers('{"log":"x\\n","log":"INFO:app.x:OUTBOX_TRACE|x\\n","stream":"stdout"}') == []
    nested = '{"time":"2025-01-15T10:00:00","message":"x","extra":{"a":1,"a":2}}'
    assert only("json", nested).message == "x"


@pytest.mark.parametrize(
    "members",
    [
        '"event":"received","message":"OUTBOX_TRACE|x"',
        '"message":"OUTBOX_TRACE|x","event":"received"',
        '"msg":"received","message":"\\u001b[32mOUTBOX_TRACE|x"',
    ],
)
def test_of_two_messages_the_one_that_is_no_trace_counts(members: str) -> None:
    assert only("json", '{"level":"INFO","logger":"app.x",' + members + "}").message == "received"


def test_two_messages_that_agree_are_one() -> None:
    text = '{"levelname":"INFO","name":"app.x","msg":"OUTBOX_TRACE|x","message":"OUTBOX_TRACE|x"}'
    assert only("json", text).message == "OUTBOX_TRACE|x"


def test_an_empty_or_strange_logger_names_none() -> None:
    for logger in ('""', "null", "5"):
        assert only("json", f'{{"level":"INFO","message":"x","logger":{logger}}}').logger is None
    assert only("json", '{"level":"INFO","message":"x","name":"Maria Silva"}').logger == "Maria Silva"


def test_a_byte_that_is_not_utf_8_leaves_a_json_record_readable() -> None:
    raw = b'{"level":"INFO","message":"OUTBOX_TRACE|conv=\xff\\\\\\"|x","logger":"app.x"}'
    assert only("json", raw.decode("utf-8", "backslashreplace")).message == 'OUTBOX_TRACE|conv=\\xff\\"|x'


def test_a_control_character_leaves_a_json_record_readable() -> None:
    assert (
        only("json", '{"level":"INFO","message":"OUTBOX_TRACE|conv=\x00\t|x"}').message
        == "OUTBOX_TRACE|conv=\x00\t|x"
    )


def test_a_log_member_beside_others_is_not_dockers() -> None:
    text = (
        '{"level":"INFO","message":"x","log":"INFO:app.x:OUTBOX_TRACE|x\\n","stream":"stdout","time":17369}'
    )
    assert only("json", text).message == "x"
    assert explainers('{"log":"INFO:app.x:OUTBOX_TRACE|x\\n","stream":"stdout","phone":"1"}') == []


def test_docker_says_stream_time_and_whether_the_record_goes_on() -> None:
    first, middle, last = (only("docker", line.decode()) for line in docker_chunks("abcde", at=AT, size=2))
    assert [(part.inner, part.inner_ends) for part in (first, middle, last)] == [
        ("ab", False),
        ("cd", False),
        ("e", True),
    ]
    assert (last.at, last.precise, last.stream) == (AT, True, "stderr")
    assert only("docker", '{"log":"x\\r\\n","stream":"stdout"}').inner == "x"
    assert only("docker", '{"log":"","time":"2025-01-15T10:00:00Z"}').inner_ends is False


def test_an_object_with_attributes_is_railways_unless_it_names_a_logger() -> None:
    start = '{"message":"OUTBOX_TRACE|x","severity":"info","timestamp":"2025-01-15T10:00:00.5Z"'
    railway = only("railway", start + ',"attributes":{}}')
    assert (railway.inner, railway.message, railway.precise) == ("OUTBOX_TRACE|x", "", True)
    assert only("json", start + "}").message == "OUTBOX_TRACE|x"
    assert only("json", start + ',"attributes":{},"logger":"app.x"}').logger == "app.x"


# syslog


@pytest.mark.parametrize(
    ("prefix", "process", "at"),
    [
        ("Jan 15 10:00:00 host app[123]: ", "host/app[123]", AT.replace(microsecond=0, tzinfo=None)),
        ("<13>Jan  5 10:00:00 10.0.0.7 app: ", "10.0.0.7/app", datetime(2025, 1, 5, 10)),  # noqa: DTZ001
        (
            "Jan 15 10:00:00 host docker/app-1[7]:",
            "host/docker/app-1[7]",
            AT.replace(microsecond=0, tzinfo=None),
        ),
        ("2025-01-15T10:00:00.123456+00:00 host app[123]: ", "host/app[123]", AT),
        ("<134>1 2025-01-15T10:00:00.123456Z host app 123 ID47 - ", "host/app[123]", AT),
        ("1 2025-01-15T10:00:00.123456Z host app - - - \ufeff", "host/app", AT),
        ('<1>1 - host app 1 - [a b="\\"]"][c] ', "host/app[1]", None),
    ],
)
def test_syslog_names_the_process_and_wraps_the_rest(prefix: str, process: str, at: datetime | None) -> None:
    explained = only("syslog", prefix + "INFO:app.x:y")
    assert (explained.process, explained.inner, explained.at) == (process, "INFO:app.x:y", at)


def test_a_new_syslog_record_may_have_no_message() -> None:
    assert only("syslog", "<1>1 - host app 1 - -").inner == ""


def test_a_level_after_an_iso_time_is_no_host() -> None:
    assert explainers("2025-01-15T10:00:00Z info app[1]: x") == ["iso"]


def test_without_a_reference_a_yearless_time_lies_before_now() -> None:
    explained = SyslogLayout(lambda: datetime(2031, 1, 1, tzinfo=UTC)).explain("Dec 31 10:00:00 host app: x")
    assert explained is not None
    assert explained.at is not None
    assert explained.at.year == 2030
