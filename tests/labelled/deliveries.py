"""Messages that WhatsApp takes or refuses, around the threshold of 95% and far below it."""

from __future__ import annotations

from tests.labelled.scenario import Fires, labelled, traffic
from tests.scenarios import Story

_OVER: tuple[Fires, ...] = (
    ("delivery", "fired", 0),
    ("delivery", "repeated", 0),
    ("delivery", "resolved", 0),
)


def _messages(failed: int) -> Story:
    """A thousand messages within an hour, one in twenty refused, and *failed* in all by the last one."""
    story = Story()
    for number in range(1_000):
        one_in_twenty = number % 20 == 19 and number // 20 < failed
        story.at(number * 3.3).send(f"c{number}")
        story.result(f"c{number}", ok=not (one_in_twenty or (number == 998 and failed > 50)))
    return story


@labelled("94.9% of a thousand messages", "delivery", after=10, expect=_OVER[:1])
def below() -> Story:
    """949 of 1,000 is less than 95%."""
    return _messages(51)


@labelled("95.0% of a thousand messages", layout="docker", after=10)
def exactly() -> Story:
    """950 of 1,000 is at least 95%, and never less on the way."""
    return _messages(50)


@labelled("95.1% of a thousand messages", layout="dash", after=10)
def above() -> Story:
    """951 of 1,000."""
    return _messages(49)


@labelled("half of a few messages fails", layout="iso", after=10)
def few() -> Story:
    """Fewer than 20 results say too little."""
    return traffic(Story(), 57, every=180, fails=lambda number: number % 2 == 1)


@labelled("the provider is out for ten minutes", "delivery", expect=_OVER)
def outage() -> Story:
    """20 of the hour's 120 messages fail. It ends by itself when the hour has left them behind."""
    return traffic(Story(), 210, every=30, fails=lambda number: 120 <= number < 140)


@labelled("a blip of the provider", layout="docker")
def blip() -> Story:
    """Five of the hour's 120 messages fail at once: 95.8%."""
    return traffic(Story(), 150, every=30, fails=lambda number: 130 <= number < 135)


@labelled("nothing is delivered for two hours", "delivery", "delivery-burn", "delivery-slow-burn")
def total() -> Story:
    """The budget burns 20 times too fast: over an hour, and over six in which a third fails."""
    return traffic(Story(), 240, every=60, fails=lambda number: number >= 120)


@labelled("a third fails for hours", "delivery", "delivery-slow-burn")
def slow_burn() -> Story:
    """Too slow for the fast burn (72% in an hour), fast enough for the slow one (30% in six)."""
    return traffic(Story(), 240, every=60, fails=lambda number: number % 3 == 2)


@labelled("one in ten fails for hours", "delivery", layout="docker")
def lingering() -> Story:
    """Below 95%, but no burn rate."""
    return traffic(Story(), 240, every=60, fails=lambda number: number % 10 == 9)


@labelled("a provider that comes and goes", "delivery", "delivery-burn", "delivery-slow-burn")
def flapping() -> Story:
    """Twelve minutes without, three with: the fast burn begins and ends again and again."""
    return traffic(Story(), 90, every=15, fails=lambda number: number % 60 < 48)


@labelled("messages that go through at the second try", "delivery", layout="dash")
def second_try() -> Story:
    """The rate is that of results: 60 of 66 succeed."""
    story = Story()
    for number in range(60):
        story.at(number * 50).planning(f"c{number}", idem=f"k{number}").delivery(
            f"c{number}", idem=f"k{number}"
        )
        if number % 10 == 5:
            story.sent(f"c{number}", ok=False, http="500", idem=f"k{number}")
        story.sent(f"c{number}", idem=f"k{number}")
    return story


@labelled("sends without any result", "delivery", after=10)
def unresolved() -> Story:
    """Past their grace they count as failed in the worst case, which is below the threshold."""
    story = traffic(Story(), 30, every=60)
    for number in range(15):
        story.at(1_800 + number * 30).planning(f"mute{number}").delivery(f"mute{number}")
        story.instance(f"mute{number}").send(f"mute{number}")
    return story


@labelled("one send without a result", layout="iso", after=10)
def one_unresolved() -> Story:
    """One of forty in doubt: the worst case is above 95%."""
    return traffic(Story(), 40, every=60).planning("mute").delivery("mute").instance("mute").send("mute")


@labelled("the turn-based flow fails", "delivery", layout="docker")
def turn_based() -> Story:
    """send_failed is a failed result: every fifth of them."""
    story = Story()
    for number in range(60):
        story.at(number * 60).turn_based(
            f"c{number}", f"h{number}", "send_failed" if number % 5 == 4 else "sent"
        )
    return story


@labelled("a bad night that is over", "delivery")
def bad_night() -> Story:
    """Rates are judged at any hour: ten of thirty fail from two to three."""
    story = traffic(Story(), 120, begin=14 * 3600, every=120)
    return traffic(story, 120, begin=19 * 3600, every=120, fails=lambda number: 10 <= number < 20)
