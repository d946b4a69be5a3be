"""Several replicas, and a log that is rotated: nothing is lost or doubled on the way."""

from __future__ import annotations

from tests.labelled.hand_offs import FIRED, UNANSWERED
from tests.labelled.scenario import labelled, traffic
from tests.scenarios import Story


@labelled("two healthy replicas")
def two_healthy() -> list[Story]:
    """A conversation goes to one replica in one turn and to the other in the next."""
    one, other = Story(), Story()
    for number in range(60):
        (one, other)[number % 2].at(number * 60).turn(f"c{number % 5}")
    return [one, other]


@labelled("a loss in one of two replicas", "handoff", after=2, expect=(FIRED, UNANSWERED[0]))
def one_of_two() -> list[Story]:
    """The other replica's deliveries excuse nothing."""
    return [traffic(Story(), 30).turn("bia", 1, 0), traffic(Story(), 32, begin=30)]


@labelled("a loss in each of two replicas", "handoff", layout="docker")
def both_of_two() -> list[Story]:
    """One rule, one incident."""
    return [traffic(Story(), 30).turn("bia", 1, 0), traffic(Story(), 33, begin=30).turn("ana", 1, 0)]


@labelled("the same log twice", "handoff", after=2, expect=(FIRED, UNANSWERED[0]))
def same_twice() -> list[Story]:
    """Two copies of a file count once."""
    story = traffic(Story(), 30).turn("bia", 1, 0)
    return [story, story]


@labelled("a provider that refuses one of two replicas", "delivery")
def one_is_refused() -> list[Story]:
    """Every second message of all fails after an hour; together they are judged."""
    good = traffic(Story(), 90, every=60)
    return [good, traffic(Story(), 90, begin=30, every=60, fails=lambda number: number >= 60)]


@labelled("a replica whose log is not there", "data", missing="gone.log")
def one_is_missing() -> Story:
    """What cannot be read cannot be judged: told after five minutes."""
    return traffic(Story(), 30)


@labelled("a loss over a rotation", "handoff", renamed=1_800.5, expect=(FIRED, *UNANSWERED))
def over_rotation() -> Story:
    """The planner's line stands in the old file, the delivery's in the new one."""
    story = traffic(Story(), 30).at(1_800).planning("bia").at(1_801).delivery("bia", 0)
    return traffic(story, 10, begin=1_805)


@labelled("a healthy rotation", renamed=1_800.5)
def healthy_rotation() -> Story:
    """A turn that begins in one file and ends in the next is whole."""
    story = traffic(Story(), 30).at(1_800).planning("bia").at(1_801).delivery("bia").sent("bia")
    return traffic(story, 30, begin=1_805)
