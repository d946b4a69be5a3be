"""One conversation, turn by turn, with what the checks say of each turn."""

from __future__ import annotations

from datetime import date

from kumon_observe.model.listing import ExplainedTurn, Explanation
from kumon_observe.model.phrase import counted, phrase
from kumon_observe.model.status import Status
from kumon_observe.present import coverage
from kumon_observe.present.listing import write_record
from kumon_observe.present.page import Page, Span
from kumon_observe.present.view import View


def render(explanation: Explanation, view: View) -> str:
    """The timeline, the verdict on it first; with ``quiet`` that line alone."""
    page = view.page()
    turns = counted(len(explanation.turns), "1 turn", "{n} turns")
    if not explanation.turns:
        turns = phrase("this conversation was not seen")
    status = view.status(explanation.status)
    page.line(status, ": ", Span(explanation.conv, "bold"), ", ", view.say(turns), hang=2)
    if view.quiet:
        return page.text()
    for reason in explanation.reasons:
        page.line(f"- {view.say(reason)}", indent=2, hang=4)
    if not explanation.turns:
        hint = phrase(
            "it is matched whole: take the id as the log has it, or the masked one that a verdict shows"
        )
        page.line(view.say(hint), hang=2)
    span = explanation.coverage
    today = view.only_day(span.first, span.last, explanation.generated_at)
    for number, turn in enumerate(explanation.turns, 1):
        page.blank()
        _turn(page, turn, number, view, today)
    said = {view.say(reason) for reason in explanation.reasons}
    coverage.write(
        page,
        view,
        explanation.sources,
        explanation.coverage,
        explanation.generated_at,
        checks=explanation.checks,
        said=said,
    )
    return page.text()


def _turn(page: Page, turn: ExplainedTurn, number: int, view: View, today: date | None) -> None:
    page.line(Span(view.say(phrase("turn {n}", n=number)), "bold"), ": ", view.status(turn.status))
    for record in turn.records:
        write_record(page, record, view, today, indent=2)
    for finding in turn.findings:
        mark = view.status(finding.status)
        said = view.say(finding.sentence)
        style = "bold" if finding.status is not Status.OK else ""
        page.line("=> ", mark, f" {finding.check}: ", Span(said, style), indent=2, hang=5)
