"""Healthy days of several shapes: whatever fires here is a false alarm."""

from __future__ import annotations

from tests.labelled.scenario import EIGHT, labelled, traffic
from tests.scenarios import Story

_HOUR = 3600
_DAY = 24 * _HOUR


@labelled("a quiet night")
def quiet_night() -> Story:
    """Nobody writes from one to half past eight: of the day, less than three hours."""
    story = traffic(Story(), 180, begin=13 * _HOUR, every=600)
    story.at(18 * _HOUR).turn("late")
    return traffic(story, 120, begin=_DAY + EIGHT + 1800, every=600)


@labelled("a busy day", layout="docker")
def busy_day() -> Story:
    """One message in forty fails, never more than one in any twenty."""
    return traffic(Story(), 15 * 60, every=90, fails=lambda number: number % 40 == 25)


@labelled("failures just below the threshold all morning", layout="iso")
def four_percent() -> Story:
    """96% are delivered in every hour: at least 95% is kept."""
    return traffic(Story(), 240, every=30, fails=lambda number: number % 25 == 24)


@labelled("the newer release")
def newer_release() -> Story:
    """A short planner line for each item replaces the count of the open turn; DELIVERY lines are results."""
    story = Story()
    for number in range(60):
        conv, idem = f"c{number}", f"h{number}"
        story.at(number * 60).planning(conv, 1).short(conv, idem).delivery(conv).sent(conv)
    return story


@labelled("the turn-based flow alone", layout="dash")
def turn_based() -> Story:
    """Short planner lines and DELIVERY lines pair by their idem; sent and dedup_hit show the arrival."""
    story = Story()
    for number in range(60):
        outcome = "dedup_hit" if number % 10 == 4 else "sent"
        story.at(number * 60).turn_based(f"c{number % 7}", f"h{number}", outcome)
    return story


@labelled("a release that replaces every outbox")
def replaced_outboxes() -> Story:
    """More than half of the pairs differ in one identifier: it is not comparable, the other decides."""
    story = Story()
    for number in range(90):
        conv = f"c{number % 11}"
        story.at(number * 60).planning(conv, outbox=str(7_000 + number)).delivery(conv, outbox=str(number))
        story.sent(conv)
    return story


@labelled("a release that copies every state", layout="docker")
def copied_states() -> Story:
    """The same with the other identifier."""
    story = Story()
    for number in range(90):
        conv = f"c{number % 11}"
        story.at(number * 60).planning(conv, state=str(7_000 + number)).delivery(conv, state=str(number))
        story.sent(conv)
    return story


@labelled("requeued replies")
def requeued() -> Story:
    """What was left is planned again, so that more arrives than the last pass planned."""
    story = Story()
    for number in range(40):
        story.at(number * 90).planning(f"c{number}", 2, before=1).delivery(f"c{number}", 3)
        story.sent(f"c{number}").sent(f"c{number}").sent(f"c{number}")
    return story


@labelled("second drains", layout="iso")
def second_drains() -> Story:
    """A delivery that finds nothing, after one that found all, is a second drain."""
    story = Story()
    for number in range(40):
        story.at(number * 90).turn(f"c{number}").delivery(f"c{number}", 0)
    return story


@labelled("emergency texts")
def emergency_texts() -> Story:
    """The app adds a text of its own: more is delivered than was planned."""
    story = Story()
    for number in range(40):
        story.at(number * 90).turn(f"c{number}", 1, 2)
    return story


@labelled("turns that plan nothing", layout="dash")
def nothing_planned() -> Story:
    """Planned 0 and delivered 0 is no loss."""
    story = traffic(Story(), 60)
    for number in range(20):
        story.planning(f"mute{number}", 0).delivery(f"mute{number}", 0)
    return story


@labelled("every record twice")
def twice_each() -> Story:
    """A handler attached twice: the same record directly after itself counts once."""
    story = traffic(Story(), 90)
    story.records = [record for one in story.records for record in (one, one)]
    return story


@labelled("an app that talks a lot between its traces", layout="docker")
def talkative() -> Story:
    """Access lines and other messages are no traces."""
    story = Story()
    for number in range(60):
        story.at(number * 60).noise(3).turn(f"c{number}").raw('INFO:     10.0.0.1:80 - "POST / HTTP/1.1" 200')
        story.says(f"TURN_LOCK|conv=c{number}|state=released")
    return story


@labelled("a late delivery")
def late_delivery() -> Story:
    """A delivery that comes after its grace clears the turn; until then it is a warning."""
    story = traffic(Story(), 60)
    return traffic(story.planning("slow").wait(150).delivery("slow").sent("slow"), 60, begin=4_000)


@labelled("a restart in the middle of a turn", layout="iso", after=10)
def restarted() -> Story:
    """A turn that stays open is undelivered, a warning: nothing says that its reply was lost."""
    story = traffic(Story(), 60).planning("cut off").wait(40).noise(4)
    return traffic(story, 60, begin=3_700)


@labelled("a part of the replies arrives")
def partial() -> Story:
    """0 < delivered < planned is a warning."""
    return traffic(traffic(Story(), 60).turn("bia", 3, 2), 60, begin=3_700)


@labelled("a delivery under another key", layout="dash", after=10)
def mismatched() -> Story:
    """Both idems known and different: nothing shows that the two belong together, so it is a warning."""
    story = traffic(Story(), 60)
    return story.planning("bia", 1, idem="k1").delivery("bia", 0, idem="k2")
