"""The line shapes of logs that the real app wrote: small copies here, and the samples where they are."""

from __future__ import annotations

import gzip
import re
from pathlib import Path

import pytest

from kumon_observe.parsing.explainer import Explainer
from kumon_observe.parsing.grammar import TOKEN, is_trace
from kumon_observe.parsing.layouts import built_in_layouts

APP = "app.core.observability.structured_logging"
TRACE = "OUTBOX_TRACE|phase=planner|conv=conv_5551900000014_20250904_221021|idem=unknown|state_id=1|count=0"

TYPICAL = [
    ("INFO:     Started server process [1]", ("level",), "Started server process [1]"),
    (
        'INFO:     100.64.0.7:29681 - "POST /api/v1/evolution/webhook/messages-upsert HTTP/1.1" 200 OK',
        ("level",),
        '100.64.0.7:29681 - "POST /api/v1/evolution/webhook/messages-upsert HTTP/1.1" 200 OK',
    ),
    (f"INFO:{APP}:{TRACE}", ("basic",), TRACE),
    (
        "ERROR:app.core.outbox_repository:psycopg2 not available for outbox repository",
        ("basic",),
        "psycopg2 not available for outbox repository",
    ),
    (
        f'{{"timestamp": "2025-09-04T22:11:29", "level": "INFO", "logger": "{APP}", "message": "{TRACE}"}}',
        ("json",),
        TRACE,
    ),
    (
        r'{"log":"{\"level\": \"INFO\", \"message\": \"[ADAPTER] ready\"}\n","stream":"stdout"}',
        ("docker", "json"),
        "[ADAPTER] ready",
    ),
    (
        f'{{"log":"INFO:{APP}:{TRACE}\\n","stream":"stderr","time":"2025-09-04T22:11:03.10767552Z"}}',
        ("docker", "basic"),
        TRACE,
    ),
    ('{"log":"Posso ajud...\\n","stream":"stderr","time":"2025-09-04T22:11:03.1Z"}', ("docker",), None),
    (
        '{"log":"  State outbox length: 0\\n","stream":"stderr","time":"2025-09-04T22:11:03.1Z"}',
        ("docker",),
        None,
    ),
]
BARE = ["Posso ajud...", "...", "  Conversation: conv_5551900000039_20250904_221102", "P..."]
BARE += [
    "Traceback (most recent call last):",
    '  File "/app/app/core/router/response_planner.py", line 503, in x',
    "",
]
BARE += ["ValueError: MessageEnvelope text cannot be empty", "    raise ValueError(text)"]

_SAMPLES = Path(__file__).parents[2].parent / "shared" / "samples"
_RECORD_STARTS = re.compile(r"(?:INFO|WARNING|ERROR|CRITICAL|DEBUG):|\{\"")


@pytest.mark.parametrize(("line", "layouts", "message"), TYPICAL)
def test_the_apps_usual_lines_are_explained(line: str, layouts: tuple[str, ...], message: str | None) -> None:
    record = Explainer(built_in_layouts()).explain(line)
    assert record is not None
    assert (record.layouts, record.message) == (layouts, message)


@pytest.mark.parametrize("line", BARE)
def test_lines_that_continue_a_record_are_of_no_layout(line: str) -> None:
    assert Explainer(built_in_layouts()).explain(line) is None


def unexpected(lines: list[str]) -> list[str]:
    """Those of *lines* whose explanation is not what their first characters and their traces show."""
    explainer = Explainer(built_in_layouts())
    odd = []
    for line in lines:
        record = explainer.explain(line)
        if (record is not None) != (_RECORD_STARTS.match(line) is not None):
            odd.append(line)
        elif record is not None and record.message is not None and is_trace(record.message):
            well_placed = re.search(rf'(?::|": "){re.escape(record.message[:12])}', line)
            if well_placed is None or TOKEN.search(line.encode()) is None:
                odd.append(line)
    return odd


def sample_files() -> list[Path]:
    return sorted(_SAMPLES.glob("*/app.log.gz"))


def test_every_line_of_the_samples_that_are_here_is_explained_or_bare() -> None:
    assert unexpected([line for line, _, _ in TYPICAL] + BARE) == []
    for path in sample_files():
        lines = gzip.decompress(path.read_bytes()).decode().split("\n")
        assert unexpected(lines) == [], path
