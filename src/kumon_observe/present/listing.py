"""Listed records: one after the other, oldest first, tracebacks whole."""

from __future__ import annotations

from datetime import date

from kumon_observe.model.listing import ListedRecord, Listing
from kumon_observe.model.phrase import phrase
from kumon_observe.model.status import Status
from kumon_observe.present import coverage
from kumon_observe.present.page import Page, Part, Span
from kumon_observe.present.view import View

_LEVELS = {
    "CRITICAL": "critical",
    "FATAL": "critical",
    "ERROR": "critical",
    "WARNING": "warning",
    "WARN": "warning",
}
_TAB = "    "


def render(listing: Listing, view: View) -> str:
    """The records; with ``quiet`` nothing else."""
    page = view.page()
    span = listing.coverage
    today = view.only_day(span.first, span.last, listing.generated_at)
    for record in listing.records:
        write_record(page, record, view, today)
    if view.quiet:
        return page.text()
    if not listing.records:
        page.line(view.say(phrase("nothing found")))
    if listing.omitted:
        shown = len(listing.records)
        page.blank()
        page.line(
            view.say(
                phrase(
                    "the last {n} of {total}; --limit N shows more", n=shown, total=shown + listing.omitted
                )
            )
        )
    for reason in listing.reasons:
        page.line(Span(view.say(reason), Status.UNKNOWN.value), hang=2)
    said = {view.say(reason) for reason in listing.reasons}
    coverage.write(page, view, listing.sources, listing.coverage, listing.generated_at, said=said)
    return page.text()


def write_record(
    page: Page, record: ListedRecord, view: View, today: date | None, *, indent: int = 0, style: str = ""
) -> None:
    """One record: time, level, place, text in *style*; its further lines below, indented."""
    first, *rest = record.text.expandtabs(len(_TAB)).split("\n")
    parts: list[Part] = []
    if record.at is not None:
        parts.append(f"{view.clock(record.at, today)}  ")
    level = _LEVELS.get((record.level or "").upper(), "")
    if record.level and (level or not record.kind):
        parts += [Span(record.level, level), "  "]
    parts += [Span(f"{record.source}:{record.line}", "dim"), "  ", Span(first, style)]
    page.line(*parts, indent=indent, hang=indent + 4)
    for line in rest:
        text = line.lstrip(" ")
        depth = indent + 4 + len(line) - len(text)
        page.line(text, indent=depth, hang=depth + 2)
