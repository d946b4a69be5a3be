"""Planner and delivery that do not share one state."""

from __future__ import annotations

from tests.labelled.scenario import labelled
from tests.scenarios import Story


def _pairs(count: int, differs: range, **delivered: str) -> Story:
    """*count* turns, one a minute; in those that *differs* the delivery has other ids."""
    story = Story()
    for number in range(count):
        ids = delivered if number in differs else {}
        story.at(number * 60).planning(f"c{number % 9}").delivery(f"c{number % 9}", **ids).sent(
            f"c{number % 9}"
        )
    return story


@labelled("three deliveries with another outbox", "consistency")
def other_outbox() -> Story:
    """Each pair must share its outbox."""
    return _pairs(60, range(30, 33), outbox="1")


@labelled("one delivery with another state", "consistency", layout="docker")
def other_state() -> Story:
    """100% is demanded."""
    return _pairs(60, range(40, 41), state="1")


@labelled("a delivery without an outbox", "consistency", layout="dash")
def missing_outbox() -> Story:
    """MISSING against a number differs."""
    return _pairs(60, range(40, 41), outbox="MISSING")


@labelled("one of a few pairs differs", layout="iso", after=10)
def few() -> Story:
    """Fewer than 20 pairs say too little."""
    return _pairs(15, range(5, 6), outbox="1")


@labelled("a new release that replaces outboxes", "consistency")
def new_release() -> Story:
    """Until more than half of the hour's pairs differ, those that do are inconsistent."""
    return _pairs(150, range(60, 150), outbox="1")


@labelled("traces without any ids", layout="docker")
def without_ids() -> Story:
    """Pairs that lack ids are not comparable."""
    story = Story()
    for number in range(60):
        conv = f"c{number % 9}"
        story.at(number * 60).planning(conv, state=None, outbox=None)
        story.delivery(conv, state=None, outbox=None).sent(conv)
    return story
