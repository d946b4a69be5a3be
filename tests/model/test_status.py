from __future__ import annotations

from datetime import UTC, datetime
from itertools import pairwise

import pytest

from kumon_observe.model.evidence import CheckResult
from kumon_observe.model.status import Action, Severity, Status
from kumon_observe.model.verdict import Verdict

NOW = datetime(2025, 1, 15, 10, 0, tzinfo=UTC)


def verdict(*results: CheckResult) -> Verdict:
    return Verdict(command="health", generated_at=NOW, checks=results)


def result(status: Status, action: Action = Action.NONE, name: str = "x") -> CheckResult:
    return CheckResult(name=name, status=status, summary="…", action=action)


def test_critical_is_worse_than_warning_worse_than_unknown_worse_than_ok() -> None:
    ranked = [Status.OK, Status.UNKNOWN, Status.WARNING, Status.CRITICAL]
    assert sorted([ranked[2], ranked[0], ranked[3], ranked[1]]) == ranked
    assert all(better < worse and worse > better and better <= worse for better, worse in pairwise(ranked))


def test_a_status_does_not_compare_with_anything_else() -> None:
    with pytest.raises(TypeError):
        _ = Status.OK < "warning"


def test_exit_codes_are_those_of_monitoring_plugins() -> None:
    codes = {str(status): status.exit_code for status in Status}
    assert codes == {"ok": 0, "warning": 1, "critical": 2, "unknown": 3}


def test_nothing_judged_is_unknown() -> None:
    assert Status.worst([]) is Status.UNKNOWN
    assert verdict().status is Status.UNKNOWN


def test_a_verdict_is_as_bad_as_its_worst_check() -> None:
    assert verdict(result(Status.OK), result(Status.WARNING), result(Status.UNKNOWN)).status is Status.WARNING


def test_a_rollback_is_demanded_before_an_investigation() -> None:
    investigate = result(Status.WARNING, Action.INVESTIGATE)
    rollback = result(Status.CRITICAL, Action.ROLLBACK)
    assert verdict(investigate, rollback).action is Action.ROLLBACK
    assert verdict(investigate).action is Action.INVESTIGATE
    assert verdict(result(Status.OK, Action.ROLLBACK)).action is Action.NONE


def test_a_check_of_a_verdict_is_found_by_name() -> None:
    found = verdict(result(Status.OK, name="a"), result(Status.WARNING, name="b"))
    assert found.check("b").status is Status.WARNING
    with pytest.raises(KeyError, match="c"):
        found.check("c")


@pytest.mark.parametrize("severity", Severity)
def test_severities_and_actions_print_as_in_json(severity: Severity) -> None:
    assert str(severity) == severity.value
    assert [str(action) for action in Action] == ["none", "investigate", "rollback"]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (Status.OK, Status.UNKNOWN),
        (Status.UNKNOWN, Status.UNKNOWN),
        (Status.WARNING, Status.WARNING),
        (Status.CRITICAL, Status.CRITICAL),
    ],
)
def test_an_outside_reason_makes_a_result_at_least_unknown(before: Status, after: Status) -> None:
    degraded = result(before).degraded("app.log: it is cut off")
    assert (degraded.status, degraded.reasons) == (after, ("app.log: it is cut off",))


def test_a_failed_check_is_unknown_with_the_reason() -> None:
    failed = CheckResult.failed("quiet-hours", "it raised")
    assert (failed.status, failed.reasons, failed.counts) == (Status.UNKNOWN, ("it raised",), {})


@pytest.mark.parametrize("counts", [{"turns": -1}, {"turns": 1.5}, {"by_http": {"500": -2}}, {"turns": "3"}])
def test_counts_are_whole_numbers_from_zero(counts: dict[str, int]) -> None:
    with pytest.raises(ValueError, match="must be a whole number from 0"):
        CheckResult(name="x", status=Status.OK, summary="…", counts=counts)


def test_details_cannot_take_the_name_of_a_member() -> None:
    with pytest.raises(ValueError, match="details cannot hold counts, status"):
        CheckResult(
            name="x", status=Status.OK, summary="…", details={"status": "ok", "counts": {}, "rate": []}
        )
