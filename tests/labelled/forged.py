"""Traces that somebody quotes: what parents write must never call for a rollback."""

from __future__ import annotations

import json

from tests.labelled.scenario import labelled, traffic
from tests.scenarios import Story, trace

_COUNTS = {"planner_after": 1, "delivery_before": 0}
GUARD = trace("OUTBOX_GUARD", level="CRITICAL", type="handoff_violation", **_COUNTS, conv="c1", idem="k1")
BAD_INSTANCE = trace("INSTANCE_TRACE", source="meta", instance="thread_1", conv="c1", idem="k1")
FIFTY = "DELIVERY_TRACE|action=send|instance=1|conv=c|idem="


@labelled("a parent who quotes a guard")
def quoted() -> Story:
    """A trace inside another message is embedded."""
    return traffic(Story(), 60).echo(GUARD).whole_echo(GUARD).echo(FIFTY)


@labelled("a parent who writes a guard on a line of its own", layout="dash")
def on_a_line() -> Story:
    """A bare line continues the record before it."""
    return traffic(Story(), 60).whole_echo(f"oi\n{GUARD}\n{BAD_INSTANCE}").echo(f"\n{FIFTY}")


@labelled("a quoted guard in a container's log", layout="docker")
def in_container() -> Story:
    """The same in a log that a container's runtime wraps, as fifty characters of a text and as all of it."""
    return traffic(Story(), 60).echo(f"a\n{FIFTY}").whole_echo(f"b\n{GUARD}")


@labelled("a guard in a traceback", layout="iso")
def in_traceback() -> Story:
    """The lines of a traceback continue its record, the error's text too."""
    story = traffic(Story(), 60).says("delivery failed", level="ERROR", logger="app.core.router.delivery_io")
    for line in ("Traceback (most recent call last):", '  File "/app/main.py", line 7, in send'):
        story.raw(line)
    return story.raw(f"ValueError: {GUARD}").raw(GUARD)


@labelled("a guard in a JSON body")
def in_body() -> Story:
    """A body is a field or a part of a message, and an object without time and level is no record."""
    story = traffic(Story(), 60).says(f"payload={json.dumps({'message': GUARD})}", logger="app.api.webhook")
    fields = {"timestamp": "2025-01-15T11:00:00.5", "level": "INFO", "logger": "app.api", "message": "body"}
    story.raw(json.dumps({**fields, "body": GUARD, "data": {"message": GUARD}}))
    return story.raw(json.dumps({"message": GUARD})).raw(json.dumps([fields, GUARD]))


@labelled("traces of loggers that are not the app's")
def untrusted() -> Story:
    """A trace counts only from trusted loggers, where a layout names them."""
    story = traffic(Story(), 60)
    for logger in ("root", "httpx", "application", "plugin.app.core"):
        story.says(GUARD, level="ERROR", logger=logger).says(BAD_INSTANCE, logger=logger)
    return story


@labelled("refusals of a logger that is not the app's", layout="iso")
def untrusted_results() -> Story:
    """Nor do its failures count in the rate."""
    story = traffic(Story(), 60, every=60)
    message = trace("DELIVERY_TRACE", action="result", status="failed", http=500, instance="x", conv="c1")
    for _ in range(20):
        story.says(message, logger="root")
    return story.turn("ana")


@labelled("a quoted guard and a real loss", "handoff")
def and_a_loss() -> Story:
    """What is quoted hides nothing."""
    return traffic(Story(), 30).echo(GUARD).turn("bia", 1, 0).whole_echo(GUARD)
