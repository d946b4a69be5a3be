"""Alerts as an incident gives them, and how they are worded."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from kumon_observe import Alert, CheckResult, Evidence, Severity, Status
from kumon_observe.model.evidence import Key, Violation
from kumon_observe.model.phrase import counted
from kumon_observe.model.status import Action
from kumon_observe.present.language import Language
from kumon_observe.sinks.message import Compose, Wording, compose
from kumon_observe.testing import an_alert
from tests.scenarios import START

ZONE = ZoneInfo("America/Sao_Paulo")
LOST = counted(2, "1 lost hand-off in {turns}", "{n} lost hand-offs in {turns}", turns="812 turns")


def worded(lang: str = "en", **changes: Any) -> Compose:
    """How alerts are composed in *lang*, in the zone of the app."""
    given: dict[str, Any] = {"translate": Language(lang).translate, "zone": ZONE, **changes}
    return partial(compose, wording=Wording(**given))


def loss(conv: str, line: int, text: str = "") -> Violation:
    """One lost hand-off with the two records that show it."""
    at = START + timedelta(seconds=line)
    text = text or f"OUTBOX_TRACE|phase=delivery|conv={conv}|idem=k|count=0"
    planner = f"OUTBOX_TRACE|phase=planner|conv={conv}|idem=k|count=1"
    return Violation(
        key=Key(conv=conv, idem="k"),
        at=at,
        evidence=(
            Evidence(source="app.log", line=line - 1, at=at, text=planner),
            Evidence(source="app.log", line=line, at=at, text=text),
        ),
    )


def lost(*violations: Violation, omitted: int = 0) -> CheckResult:
    """What the hand-off check says of *violations*."""
    return CheckResult(
        name="handoff",
        status=Status.CRITICAL,
        summary=LOST,
        action=Action.ROLLBACK,
        counts={"turns": 812, "violations": len(violations) + omitted, "partial": 0},
        violations=violations,
        omitted=omitted,
    )


def incident(**changes: Any) -> Alert:
    """The first alert of an incident of five lost hand-offs; *changes* are members of :class:`Alert`."""
    usual: dict[str, Any] = {
        "key": "h-1/fired/1",
        "title": "handoff: replies are lost",
        "summary": LOST,
        "result": lost(loss("conv_***21~3fa9", 17), loss("conv_***07~91bc", 44), omitted=3),
        "incident": "h-1",
        "rule": "handoff",
        "since": START,
        "found": 5,
        "place": "kumon-assistant production",
        "link": "https://grafana.example/d/kumon?orgId=1&from=now-1h",
        "severity": Severity.CRITICAL,
    }
    return an_alert(**{**usual, **changes})
