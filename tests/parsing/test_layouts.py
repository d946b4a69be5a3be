"""All layouts: what is written is read back, no text is a record of two, nothing raises or hangs."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from time import process_time

import pytest
from hypothesis import given, settings, strategies as st

from kumon_observe.model.protocols import Explained
from kumon_observe.parsing.grammar import is_trace
from tests.parsing.asking import AT, LAYOUT, explainers, innermost
from tests.rendering import LAYOUTS, VARIANTS, render, wrap

TRACE = "OUTBOX_TRACE|phase=planner|conv=conv_1|idem=unknown|state_id=1|outbox_id=2|count=1"
WRITTEN = [
    pytest.param(name, number, id=f"{name}-{number}")
    for name in LAYOUTS
    for number in range(len(VARIANTS[name]))
]
WRAPPING = ("docker", "compose", "railway", "syslog")


def heads() -> st.SearchStrategy[str]:
    tail = st.text(
        st.characters(
            categories=("L", "M", "N", "P", "S", "Z", "Cc", "Cf", "Co"), exclude_characters="\r\n\x1b"
        )
    )
    kinds = [
        "OUTBOX_TRACE|",
        "INSTANCE_TRACE|",
        "DELIVERY_TRACE|",
        "OUTBOX_GUARD|",
        "INSTANCE_GUARD|",
        "DELIVERY|sent|",
    ]
    return st.builds(str.__add__, st.sampled_from(kinds), tail)


# round trips


@pytest.mark.parametrize(("name", "variant"), WRITTEN)
@settings(max_examples=25, deadline=None)
@given(message=heads(), level=st.sampled_from(["DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"]))
def test_every_variant_of_every_layout_gives_back_what_was_written(
    name: str, variant: int, message: str, level: str
) -> None:
    text = render(name, message, at=AT, level=level, logger="app.core.x", variant=variant).decode()
    assert explainers(text) == [name]
    written = VARIANTS[name][variant]
    if name == "plain":
        assert LAYOUT["plain"].explain(text) == Explained(message=message)
        return
    record = innermost(text)
    assert record is not None
    assert record.message == message
    assert record.layouts[0] == name
    assert record.level == (level if written.levelled else None)
    assert record.logger == ("app.core.x" if written.named else None)
    assert (record.at is not None) == written.timed
    if record.at is not None:
        seen = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=record.at)
        assert abs(seen - AT) < timedelta(seconds=1 if name == "syslog" else 0.001)


_LEADS = (
    "Recebido: ",
    "Recebido ",
    "oi - ",
    "oi | ",
    " ",
    "  ",
    "      ",
    "- ",
    "| ",
    ": ",
    "\\n",
    "texto\\",
)


@pytest.mark.parametrize(("name", "variant"), WRITTEN)
def test_a_quoted_trace_does_not_begin_the_message(name: str, variant: int) -> None:
    for lead in _LEADS:
        text = render(name, lead + TRACE, at=AT, variant=variant).decode()
        assert "plain" not in explainers(text)
        record = innermost(text)
        if record is None or record.message is None:
            continue
        assert not is_trace(record.message) or record.logger in {"Recebido", "oi"}, (lead, record)


@pytest.mark.parametrize("outer", WRAPPING)
def test_a_bare_trace_in_a_wrapper_stays_unexplained(outer: str) -> None:
    record = innermost(wrap(outer, TRACE, at=AT).decode())
    assert record is not None
    assert (record.layouts, record.message, record.bare) == ((outer,), None, TRACE)


@pytest.mark.parametrize("outer", WRAPPING)
@pytest.mark.parametrize(("name", "variant"), WRITTEN)
def test_wrappers_compose_with_every_layout(outer: str, name: str, variant: int) -> None:
    if name == "plain":
        return
    record = innermost(wrap(outer, render(name, TRACE, at=AT, variant=variant).decode(), at=AT).decode())
    assert record is not None
    assert (record.layouts[:2], record.message) == ((outer, name), TRACE)


# one layout only, no exceptions, no hanging

_PIECES = st.sampled_from(
    [
        *(
            "INFO",
            "ERROR",
            "info",
            "WARN",
            "TRACE",
            " ",
            "  ",
            "     ",
            ":",
            ": ",
            " - ",
            " | ",
            "|",
            "[",
            "]",
            "{",
            "}",
        ),
        *(
            "2025-01-15T10:00:00.123Z",
            "2025-01-15 10:00:00,123",
            "Jan 15 10:00:00",
            "<134>",
            "1 ",
            "-",
            "host",
            "in",
        ),
        *(
            "app.core.x",
            "root",
            "app[1]:",
            "app-1",
            "x.py:46",
            "OUTBOX_TRACE|",
            "DELIVERY|sent|",
            "\x1b[32m",
            "\x1b[",
        ),
        *(
            '"message":',
            '"log":',
            '"x"',
            ",",
            '"time":',
            '"level":"INFO"',
            "\ufeff",
            "\x00",
            "\udc80",
            "\\",
            '"',
            "\n",
        ),
    ]
)


@settings(max_examples=600, deadline=None)
@given(st.text() | st.lists(_PIECES, max_size=14).map("".join))
def test_no_text_is_a_record_of_two_layouts_or_raises(text: str) -> None:
    assert len(explainers(text)) <= 1


_VALUES: st.SearchStrategy[object] = st.sampled_from(
    ["x", "info", TRACE, "2025-01-15T10:00:00Z", 1, 1e300, True, None, {}, [], "a\n"]
)
_NAMES = [
    "message",
    "msg",
    "event",
    "log",
    "stream",
    "time",
    "timestamp",
    "level",
    "severity",
    "attributes",
    "name",
]


@settings(max_examples=400, deadline=None)
@given(st.dictionaries(st.sampled_from(_NAMES), _VALUES))
def test_no_object_is_a_record_of_two_layouts_or_raises(members: dict[str, object]) -> None:
    assert len(explainers(json.dumps(members))) <= 1


_MEGABYTE = 1_000_000


@pytest.mark.parametrize(
    "text",
    [
        "INFO" + " " * _MEGABYTE,
        "INFO:" + "a" * _MEGABYTE,
        "INFO:" + "a." * _MEGABYTE,
        "INFO " + "a-" * _MEGABYTE + ":b:",
        "INFO a:" + "b" * _MEGABYTE,
        "a" * _MEGABYTE,
        "a" + " " * _MEGABYTE,
        "2025-01-15T10:00:00Z INFO " + "a.b" * _MEGABYTE,
        "2025-01-15T10:00:00Z INFO " + "A" * _MEGABYTE,
        "2025-01-15T10:00:00Z | INFO" + " " * _MEGABYTE,
        "2025-01-15T10:00:00Z | INFO | a" + " " * _MEGABYTE,
        "2025-01-15 10:00:00,123 - app.x" + " " * _MEGABYTE,
        "2025-01-15 10:00:00,123 - INFO - a" + " " * _MEGABYTE + "- A" * _MEGABYTE,
        "[2025-01-15 10:00:00,123] [INFO" + " " * _MEGABYTE,
        "[2025-01-15 10:00:00,123] INFO in " + "a" * _MEGABYTE,
        "Jan 15 10:00:00 " + "h" * _MEGABYTE,
        "Jan 15 10:00:00 host app[" + "1" * _MEGABYTE,
        "<1>1 - h a p m [" + '"a\\"' * _MEGABYTE,
        "<1>1 - h a p m " + "[a]" * _MEGABYTE,
        "<1>1 - h a p m [" + "[" * _MEGABYTE,
        "\x1b[" * _MEGABYTE,
        "\x1b[0m" * _MEGABYTE,
        "INFO:app.x:" + "\x1b[0m" * _MEGABYTE + "x",
        "INFO:app.x:x" + "\x1b[0m" * _MEGABYTE,
        "INFO:app.x:x\x1b[" + "0" * _MEGABYTE + "m",
        "{" + "[" * 50_000 + "}",
        '{"a":' * 50_000 + "}" * 50_000,
        '{"message":"x","time":' + "9" * 50_000 + "}",
        '{"message":"' + "\\x" * _MEGABYTE + '"}',
        "{" + " " * _MEGABYTE + "}",
        "{" + "}" * _MEGABYTE,
    ],
    ids=lambda text: repr(text[:34]),
)
def test_hostile_records_are_read_in_linear_time(text: str) -> None:
    began = process_time()
    assert len(explainers(text)) <= 1
    assert process_time() - began < 20  # a quadratic pattern needs many minutes for a megabyte
