"""A WhatsApp text that quotes any trace or guard, anywhere in a record, in every layout, changes no verdict.

A newline followed by a *full* prefix of a plain-text layout cannot be told from a real record (the docs
say so); it is the one thing that is not tried here.
"""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings, strategies as st

from tests.laws.test_order_and_noise import verdict_of
from tests.rendering import VARIANTS, docker_chunks, render
from tests.rules.test_1_grammar import FORMS
from tests.scenarios import APP, START, Said, Story, rendered
from tests.verdicts import judged

QUOTES = [message.replace("conv=c|", "conv=ana|") for message, _ in FORMS]
BEFORE = (
    "oi ",
    "",
    " ",
    "> ",
    '"',
    "'",
    "{{",
    "- ",
    "[x] ",
    "| ",
    "oi|",
    "a=b|",
    "\t",
    "\ufeff",
    "\x1b[31m",
    '", "message": "',
)
SEPARATORS = (
    "\n",
    "\r\n",
    "\r",
    "\x0b",
    "\x0c",
    "\x1c",
    "\x1d",
    "\x1e",
    "\x85",
    "\u2028",
    "\u2029",
    "\\n",
    "%0A",
    "\x00",
)
TEXTS = st.builds(
    "{}{}{}{}".format,
    st.sampled_from(("", "oi", "oi tudo bem", "x" * 300)),
    st.sampled_from(("", *SEPARATORS)),
    st.sampled_from(BEFORE),
    st.sampled_from(QUOTES),
)
CARRIERS = (
    "WhatsApp message sent successfully to 5551900000014: {}...",
    "Template render failed: cannot render with {}",
    "Received: '{}'",
    '{{"text": "{}"}}',
    "TURN_INPUT|conv=ana|text={}",
)
WAYS = [
    (layout, n) for layout, variants in VARIANTS.items() if layout != "plain" for n in range(len(variants))
]


def healthy() -> list[Said]:
    """What the echo stands between."""
    return Story().turn("bia").planning("ana").records


def rest() -> list[Said]:
    """What follows the echo."""
    return Story().at(1).delivery("ana").sent("ana").turn("bia").records


def around(layout: str, variant: int, lines: bytes) -> bytes:
    """A log with these lines in its middle."""

    def log(records: list[Said]) -> bytes:
        return b"".join(
            render(layout, said.message, at=said.at, level=said.level, logger=said.logger, variant=variant)
            + b"\n"
            for said in records
        )

    return log(healthy()) + lines + log(rest())


@pytest.mark.parametrize(("layout", "variant"), WAYS)
@given(text=TEXTS, carrier=st.sampled_from(CARRIERS), cut=st.sampled_from((50, 10_000)))
@settings(max_examples=40, deadline=None)
def test_an_echo_in_a_message_changes_no_verdict(
    layout: str, variant: int, text: str, carrier: str, cut: int
) -> None:
    message = carrier.format(text[:cut])
    echo = render(layout, message, at=START, logger="app.core.router.delivery_io", variant=variant) + b"\n"
    quiet = (
        render(layout, carrier.format("oi"), at=START, logger="app.core.router.delivery_io", variant=variant)
        + b"\n"
    )
    assert judged(verdict_of(around(layout, variant, echo))) == judged(
        verdict_of(around(layout, variant, quiet))
    )


@given(
    text=TEXTS,
    key=st.sampled_from(("text", "exc_info", "user", "outbox", "logger2")),
    first=st.booleans(),
    nested=st.booleans(),
)
@settings(max_examples=100, deadline=None)
def test_an_echo_in_another_key_of_a_json_record_changes_no_verdict(
    text: str, key: str, first: bool, nested: bool
) -> None:
    record: dict[str, object] = {
        "timestamp": START.isoformat(),
        "level": "INFO",
        "logger": APP,
        "message": "received",
    }
    value: object = {"message": text, "level": "INFO", "timestamp": START.isoformat()} if nested else text
    record = {key: value, **record} if first else {**record, key: value}
    for spaced in (None, (",", ":")):
        echo = json.dumps(record, separators=spaced, ensure_ascii=spaced is None).encode() + b"\n"
        assert judged(verdict_of(around("json", 0, echo))) == judged(verdict_of(around("json", 0, b"")))


@given(
    quote=st.sampled_from(QUOTES),
    prefix=st.sampled_from(("", f"ERROR:{APP}:", "ERROR ")),
    at=st.integers(16_000, 16_400),
)
@settings(max_examples=60, deadline=None)
def test_an_echo_at_the_start_of_a_docker_chunk_changes_no_verdict(quote: str, prefix: str, at: int) -> None:
    line = f"INFO:{APP}:cannot render with ".ljust(at, "x") + prefix + quote
    for size in (at, 16_384):
        echo = b"".join(chunk + b"\n" for chunk in docker_chunks(line, at=START, size=size))
        assert judged(verdict_of(around("docker", 0, echo))) == judged(verdict_of(around("docker", 0, b"")))


@given(
    quote=st.sampled_from(QUOTES),
    before=st.sampled_from(BEFORE),
    layout=st.sampled_from(("basic", "dash", "bracket", "level", "iso")),
)
@settings(max_examples=100, deadline=None)
def test_an_echo_on_a_line_of_its_own_changes_no_verdict(quote: str, before: str, layout: str) -> None:
    lines = f"Traceback (most recent call last):\n{before}{quote}\nValueError: {quote}\n".encode()
    assert judged(verdict_of(around(layout, 0, lines))) == judged(verdict_of(around(layout, 0, b"")))


def test_the_stories_around_the_echo_are_healthy() -> None:
    verdict = verdict_of(rendered(healthy() + rest(), "json"))
    assert verdict.check("handoff").counts["turns"] == 3
