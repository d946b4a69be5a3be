"""TRACES section 5: the instance check."""

from __future__ import annotations

import pytest

from kumon_observe.config.settings import CheckSettings, InstanceSettings, Settings
from kumon_observe.model.evidence import CheckResult
from kumon_observe.model.status import Action, Status
from tests.rules.table import rule
from tests.scenarios import Story
from tests.verdicts import Judge, OneCheck, keys, reasons

INVALID = (
    "",
    "None",
    "default",
    "thread_",
    "thread_1",
    "thread_abc",
    "thread_5551900000014",
    "0",
    "12345",
    "5551900000014",
)
VALID = ("kumon_assistant", "kumon-1", "1kumon", "mythread_1", "Default-SP", "none_such", "12a")


@pytest.fixture
def instances(judge: Judge) -> OneCheck:
    """The instance check's result on a story in a layout."""
    return lambda *story, **options: judge(*story, **options).check("instances")


def configured(**options: object) -> Settings:
    """Settings of the instance check."""
    return Settings(checks=CheckSettings(instances=InstanceSettings(**options)))  # type: ignore[arg-type]


def values(result: CheckResult) -> list[object]:
    """The values of all violations."""
    return [violation.details["value"] for violation in result.violations]


@rule("5.1", "5.4")
@pytest.mark.parametrize("value", INVALID)
def test_a_send_through_an_invalid_instance_is_a_violation(
    instances: OneCheck, value: str, layout: str
) -> None:
    result = instances(Story().turn("bia").send("ana", instance=value), layout)
    assert result.status is Status.CRITICAL
    assert result.action is Action.ROLLBACK
    assert (keys(result), values(result)) == ([("ana", None)], [value])
    assert result.value == 1


@rule("5.1", "5.4")
@pytest.mark.parametrize("value", INVALID)
@pytest.mark.parametrize("source", ["meta", "channel", "state"])
def test_an_invalid_instance_that_was_resolved_is_a_violation(
    instances: OneCheck, value: str, source: str, layout: str
) -> None:
    result = instances(Story().turn("bia").instance("ana", value, source=source), layout)
    assert (result.status, values(result)) == (Status.CRITICAL, [value])


@rule("5.1", "5.4")
@pytest.mark.parametrize("value", INVALID)
def test_an_invalid_instance_in_a_result_is_a_violation(instances: OneCheck, value: str, layout: str) -> None:
    result = instances(Story().turn("bia").result("ana", instance=value), layout)
    assert (result.status, values(result)) == (Status.CRITICAL, [value])


@rule("5.1")
@pytest.mark.parametrize("value", VALID)
def test_other_names_are_valid(instances: OneCheck, value: str, layout: str) -> None:
    story = Story().instance("ana", value).send("ana", instance=value).result("ana", instance=value)
    result = instances(story, layout)
    assert (result.status, result.counts["violations"], result.value) == (Status.OK, 0, 0)


@rule("5.4")
def test_a_well_formed_guard_is_a_violation_by_itself(instances: OneCheck, layout: str) -> None:
    result = instances(Story().noise().instance_guard("ana", "thread_7"), layout)
    assert (result.status, keys(result), values(result)) == (Status.CRITICAL, [("ana", None)], ["thread_7"])
    assert result.counts["guard_lines"] == 1


@rule("5.4")
def test_a_guard_is_believed_whatever_the_value(instances: OneCheck, layout: str) -> None:
    result = instances(Story().turn("bia").instance_guard("ana", "kumon_assistant"), layout)
    assert (result.status, values(result)) == (Status.CRITICAL, ["kumon_assistant"])


@rule("5.2")
def test_patterns_are_configurable(instances: OneCheck, layout: str) -> None:
    settings = configured(invalid=("test-*", "old"))
    story = Story()
    for number, name in enumerate(("test-1", "old", "older", "default", "thread_1")):
        story.send(f"conv-{number}", instance=name)
    assert sorted(map(str, values(instances(story, layout, settings=settings)))) == ["old", "test-1"]


@rule("5.2")
def test_empty_and_digits_stay_invalid_with_other_patterns(instances: OneCheck, layout: str) -> None:
    settings = configured(invalid=("test-*",))
    story = Story().send("ana", instance="").send("bia", instance="42")
    assert len(values(instances(story, layout, settings=settings))) == 2


@rule("5.2")
def test_with_allowed_names_everything_else_is_invalid(instances: OneCheck, layout: str) -> None:
    settings = configured(allowed=("kumon_assistant", "7"))
    story = Story().send("ana").send("bia", instance="kumon-other").send("carla", instance="7")
    result = instances(story, layout, settings=settings)
    assert (keys(result), values(result)) == ([("bia", None)], ["kumon-other"])


@rule("5.3")
def test_the_repeats_of_a_guard_are_one_violation(instances: OneCheck, layout: str) -> None:
    story = Story().turn("bia").instance_guard("ana", "thread_7").noise().instance_guard("ana", "thread_7")
    result = instances(story, layout)
    assert (result.counts["violations"], result.counts["guard_lines"]) == (1, 2)
    assert result.violations[0].details["repeats"] == 2


@rule("5.3")
def test_each_conv_idem_and_value_is_a_violation_of_its_own(instances: OneCheck, layout: str) -> None:
    story = Story()
    for conv, idem, value in (
        ("a", "k1", "thread_1"),
        ("a", "k2", "thread_1"),
        ("b", "k1", "thread_1"),
        ("a", "k1", "thread_2"),
    ):
        story.instance_guard(conv, value, idem=idem).instance_guard(conv, value, idem=idem)
    result = instances(story, layout)
    assert result.counts["violations"] == 4
    assert [violation.details["repeats"] for violation in result.violations] == [2, 2, 2, 2]


@rule("5.3")
def test_guard_and_use_of_one_value_are_one_violation(instances: OneCheck, layout: str) -> None:
    story = (
        Story().instance("ana", "thread_7").instance_guard("ana", "thread_7").send("ana", instance="thread_7")
    )
    result = instances(story.result("ana", instance="thread_7"), layout)
    assert (result.counts["violations"], result.counts["unguarded"]) == (1, 0)
    assert result.violations[0].details["guarded"] is True


@rule("5.5")
@pytest.mark.parametrize(
    "value", ["invalid_pattern_thread_1", "no_valid_instance_found", "thread_1", "None", "", "42"]
)
def test_the_value_of_an_error_is_no_instance(instances: OneCheck, value: str, layout: str) -> None:
    result = instances(Story().turn("bia").instance("ana", value, source="error"), layout)
    assert result.status is Status.OK
    assert (result.counts["violations"], result.counts["resolution_errors"]) == (0, 1)


@rule("5.6")
@pytest.mark.parametrize("value", ["thread_abc", "12345"])
def test_an_invalid_instance_in_use_that_no_guard_reported_says_so(
    instances: OneCheck, value: str, layout: str
) -> None:
    story = Story().instance("ana", value).send("ana", instance=value)
    result = instances(story, layout)
    assert (result.counts["unguarded"], result.counts["violations"]) == (1, 1)
    assert result.violations[0].details["guarded"] is False
    assert reasons(result)


@rule("5.6")
def test_a_guard_of_another_conversation_or_value_guards_nothing(instances: OneCheck, layout: str) -> None:
    story = (
        Story()
        .send("ana", instance="thread_1")
        .instance_guard("bia", "thread_1")
        .instance_guard("ana", "thread_2")
    )
    result = instances(story, layout)
    assert (result.counts["violations"], result.counts["unguarded"]) == (3, 1)


@rule("5.6")
@pytest.mark.parametrize(("guarded", "unguarded"), [("k2", 1), ("k1", 0), ("unknown", 0)])
def test_a_guard_of_another_message_guards_nothing(
    instances: OneCheck, guarded: str, unguarded: int, layout: str
) -> None:
    story = Story().send("ana", instance="thread_1", idem="k1")
    story.instance_guard("ana", "thread_1", idem=guarded)
    assert instances(story, layout).counts["unguarded"] == unguarded


@rule("5.6")
def test_a_guard_that_comes_later_still_guards(instances: OneCheck, layout: str) -> None:
    story = Story().send("ana", instance="thread_1").others(2).instance_guard("ana", "thread_1")
    assert instances(story, layout).counts["unguarded"] == 0


@rule("5.7")
def test_delivery_traces_alone_are_judged(instances: OneCheck, layout: str) -> None:
    good = instances(Story().send("ana").result("ana"), layout)
    assert (good.status, good.counts["violations"]) == (Status.OK, 0)
    bad = instances(Story().send("ana").result("ana").send("bia", instance="default"), layout)
    assert (bad.status, keys(bad)) == (Status.CRITICAL, [("bia", None)])


@rule("5.7")
def test_instance_traces_alone_are_judged(instances: OneCheck, layout: str) -> None:
    assert instances(Story().instance("ana"), layout).status is Status.OK


@rule("5.7")
def test_outbox_traces_say_nothing_about_instances(instances: OneCheck, layout: str) -> None:
    result = instances(Story().planning("ana").delivery("ana").turn_result("sent", "h1"), layout)
    assert (result.status, result.counts["seen"]) == (Status.UNKNOWN, 0)
    assert reasons(result)


@rule("5.3")
def test_a_violation_stays_when_later_sends_are_right(instances: OneCheck, layout: str) -> None:
    assert instances(Story().send("ana", instance="default").others(5), layout).status is Status.CRITICAL
