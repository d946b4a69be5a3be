"""Times without traces, by day and by night."""

from __future__ import annotations

from tests.labelled.scenario import EIGHT, Fires, labelled, traffic
from tests.scenarios import Story

_HOUR = 3600
_FIRED: Fires = ("quiet", "fired", 0)
_REPEATED: Fires = ("quiet", "repeated", 0)
_RESOLVED: Fires = ("quiet", "resolved", 0)


@labelled("two hours of the day without traces", "quiet", expect=(_FIRED, _REPEATED, _RESOLVED))
def by_day() -> Story:
    """An hour without any trace is told, and its end when traces come again."""
    return traffic(traffic(Story(), 240), 60, begin=4 * _HOUR + 8_000)


@labelled("fifty minutes of the day without traces")
def shorter() -> Story:
    """Less than an hour is no alarm."""
    return traffic(traffic(Story(), 240), 60, begin=4 * _HOUR + 3_000)


@labelled("an app that talks but handles no turn", "quiet", layout="dash")
def without_turns() -> Story:
    """Other messages are no traces: parents get no answer."""
    story = traffic(Story(), 120)
    for minute in range(1, 120):
        story.at(2 * _HOUR + minute * 60).noise()
    return traffic(story, 30, begin=4 * _HOUR)


@labelled("the log ends in the afternoon", "quiet", layout="docker", after=90, expect=(_FIRED,))
def ends_by_day() -> Story:
    """A day's hour passes without a trace."""
    return traffic(Story(), 60, begin=6 * _HOUR)


@labelled("the log ends in the evening", layout="iso", after=9 * 60)
def ends_by_night() -> Story:
    """Nobody need write from half past nine to seven."""
    return traffic(Story(), 90, begin=13 * _HOUR)


@labelled("an early silence over the beginning of the day")
def over_the_morning() -> Story:
    """From half past six to a quarter to nine: of the day, less than an hour."""
    story = traffic(Story(), 20, begin=-3_000)
    return traffic(story, 60, begin=EIGHT + 2_700)


@labelled("a silence from before the day to ten", "quiet", expect=(_FIRED, _RESOLVED))
def whole_morning() -> Story:
    """The day's first hour passes without a trace."""
    story = traffic(Story(), 20, begin=-3_000)
    return traffic(story, 60, begin=EIGHT + 2 * _HOUR - 600)


@labelled("a loss before a silence", "handoff", "quiet", after=90)
def after_a_loss() -> Story:
    """Missing data resolves no loss."""
    return traffic(Story(), 60, begin=6 * _HOUR).turn("bia", 1, 0)
