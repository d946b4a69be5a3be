"""Texts that a parent may write, and alerts that hold them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from hypothesis import strategies as st

from kumon_observe.model.alert import Alert, News
from kumon_observe.model.evidence import CheckResult, Evidence, Key, Violation
from kumon_observe.model.status import Severity, Status
from kumon_observe.sinks.message import Message, Wording, compose
from kumon_observe.testing import an_alert
from kumon_observe.testing.story import START

TEXTS = st.text(st.characters(codec=None), max_size=60) | st.sampled_from(
    ["\x00", "\ud83d", "\udc00x", "a\r\nX-Injected: 1", "\u202e", "${HOME} $(id) `id`", "%s{0}", "\x1b[2J"]
)


def words(alert: Alert) -> Message:
    """The alert in English."""
    return compose(alert, Wording())


def a_result(text: str, conv: str | None = "c1") -> CheckResult:
    """A result whose one violation shows *text*."""
    evidence = Evidence(source=text, line=3, text=text)
    violation = Violation(key=Key(conv=conv), evidence=(evidence,), details={"value": text})
    return CheckResult(
        name="instances", status=Status.CRITICAL, summary=text, violations=(violation,), reasons=(text,)
    )


@st.composite
def alerts(draw: st.DrawFn) -> Alert:
    """An alert whose every text may be anything."""
    text = draw(TEXTS)
    changes: dict[str, Any] = {
        name: draw(TEXTS)
        for name in ("key", "incident", "rule", "by", "comment", "place", "link", "title", "summary")
    }
    return an_alert(
        **changes,
        news=draw(st.sampled_from(News)),
        severity=draw(st.sampled_from(Severity)),
        since=START,
        until=START + timedelta(seconds=5),
        found=draw(st.integers(0, 5)),
        result=draw(st.none() | st.just(a_result(text))),
    )
