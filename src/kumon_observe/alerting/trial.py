"""Tries the sinks: one alert through each, now, by the way that alerts take."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING

from kumon_observe.alerting.wording import test_alert
from kumon_observe.model.alerts import Tried
from kumon_observe.model.errors import SinkError

if TYPE_CHECKING:
    from kumon_observe.config.alerting import AlertingSettings
    from kumon_observe.model.alert import Alert
    from kumon_observe.model.protocols import Sink


def tried(sinks: Iterable[Sink], settings: AlertingSettings, now: datetime) -> tuple[Tried, ...]:
    """What each of *sinks* answered to a test; the outbox has no part in it."""
    alert = test_alert(settings, f"test/{now.timestamp():.6f}", now)
    return tuple(Tried(name=sink.name, error=_failure(sink, alert)) for sink in sinks)


def _failure(sink: Sink, alert: Alert) -> str:
    try:
        sink.send(alert)
    except SinkError as error:
        return str(error) or type(error).__name__
    except Exception as error:  # noqa: BLE001 - a sink may be anybody's, and the others are tried all the same
        return f"{type(error).__name__}: {error}"
    return ""
