"""A replay tells what a watch would have told: the same notifications, at the same seconds."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path

from attrs import evolve
from hypothesis import given, settings, strategies as st

from kumon_observe.config.alerting import AlertingSettings, RouteSettings
from kumon_observe.config.rules import RULES
from kumon_observe.config.settings import Settings
from kumon_observe.model.backtest import Backtest
from kumon_observe.monitor.replay import Replay, ReplayedRun
from kumon_observe.plugins.registry import Registry
from kumon_observe.testing.clock import FakeClock
from tests.monitor.watched import Told, Watched, configured, told, whole
from tests.scenarios import START, Said, Story, rendered

SINKS = ("pager", "boss")
ROUTES = {"boss": RouteSettings(level=1)}


def replayed(records: Sequence[Said], wanted: Settings, after: float = 0.0) -> Backtest:
    run = ReplayedRun(
        specs=["-"],
        settings=wanted,
        registry=Registry.load(wanted, entry_points=False),
        stdin=BytesIO(rendered(records, "json")),
        clock=lambda: datetime(2025, 2, 1, tzinfo=UTC),
    )
    return Replay(run, SINKS, timedelta(seconds=after)).result()


def news_of(backtest: Backtest) -> list[Told]:
    return [told(one.at, one.sink, one.alert) for one in backtest.sent]


def watched(folder: Path, records: Sequence[Said], wanted: Settings, after: float = 0.0) -> list[Told]:
    watch = Watched(folder, wanted, FakeClock(whole(records[0].at)))
    watch.play(records, after)
    watch.session.end(1)
    return watch.heard


FLOWS = ("healthy", "healthy", "healthy", "lost", "refused", "guard", "wrong instance", "partial")
GAPS = (1, 5, 31, 61, 130, 310)


@st.composite
def an_evening(draw: st.DrawFn) -> list[Said]:
    """Turns of a few conversations with gaps between them, so that time alone brings news too."""
    story = Story()
    for flow in draw(st.lists(st.sampled_from(FLOWS), min_size=1, max_size=10)):
        conv = draw(st.sampled_from(("ana", "bia", "carla")))
        if flow == "lost":
            story.turn(conv, 1, 0)
        elif flow == "guard":
            story.planning(conv, 1).guard(conv)
        elif flow == "wrong instance":
            story.instance(conv, "thread_1")
        elif flow == "partial":
            story.turn(conv, 2, 1)
        else:
            story.turn(conv, ok=flow == "healthy")
        story.now += timedelta(seconds=draw(st.sampled_from(GAPS)))
    return story.records


@given(records=an_evening(), after=st.sampled_from((0, 130, 400)), often=st.booleans())
@settings(max_examples=15, deadline=None)
def test_a_watch_tells_what_the_replay_told(records: list[Said], after: float, often: bool) -> None:
    rules = {name: evolve(rule, min_samples=1) for name, rule in RULES.items()} if often else RULES
    with tempfile.TemporaryDirectory() as folder:
        wanted = configured(Path(folder), routes=ROUTES, rules=rules)
        expected = news_of(replayed(records, wanted, after))
        # Sinks do not wait for each other, so that within a second any of them may be first.
        assert sorted(watched(Path(folder), records, wanted, after)) == sorted(expected)


def test_a_loss_is_told_at_once_and_again_to_more_people_while_nobody_acknowledges(tmp_path: Path) -> None:
    records = Story().turn("ana").turn("bia", 1, 0).records
    backtest = replayed(records, configured(tmp_path, routes=ROUTES), after=600)
    begins = whole(records[-1].at)
    minutes: dict[float, list[tuple[str, str, int]]] = {}
    for at, sink, rule, news, level, found in news_of(backtest):
        assert (rule, found) == ("handoff", 1)
        minutes.setdefault((at - begins) / timedelta(minutes=1), []).append((sink, news, level))
    assert minutes == {
        0.0: [("pager", "fired", 0)],
        2.0: [("pager", "escalated", 1), ("boss", "escalated", 1)],
        5.0: [("pager", "escalated", 2), ("boss", "escalated", 2)],
    }
    (incident,) = backtest.incidents
    assert (incident.rule, incident.fired, incident.ended) == ("handoff", begins, None)


def test_a_day_without_trouble_tells_nobody_anything(tmp_path: Path) -> None:
    story = Story()
    for _ in range(40):
        story.others(2).wait(300)
    backtest = replayed(story.records, configured(tmp_path))
    assert (backtest.incidents, backtest.sent) == ((), ())
    assert backtest.begins is not None
    assert backtest.begins >= START


def test_bad_deliveries_are_told_once_and_their_end_to_those_who_were_told(tmp_path: Path) -> None:
    story = Story()
    for minute in range(240):
        story.at(minute * 60).turn("ana", ok=not 30 <= minute < 60)
    records = story.records
    backtest = replayed(records, configured(tmp_path))
    rules = [(rule, news) for _, sink, rule, news, _, _ in news_of(backtest) if sink == "pager"]
    assert rules.count(("delivery", "fired")) == rules.count(("delivery", "resolved")) == 1
    (delivery,) = (one for one in backtest.incidents if one.rule == "delivery")
    assert delivery.ended is not None
    assert delivery.fired is not None


def test_incidents_that_ended_long_ago_are_told_too(tmp_path: Path) -> None:
    story = Story()
    for minute in range(600):
        story.at(minute * 60).turn("ana", ok=not (30 <= minute < 60 or 330 <= minute < 360))
    wanted = configured(tmp_path, alerting=AlertingSettings(keep=60))
    found = [one for one in replayed(story.records, wanted).incidents if one.rule == "delivery"]
    assert len(found) == 2
    assert all(one.ended for one in found)


def test_a_log_without_times_cannot_be_replayed_and_that_is_said(tmp_path: Path) -> None:
    wanted = configured(tmp_path)
    run = ReplayedRun(
        specs=["-"],
        settings=wanted,
        registry=Registry.load(wanted, entry_points=False),
        stdin=BytesIO(Story().turn("ana", 1, 0).render("basic")),
    )
    backtest = Replay(run, SINKS).result()
    assert [str(reason) for reason in backtest.reasons] == [
        "no trace has a time, so there is nothing to replay"
    ]
    assert backtest.incidents == ()
