"""One watched test: from before its fixtures are made until they are all gone."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Final, NamedTuple

import pytest

from kumon_observe.config.load import load_settings
from kumon_observe.config.settings import Settings
from kumon_observe.model.errors import KumonObserveError
from kumon_observe.plugins.registry import Registry
from kumon_observe.testing.plugin.faults import NO_FAULTS, Faults
from kumon_observe.testing.plugin.marks import ALLOW, Allowance, BadMark, allowances, wish
from kumon_observe.testing.plugin.totals import Totals
from kumon_observe.testing.plugin.traces import KumonTraces

_NOTHING: Final = "no trace was seen, so the test shows nothing about hand-offs, instances and deliveries"
_REMEDIES: Final = (
    "Let the app log its traces through logging, in this process and below a trusted logger.",
    "Or add what another process logged: kumon_traces.add_file(…), kumon_traces.add_output(…).",
    "If this test must log none: @pytest.mark.kumon_traces(allow_empty=True)",
)

_watches: list[Watch] = []


def current() -> KumonTraces | None:
    """The traces of the test that runs now in this process, if it is watched."""
    return _watches[-1].traces if _watches else None


class Suite(NamedTuple):
    """What all tests of a session share: the configuration, the plugins, and how tests are watched."""

    settings: Settings
    registry: Registry
    checks: tuple[str, ...] | None
    allow_empty: bool

    @classmethod
    def load(cls, root: Path, checks: Sequence[str], *, allow_empty: bool) -> Suite:
        """With the configuration of the folder *root*; no *checks* stands for all.

        Raises:
            KumonObserveError: the configuration cannot be used.
        """
        settings = load_settings(environ=os.environ, cwd=root).settings
        return cls(settings, Registry.load(settings), tuple(checks) or None, allow_empty)

    @property
    def known(self) -> list[str]:
        """The names of the checks."""
        return [check.name for check in self.registry.checks()]


class Watch:
    """Hears from when it is made until ``end``.

    Raises:
        BadMark: a marker of the test is not written as it must be.
        UsageError: a check was asked for that is not there.
    """

    def __init__(self, item: pytest.Item, suite: Suite) -> None:
        asked = wish(item)
        allowances(item, suite.known)
        self._item, self._suite = item, suite
        self.traces = KumonTraces(
            settings=suite.settings,
            registry=suite.registry,
            checks=suite.checks if asked.checks is None else asked.checks,
            allow_empty=suite.allow_empty if asked.allow_empty is None else asked.allow_empty,
        )
        self.traces.captured.open()
        _watches.append(self)

    def end(self, totals: Totals, *, passed: bool) -> str:
        """Why the test must fail, ``""`` if it need not; one that has not *passed* need not log anything."""
        _watches.remove(self)
        try:
            return self._judged(totals, passed=passed)
        except (BadMark, KumonObserveError) as error:
            return f"kumon-observe: {error}"
        finally:
            self.traces.captured.close()

    def _judged(self, totals: Totals, *, passed: bool) -> str:
        traces = self.traces
        faults = NO_FAULTS if traces.captured.is_empty else traces.faults()
        allowed = allowances(self._item, self._suite.known)
        remaining = faults.without(
            check.name for check in faults.found if any(one.covers(check.name) for one in allowed)
        )
        totals.tests += 1
        totals.traces += faults.traces
        totals.empty += not faults.traces
        totals.violating += bool(remaining.found)
        totals.allowed += len(remaining.found) < len(faults.found)
        parts = ["\n".join(traces.lines(remaining))]
        parts += [_how_to_allow(remaining)] if remaining.found else []
        if passed:
            parts += [_unused(one) for one in allowed if not _is_used(one, faults)]
            if not faults.traces and not traces.may_be_empty:
                parts.append(_nothing_seen(traces))
        return "\n\n".join(filter(None, parts))


def _is_used(allowance: Allowance, faults: Faults) -> bool:
    found = {check.name for check in faults.found}
    return found.issuperset(allowance.names) if allowance.names else bool(found)


def _unused(allowance: Allowance) -> str:
    what = " and ".join(allowance.names) or "violations"
    return (
        f"the marker {ALLOW} allows {what} ({allowance.reason}), and not all of that was found: "
        "take away what this test does not need"
    )


def _how_to_allow(faults: Faults) -> str:
    names = ", ".join(f'"{check.name}"' for check in faults.found)
    return f'If this test must see that: @pytest.mark.{ALLOW}({names}, reason="why it must")'


def _nothing_seen(traces: KumonTraces) -> str:
    ignored = [f"  - {reason}" for reason in traces.ignored()]
    return "\n".join((_NOTHING, *ignored, *_REMEDIES))
