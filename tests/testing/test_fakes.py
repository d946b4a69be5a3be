"""The fakes and helpers that plugin authors' tests use."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta

import pytest

import kumon_observe.testing
from kumon_observe.model.errors import PluginError, TemporarySinkError
from kumon_observe.model.status import Status
from kumon_observe.testing import CapturingSink, FakeClock, Story, an_alert, judged
from tests.plugins.examples import Checks, EventCount
from tests.scenarios import START
from tests.shell import ROOT


def test_a_capturing_sink_keeps_what_it_is_given() -> None:
    sink = CapturingSink()
    first, second = an_alert(key="first"), an_alert(key="second")
    sink.send(first)
    sink.send(second)
    assert sink.alerts == [first, second]
    assert repr(sink) == "CapturingSink('capturing', 2 alerts)"


def test_a_capturing_sink_fails_as_long_as_it_is_told() -> None:
    sink = CapturingSink("pager", failure=TemporarySinkError("busy", retry_after=30))
    with pytest.raises(TemporarySinkError, match="busy"):
        sink.send(an_alert())
    sink.failure = None
    sink.send(an_alert())
    assert len(sink.alerts) == 1


def test_a_fake_clock_goes_only_where_it_is_moved() -> None:
    clock = FakeClock()
    assert clock() == clock() == START
    assert clock.advance(90) == clock() == START + timedelta(seconds=90)
    assert clock.advance(-30) == START + timedelta(seconds=60)
    clock.set(datetime(2026, 1, 1, tzinfo=UTC))
    assert clock() == datetime(2026, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize("wrong", [FakeClock, FakeClock().set])
def test_a_fake_clock_needs_a_zone(wrong: type[FakeClock]) -> None:
    with pytest.raises(ValueError, match="2025-01-15 10:00:00 names no zone: give an aware datetime"):
        wrong(datetime(2025, 1, 15, 10))  # noqa: DTZ001 - that is the fault


@pytest.mark.parametrize("layout", ["json", "basic"])
def test_a_story_is_judged_with_plugins_beside_the_built_in_checks(layout: str) -> None:
    story = Story().turn("ana", 1, 0)
    verdict = judged(story, Checks("mine", lambda: [EventCount()]), layout=layout)
    assert verdict.check("handoff").status is Status.CRITICAL
    assert verdict.check("handoff").violations[0].key.conv == "ana"
    assert verdict.check("event-count").counts == {"events": 3}
    assert verdict.sources[0].layouts == {layout: 3}


def test_a_log_of_ones_own_is_judged() -> None:
    text = Story().turn("ana").render("json").decode()
    assert judged(text).checks == judged(text.encode()).checks
    assert judged(text).check("handoff").status is Status.OK


def test_a_plugin_that_cannot_be_used_is_an_error() -> None:
    with pytest.raises(PluginError, match="the plugin mine cannot be used: kumon_register_checks: TypeError"):
        judged(Story(), Checks("mine", lambda: 7))


def test_every_name_of_the_room_is_there() -> None:
    for name in kumon_observe.testing.__all__:
        assert getattr(kumon_observe.testing, name).__doc__
        assert name in dir(kumon_observe.testing)
    with pytest.raises(AttributeError, match="has no attribute 'Contract'"):
        _ = kumon_observe.testing.Contract


def imported(code: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "PYTHONPATH": str(ROOT / "src")},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


@pytest.mark.parametrize(
    ("missing", "name"),
    [
        ("pytest", "CheckContract"),
        ("hypothesis", "CheckContract"),
        ("hypothesis", "LayoutContract"),
        ("pytest", "SinkContract"),
        ("hypothesis", "a_log"),
    ],
)
def test_a_contract_without_its_extra_says_what_to_install(missing: str, name: str) -> None:
    ran = imported(f"import sys; sys.modules[{missing!r}] = None; from kumon_observe.testing import {name}")
    said = f"kumon_observe.model.errors.MissingExtraError: {name} needs an extra: "
    assert ran.returncode == 1
    assert ran.stderr.splitlines()[-1] == f"{said}install kumon-observe[testing]"


def test_the_fakes_need_no_extra() -> None:
    names = "CapturingSink, FakeClock, Said, Story, an_alert, judged, trace"
    blocked = "import sys; sys.modules.update(pytest=None, hypothesis=None)"
    ran = imported(f"{blocked}; from kumon_observe.testing import {names}; judged(Story().turn('ana'))")
    assert (ran.returncode, ran.stderr) == (0, "")
