"""Settled turns that come folded say what their traces say one by one, wherever the blocks are cut."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta
from functools import cache
from typing import Any

import pytest
from hypothesis import example, given, settings, strategies as st

from kumon_observe import emit
from kumon_observe.checks import closed
from kumon_observe.checks.consistency import ConsistencyCheck
from kumon_observe.checks.delivery import DeliveryCheck
from kumon_observe.checks.handoff import HandoffCheck
from kumon_observe.checks.instances import InstancesCheck
from kumon_observe.checks.journaled import JournaledCheck
from kumon_observe.config.settings import ConsistencySettings, DeliverySettings, HandoffSettings
from kumon_observe.model import rows
from kumon_observe.model.apart import Apart
from kumon_observe.model.moments import to_datetime
from kumon_observe.model.rows import PlainRow
from kumon_observe.parsing.compiled import CompiledScanner
from kumon_observe.parsing.head import HEAD_BYTES
from kumon_observe.parsing.layouts import built_in_layouts
from kumon_observe.parsing.options import ScanOptions
from kumon_observe.parsing.scan import Scanner
from kumon_observe.parsing.tally import Tally
from tests.emitting import emitting
from tests.scenarios import START, Story

OPTIONS = ScanOptions(parsers=built_in_layouts())
LIMIT = timedelta(seconds=10)
LAYOUTS = ("json", "dash", "basic", "docker", "iso", "compose")
CONVS = ("ana", "bia", "cida", "unknown")
ROOM = (3, 500)


def checks(room: int) -> list[JournaledCheck]:
    """The four checks with bounds that may be met."""
    made: list[JournaledCheck] = [
        HandoffCheck(HandoffSettings(max_open=room, keep_open=86_400 if room > 3 else 4000)),
        InstancesCheck(),
        DeliveryCheck(DeliverySettings(max_open=room)),
        ConsistencyCheck(ConsistencySettings(max_open=room)),
    ]
    for check in made:
        check.at_log_start()
    return made


@cache
def learnt(layout: str) -> bytes:
    """Enough of a log to be its head: the forms of its lines, and noise."""
    return Story().others(2, "first").noise(HEAD_BYTES // 60).render(layout)


def blocks(data: bytes, cuts: Sequence[int]) -> Iterator[bytes]:
    places = sorted({0, len(data), *(cut % (len(data) + 1) for cut in cuts)})
    for start, stop in itertools.pairwise(places):
        yield data[start:stop]


def answers(
    scanner: Scanner, data: Iterator[bytes], room: int, *, fold: bool
) -> tuple[list[object], Tally, list[PlainRow]]:
    """What the checks say of the blocks, and all rows that they were given."""
    judged = checks(room)
    if fold:
        scanner.fold(lambda: Apart.of_all(check.apart for check in judged), None)
    seen: list[PlainRow] = []

    def take(batch: list[PlainRow]) -> None:
        seen.extend(batch)
        for check in judged:
            check.observe_many(batch)

    for block in data:
        take(scanner.feed(block))
    take(scanner.finish())
    now = None if scanner.tally.last is None else to_datetime(scanner.tally.last)
    return [check.result(now) for check in judged], scanner.tally, seen


IDEMS = st.sampled_from(("unknown", "unknown", "k1", "k2"))
OUTBOXES = st.sampled_from(("140303531324096", "140303531324999", "MISSING", "unknown"))
INSTANCES = st.sampled_from(("kumon_assistant", "thread_1", "default"))


def emitted(one: Story, conv: str, turn: str, count: int, ids: dict[str, Any]) -> None:
    """A planner trace and what may follow it, written by ``emit`` in the app's own process."""
    key: dict[str, Any] = {"conv": None if conv == "unknown" else conv, "turn": turn}
    told = {"state_id": ids.get("state", "7"), "outbox_id": ids.get("outbox", "8")}
    with emitting(process=""):
        one.says(emit.text.planner(count=1, **told, **key))
        if count:
            one.says(emit.text.delivery(count=count - 1, **told, **key))
        else:
            one.says(emit.text.handoff_violation(planner_after=1, **key), level="ERROR")


def something_odd(draw: st.DrawFn, one: Story, conv: str, idem: str, ids: dict[str, Any]) -> None:
    """Traces that are no whole healthy turn."""
    drawn = draw(st.integers(0, 2))
    instance = draw(INSTANCES)
    odd: list[Callable[[], object]] = [
        lambda: one.planning(conv, **ids),
        lambda: one.delivery(conv, drawn, **ids),
        lambda: one.guard(conv, idem=idem),
        lambda: one.planning(conv, 2, **ids).delivery(conv, drawn, idem=idem),
        lambda: one.send(conv, idem=idem, instance=instance),
        lambda: one.sent(conv, ok=drawn > 0, idem=idem),
        lambda: one.echo("OUTBOX_GUARD|level=CRITICAL|type=handoff_violation|conv=y"),
        lambda: one.instance(conv, instance, idem=idem).send(conv, instance=instance, idem=idem),
        lambda: one.turn_based(conv, ("h1", "h2", "k1")[drawn]),
        lambda: one.planning(conv, 0, **ids).delivery(conv, 0, **ids),
        lambda: one.turn(conv, 1, ok=False, idem=idem),
        lambda: emitted(one, conv, ("t1", "t2")[drawn % 2], drawn, ids),
    ]
    draw(st.sampled_from(odd))()


@st.composite
def a_story(draw: st.DrawFn) -> Story:
    """Mostly settled turns of few conversations, overlapping, with everything that may disturb them."""
    now = START + timedelta(seconds=3600)
    stories: list[Story] = []
    for _ in range(draw(st.integers(1, 25))):
        conv, idem = draw(st.sampled_from(CONVS)), draw(IDEMS)
        ids: dict[str, Any] = {"idem": idem, "outbox": draw(OUTBOXES)}
        one = Story(now=now)
        match draw(st.integers(0, 9)):
            case 0 | 1 | 2 | 3:
                something_odd(draw, one, conv, idem, ids)
            case 4:
                now += timedelta(seconds=draw(st.sampled_from((30, 59.9, 61, 700, 5000))))
            case 5:
                one.planner(conv, 0, **ids).short(conv, "h1").planner(conv, 1, **ids)
                one.delivery(conv, 1, **ids).send(conv).result(conv, http="200")
            case _:
                one.turn(conv, draw(st.integers(1, 2)), **ids)
        one.noise(draw(st.integers(0, 2)))
        stories.append(one)
        if not draw(st.integers(0, 2)):
            now = max(now, one.now)
    records = [record for one in stories for record in one.records]
    if draw(st.booleans()):  # turns overlap
        records.sort(key=lambda record: record.at)
    return Story(records=records)


@given(
    story=a_story(),
    layout=st.sampled_from(LAYOUTS),
    cuts=st.lists(st.integers(0, 100_000), max_size=5),
    room=st.sampled_from(ROOM),
    remembered=st.sampled_from((4096, 6, 2)),
)
@example(story=Story().turn("ana").others(3), layout="dash", cuts=[], room=500, remembered=4096)
@example(
    story=Story().turn("caio").planning("caio").delivery("caio", 1).turn("ana").result("ana").send("ana"),
    layout="basic",
    cuts=[],
    room=500,
    remembered=4096,
)
@settings(max_examples=600, deadline=LIMIT)
def test_folded_turns_say_what_their_traces_say(
    story: Story, layout: str, cuts: list[int], room: int, remembered: int
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(closed, "_REMEMBERED", remembered)
        folded_says_what_single_ones_say(story.render(layout), layout, cuts, room)


def folded_says_what_single_ones_say(data: bytes, layout: str, cuts: list[int], room: int = 500) -> None:
    one_by_one, plain_tally, _ = answers(Scanner(OPTIONS), iter((learnt(layout), data)), room, fold=False)
    compiled = CompiledScanner(OPTIONS)
    folded, tally, _ = answers(
        compiled, itertools.chain((learnt(layout),), blocks(data, cuts)), room, fold=True
    )
    assert folded == one_by_one
    assert tally == plain_tally


def test_what_was_closed_is_remembered_by_its_place_in_the_log() -> None:
    """Though all folded traces of a block, more than are remembered, come before the guard that begins it."""
    loss = Story(now=START + timedelta(seconds=3600)).planning("ana").delivery("ana", 0)
    after = Story(now=loss.now).guard("ana").others(4096)
    data = loss.render("dash")
    folded_says_what_single_ones_say(data + after.render("dash"), "dash", [len(data)], room=20_000)


@given(story=a_story(), layout=st.sampled_from(LAYOUTS), cuts=st.lists(st.integers(0, 100_000), max_size=5))
@settings(max_examples=200, deadline=LIMIT)
def test_folded_traces_can_be_read_again(story: Story, layout: str, cuts: list[int]) -> None:
    data = story.render(layout)
    _, _, expected = answers(Scanner(OPTIONS), iter((learnt(layout), data)), 500, fold=False)
    compiled = CompiledScanner(OPTIONS)
    _, _, seen = answers(compiled, itertools.chain((learnt(layout),), blocks(data, cuts)), 500, fold=True)
    told = {(row[8], row[4]): row for row in expected}
    for block in {id(row[11]): row[11] for row in seen if row[0] == rows.FOLDED}.values():
        for name in block.names:
            again = [row for _, row in block.again((name,))]
            assert again
            assert all(told[name, row[4]] == row for row in again)


def test_most_traces_of_overlapping_healthy_turns_are_folded() -> None:
    for layout in LAYOUTS:
        turns = [Story(now=START + timedelta(seconds=3600 + n / 50)).turn(f"c{n % 30}") for n in range(300)]
        story = Story(records=sorted((r for turn in turns for r in turn.records), key=lambda r: r.at))
        data = story.render(layout)
        _, _, seen = answers(CompiledScanner(OPTIONS), iter((learnt(layout), data)), 500, fold=True)
        singles = sum(row[0] != rows.FOLDED for row in seen)
        assert singles < 100, layout
        assert sum(row[10].turns for row in seen if row[0] == rows.FOLDED) >= 280, layout


def test_a_guard_finds_the_folded_turn_that_it_is_about() -> None:
    story = Story(now=START + timedelta(seconds=3600)).turn("ana").others(3).guard("ana")
    (handoff, *_), _, seen = answers(
        CompiledScanner(OPTIONS), iter((learnt("dash"), story.render("dash"))), 500, fold=True
    )
    assert any(row[0] == rows.FOLDED for row in seen)
    plain, _, _ = answers(Scanner(OPTIONS), iter((learnt("dash"), story.render("dash"))), 500, fold=False)
    assert handoff == plain[0]
    (violation,) = plain[0].violations  # type: ignore[attr-defined]
    assert len(violation.evidence) == 2
