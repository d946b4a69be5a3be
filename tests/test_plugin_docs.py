"""The plugins that docs/plugins.md teaches do what it says of them."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path
from types import ModuleType

import pytest

from kumon_observe import Action, Alert, SendTrace, Severity, Status, Verdict, analyze
from kumon_observe.config.settings import Settings
from kumon_observe.plugins.registry import Registry
from tests.scenarios import Story
from tests.shell import ROOT

PAGE = ROOT / "docs" / "plugins.md"


def taught(name: str) -> ModuleType:
    """A module of the page."""
    for block in re.findall(
        r"^```python\n(.*?)^```$", PAGE.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE
    ):
        if block.startswith(f"# {name}.py\n"):
            module = ModuleType(name)
            exec(compile(block, f"{name}.py", "exec"), module.__dict__)
            return module
    raise LookupError(f"docs/plugins.md teaches no {name}.py")


def judged(log: Path, *plugins: ModuleType) -> Verdict:
    """The verdict on *log* with *plugins* beside the built-in one."""
    settings = Settings(state_dir=str(log.parent / "state"))
    registry = Registry.load(settings, extra=plugins, entry_points=False)
    assert [plugin.error for plugin in registry.plugins if plugin.error] == []
    return analyze(log, settings=settings, registry=registry)


@pytest.fixture
def log(tmp_path: Path) -> Path:
    return tmp_path / "app.log"


def test_the_check_finds_what_was_sent_at_night_and_shows_its_record(log: Path) -> None:
    log.write_bytes(Story().turn("ana").at(13 * 3600).turn("bia").render("json"))
    result = judged(log, taught("kumon_quiet_hours")).check("quiet-hours")
    assert result.status is Status.WARNING
    assert str(result.summary) == "1 of 2 messages were sent at night"
    (violation,) = result.violations
    assert violation.key.conv == "bia"
    assert violation.evidence[0].text.startswith("DELIVERY_TRACE|action=send|")


def test_the_check_without_sends_is_unknown(log: Path) -> None:
    log.write_bytes(Story().planner("ana").delivery("ana").render("json"))
    assert judged(log, taught("kumon_quiet_hours")).check("quiet-hours").status is Status.UNKNOWN


def test_the_check_merges_as_one_pass() -> None:
    sends = [SendTrace(conv="ana", at=datetime(2025, 1, 15, hour, tzinfo=UTC)) for hour in (3, 12, 23)]
    whole, first, later = (taught("kumon_quiet_hours").QuietHours() for _ in range(3))
    for event in sends:
        whole.observe(event)
    first.observe(sends[0])
    for event in sends[1:]:
        later.observe(event)
    first.merge(later)
    assert first.result(None) == whole.result(None)


def test_the_layout_reads_its_records(log: Path) -> None:
    records = Story().turn("ana", 1, 0).records
    lines = [
        f'time={said.at.isoformat()} level=info logger={said.logger} msg="{said.message}"' for said in records
    ]
    log.write_text("\n".join([*lines, ""]), encoding="utf-8")
    verdict = judged(log, taught("kumon_logfmt"))
    assert verdict.check("handoff").status is Status.CRITICAL
    assert verdict.sources[0].layouts == {"logfmt": len(records)}


def test_the_sink_spools_an_alert(tmp_path: Path) -> None:
    file = tmp_path / "alerts.txt"
    alert = Alert(
        key="handoff",
        check="handoff",
        severity=Severity.CRITICAL,
        status=Status.CRITICAL,
        title="lost hand-off",
        summary="1 lost",
        action=Action.ROLLBACK,
        at=datetime(2025, 1, 15, 10, tzinfo=UTC),
    )
    taught("kumon_spool").Spool(file).send(alert)
    assert file.read_text(encoding="utf-8") == "2025-01-15T10:00:00+00:00 critical lost hand-off: 1 lost\n"
