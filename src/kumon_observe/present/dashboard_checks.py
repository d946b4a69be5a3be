"""The metrics of the live screen: status, value, limit, and how each went."""

from __future__ import annotations

from typing import Final

from kumon_observe.model.board import Board, Trend
from kumon_observe.model.evidence import CheckResult
from kumon_observe.model.phrase import phrase
from kumon_observe.model.status import Status
from kumon_observe.model.threshold import Threshold
from kumon_observe.present import figures
from kumon_observe.present.page import Span, cells
from kumon_observe.present.progress import duration
from kumon_observe.present.rows import Row, filled
from kumon_observe.present.sparkline import sparkline
from kumon_observe.present.view import View

_WIDE: Final = 76
_GRAVE: Final = (Status.CRITICAL, Status.WARNING)


def check_rows(board: Board, view: View, width: int) -> list[Row]:
    """A heading, and one row for each check."""
    checks = board.verdict.checks
    trends = {trend.check: trend for trend in board.trends}
    gap = Span("  " if width >= _WIDE else " ")
    limits = [_limit(check, view, width) for check in checks]
    sizes = (
        view.status_width(),
        max((cells(check.name) for check in checks), default=0),
        max((cells(figures.value(check)) for check in checks), default=0),
        max(map(cells, limits), default=0),
    )
    used = sum(sizes) + len(sizes) * len(gap.text)
    rows: list[Row] = [_heading(board, view, used, width - used)]
    for check, limit in zip(checks, limits, strict=True):
        values = (check.name, figures.value(check), limit)
        cell = [filled(text, size) for text, size in zip(values, sizes[1:], strict=True)]
        spans = [_status(check, board, view, sizes[0]), gap]
        for one in cell:
            spans += [one, gap]
        trend = trends.get(check.name)
        rows.append((*spans, *_spark(trend, check, view, width - used)))
    return rows


def _status(check: CheckResult, board: Board, view: View, width: int) -> Span:
    """Its status; none is green that says nothing of the present."""
    word = view.status(check.status, width)
    blind = check.status is Status.OK and not board.sees
    return word._replace(style=Status.UNKNOWN.value) if blind else word


def _spark(trend: Trend | None, check: CheckResult, view: View, room: int) -> list[Span]:
    if trend is None:
        return []
    bad = check.status.value if check.status in _GRAVE else Status.WARNING.value
    return sparkline(trend, check.threshold, bad, room, unicode=view.look.unicode)


def _heading(board: Board, view: View, used: int, room: int) -> Row:
    """What the sparklines cover, above them."""
    title = filled(view.say(phrase("CHECKS")), used, "bold")
    dated = [trend for trend in board.trends if trend.until is not None]
    if not dated or dated[0].until is None:
        return (title,)
    trend = dated[0]
    until = view.clock(dated[0].until, view.day(board.at), seconds=False)
    steps = phrase(
        "{n} x {width}", n=min(len(trend.steps), room), width=duration(trend.width.total_seconds())
    )
    for span in (phrase("{steps}, to {until}", steps=steps, until=until), steps):
        said = view.say(span)
        if cells(said) <= room:
            return (title, Span(said, "dim"))
    return (title,)


def _limit(check: CheckResult, view: View, width: int) -> str:
    """The limit in words, in signs where there is little room."""
    if check.threshold is None:
        return ""
    if width >= _WIDE:
        return view.say(figures.limit(check.threshold))
    return _signs(check.threshold, unicode=view.look.unicode)


def _signs(threshold: Threshold, *, unicode: bool) -> str:
    text = str(threshold).replace(">= ", ">=").replace("<= ", "<=")
    return text.replace(">=", "≥").replace("<=", "≤") if unicode else text
