"""WhatsApp instances that cannot be right, and those that only look so."""

from __future__ import annotations

from tests.labelled.scenario import Fires, labelled, traffic
from tests.scenarios import Story

_FIRED: tuple[Fires, ...] = (("instances", "fired", 0),)


def _wrong(value: str) -> Story:
    story = traffic(Story(), 30).planning("bia").delivery("bia").instance("bia", value)
    return story.send("bia", instance=value).result("bia", instance=value)


@labelled("an instance that is a thread's name", "instances", after=1, expect=_FIRED)
def thread() -> Story:
    """thread_* is invalid; one violation, however many traces hold it."""
    return _wrong("thread_5551900000014")


@labelled("the instance default", "instances", layout="docker", after=1, expect=_FIRED)
def default() -> Story:
    """The app's placeholder, in use."""
    return _wrong("default")


@labelled("an instance of digits", "instances", layout="dash", after=1, expect=_FIRED)
def digits() -> Story:
    """A phone's number in place of a name: the app's own guard lets it pass."""
    return _wrong("5551900000014")


@labelled("an instance None", "instances", layout="iso", after=1, expect=_FIRED)
def none() -> Story:
    """What Python writes where nothing was set."""
    return _wrong("None")


@labelled("an empty instance", "instances", after=1, expect=_FIRED)
def empty() -> Story:
    """Nothing is no instance."""
    return _wrong("")


@labelled("the instance guard alone", "instances", layout="docker", after=1, expect=_FIRED)
def guard_alone() -> Story:
    """A well-formed guard is evidence."""
    return traffic(Story(), 30).planning("bia").delivery("bia").instance_guard("bia", "thread_1")


@labelled("a guard and an instance in use", "instances", after=1, expect=_FIRED)
def guard_and_use() -> Story:
    """The guard is logged once for each place that holds the value: repeats of one violation."""
    story = _wrong("thread_1")
    return story.instance_guard("bia", "thread_1").instance_guard("bia", "thread_1")


@labelled("a wrong instance from the state", "instances", layout="dash", after=1, expect=_FIRED)
def from_state() -> Story:
    """Whatever it came from, unless that is an error."""
    return traffic(Story(), 30).instance("bia", "thread_9", source="state")


@labelled("wrong instances and lost replies", "handoff", "instances")
def both() -> Story:
    """Two checks, two incidents."""
    return _wrong("thread_1").turn("ana", 1, 0)


@labelled("an instance that did not resolve", layout="iso")
def unresolved() -> Story:
    """With the source error the value is an error's text: a resolution error."""
    story = traffic(Story(), 30)
    for text in ("invalid_pattern_thread_1", "no_valid_instance_found"):
        story.planning(text).delivery(text).instance(text, text, source="error")
    return traffic(story, 30, begin=1_900)


@labelled("a second good instance")
def second() -> Story:
    """Any name that fits no wrong pattern is good, digits at its end too."""
    story = traffic(Story(), 30)
    for number in range(30):
        story.at(1_800 + number * 60).planning("bia").delivery("bia").instance("bia", "recepcao_2")
        story.send("bia", instance="recepcao_2").result("bia", instance="recepcao_2")
    return story
