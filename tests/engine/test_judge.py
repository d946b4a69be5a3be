"""A check that fails becomes a visible unknown, and never breaks the others."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from kumon_observe.config.settings import Settings
from kumon_observe.engine.analyze import analyze
from kumon_observe.hookspecs import hookimpl
from kumon_observe.model.events import PlannerTrace, TraceEvent
from kumon_observe.model.evidence import CheckResult
from kumon_observe.model.protocols import Check, Explained
from kumon_observe.model.status import Status
from kumon_observe.model.verdict import Verdict
from kumon_observe.plugins.registry import Registry
from tests.scenarios import Story


class Counting:
    """A plugin's check as an author writes it first: ``observe`` alone."""

    name = "planned"

    def __init__(self) -> None:
        self.planned = 0

    def observe(self, event: TraceEvent) -> None:
        if isinstance(event, PlannerTrace):
            self.planned += event.count

    def merge(self, later: Counting) -> None:
        self.planned += later.planned

    def result(self, now: datetime | None) -> CheckResult:
        assert now is None or now.tzinfo is not None
        return CheckResult(name=self.name, status=Status.OK, summary="counted", value=self.planned)


class FailsToObserve(Counting):
    name = "fails-to-observe"

    def observe(self, event: TraceEvent) -> None:
        raise ValueError("no idea what this is")


class FailsToAnswer(Counting):
    name = "fails-to-answer"

    def result(self, now: datetime | None) -> CheckResult:
        raise ZeroDivisionError("nothing counted")


class AnswersNonsense(Counting):
    name = "answers-nonsense"

    def result(self, now: datetime | None) -> Any:
        return {"status": "ok"}


class FailsToBegin(Counting):
    name = "fails-to-begin"

    def at_log_start(self) -> None:
        raise RuntimeError("not ready")

    def observe_many(self, batch: object) -> None:
        raise AssertionError("a check that failed is not called again")


class Layout:
    """A layout that raises."""

    name = "raises"

    def explain(self, record: str) -> Explained | None:
        raise LookupError("no such thing")


class Plugin:
    def __init__(self, *checks: type[Counting], layouts: tuple[type[Layout], ...] = ()) -> None:
        self._checks = checks
        self._layouts = layouts

    @hookimpl
    def kumon_register_checks(self) -> list[Check]:
        return [check() for check in self._checks]

    @hookimpl
    def kumon_register_parsers(self) -> list[Layout]:
        return [layout() for layout in self._layouts]


def judged(tmp_path: Path, plugin: Plugin) -> Verdict:
    log = tmp_path / "app.log"
    log.write_bytes(b"no record of any layout\n" + Story().turn("ana").turn("bia").render("json"))
    settings = Settings(state_dir=str(tmp_path))
    registry = Registry.load(settings, extra=[plugin], entry_points=False)
    return analyze([log], settings=settings, registry=registry)


def test_a_check_that_only_observes_events_takes_part(tmp_path: Path) -> None:
    verdict = judged(tmp_path, Plugin(Counting))
    assert verdict.check("planned").value == 2
    assert verdict.status is Status.OK


@pytest.mark.parametrize(
    ("check", "reason"),
    [
        (FailsToObserve, "the check failed: ValueError: no idea what this is"),
        (FailsToAnswer, "the check failed: ZeroDivisionError: nothing counted"),
        (AnswersNonsense, "its result is no CheckResult but dict"),
        (FailsToBegin, "the check failed: RuntimeError: not ready"),
    ],
)
def test_a_failing_check_is_unknown_with_its_reason(
    tmp_path: Path, check: type[Counting], reason: str
) -> None:
    verdict = judged(tmp_path, Plugin(check))
    result = verdict.check(check.name)
    assert result.status is Status.UNKNOWN
    assert [str(said) for said in result.reasons] == [reason]
    assert verdict.status is Status.UNKNOWN
    assert verdict.check("handoff").status is Status.OK


def test_a_failing_layout_makes_what_was_read_doubtful(tmp_path: Path) -> None:
    verdict = judged(tmp_path, Plugin(layouts=(Layout,)))
    assert verdict.status is Status.UNKNOWN
    assert verdict.check("handoff").counts["turns"] == 2
    assert "layout raises failed: LookupError: no such thing" in str(verdict.sources[0].error)
