"""Assertions for tests that have a verdict, or that are watched."""

from __future__ import annotations

from kumon_observe.model.errors import UsageError
from kumon_observe.model.verdict import Verdict
from kumon_observe.testing.plugin import watching
from kumon_observe.testing.plugin.faults import Faults


def assert_no_violations(verdict: Verdict) -> None:
    """Fail if *verdict* found what must not be, has seen no trace, or misses something.

    Raises:
        AssertionError: with what was found, or what is missing.
    """
    __tracebackhide__ = True
    faults = Faults.of(verdict)
    lines = list(faults.lines())
    if not faults.traces:
        lines.append("no trace was seen, so there is nothing that could have been violated")
    if lines:
        raise AssertionError("\n".join(lines))


def assert_delivered(conv: str) -> None:
    """Fail unless all that the running test's app planned in the conversation *conv* was delivered and sent.

    Raises:
        AssertionError: it was not seen, a turn is open or lost, nothing was sent, or the last send failed.
        UsageError: the running test is not watched.
    """
    __tracebackhide__ = True
    traces = watching.current()
    if traces is None:
        raise UsageError("this test is not watched: use the fixture kumon_traces, or --kumon-strict")
    traces.assert_delivered(conv)
