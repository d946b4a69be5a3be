"""An alert as one line, as standard output and the log file have it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from kumon_observe.sinks.message import one_line

if TYPE_CHECKING:
    from kumon_observe.model.alert import Alert
    from kumon_observe.sinks.message import Compose

Form = Literal["text", "json"]
"""Text for people, or an object for programs (docs/json.md)."""


def line(alert: Alert, form: Form, compose: Compose) -> str:
    """*alert* without an end of line in it."""
    if form == "json":
        from kumon_observe.model.document import alert_to, to_text

        return to_text(alert_to(alert))
    message = compose(alert)
    parts = [message.when, message.label, f"{message.title}:", message.lead, *message.advice]
    return one_line(" ".join(parts))
