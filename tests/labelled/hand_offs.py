"""Replies that are lost between planner and delivery: none may be missed, and one is one incident."""

from __future__ import annotations

from tests.labelled.scenario import Fires, labelled, traffic
from tests.scenarios import Story

FIRED: Fires = ("handoff", "fired", 0)
GREW: Fires = ("handoff", "grew", 0)
UNANSWERED: tuple[Fires, ...] = (("handoff", "escalated", 1), ("handoff", "escalated", 2))


@labelled("a reply is lost", "handoff", after=6, expect=(FIRED, *UNANSWERED))
def lost() -> Story:
    """Planned 1, delivered 0. Nobody acknowledges it, so more people are told after 2 and 5 minutes."""
    return traffic(Story(), 30).turn("bia", 1, 0)


@labelled("the guard alone reports a loss", "handoff", layout="docker", after=1, expect=(FIRED,))
def guard_alone() -> Story:
    """The guard often replaces the delivery trace, because the app raises there."""
    return traffic(Story(), 30).planning("bia").guard("bia")


@labelled("a guard without any other trace", "handoff", layout="dash", after=1, expect=(FIRED,))
def bare_guard() -> Story:
    """A well-formed guard line is a violation."""
    return traffic(Story(), 30).guard("bia")


@labelled("traces and guard report one loss", "handoff", after=2, expect=(FIRED, UNANSWERED[0]))
def corroborated() -> Story:
    """Both together are one violation, so nothing has grown a minute later."""
    return traffic(Story(), 30).turn("bia", 1, 0).guard("bia")


@labelled("a loss under another key that the guard reports", "handoff", layout="iso")
def mismatched_and_guarded() -> Story:
    """The keys of the two traces differ, but the app's own guard says the same."""
    story = traffic(Story(), 30)
    return story.planning("bia", 1, idem="k1").delivery("bia", 0, idem="k2").guard("bia", idem="k1")


@labelled("a recovered turn", "handoff", expect=(FIRED, *UNANSWERED))
def recovered() -> Story:
    """A lost hand-off stays a violation when later turns succeed; only a person ends it."""
    return traffic(traffic(Story(), 30).turn("bia", 1, 0).wait(20).turn("bia"), 30, begin=2_000)


@labelled("an emergency text after a loss", "handoff", layout="docker", after=1, expect=(FIRED,))
def emergency() -> Story:
    """A send in the same turn does not excuse it."""
    return traffic(Story(), 30).turn("bia", 1, 0).sent("bia")


@labelled("a loss of the newer release", "handoff", after=1, expect=(FIRED,))
def newer_release() -> Story:
    """The short planner line belongs to the open turn, and its reply did not arrive."""
    return traffic(Story(), 30).planning("bia").short("bia", "h1").delivery("bia", 0)


@labelled("a loss with keys on both sides", "handoff", layout="dash", after=1, expect=(FIRED,))
def exact() -> Story:
    """(conv, idem) pairs exactly."""
    story = Story()
    for number in range(30):
        story.at(number * 60).turn(f"c{number}", idem=f"k{number}")
    return story.turn("bia", 2, 0, idem="k-bia")


@labelled("a loss at night", "handoff", after=6, expect=(FIRED, *UNANSWERED))
def at_night() -> Story:
    """Critical rules have no hours."""
    return traffic(Story(), 60, begin=14 * 3600, every=600).at(20 * 3600).turn("bia", 1, 0)


@labelled("the first turn of a log is lost", "handoff", layout="iso")
def first() -> Story:
    """A loss needs no history."""
    return traffic(Story().turn("bia", 1, 0), 60, begin=60)


@labelled(
    "losses that go on",
    "handoff",
    layout="docker",
    after=2,
    expect=(FIRED, GREW, UNANSWERED[0], ("handoff", "grew", 1), UNANSWERED[1], ("handoff", "grew", 2)),
)
def going_on() -> Story:
    """One incident that grows: told at once, then once a minute at most, and escalated."""
    story = traffic(Story(), 30)
    for at in (0, 10, 20, 150, 320):
        story.at(1_800 + at).turn(f"bia{at}", 1, 0)
    return story


@labelled(
    "three hundred losses in a minute",
    "handoff",
    after=6,
    expect=(FIRED, GREW, *UNANSWERED),
)
def storm() -> Story:
    """One incident and a few messages, whatever comes."""
    story = traffic(Story(), 30)
    for number in range(300):
        story.at(1_800 + number * 0.18).planner(f"bia{number}").delivery(f"bia{number}", 0)
    return story


@labelled("a loss that a doubled handler logs twice", "handoff", after=2, expect=(FIRED, UNANSWERED[0]))
def doubled() -> Story:
    """The same record twice counts once."""
    story = traffic(Story(), 30).turn("bia", 1, 0).guard("bia")
    story.records = [record for one in story.records for record in (one, one)]
    return story


@labelled("another guard", layout="dash")
def other_guard() -> Story:
    """A guard of another type is a warning."""
    return traffic(Story(), 60).guard("bia", type="empty_text")


@labelled("a guard whose counts show no loss")
def harmless_guard() -> Story:
    """planner_after >= 1 and delivery_before = 0 make a violation; other counts are another guard."""
    return traffic(Story(), 60).guard("bia", 1, 1)


@labelled("a guard that is cut off", layout="iso")
def malformed_guard() -> Story:
    """A guard without its counts is a malformed trace: counted, never half-used."""
    return traffic(Story(), 60).says("OUTBOX_GUARD|level=CRITICAL|type=handoff_violation|conv=bia")
