"""Writes app.log, an invented morning of the Kumon Assistant in which two replies were lost.

What is planted: two lost hand-offs (the app's own guard saw the second one only), one send that the
provider refused, and two parents who quote a guard in their messages, which must not count.
The same log comes out every time: ``python examples/make_log.py > examples/app.log``.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from datetime import datetime, timedelta

START = datetime(2025, 1, 15, 10, 0, 0)  # noqa: DTZ001 - the app writes times without a zone
INSTANCE = "kumon_assistant"
TRACES = "app.core.observability.structured_logging"
PLANNER = "app.core.router.response_planner"
DELIVERY = "app.core.router.delivery_io"

QUOTE = "OUTBOX_GUARD|level=CRITICAL|type=handoff_violation|planner_after=1|delivery_before=0|conv=c1|idem=k1"
TEXTS = (
    "Olá! A aula experimental é gratuita.",
    "Atendemos de segunda a sexta, das 9h às 18h.",
    "Posso agendar uma visita para amanhã?",
    "O material é próprio e vem com as apostilas.",
)

TURNS = 24
PARENTS = 9
LOST = {8, 18}
GUARDED = {18}
REFUSED = {13}
QUOTED = {5: QUOTE, 11: f"oi\n{QUOTE}"}


def record(at: datetime, logger: str, message: str, level: str = "INFO") -> str:
    """One line as the app's JSON formatter writes it."""
    fields = {"timestamp": at.isoformat(), "level": level, "logger": logger, "message": message}
    return json.dumps(fields)


def turn(number: int) -> Iterator[str]:
    """The records of one turn: a parent writes, the planner answers, delivery sends."""
    at = START + timedelta(minutes=2.5 * number, milliseconds=137 * number)
    parent = number * 4 % PARENTS
    phone = f"55519000000{parent + 10}"
    conv = f"conv_{phone}_{START + timedelta(seconds=7 * parent):%Y%m%d_%H%M%S}"
    state = 140303530988224 + 4160 * number
    outbox = 140303531324096 + 192 * number

    def trace(message: str, level: str = "INFO", *, after: int = 3) -> str:
        nonlocal at
        at += timedelta(milliseconds=after)
        return record(at, TRACES, message, level)

    def says(logger: str, message: str, level: str = "INFO") -> str:
        return record(at + timedelta(microseconds=410), logger, message, level)

    def handed(phase: str, count: int) -> str:
        ids = f"conv={conv}|idem=unknown|state_id={state}|outbox_id={outbox}"
        return trace(
            f"OUTBOX_TRACE|phase={phase}|{ids}|count={count}", after=19 if phase == "delivery" else 2
        )

    caller = f"100.64.0.{parent + 2}:{30000 + 7 * number}"
    yield f'INFO:     {caller} - "POST /api/v1/webhook/messages-upsert HTTP/1.1" 200 OK'
    yield handed("planner", 0)
    yield handed("planner", 1)
    yield says(PLANNER, "planner_outbox_count_after: 1")
    yield handed("delivery", 0 if number in LOST else 1)
    if number in GUARDED:
        counts = "planner_after=1|delivery_before=0"
        yield trace(
            f"OUTBOX_GUARD|level=CRITICAL|type=handoff_violation|{counts}|conv={conv}|idem=unknown", "ERROR"
        )
    if number in LOST:
        yield says(DELIVERY, "Delivery completed: 0 messages sent, 0 queued")
        return
    key = f"conv={conv}|idem=unknown"
    yield trace(f"INSTANCE_TRACE|source=meta|instance={INSTANCE}|{key}")
    yield trace(f"DELIVERY_TRACE|action=send|instance={INSTANCE}|phone={phone}|{key}")
    outcome = "status=failed|http=500" if number in REFUSED else "status=success|http=unknown"
    yield trace(f"DELIVERY_TRACE|action=result|{outcome}|instance={INSTANCE}|{key}", after=640)
    if number in REFUSED:
        yield f"ERROR:{DELIVERY}:WhatsApp message failed: HTTP 500"
        yield "Traceback (most recent call last):"
        yield '  File "app/core/router/delivery_io.py", line 104, in emit_to_channel'
        yield "    response.raise_for_status()"
        yield "RuntimeError: HTTP 500"
        return
    text = QUOTED.get(number, TEXTS[number % len(TEXTS)])
    yield says(DELIVERY, f"WhatsApp message sent successfully to {phone}: {text[:50]}...")


def lines() -> Iterator[str]:
    """The whole log."""
    yield "INFO:     Started server process [1]"
    yield "INFO:     Waiting for application startup."
    yield record(START, "app.main", "Kumon Assistant started")
    yield "INFO:     Application startup complete."
    yield "INFO:     Uvicorn running on http://0.0.0.0:8000 (Press CTRL+C to quit)"
    for number in range(1, TURNS + 1):
        yield from turn(number)
        if number in QUOTED:
            yield f"WARNING:{PLANNER}:cannot render a template with {QUOTED[number]}"


def main() -> None:
    """Print the log."""
    sys.stdout.reconfigure(encoding="utf-8", newline="\n")  # type: ignore[union-attr]
    for line in lines():
        print(line)


if __name__ == "__main__":
    main()
