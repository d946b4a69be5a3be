"""An alert to send, and a sink that keeps what it is given."""

from __future__ import annotations

from typing import Any

from kumon_observe.model.alert import Alert
from kumon_observe.model.status import Action, Severity, Status
from kumon_observe.testing.story import START


def an_alert(**changes: Any) -> Alert:
    """A critical alert of the hand-off check; *changes* are members of :class:`~kumon_observe.Alert`."""
    usual: dict[str, Any] = {
        "key": "handoff/critical",
        "check": "handoff",
        "severity": Severity.CRITICAL,
        "status": Status.CRITICAL,
        "title": "lost hand-offs",
        "summary": "2 lost hand-offs in 812 turns",
        "action": Action.ROLLBACK,
        "at": START,
    }
    return Alert(**{**usual, **changes})


class CapturingSink:
    """A sink called ``name`` that keeps every alert in ``alerts``, in the order of sending.

    With ``failure`` set to an exception it raises that and keeps nothing, until it is ``None`` again::

        sink = CapturingSink(failure=TemporarySinkError("busy", retry_after=30))
    """

    def __init__(self, name: str = "capturing", *, failure: Exception | None = None) -> None:
        self.name = name
        self.failure = failure
        self.alerts: list[Alert] = []

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.name!r}, {len(self.alerts)} alerts)"

    def send(self, alert: Alert) -> None:
        """Keep *alert*.

        Raises:
            Exception: the ``failure``, if there is one.
        """
        if self.failure is not None:
            raise self.failure
        self.alerts.append(alert)
