"""What is enough to act on without a person."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from kumon_observe.model.evidence import CheckResult, Key, Violation
from kumon_observe.model.status import Status
from kumon_observe.sinks.corroboration import Need, lacking

NONE = "the alert carries no evidence"
GUARD = "the app's own guard reported none of it (evidence = 'guard')"
BOTH = (
    "no violation is shown by both the traces and the app's guard, and there are not two of different "
    "parents (evidence = 'corroborated')"
)
FIRST, SAME, OTHER = (
    "conv_***21~3fa9_20250115_100000",
    "conv_***21~3fa9_20250115_110000",
    "conv_***21~07bc_20250115_100000",
)


def violation(conv: str | None = FIRST, **details: Any) -> Violation:
    return Violation(key=Key(conv=conv), details=details)


def lost(conv: str | None = FIRST, *by: str, identity: str = "exact") -> Violation:
    by = by or ("traces",)
    return violation(conv, identity=identity, by=list(by), corroborated=len(by) > 1)


def wrong(conv: str | None = FIRST, *, guarded: bool, used: int) -> Violation:
    return violation(conv, value="default", guarded=guarded, used=used)


def result(violations: Sequence[Violation]) -> CheckResult:
    return CheckResult(name="x", status=Status.CRITICAL, summary="", violations=tuple(violations))


@pytest.mark.parametrize(
    ("violations", "guard", "corroborated"),
    [
        ([], GUARD, BOTH),
        ([lost()], GUARD, BOTH),
        ([lost(FIRST, "guard")], "", BOTH),
        ([lost(FIRST, "traces", "guard")], "", ""),
        ([lost(), lost(OTHER)], GUARD, ""),
        ([lost(), lost(SAME)], GUARD, BOTH),
        ([lost(), lost(FIRST)], GUARD, BOTH),
        ([lost(), lost(OTHER, identity="mismatched")], GUARD, BOTH),
        ([lost(), lost(None)], GUARD, BOTH),
        ([lost("conv_5511999990021_1"), lost("conv_5511999990021_2")], GUARD, BOTH),
        ([lost("conv_5511999990021_1"), lost("conv_5511999990022_1")], GUARD, ""),
        ([lost("c1"), lost("c2")], GUARD, ""),
        ([wrong(guarded=False, used=1)], GUARD, BOTH),
        ([wrong(guarded=True, used=0)], "", BOTH),
        ([wrong(guarded=True, used=1)], "", ""),
        ([wrong(guarded=False, used=1), wrong(OTHER, guarded=False, used=1)], GUARD, ""),
        ([violation(), violation(OTHER)], GUARD, ""),
    ],
)
def test_two_witnesses_are_enough(violations: list[Violation], guard: str, corroborated: str) -> None:
    given = result(violations)
    needs: tuple[Need, ...] = ("guard", "corroborated", "any")
    assert [lacking(given, need) for need in needs] == [guard, corroborated, ""]


def test_without_a_result_there_is_no_evidence() -> None:
    needs: tuple[Need, ...] = ("guard", "corroborated", "any")
    assert [lacking(None, need) for need in needs] == [NONE, NONE, ""]
