"""Several traces in one row say what the same traces say one by one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from hypothesis import example, given, settings, strategies as st

from kumon_observe.checks.consistency import ConsistencyCheck
from kumon_observe.checks.delivery import DeliveryCheck
from kumon_observe.checks.handoff import HandoffCheck
from kumon_observe.checks.instances import InstancesCheck
from kumon_observe.checks.journaled import JournaledCheck
from kumon_observe.config.settings import ConsistencySettings, DeliverySettings, HandoffSettings
from kumon_observe.model import rows
from kumon_observe.model.events import to_datetime
from kumon_observe.model.rows import PlainRow, single
from kumon_observe.parsing.layouts import built_in_layouts
from kumon_observe.parsing.scan import Scanner, ScanOptions
from kumon_observe.parsing.tally import Tally
from tests.scenarios import Story

OPTIONS = ScanOptions(parsers=built_in_layouts())
LIMIT = timedelta(seconds=10)
LAYOUTS = ("json", "dash", "basic", "docker", "iso", "compose")
CONVS = ("ana", "bia", "unknown")


def checks() -> list[JournaledCheck]:
    """The four checks, with bounds so small that they are met."""
    return [
        HandoffCheck(HandoffSettings(max_open=3, keep_open=600)),
        InstancesCheck(),
        DeliveryCheck(DeliverySettings(max_open=3)),
        ConsistencyCheck(ConsistencySettings(max_open=3)),
    ]


def scanned(data: bytes, *, stretching: bool) -> tuple[list[PlainRow], Tally]:
    scanner = Scanner(OPTIONS)
    scanner.stretching = stretching
    return [*scanner.feed(data), *scanner.finish()], scanner.tally


def answers(batch: Sequence[PlainRow], tally: Tally, *, in_parts: bool = False) -> list[object]:
    now = None if tally.last is None else to_datetime(tally.last)
    found: list[object] = []
    for check in checks():
        check.at_log_start()
        if in_parts:
            later = next(other for other in checks() if type(other) is type(check))
            check.observe_many(batch[: len(batch) // 2])
            later.observe_many(batch[len(batch) // 2 :])
            check.merge(later)
        else:
            check.observe_many(batch)
        found.append(check.result(now))
    return found


@st.composite
def a_story(draw: st.DrawFn) -> Story:
    """Mostly healthy turns of few conversations, with everything that may disturb them."""
    story = Story()
    for _ in range(draw(st.integers(1, 12))):
        conv = draw(st.sampled_from(CONVS))
        idem = draw(st.sampled_from(("unknown", "unknown", "k1", "k2")))
        outbox = draw(st.sampled_from(("140303531324096", "140303531324999", "MISSING")))
        ids: dict[str, Any] = {"idem": idem, "outbox": outbox}
        match draw(st.integers(0, 11)):
            case 0:
                story.planning(conv, **ids)
            case 1:
                story.delivery(conv, draw(st.integers(0, 2)), **ids)
            case 2:
                story.guard(conv, idem=idem)
            case 3:
                story.planning(conv, 2, **ids).delivery(conv, draw(st.integers(0, 2)), idem=idem)
            case 4:
                story.send(conv, idem=idem, instance=draw(st.sampled_from(("kumon_assistant", "thread_1"))))
            case 5:
                story.sent(conv, ok=draw(st.booleans()), idem=idem)
            case 6:
                story.wait(draw(st.sampled_from((30, 59.9, 61, 700)))) if story.records else story.noise()
            case 7:
                story.echo("OUTBOX_GUARD|level=CRITICAL|type=handoff_violation|conv=y")
            case 8:
                story.instance(conv, "default", idem=idem).send(conv, instance="default", idem=idem)
            case _:
                story.turn(conv, draw(st.integers(1, 2)), idem=idem, outbox=outbox)
        story.noise(draw(st.integers(0, 2)))
    return story


@given(story=a_story(), layout=st.sampled_from(LAYOUTS), in_parts=st.booleans())
@example(story=Story().turn("ana").others(3), layout="dash", in_parts=False)
@settings(max_examples=500, deadline=LIMIT)
def test_stretches_say_what_their_traces_say(story: Story, layout: str, in_parts: bool) -> None:
    learnt = Story().others(2, "first").render(layout)  # so that the forms of the lines are known
    data = learnt + story.render(layout)
    one_by_one, plain_tally = scanned(data, stretching=False)
    together, tally = scanned(data, stretching=True)
    assert single(together) == one_by_one
    assert tally == plain_tally
    assert answers(together, tally, in_parts=in_parts) == answers(one_by_one, plain_tally)


def test_healthy_turns_do_come_as_stretches() -> None:
    for layout in LAYOUTS:
        found, _ = scanned(Story().others(40).noise(3).render(layout), stretching=True)
        kinds = [row[0] for row in found]
        assert kinds.count(rows.HANDED) >= 35, layout
        assert kinds.count(rows.SENT) >= 35, layout


def test_a_stretch_that_is_seldom_found_is_not_looked_for_all_the_time() -> None:
    story = Story()
    for number in range(300):
        story.planning(f"c{number}").noise()
    for number in range(300):
        story.delivery(f"c{number}")
    data = story.render("dash") + Story().others(1500).render("dash")
    found, _ = scanned(data, stretching=True)
    plain, _ = scanned(data, stretching=False)
    assert single(found) == plain
    assert [row[0] for row in found].count(rows.HANDED) > 0
