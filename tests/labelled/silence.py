"""Times without traces: on working days, where three hours of them are told, and at any other time."""

from __future__ import annotations

from tests.labelled.scenario import EIGHT, Fires, labelled, traffic
from tests.scenarios import Story

_HOUR = 3600
_DAY = 24 * _HOUR
_FIRED: Fires = ("quiet", "fired", 0)
_REPEATED: Fires = ("quiet", "repeated", 0)
_RESOLVED: Fires = ("quiet", "resolved", 0)


@labelled("four hours of the day without traces", "quiet", expect=(_FIRED, _REPEATED, _RESOLVED))
def by_day() -> Story:
    """Three hours without any trace are told, and their end when traces come again."""
    return traffic(traffic(Story(), 240), 60, begin=8 * _HOUR + 600)


@labelled("less than three hours of the day without traces")
def shorter() -> Story:
    """Three hours are no alarm before they are over."""
    return traffic(traffic(Story(), 240), 60, begin=7 * _HOUR - 720)


@labelled("an app that talks but handles no turn", "quiet", layout="dash")
def without_turns() -> Story:
    """Other messages are no traces: parents get no answer."""
    story = traffic(Story(), 120)
    for minute in range(1, 240):
        story.at(2 * _HOUR + minute * 60).noise()
    return traffic(story, 30, begin=6 * _HOUR)


@labelled("the log ends in the afternoon", "quiet", layout="docker", after=200, expect=(_FIRED,))
def ends_by_day() -> Story:
    """Three hours of the day pass without a trace."""
    return traffic(Story(), 60, begin=6 * _HOUR)


@labelled("the log ends in the evening", layout="iso", after=12 * 60)
def ends_by_night() -> Story:
    """From half past nine to half past nine: of the day, less than three hours at either end."""
    return traffic(Story(), 90, begin=13 * _HOUR)


@labelled("a log that ended yesterday", "quiet", after=17 * 60 + 30, expect=(_FIRED, *[_REPEATED] * 4))
def ended_yesterday() -> Story:
    """The next morning nothing has come, so nothing is over: it is told again when the day begins."""
    return traffic(Story(), 60, begin=8 * _HOUR)


@labelled("a Sunday")
def sunday() -> Story:
    """Nobody need write from Saturday evening to Monday morning."""
    story = traffic(Story(), 90, begin=3 * _DAY + 13 * _HOUR)
    return traffic(story, 60, begin=5 * _DAY + EIGHT + _HOUR)


@labelled("an early silence over the beginning of the day")
def over_the_morning() -> Story:
    """From half past six to half past ten: of the day, less than three hours."""
    story = traffic(Story(), 20, begin=-3_000)
    return traffic(story, 60, begin=EIGHT + 9_000)


@labelled("a silence from before the day to half past eleven", "quiet", expect=(_FIRED, _RESOLVED))
def whole_morning() -> Story:
    """The day's first three hours pass without a trace."""
    story = traffic(Story(), 20, begin=-3_000)
    return traffic(story, 60, begin=EIGHT + 12_600)


@labelled("a loss before a silence", "handoff", "quiet", after=200)
def after_a_loss() -> Story:
    """Missing data resolves no loss."""
    return traffic(Story(), 60, begin=6 * _HOUR).turn("bia", 1, 0)
