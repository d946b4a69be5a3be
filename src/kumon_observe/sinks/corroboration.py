"""Whether what an alert rests on is enough to act on it without a person.

A line in a log may be forged, or be the one line that something went wrong with. So a rollback may be made
to wait for a second witness that is independent of the first.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Literal

from kumon_observe.model.privacy import phone_in

if TYPE_CHECKING:
    from kumon_observe.model.evidence import CheckResult, Violation

Need = Literal["corroborated", "guard", "any"]
"""What is needed: see :func:`lacking`."""


def lacking(result: CheckResult | None, need: Need) -> str:
    """Why *result* is not what is needed; empty: it is.

    ``any``: nothing is needed.

    ``guard``: the app's own guard reported one of its violations (``by`` holds ``guard`` for a hand-off,
    ``guarded`` is true for an instance).

    ``corroborated``: one violation is shown by two witnesses, the app's traces and its guard
    (``corroborated`` for a hand-off; ``guarded`` and ``used`` for an instance), or two violations are those
    of two parents. Two conversations of one phone are those of one parent. Violations whose conversation
    is not known, or whose two idempotency keys differ (``mismatched``), do not count for the latter.

    Only the violations that the alert lists are looked at.
    """
    if need == "any":
        return ""
    if result is None:
        return "the alert carries no evidence"
    details = [violation.details for violation in result.violations]
    if need == "guard":
        seen = any(_guarded(one) for one in details)
        return "" if seen else "the app's own guard reported none of it (evidence = 'guard')"
    if any(_both(one) for one in details) or len(_parents(result.violations)) > 1:
        return ""
    return (
        "no violation is shown by both the traces and the app's guard, and there are not two of different "
        "parents (evidence = 'corroborated')"
    )


def _guarded(details: Mapping[str, Any]) -> bool:
    return "guard" in details.get("by", ()) or details.get("guarded") is True


def _both(details: Mapping[str, Any]) -> bool:
    used = details.get("used", 0)
    return details.get("corroborated") is True or (details.get("guarded") is True and used > 0)


def _parents(violations: tuple[Violation, ...]) -> set[str]:
    """Whose conversations show it."""
    return {
        phone_in(violation.key.conv) or violation.key.conv
        for violation in violations
        if violation.key.conv and violation.details.get("identity") != "mismatched"
    }
