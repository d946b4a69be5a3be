"""A log as it grows: one record after the other, what is lost in red."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from kumon_observe.model.status import Status
from kumon_observe.model.tailed import Tailed
from kumon_observe.present import findings
from kumon_observe.present.listing import write_record
from kumon_observe.present.page import Page, Part, Span
from kumon_observe.present.view import View


def render(tailed: Iterable[Tailed], view: View, today: date | None) -> str:
    """The lines of *tailed*; times of *today* go without their date."""
    page = view.page()
    for one in tailed:
        if one.record is not None:
            style = one.status.value if one.status in (Status.WARNING, Status.CRITICAL) else ""
            write_record(page, one.record, view, today, style=style)
        elif one.violation is not None:
            _write_violation(page, one, view, today)
        elif one.said is not None:
            page.line(Span(view.say(one.said), one.status.value), hang=2)
    return page.text()


def _write_violation(page: Page, one: Tailed, view: View, today: date | None) -> None:
    violation, style = one.violation, one.status.value
    if violation is None:
        return
    parts: list[Part] = []
    if violation.at is not None:
        parts.append(f"{view.clock(violation.at, today)}  ")
    what = view.say(findings.what(one.check, violation))
    told = f"{one.check}: {findings.conversation(violation, view)}, {what}"
    parts += [view.status(one.status), "  ", Span(told, style)]
    if violation.evidence:
        parts += ["  ", Span(findings.place(violation.evidence[-1]), "dim")]
    page.line(*parts, hang=4)
