"""Which verdicts are worth an alert."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from kumon_observe import Action, CheckResult, Key, Severity, Status, Verdict, Violation
from kumon_observe.observer.news import News
from tests.model.answers import NOW

ROLLBACK, INVESTIGATE = Action.ROLLBACK, Action.INVESTIGATE


def critical(*convs: str, omitted: int = 0) -> CheckResult:
    violations = tuple(Violation(key=Key(conv=conv)) for conv in convs)
    return CheckResult(
        name="handoff",
        status=Status.CRITICAL,
        summary="lost",
        action=ROLLBACK,
        violations=violations,
        omitted=omitted,
    )


def result(status: Status) -> CheckResult:
    return CheckResult(name="delivery", status=status, summary="94%", action=INVESTIGATE)


def told(*results: CheckResult, apart: timedelta = timedelta(seconds=1)) -> list[bool]:
    """For each verdict of one result, *apart* from each other: is it worth an alert?"""
    news = News("1")
    return [bool(news.of(_verdict(one, NOW + number * apart))) for number, one in enumerate(results)]


def _verdict(one: CheckResult, at: datetime) -> Verdict:
    return Verdict(command="health", generated_at=at, checks=(one,))


def test_an_alert_tells_all_of_its_check() -> None:
    (alert,) = News("4711-1").of(_verdict(critical("ana"), NOW))
    assert (alert.check, alert.severity, alert.status) == ("handoff", Severity.CRITICAL, Status.CRITICAL)
    assert (str(alert.title), alert.summary, alert.action) == ("handoff: roll back now", "lost", ROLLBACK)
    assert (alert.at, alert.result, alert.key) == (NOW, critical("ana"), "handoff/critical/4711-1/1")


def test_a_warning_asks_to_investigate() -> None:
    (alert,) = News("1").of(_verdict(result(Status.WARNING), NOW))
    assert (str(alert.title), alert.severity) == ("delivery: investigate", Severity.MODERATE)


@pytest.mark.parametrize("status", [Status.OK, Status.UNKNOWN])
def test_what_is_not_bad_is_no_news(status: Status) -> None:
    assert told(result(status), result(status)) == [False, False]


def test_the_same_finding_is_told_once() -> None:
    assert told(critical("ana"), critical("ana"), critical("ana")) == [True, False, False]


def test_every_further_critical_finding_is_told() -> None:
    assert told(critical("ana"), critical("ana", "bia"), critical("ana", "bia", omitted=1)) == [True] * 3


def test_a_finding_that_takes_the_place_of_another_is_told() -> None:
    assert told(critical("ana"), critical("bia")) == [True, True]


def test_a_finding_that_went_away_is_no_news() -> None:
    assert told(critical("ana", "bia"), critical("ana")) == [True, False]


def test_a_turn_for_the_worse_is_told() -> None:
    assert told(result(Status.WARNING), result(Status.CRITICAL), result(Status.WARNING)) == [
        True,
        True,
        False,
    ]


def test_a_warning_that_comes_and_goes_is_told_once_in_five_minutes() -> None:
    flapping = [result(status) for status in (Status.WARNING, Status.OK) * 3]
    assert told(*flapping) == [True, False, False, False, False, False]
    assert told(*flapping, apart=timedelta(minutes=3)) == [True, False, True, False, True, False]


def test_two_processes_have_no_key_in_common() -> None:
    (one,), (other,) = (News(origin).of(_verdict(critical("ana"), NOW)) for origin in ("1-5", "2-5"))
    assert one.key != other.key
