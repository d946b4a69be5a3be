"""TRACES section 2: sealed traces, and what stands without a right seal where there is a key."""

from __future__ import annotations

import pytest

from kumon_observe import emit
from kumon_observe.config.settings import SealingSettings, Settings
from kumon_observe.model.status import Status
from tests.emitting import KEY, OLD_KEY, emitting
from tests.rules.table import rule
from tests.scenarios import Story
from tests.verdicts import Judge, problems, said

ON = Settings(sealing=SealingSettings(key=KEY))


def healthy(key: str = KEY) -> Story:
    """Twenty-five sealed turns."""
    story = Story()
    with emitting(key=key):
        for number in range(25):
            ours = {"conv": f"c{number}", "turn": f"t{number}"}
            story.says(emit.text.planner(count=1, state_id=1, outbox_id=2, **ours))
            story.says(emit.text.delivery(count=1, state_id=1, outbox_id=2, **ours))
            story.says(emit.text.send(instance="kumon_assistant", **ours))
            story.says(emit.text.result(success=True, instance="kumon_assistant", **ours))
    return story


@rule("2.16")
def test_a_sealed_trace_counts_with_sealing_on_and_off(judge: Judge, layout: str) -> None:
    for settings in (ON, Settings()):
        verdict = judge(healthy(), layout, settings=settings)
        assert verdict.status is Status.OK
        assert not problems(verdict)
        assert verdict.sources[0].traces == 100


@rule("2.16")
@pytest.mark.parametrize(
    ("key", "change", "why"),
    [
        ("", ("", ""), "it has no seal"),
        (OLD_KEY, ("", ""), "its seal is of no key that is known"),
        (KEY, ("conv=ana", "conv=bia"), "its seal is wrong"),
    ],
)
def test_a_guard_without_a_right_seal_is_reported_and_no_evidence(
    judge: Judge, layout: str, key: str, change: tuple[str, str], why: str
) -> None:
    with emitting(key=key):
        guard = emit.text.handoff_violation(planner_after=1, conv="ana").replace(*change)
    story = healthy().says(guard, level="ERROR").noise()
    assert judge(story, layout).status is Status.CRITICAL
    verdict = judge(story, layout, settings=ON)
    assert verdict.status is Status.OK
    assert problems(verdict) == {"unsealed": 1}
    (place,) = verdict.sources[0].places
    assert (place.kind, str(place.reason), place.evidence.text) == ("unsealed", why, guard)
    assert "unsealed" in said(verdict)


@rule("2.16")
def test_with_sealing_on_the_traces_of_the_app_itself_say_nothing(judge: Judge, layout: str) -> None:
    verdict = judge(Story().others(5).turn("ana", 1, 0).turn_based("bia", "h1"), layout, settings=ON)
    assert {check.status for check in verdict.checks} == {Status.UNKNOWN}
    assert problems(verdict) == {"unsealed": verdict.sources[0].problems["unsealed"]}
    assert verdict.sources[0].traces == 0
