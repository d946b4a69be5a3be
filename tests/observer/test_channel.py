"""Alerts on their way to one receiver."""

from __future__ import annotations

import pytest

from kumon_observe import PermanentSinkError, TemporarySinkError
from kumon_observe.observer.channel import Channel
from kumon_observe.testing import CapturingSink, an_alert

SECRET = "https://hooks.example/T0/secret answered 503"


@pytest.mark.parametrize(
    "failure", [TemporarySinkError(SECRET, retry_after=3600), PermanentSinkError(SECRET), OSError(SECRET)]
)
def test_what_a_sink_raises_is_named_without_its_text_until_an_alert_goes_through(failure: Exception) -> None:
    sink = CapturingSink("pager", failure=failure)
    channel = Channel(sink.name, sink.send, set())
    channel.hand(an_alert())
    assert channel.finish(10)
    assert (channel.delivered, channel.failed) == (0, 1)
    told = f"an alert was not delivered: pager failed: {type(failure).__name__}"
    assert str(channel.trouble()) == told
    sink.failure = None
    channel.hand(an_alert(check="delivery"))
    assert channel.finish(10)
    assert (channel.delivered, channel.failed, channel.trouble()) == (1, 1, None)
    assert sink.alerts == [an_alert(check="delivery")]
