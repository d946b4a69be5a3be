"""Delivery over a window: in all, by hour, by http code, by instance."""

from __future__ import annotations

from collections.abc import Iterable

from kumon_observe.model.evidence import Sentence
from kumon_observe.model.listing import Performance, Rate
from kumon_observe.model.phrase import counted, phrase
from kumon_observe.model.threshold import Threshold, percentage
from kumon_observe.present import coverage, figures
from kumon_observe.present.page import Page, Span, cells
from kumon_observe.present.view import View

_BAR = 20
_NARROW = 56
_EIGHTHS = " ▏▎▍▌▋▊▉█"


def render(performance: Performance, view: View) -> str:
    """The whole screen; with ``quiet`` its first line alone."""
    page = view.page()
    check = performance.delivery
    limit = view.say(figures.limit(check.threshold))
    measured = percentage(performance.total.success, performance.total.total, check.threshold)
    page.line(
        view.status(performance.status),
        Span(f": {measured} ({limit})  " if limit else f": {measured}  ", "bold"),
        view.say(_totals(performance.total)),
        hang=2,
    )
    if view.quiet:
        return page.text()
    page.line(view.say(window(performance, view)))
    for reason in dict.fromkeys(view.say(reason) for reason in (*performance.reasons, *check.reasons)):
        page.line(f"- {reason}", indent=2, hang=4)
    if performance.untimed:
        untimed = counted(performance.untimed, "1 trace without a time", "{n} traces without a time")
        page.line(
            "- ", view.say(phrase("{what} cannot be put into a window", what=untimed)), indent=2, hang=4
        )
    span = performance.coverage
    today = view.only_day(span.first, span.last, performance.generated_at)
    hours = [(view.clock(hour, today, seconds=False), rate) for hour, rate in performance.by_hour]
    _table(page, view, phrase("by hour ({zone})", zone=performance.timezone), hours, check.threshold)
    _table(page, view, phrase("by http code"), performance.by_http.items(), check.threshold)
    _table(page, view, phrase("by instance"), performance.by_instance.items(), check.threshold)
    said = {view.say(reason) for reason in performance.reasons}
    coverage.write(
        page,
        view,
        performance.sources,
        performance.coverage,
        performance.generated_at,
        checks=(check,),
        said=said,
    )
    return page.text()


def _totals(total: Rate) -> Sentence:
    results = counted(total.total, "1 result", "{n} results")
    return phrase("{results}, {failed} failed", results=results, failed=total.failed)


def window(performance: Performance, view: View) -> Sentence:
    """What part of time was asked for."""
    since, until = performance.since, performance.until
    today = view.day(performance.generated_at)
    if since is not None and until is not None:
        first, last = (
            view.clock(since, today, seconds=False),
            view.clock(until, view.day(since), seconds=False),
        )
        return phrase("from {first} to {last} ({zone})", first=first, last=last, zone=performance.timezone)
    if since is not None:
        return phrase(
            "from {first} ({zone})", first=view.clock(since, today, seconds=False), zone=performance.timezone
        )
    if until is not None:
        return phrase(
            "to {last} ({zone})", last=view.clock(until, today, seconds=False), zone=performance.timezone
        )
    return phrase("the whole log")


def _table(
    page: Page, view: View, title: Sentence, rows: Iterable[tuple[str, Rate]], threshold: Threshold | None
) -> None:
    """One line a row: name, results, failed, share of success, and a bar of the results."""
    rows = list(rows)
    if not rows:
        return
    page.blank()
    page.line(Span(view.say(title), "bold"))
    names = max(cells(name) for name, _ in rows)
    most = max(rate.total for _, rate in rows)
    digits, failed_digits = len(str(most)), len(str(max(rate.failed for _, rate in rows)))
    failed_word = view.say(phrase("failed"))
    narrow = view.look.width is not None and view.look.width < _NARROW
    for name, rate in rows:
        share = percentage(rate.success, rate.total, threshold)
        met = threshold is None or not rate.total or threshold.allows(rate.success, rate.total)
        figures_shown = f"{rate.total:>{digits}}  {rate.failed:>{failed_digits}} {failed_word}  "
        bar = "" if narrow else f"  {_bar(rate.total, most, unicode=view.look.unicode)}"
        padding = " " * (names - cells(name))
        page.line(
            f"{name}{padding}  {figures_shown}",
            Span(f"{share:>7}", "" if met else "warning"),
            bar,
            indent=2,
            hang=4,
        )


def _bar(n: int, most: int, *, unicode: bool) -> str:
    if not unicode:
        return "#" * max(1, n * _BAR // most) if n else ""
    eighths = max(1, n * _BAR * 8 // most) if n else 0
    return "█" * (eighths // 8) + _EIGHTHS[eighths % 8].strip()
