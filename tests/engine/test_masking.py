"""What may be shown of a record: what its grammar knows, and nobody's words."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, strategies as st

from kumon_observe import emit
from kumon_observe.engine.masking import Masks
from kumon_observe.model.privacy import Pseudonyms
from kumon_observe.parsing.escaping import unescape
from kumon_observe.parsing.grammar import split_fields
from tests.emitting import KEY, emitting

MASKS = Masks(Pseudonyms(b"a key"))
TAG = "~[0-9a-f]{4}"


def shown(message: str, *continued: str) -> str:
    return MASKS.record(message, continued)


@pytest.mark.parametrize(
    ("message", "left"),
    [
        (
            "DELIVERY|send_failed|turn=t1|idem=k1|result={'status': 'error', 'text': 'Olá, minha filha'}",
            "DELIVERY|send_failed|turn=t1|idem=k1|result=***",
        ),
        ("DELIVERY|sent|turn=t1|idem=k1|reason=", "DELIVERY|sent|turn=t1|idem=k1|reason="),
        (
            "OUTBOX_TRACE|oi amor|phase=planner|conv=ana|count=1",
            "OUTBOX_TRACE|***|phase=planner|conv=ana|count=1",
        ),
        (
            "INSTANCE_TRACE|source=meta|minha filha=x|instance=v",
            "INSTANCE_TRACE|source=meta|***=***|instance=v",
        ),
        ("OUTBOX_TRACE|phase=planner|conv=ana|count= 1 ", "OUTBOX_TRACE|phase=planner|conv=ana|count= 1 "),
    ],
)
def test_a_trace_shows_only_the_fields_that_its_grammar_knows(message: str, left: str) -> None:
    assert shown(message) == left


@pytest.mark.parametrize("between", [" ", "|", "\n", "\u00a0", "\u2028", "\u200b", "'", '"', "\x1b"])
def test_a_value_that_was_fed_text_shows_its_first_word(between: str) -> None:
    text = f"ana{between}minha filha"
    record = shown(f"OUTBOX_TRACE|phase=planner|conv={text}|idem=unknown|count=1")
    before, _, rest = record.partition("conv=ana ***~")
    assert (before, rest[4:]) == ("OUTBOX_TRACE|phase=planner|", "|idem=unknown|count=1")
    assert f"conv={MASKS.value(text)}" in record
    assert MASKS.value(text) != MASKS.value(f"{text}s")


def test_a_word_of_any_length_is_no_way_out() -> None:
    assert "filha" not in shown(f"OUTBOX_TRACE|phase=planner|conv={'minha_filha_' * 20}|count=1")


def test_lines_after_a_trace_are_masked_but_for_a_traceback() -> None:
    trace = "OUTBOX_GUARD|level=CRITICAL|type=x|conv=ana|idem=k"
    frames = ("Traceback (most recent call last):", '  File "a.py", line 3, in f', "    send(reply)")
    assert shown(trace, "minha filha faltou") == f"{trace}\n***"
    assert shown(trace, *frames, "ValueError: no") == "\n".join((trace, *frames, "ValueError: no"))
    assert shown(trace, "minha filha", *frames).split("\n") == [trace, "***", *frames]


@pytest.mark.parametrize(
    ("message", "left"),
    [
        ("LOCK|held|conv=ana|ttl=3600s|count=1", "LOCK|held|conv=ana|ttl=3600s|count=1"),
        ("PLANNER|no_db|turn=t1|persistence_skipped", "PLANNER|no_db|turn=t1|persistence_skipped"),
        ("PLANNER|minha filha|turn=t1|note=falta hoje", "PLANNER|***|turn=t1|note=***"),
        ("PLANNER|x|text=oi|text_len=2|user_message=None", "PLANNER|x|text=***|text_len=2|user_message=None"),
        ("PLANNER|x|note=ok|minha|filha|conv=ana", "PLANNER|x|note=***|conv=ana"),
        ("PLANNER|x|minha filha=3|conv=ana", "PLANNER|x|***=***|conv=ana"),
    ],
)
def test_a_context_message_shows_its_short_tokens(message: str, left: str) -> None:
    assert shown(message) == left


@pytest.mark.parametrize(
    "technical",
    [
        "ZeroDivisionError: division by zero",
        "psycopg2 not available for outbox repository: No module named 'psycopg2'",
        "HTTP 500",
        "MessageEnvelope text cannot be empty",
        "ResponsePlanner node failed: MessageEnvelope text cannot be empty",
        "WhatsApp message failed: {'status': 'error', 'error': 'HTTP 429', 'http_status': 429}",
        "CRITICAL ALERT: delivery_failure_rate=1.0 exceeds threshold=0.1",
        "unsupported operand type(s) for +: 'int' and 'str'",
        'duplicate key value violates unique constraint "outbox_pkey"',
        "httpx.ConnectTimeout: timed out",
        "can't read the parent's file, isn't there",
        "Conversation: conv_ana_20250115_100000",
        "error: text_len=13, message_id=3EB0, response_code=500, result=None",
    ],
)
def test_technical_messages_stay_readable(technical: str) -> None:
    assert shown(technical) == technical


def test_a_traceback_keeps_its_frames_whole() -> None:
    traceback = """node failed
Traceback (most recent call last):
  File "/app/o router.py", line 503, in Planner.plan.<locals>.run
    raise ValueError("the text cannot be empty", text="x")
          ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
ValueError: the text cannot be empty

During handling of the above exception, another exception occurred:

Traceback (most recent call last):
  File "<string>", line 7, in __init__
  File "/app/contracts.py", line 41, in __post_init__
    say('a b')
httpx.HTTPStatusError: 400 Bad Request"""
    assert shown(traceback) == traceback


@pytest.mark.parametrize(
    ("message", "left"),
    [
        (
            "WhatsApp message sent successfully to 55****14: Olá!\nMinha filha",
            "WhatsApp message sent successfully to 55****14: ***",
        ),
        (
            "Template render failed: cannot render with oi amor",
            "Template render failed: cannot render with ***",
        ),
        ("LLM generation failed: cannot answer oi amor", "LLM generation failed: cannot answer ***"),
        (
            "OutboxItem contains unresolved template: {{oi amor",
            "OutboxItem contains unresolved template: ***",
        ),
        (
            "Channel emission failed: 400 Bad Request, body was: oi",
            "Channel emission failed: 400 Bad Request, body was: ***",
        ),
        (
            "Error processing message: HTTPStatusError: 400 Bad Request",
            "Error processing message: HTTPStatusError: 400 Bad Request",
        ),
        ("Error processing message: KeyError: oi amor", "Error processing message: KeyError: ***"),
        (
            '{"event": "x", "text": "disse \\"oi\\" hoje", "status": 400}',
            '{"event": "x", "text": "***", "status": 400}',
        ),
        (
            'sent {\\"text\\": \\"oi amor\\", \\"n\\": \\"5\\"}',
            'sent {\\"text\\": \\"***\\", \\"n\\": \\"5\\"}',
        ),
        ("HumanMessage(content='copo d'água', id='x')", "HumanMessage(content='***', id='x')"),
        ("{'response': {'detail': ['oi amor', 'x']}}", "{'response': {'detail': ['***', 'x']}}"),
        ("bad b'Ol\\xc3\\xa1', «oi amor» and “Olá”", "bad b'***', «***» and “***”"),
        ('he "said "oi" to me" twice', 'he "***" twice'),
        ("cut 'minha fil", "cut '***"),
        ("text: 7 anos tem ela", "text: ***"),
        ("userMessage=7, anos tem ela", "userMessage=***"),
    ],
)
def test_words_of_people_are_masked_where_something_marks_them(message: str, left: str) -> None:
    assert shown(message) == left


def test_a_forged_heading_of_a_traceback_ends_no_text() -> None:
    for heading in (
        "Traceback (most recent call last):",
        "During handling of the above exception, another exception occurred:",
    ):
        assert "filha" not in shown(f"sent to 5551900000014: oi\n{heading}\nminha filha")


PIECES = st.sampled_from(
    [
        *"'\"“”«»{}[]()|=:,;\\ \n",
        *("text", "conversation", "conv=", "oi", "Olá", "7", "None", "ValueError:", "***", "***~3fa9"),
        *(
            "***14~3fa9",
            "OUTBOX_TRACE|",
            "DELIVERY|sent",
            "LOCK|",
            "HTTP 500",
            "body was:",
            "to 5551900000014:",
        ),
        *("cannot render with ", "Traceback (most recent call last):", '\n  File "a", line 1, in f\n'),
    ]
)
RECORDS = st.lists(st.one_of(PIECES, st.text(max_size=3)), max_size=20).map("".join)


@given(RECORDS)
def test_what_is_masked_stays_as_it_is(message: str) -> None:
    assert shown(shown(message)) == shown(message)


@pytest.mark.parametrize(
    "unit",
    [
        "'",
        '"',
        "|",
        "{",
        "\\",
        "'a",
        "('x",
        "a=",
        "text=",
        "=",
        ".a",
        "\n",
        '  File "',
        "to 1",
        "\\'x",
        " ",
        "“",
        "A_",
        "[",
    ],
)
def test_masking_takes_linear_time(unit: str) -> None:
    def seconds(length: int) -> float:
        begun = time.process_time()
        for start in ("", "text: ", "OUTBOX_TRACE|phase=", "LOCK|x="):
            shown(start + unit * (length // len(unit)))
        return time.process_time() - begun

    small, large = seconds(100_000), seconds(1_000_000)
    assert large < max(30 * small, 1.0)


def test_what_a_check_says_of_a_finding_is_masked_all_through() -> None:
    details = {
        "planned": 2,
        "value": "thread_1 oi amor",
        "text": "oi",
        "by": ["traces"],
        "note": "said 'oi amor'",
    }
    masked = MASKS.detail({**details, "planner": {"state_id": "140303530988", "instance": "a b"}})
    tags = MASKS.value("thread_1 oi amor"), MASKS.value("a b")
    assert masked == {
        "planned": 2,
        "value": tags[0],
        "text": "***",
        "by": ["traces"],
        "note": "said '***'",
        "planner": {"state_id": "140303530988", "instance": tags[1]},
    }
    assert Masks.none().detail(details) == details


# escaped traces


@given(words=st.text(st.characters(exclude_categories=()), max_size=20), masked_once=st.booleans())
def test_an_escaped_value_is_masked_as_what_it_says(words: str, masked_once: bool) -> None:
    with emitting(process="w1"):
        message = emit.text.instance(instance=words, conv=f"ana {words}", turn="t1")
    record = shown(message)
    if masked_once:
        record = shown(record)
    (found,) = map(split_fields, [record])
    assert unescape(found["conv"]) == MASKS.value(f"ana {words}")
    assert unescape(found["instance"]) == MASKS.value(words)


def test_no_phone_hides_between_escapes() -> None:
    with emitting(process="w1"):
        message = emit.text.send(instance="a 5551900000014", phone=" 5551900000014", conv="%5551900000014")
    record = shown(message)
    assert "5551900000014" not in record
    assert "|pid=w1" in record


def test_the_seal_is_not_shown_and_the_other_newer_fields_are() -> None:
    with emitting(process="w1", key=KEY):
        record = shown(emit.text.planner(count=1, conv="ana", turn="t1"))
    assert record == (
        "OUTBOX_TRACE|phase=planner|esc=1|conv=ana|idem=unknown|count=1|pid=w1|turn=t1|seal=***"
    )
    assert shown(record) == record


def test_an_escape_that_is_none_shows_nothing() -> None:
    assert shown("OUTBOX_TRACE|phase=planner|esc=1|conv=a%2|count=1") == (
        "OUTBOX_TRACE|phase=planner|esc=1|conv=***|count=1"
    )


def test_in_a_trace_of_the_app_newer_fields_are_unknown_ones() -> None:
    assert shown("OUTBOX_TRACE|phase=planner|conv=a%20b|count=1|esc=1|pid=x|turn=y") == (
        "OUTBOX_TRACE|phase=planner|conv=a%20b|count=1|esc=***|pid=***|turn=***"
    )
