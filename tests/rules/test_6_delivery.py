"""TRACES section 6: the delivery check."""

from __future__ import annotations

import pytest

from kumon_observe.config.settings import CheckSettings, DeliverySettings, Settings
from kumon_observe.model.status import Action, Status
from kumon_observe.model.threshold import Threshold, percentage
from tests.rules.table import rule
from tests.scenarios import Story
from tests.verdicts import Judge, OneCheck, reasons


@pytest.fixture
def delivery(judge: Judge) -> OneCheck:
    """The delivery check's result on a story in a layout."""
    return lambda *story, **options: judge(*story, **options).check("delivery")


def configured(**options: object) -> Settings:
    """Settings of the delivery check."""
    return Settings(checks=CheckSettings(delivery=DeliverySettings(**options)))  # type: ignore[arg-type]


def results(success: int, failed: int, http: str = "500") -> Story:
    """So many messages that the provider took, and so many that it refused."""
    story = Story()
    for number in range(success + failed):
        ok = number >= failed
        story.send(f"c{number}").result(f"c{number}", ok=ok, http="201" if ok else http)
    return story


@rule("6.1", "6.2")
@pytest.mark.parametrize(
    ("success", "failed", "status"),
    [
        (20, 0, Status.OK),
        (19, 1, Status.OK),
        (95, 5, Status.OK),
        (18, 1, Status.WARNING),
        (94, 6, Status.WARNING),
        (189, 10, Status.WARNING),
        (190, 10, Status.OK),
        (0, 20, Status.WARNING),
    ],
)
def test_the_rate_is_held_against_the_threshold_exactly(
    delivery: OneCheck, success: int, failed: int, status: Status, layout: str
) -> None:
    result = delivery(results(success, failed), layout)
    assert result.status is status
    assert (result.counts["success"], result.counts["failed"]) == (success, failed)
    assert list(result.details["rate"]) == [success, success + failed]
    assert result.value == pytest.approx(success / (success + failed))


@rule("6.1")
def test_too_low_a_rate_demands_an_investigation(delivery: OneCheck, layout: str) -> None:
    assert delivery(results(10, 10), layout).action is Action.INVESTIGATE


@rule("6.2")
def test_9499_of_10000_is_below_and_reads_so(delivery: OneCheck) -> None:
    story = results(9499, 501)
    result = delivery(story, "basic")
    assert result.status is Status.WARNING
    assert "95.0%" not in str(result.summary)
    assert "94.99" in str(result.summary)
    assert result.value is not None
    assert result.value < 0.95


@rule("6.2")
@pytest.mark.parametrize(
    ("success", "total"), [(94_999, 100_000), (949_999, 1_000_000), (9_499_999, 10_000_000), (9499, 10_000)]
)
def test_a_shown_rate_is_on_its_side_of_the_threshold(success: int, total: int) -> None:
    shown = percentage(success, total, Threshold.parse(">= 95%"))
    assert shown.startswith("94.9")
    assert percentage(total - 1, total, Threshold.parse(">= 95%")) != "100%"


@rule("6.2")
def test_the_threshold_is_configurable(delivery: OneCheck, layout: str) -> None:
    settings = configured(threshold=Threshold.parse(">= 99.5%"))
    assert delivery(results(198, 2), layout, settings=settings).status is Status.WARNING
    assert delivery(results(199, 1), layout, settings=settings).status is Status.OK


@rule("6.1")
def test_the_turn_based_lines_are_results(delivery: OneCheck, layout: str) -> None:
    story = Story()
    for number in range(21):
        story.turn_based(f"c{number}", f"h{number}", "send_failed" if number == 0 else "sent")
    story.turn_based("zoe", "h99", "dedup_hit")
    result = delivery(story, layout)
    assert (result.counts["success"], result.counts["failed"]) == (20, 1)
    assert result.status is Status.OK


@rule("6.1")
def test_a_result_without_a_send_counts(delivery: OneCheck, layout: str) -> None:
    result = delivery(Story().result("ana").result("bia", ok=False), layout)
    assert (result.counts["success"], result.counts["failed"], result.counts["unresolved"]) == (1, 1, 0)


@rule("6.3")
def test_a_result_answers_the_latest_open_send(delivery: OneCheck, timed: str) -> None:
    story = Story().at(0).send("ana").at(50).send("ana").result("ana").at(70).instance("zoe")
    result = delivery(story, timed)
    assert (result.counts["success"], result.counts["unresolved"]) == (1, 1)


@rule("6.3")
def test_the_older_send_stays_open(delivery: OneCheck, timed: str) -> None:
    story = Story().at(0).send("ana").at(50).send("ana").result("ana").at(60).instance("zoe")
    assert delivery(story, timed).counts["unresolved"] == 0


@rule("6.3")
def test_a_result_answers_a_send_of_its_own_key_only(delivery: OneCheck, layout: str) -> None:
    story = (
        Story().send("ana", idem="k1").send("ana", idem="k2").result("ana", idem="k1").send("bia", idem="k2")
    )
    story.planner("ana", 0).planner("bia", 0).others(200).wait(61).turn("zoe")
    result = delivery(story, layout)
    assert (result.counts["success"], result.counts["unresolved"]) == (202, 2)


@rule("6.4a")
@pytest.mark.parametrize(("after", "unresolved"), [(1, 0), (59.999, 0), (60, 0), (60.001, 1), (600, 1)])
def test_a_send_is_unresolved_after_its_grace(
    delivery: OneCheck, after: float, unresolved: int, timed: str
) -> None:
    story = results(30, 0).at(10).send("ana").at(10 + after).instance("zoe")
    result = delivery(story, timed)
    assert result.counts["unresolved"] == unresolved
    assert result.counts["success"] == 30


@rule("6.4a")
def test_grace_is_configurable(delivery: OneCheck, timed: str) -> None:
    story = results(30, 0).at(10).send("ana").at(15).instance("zoe")
    assert delivery(story, timed, settings=configured(grace=4)).counts["unresolved"] == 1
    assert delivery(story, timed, settings=configured(grace=5)).counts["unresolved"] == 0


@rule("6.4a")
def test_a_late_result_still_counts(delivery: OneCheck, timed: str) -> None:
    story = results(30, 0).at(10).send("ana").at(300).instance("zoe").result("ana")
    assert delivery(story, timed).counts["success"] == 31


@rule("6.4b")
def test_without_times_the_next_turn_of_its_conversation_ends_the_wait(
    delivery: OneCheck, untimed: str
) -> None:
    story = results(30, 0).planning("ana").delivery("ana").send("ana")
    assert delivery(story, untimed).counts["unresolved"] == 0
    assert delivery(story.planning("bia"), untimed).counts["unresolved"] == 0
    assert delivery(story.planning("ana"), untimed).counts["unresolved"] == 1


@rule("6.4b")
@pytest.mark.parametrize(("later", "unresolved"), [(990, 0), (1010, 1)])
def test_without_times_a_thousand_traces_end_the_wait(
    delivery: OneCheck, later: int, unresolved: int, untimed: str
) -> None:
    story = results(30, 0).send("ana")
    for number in range(later):
        story.instance(f"zoe-{number}")
    assert delivery(story, untimed).counts["unresolved"] == unresolved


@rule("6.5")
def test_the_worst_case_counts_the_unresolved_as_failed(delivery: OneCheck, timed: str) -> None:
    story = results(19, 1).at(10).send("ana").send("bia").at(100).instance("zoe")
    result = delivery(story, timed)
    assert list(result.details["rate"]) == [19, 20]
    assert list(result.details["worst_case"]) == [19, 22]
    assert result.status is Status.WARNING
    assert reasons(result)


@rule("6.5")
def test_a_worst_case_above_the_threshold_is_ok(delivery: OneCheck, timed: str) -> None:
    result = delivery(results(40, 0).at(10).send("ana").at(100).instance("zoe"), timed)
    assert list(result.details["worst_case"]) == [40, 41]
    assert result.status is Status.OK


@rule("6.5")
def test_the_worst_case_without_times(delivery: OneCheck, untimed: str) -> None:
    story = results(19, 1).send("ana").planner("ana", 0)
    result = delivery(story, untimed)
    assert list(result.details["worst_case"]) == [19, 21]
    assert result.status is Status.WARNING


@rule("6.6")
def test_a_message_that_failed_and_then_succeeded_was_delivered(delivery: OneCheck, layout: str) -> None:
    story = Story()
    for ok in (False, False, True):
        story.send("ana", idem="k1").result("ana", idem="k1", ok=ok)
    story.send("bia", idem="k2").result("bia", idem="k2", ok=False)
    result = delivery(story, layout)
    assert (result.counts["success"], result.counts["failed"]) == (1, 3)
    assert (result.counts["messages"], result.counts["messages_delivered"]) == (2, 1)
    assert result.status is Status.WARNING


@rule("6.6")
def test_messages_are_counted_only_where_idem_is_known(delivery: OneCheck, layout: str) -> None:
    story = Story().sent("ana").sent("ana", ok=False).sent("bia", idem="k1")
    result = delivery(story, layout)
    assert (result.counts["messages"], result.counts["messages_delivered"]) == (1, 1)


@rule("6.7")
def test_the_http_codes_of_failures_are_counted(delivery: OneCheck, layout: str) -> None:
    story = results(40, 0)
    for http in ("500", "500", "unknown", "429"):
        story.send("ana").result("ana", ok=False, http=http)
    result = delivery(story, layout)
    assert result.counts["by_http"] == {"500": 2, "429": 1, "unknown": 1}


@rule("6.7")
def test_the_interval_narrows_as_the_sample_grows(delivery: OneCheck, layout: str) -> None:
    low, high = delivery(results(19, 1), layout).details["interval"]
    closer_low, closer_high = delivery(results(190, 10), layout).details["interval"]
    assert 0 <= low < closer_low < 0.95 < closer_high < high <= 1


@rule("6.8")
def test_few_results_are_judged_exactly_and_said_to_be_few(delivery: OneCheck, layout: str) -> None:
    few = delivery(results(5, 0), layout)
    assert few.status is Status.OK
    assert "5" in reasons(few)
    assert delivery(results(4, 1), layout).status is Status.WARNING
    assert not reasons(delivery(results(20, 0), layout))


@rule("6.8")
def test_min_samples_is_configurable(delivery: OneCheck, layout: str) -> None:
    assert not reasons(delivery(results(5, 0), layout, settings=configured(min_samples=5)))
    assert reasons(delivery(results(5, 0), layout, settings=configured(min_samples=6)))


@rule("6.9")
def test_without_results_the_check_is_unknown(delivery: OneCheck, layout: str) -> None:
    for story in (Story().planning("ana").delivery("ana"), Story().send("ana")):
        result = delivery(story, layout)
        assert (result.status, result.value) == (Status.UNKNOWN, None)
        assert reasons(result)


@rule("6.9")
@pytest.mark.parametrize(("after", "status"), [(60, Status.UNKNOWN), (60.001, Status.WARNING)])
def test_without_results_a_send_past_its_grace_is_a_warning(
    delivery: OneCheck, after: float, status: Status, timed: str
) -> None:
    assert delivery(Story().at(0).send("ana").at(after).instance("zoe"), timed).status is status


@rule("6.9")
def test_without_results_and_times_a_send_of_a_past_turn_is_a_warning(
    delivery: OneCheck, untimed: str
) -> None:
    assert delivery(Story().send("ana").planning("ana"), untimed).status is Status.WARNING


@rule("6.10")
def test_a_turn_that_saw_a_message_and_sent_nothing_is_counted_not_judged(
    delivery: OneCheck, layout: str
) -> None:
    story = results(30, 0).planning("ana").delivery("ana", 1).turn("ana").planning("bia").delivery("bia", 1)
    story.instance("bia", "no_valid_instance_found", source="error").turn("bia")
    result = delivery(story, layout)
    assert (result.status, result.counts["unsent"]) == (Status.OK, 2)


@rule("6.10")
def test_turns_that_sent_or_had_nothing_to_send_are_not_unsent(delivery: OneCheck, layout: str) -> None:
    story = results(30, 0).turn("ana").turn("ana", 0).turn("ana", ok=False).turn("ana", 1, 0).turn("ana")
    assert delivery(story, layout).counts["unsent"] == 0


@rule("6.10")
def test_a_turn_whose_conversation_has_no_next_turn_is_not_yet_unsent(
    delivery: OneCheck, layout: str
) -> None:
    story = results(30, 0).planning("ana").delivery("ana", 1).turn("bia").turn("bia")
    assert delivery(story, layout).counts["unsent"] == 0
