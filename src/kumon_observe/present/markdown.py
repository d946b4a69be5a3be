"""A verdict as a Markdown report, for a ticket or a wiki; the log's text can neither format nor link."""

from __future__ import annotations

from collections.abc import Iterable

from kumon_observe.model.evidence import CheckResult, Evidence, Violation
from kumon_observe.model.phrase import Phrase, phrase
from kumon_observe.model.status import Status
from kumon_observe.model.verdict import SourceReport, Verdict
from kumon_observe.present import coverage, facts, figures, findings, headline
from kumon_observe.present.page import visible
from kumon_observe.present.view import View

_SPECIAL = frozenset("\\`*_{}[]<>#|~&!")


def render(verdict: Verdict, view: View) -> str:
    """The whole report, ended by one newline."""
    lines = [*_head(verdict, view), "", *_checks(verdict, view)]
    for check in verdict.checks:
        lines += _check(check, verdict, view)
    lines += _input(verdict, view)
    return "\n".join(lines) + "\n"


def escaped(text: str) -> str:
    """*text* as plain words: nothing in it formats, links, or leaves its table cell."""
    return "".join(f"\\{c}" if c in _SPECIAL else c for c in visible(text))


def code(text: str) -> str:
    """*text* word for word, in as many backticks as it needs."""
    shown = visible(text)
    fence = "`"
    while fence in shown:
        fence += "`"
    space = " " if shown.startswith("`") or shown.endswith("`") or not shown.strip() else ""
    return f"{fence}{space}{shown}{space}{fence}"


def _head(verdict: Verdict, view: View) -> list[str]:
    status = view.status(verdict.status).text
    demand = view.say(headline.demand(verdict.status, verdict.action))
    lines = [f"# kumon-observe: {status}", "", f"**{status}: {demand}**", ""]
    lines += [f"- {escaped(view.say(sentence))}" for sentence in headline.broken(verdict, view)]
    lines += [f"- {escaped(view.say(sentence))}" for sentence in headline.not_judged(verdict)]
    lines += [f"- {escaped(view.say(step))}" for step in headline.advice(verdict, view)]
    read = coverage.line(verdict.checks, verdict.sources, verdict.coverage, verdict.generated_at, view)
    made = phrase(
        "report made {at} ({zone})",
        at=view.clock(verdict.generated_at, None),
        zone=view.zone_name(verdict.generated_at),
    )
    return [*lines, f"- {escaped(read)}", f"- {escaped(view.say(made))}"]


def _checks(verdict: Verdict, view: View) -> list[str]:
    columns = ("check", "status", "value", "limit", "summary")
    rows = []
    for check in verdict.checks:
        limit = view.say(figures.limit(check.threshold)) or "-"
        rows.append(
            (check.name, view.status(check.status).text, figures.value(check), limit, view.say(check.summary))
        )
    return [
        f"## {view.say(phrase('Checks'))}",
        "",
        *_table([view.say(_COLUMNS[name]) for name in columns], rows),
    ]


_COLUMNS = {
    "check": phrase("check"),
    "status": phrase("status"),
    "value": phrase("value"),
    "limit": phrase("limit"),
    "summary": phrase("summary"),
    "time": phrase("time"),
    "conversation": phrase("conversation"),
    "what": phrase("what happened"),
    "where": phrase("where"),
}


def _check(check: CheckResult, verdict: Verdict, view: View) -> list[str]:
    reasons = [*map(view.say, check.reasons), *map(view.say, facts.sentences(check, all_of_them=True))]
    found = (*check.violations, *check.warnings)
    if not found and not reasons and check.status is Status.OK:
        return []
    lines = ["", f"## {escaped(check.name)}: {view.status(check.status).text}", ""]
    lines += [f"- {escaped(reason)}" for reason in reasons]
    if not found:
        return lines
    columns = [view.say(_COLUMNS[name]) for name in ("time", "conversation", "what", "where")]
    if reasons:
        lines.append("")
    lines += _table(columns, [_finding(check, violation, view) for violation in found])
    if check.omitted:
        lines += ["", escaped(view.say(findings.left_out(check.omitted)))]
    lines += ["", view.say(phrase("Evidence:")), ""]
    shown = dict.fromkeys(evidence for violation in found for evidence in violation.evidence)
    return [*lines, *(_evidence(evidence, view) for evidence in shown)]


def _finding(check: CheckResult, violation: Violation, view: View) -> tuple[str, ...]:
    time = "-" if violation.at is None else view.clock(violation.at, None)
    said = "; ".join(map(view.say, (findings.what(check.name, violation), *findings.notes(violation))))
    where = ", ".join(findings.place(evidence) for evidence in violation.evidence) or "-"
    return time, findings.conversation(violation, view), said, where


def _evidence(evidence: Evidence, view: View) -> str:
    time = "" if evidence.at is None else f" {view.clock(evidence.at, None)}"
    return f"- {escaped(findings.place(evidence))}{time} {code(evidence.text)}"


def _input(verdict: Verdict, view: View) -> list[str]:
    title: Phrase = phrase("What was read")
    lines = ["", f"## {view.say(title)}", ""]
    for source in verdict.sources:
        lines.append(f"- {escaped(view.say(coverage.source_figures(source, view, verdict.generated_at)))}")
        lines += [f"  - {escaped(text)}" for text in _problems(source, view)]
    lines += [f"- {escaped(view.say(reason))}" for reason in verdict.reasons]
    return lines


def _problems(source: SourceReport, view: View) -> list[str]:
    return [view.say(sentence) for sentence in coverage.source_lines(source)]


def _table(columns: Iterable[str], rows: Iterable[Iterable[str]]) -> list[str]:
    columns = list(columns)
    lines = [_cells(columns), "|" + " --- |" * len(columns)]
    return [*lines, *(_cells(row) for row in rows)]


def _cells(row: Iterable[str]) -> str:
    return "| " + " | ".join(escaped(cell) for cell in row) + " |"
