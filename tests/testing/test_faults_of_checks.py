"""The contract of a check finds what is wrong with one, and says it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any, ClassVar

import pytest

from kumon_observe.model.errors import StateError
from kumon_observe.model.events import PlannerTrace, TraceEvent
from kumon_observe.model.evidence import CheckResult
from kumon_observe.model.status import Status
from kumon_observe.testing import CheckContract


class Counting:
    """A check without fault."""

    name = "counting"

    def __init__(self) -> None:
        self.seen = 0

    def observe(self, event: TraceEvent) -> None:
        self.seen += 1

    def merge(self, later: Any) -> None:
        self.seen += later.seen

    def result(self, now: datetime | None) -> CheckResult:
        status = Status.OK if self.seen else Status.UNKNOWN
        return CheckResult(
            name=self.name, status=status, summary="counted", value=self.seen, counts={"events": self.seen}
        )


class Nameless(Counting):
    name = "Counting Events"


class Green(Counting):
    def result(self, now: datetime | None) -> CheckResult:
        return CheckResult(name=self.name, status=Status.OK, summary="all is well")


class OfAnother(Counting):
    def result(self, now: datetime | None) -> CheckResult:
        return CheckResult(name="another", status=Status.UNKNOWN, summary="")


class Forgetful(Counting):
    """Forgets at a merge what it saw."""

    def merge(self, later: Any) -> None:
        self.seen = later.seen


class Pairing(Counting):
    """Counts planner traces that follow each other; a merge does not look at the seam."""

    def __init__(self) -> None:
        super().__init__()
        self.last: type | None = None

    def observe(self, event: TraceEvent) -> None:
        kind = type(event)
        self.seen += kind is PlannerTrace and self.last is PlannerTrace
        self.last = kind


class Worn(Counting):
    """Judging takes something away."""

    def result(self, now: datetime | None) -> CheckResult:
        found = super().result(now)
        self.seen = 0
        return found


class Marking(Counting):
    """Writes into what it is given."""

    def observe(self, event: TraceEvent) -> None:
        super().observe(event)
        event.extra["seen"] = "yes"  # type: ignore[index]


class Hoarding(Counting):
    """Keeps every conversation that it saw."""

    def __init__(self) -> None:
        super().__init__()
        self.names: set[str | None] = set()

    def observe(self, event: TraceEvent) -> None:
        super().observe(event)
        self.names.add(event.conv)


class Odd(Counting):
    """Its value is none that JSON has."""

    def result(self, now: datetime | None) -> CheckResult:
        value: Any = Decimal("0.5")
        return CheckResult(name=self.name, status=Status.UNKNOWN, summary="", value=value)


class Batching(Counting):
    """Counts a batch as one."""

    def observe_many(self, batch: Any) -> None:
        self.seen += 1

    def at_log_start(self) -> None: ...


class HalfSaved(Counting):
    def saved(self) -> Mapping[str, Any]:
        return {"seen": self.seen}


class Saved(HalfSaved):
    kept: ClassVar[int] = 1

    def resumed(self, saved: Mapping[str, Any]) -> Any:
        if not isinstance(saved.get("seen"), int):
            raise StateError("that is no state of counting")
        check = type(self)()
        check.seen = saved["seen"] * self.kept
        return check


class SavedWrongly(Saved):
    kept = 0


class Careless(Saved):
    def resumed(self, saved: Mapping[str, Any]) -> Any:
        check = type(self)()
        check.seen = saved.get("seen", 0)
        return check


class Telling(Saved):
    """Saves the text of records."""

    def __init__(self) -> None:
        super().__init__()
        self.text: str | None = None

    def observe(self, event: TraceEvent) -> None:
        super().observe(event)
        self.text = event.text

    def saved(self) -> Mapping[str, Any]:
        return {"seen": self.seen, "text": self.text}


def contract(check: Callable[[], Any]) -> CheckContract:
    class Contract(CheckContract):
        def check(self) -> Any:
            return check()

    return Contract()


LAWS = [name for name in vars(CheckContract) if name.startswith("test_")]


@pytest.mark.parametrize("law", LAWS)
@pytest.mark.parametrize("check", [Counting, Saved])
def test_a_check_without_fault_passes(check: Callable[[], Any], law: str) -> None:
    made = contract(check)
    made.examples = 30
    getattr(made, law)()


FAULTY = [
    (Nameless, "test_it_can_be_registered", "has the name 'Counting Events': use letters a-z"),
    (Green, "test_nothing_seen_is_unknown", "a check that saw nothing must answer unknown"),
    (OfAnother, "test_its_results_carry_its_name", "must carry the name of the check"),
    (
        Forgetful,
        "test_a_log_split_anywhere_and_merged_gives_the_answer_of_one_pass",
        "two parts, cut after 1 events, must answer as one pass",
    ),
    (
        Pairing,
        "test_a_log_split_anywhere_and_merged_gives_the_answer_of_one_pass",
        "two parts, cut after 1 events, must answer as one pass",
    ),
    (
        Forgetful,
        "test_merging_with_a_check_that_saw_nothing_changes_nothing",
        "an empty part behind a log must change nothing",
    ),
    (Worn, "test_asking_changes_nothing", "must not change what comes after"),
    (Marking, "test_events_are_left_as_they_are", "must not change the events"),
    (Batching, "test_event_by_event_and_in_batches_is_one", "assert"),
    (Hoarding, "test_its_state_is_bounded", "bytes with 2000 further conversations: keep counts"),
    (HalfSaved, "test_a_saved_check_goes_on_as_if_nothing_had_been", "offer both saved"),
    (SavedWrongly, "test_a_saved_check_goes_on_as_if_nothing_had_been", "assert"),
    (Telling, "test_a_saved_check_goes_on_as_if_nothing_had_been", "the text of no record may be saved"),
]


@pytest.mark.parametrize(("check", "law", "said"), FAULTY)
def test_a_fault_is_found_and_said(check: Callable[[], Any], law: str, said: str) -> None:
    with pytest.raises(AssertionError, match=said):
        getattr(contract(check), law)()


def test_a_result_that_json_does_not_have_is_found() -> None:
    with pytest.raises(TypeError, match="Decimal is not JSON serializable"):
        contract(Odd).test_its_results_survive_json()


def test_a_state_of_another_check_that_is_taken_is_found() -> None:
    with pytest.raises(pytest.fail.Exception, match="DID NOT RAISE StateError"):
        contract(Careless).test_a_state_that_is_none_of_its_own_is_refused()


def test_a_contract_without_a_check_says_what_to_write() -> None:
    with pytest.raises(NotImplementedError, match=r"give a new check: def check\(self\): return MyCheck\(\)"):
        CheckContract().test_it_can_be_registered()
