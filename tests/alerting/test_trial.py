"""Trying the sinks: each is asked, and each answer is said."""

from __future__ import annotations

import pytest

from kumon_observe.alerting.trial import tried
from kumon_observe.config.alerting import AlertingSettings
from kumon_observe.model.alert import News
from kumon_observe.model.errors import PermanentSinkError
from kumon_observe.testing import CapturingSink
from tests.alerting.world import NOON


@pytest.mark.parametrize(
    ("failure", "error"),
    [
        (PermanentSinkError("the webhook is gone: make a new one"), "the webhook is gone: make a new one"),
        (PermanentSinkError(""), "PermanentSinkError"),
        (ValueError("odd"), "ValueError: odd"),
    ],
)
def test_a_sink_that_fails_is_said_and_the_others_are_tried(failure: Exception, error: str) -> None:
    good, bad = CapturingSink("good"), CapturingSink("bad", failure=failure)
    found = tried((bad, good), AlertingSettings(place="kumon production"), NOON)
    assert [(one.name, one.delivered, one.error) for one in found] == [
        ("bad", False, error),
        ("good", True, ""),
    ]
    (alert,) = good.alerts
    assert (alert.news, alert.place, str(alert.title)) == (
        News.TEST,
        "kumon production",
        "a test of the alerts",
    )
