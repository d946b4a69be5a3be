"""The live screen: rows that fit a terminal of any size, the gravest first."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Final

from attrs import frozen

from kumon_observe.model.ages import age
from kumon_observe.model.board import Board
from kumon_observe.model.evidence import Sentence
from kumon_observe.model.phrase import Phrase, counted, phrase
from kumon_observe.model.status import Status
from kumon_observe.present import coverage, dashboard_lists as lists, headline
from kumon_observe.present.dashboard_checks import check_rows
from kumon_observe.present.page import Look, Page, Span
from kumon_observe.present.rows import Row, apart, cut, packed, wrapped
from kumon_observe.present.view import View

_MOST_SAID: Final = 3
_MOST_PROBLEMS: Final = 4
_MOST_COVERAGE: Final = 2
_FEW: Final = 4
_LEAST_LEFT: Final = 10
"""The rows that the empty ones between the parts must leave, beside incidents: headings and traces."""

_PLAIN_RECORDS: Final = 10
_NARROWEST: Final = 40
_AHEAD: Final = timedelta(minutes=1)


@frozen
class Size:
    """A terminal's ``width`` in columns and ``height`` in rows; ``None``: as many as it takes."""

    width: int = 80
    height: int | None = 24


def rows(board: Board, view: View, size: Size, foot: Sentence = "") -> list[Row]:
    """The whole screen in at most ``size.height`` rows, *foot* in the last one.

    Where there is little room, the traces go first, then the incidents.
    """
    width = max(size.width, _NARROWEST)
    top = [*_head(board, view, width), *_vitals(board, view, width), *_problems(board, view, width)]
    checks = check_rows(board, view, width)
    bottom = _coverage(board, view, width)
    if foot:
        bottom.append((Span(view.say(foot), "dim"),))
    if size.height is None:
        incidents = lists.incident_rows(board, view, width, len(board.incidents))
        traces = lists.trace_rows(board, view, width, _PLAIN_RECORDS)
        return _joined([top, checks, incidents, traces, bottom], width, view, spaced=True)
    left = size.height - len(top) - len(checks) - len(bottom)
    spaced = left >= min(len(board.incidents), _FEW) + _LEAST_LEFT
    left -= 4 * spaced
    incidents = lists.incident_rows(board, view, width, max(1, left - _FEW))
    traces = lists.trace_rows(board, view, width, left - len(incidents) - 1)
    if left < len(incidents):
        bottom = []
    shown = _joined([top, checks, incidents, traces, bottom], width, view, spaced=spaced)
    return shown[: size.height]


def reading_rows(line: str, view: View) -> list[Row]:
    """The screen as long as nothing can be said, because the logs are being read: how far that is."""
    return [
        (Span(view.say(phrase("reading the logs")), "bold"),),
        (Span(line),),
    ]


def plain(board: Board, view: View) -> str:
    """The screen once, for a pipe, a file or a mail."""
    size = Size(view.look.width or Size().width, None)
    page = Page(Look(width=None, colour=view.look.colour))
    for row in rows(board, view, size):
        page.line(*row)
    return "".join(f"{line.rstrip()}\n" for line in page.text().splitlines())


def _joined(parts: list[list[Row]], width: int, view: View, *, spaced: bool) -> list[Row]:
    shown: list[Row] = []
    for part in filter(None, parts):
        if shown and spaced:
            shown.append(())
        shown += [cut(row, width, unicode=view.look.unicode) for row in part]
    return shown


def _head(board: Board, view: View, width: int) -> list[Row]:
    """The verdict and its demand, the time of the refresh, and what broke."""
    verdict = board.verdict
    word = view.status(verdict.status)
    blind = verdict.status is Status.OK and not board.sees
    style = Status.UNKNOWN.value if blind else word.style
    said = _until(board, view) if blind else headline.demand(verdict.status, verdict.action)
    refreshed = Span(view.clock(board.at, view.day(board.at)), "bold")
    title = (Span(word.text, style), Span(f": {view.say(said)}", style if blind else "bold"))
    found = [apart(title, (refreshed,), width, unicode=view.look.unicode)]
    sentences = [*headline.broken(verdict, view), *headline.not_judged(verdict)]
    broken = [row for sentence in sentences for row in wrapped(view.say(sentence), width)]
    return found + broken[:_MOST_SAID]


def _until(board: Board, view: View) -> Sentence:
    """How far a verdict goes that says nothing of the present."""
    if board.age is None:
        return phrase("the traces have no times, so of when that is cannot be told")
    if board.age < timedelta():
        return phrase("by the log's own times, which the clock does not bear out")
    until = view.clock(board.at - board.age, view.day(board.at))
    return phrase("until {until}, nothing is known since", until=until)


def _vitals(board: Board, view: View, width: int) -> list[Row]:
    """Whether anything comes, whether the watch lives, and what is read."""
    names = [source.name for source in board.verdict.sources]
    pieces = [_age(board, view), _watch(board, view)]
    if names:
        more = f" +{len(names) - 1}" if len(names) > 1 else ""
        pieces.append(Span(names[0] + more, "dim"))
    return packed(pieces, width)


def _age(board: Board, view: View) -> Span:
    old = board.age
    if old is None:
        return Span(view.say(phrase("age of the newest trace unknown")), Status.UNKNOWN.value)
    if old < -_AHEAD:
        text = view.say(phrase("newest trace {ago} ahead of the clock", ago=age(-old)))
        return Span(text, Status.UNKNOWN.value)
    text = view.say(phrase("newest trace {ago} ago", ago=age(old)))
    return Span(text, "" if board.sees else Status.UNKNOWN.value)


def _watch(board: Board, view: View) -> Span:
    if board.beat is None:
        return Span(view.say(phrase("no watch has run here")), Status.UNKNOWN.value)
    since = age(board.at - board.beat)
    if board.is_watched:
        return Span(view.say(phrase("the watch lives ({ago} ago)", ago=since)))
    return Span(view.say(phrase("THE WATCH IS SILENT for {ago}", ago=since)), Status.CRITICAL.value)


def _problems(board: Board, view: View, width: int) -> list[Row]:
    """What hinders seeing, each once; loud."""
    said = dict.fromkeys(view.say(problem) for problem in _hindrances(board, view))
    rows = [row for text in said for row in wrapped(f"! {text}", width, Status.UNKNOWN.value)]
    if len(rows) <= _MOST_PROBLEMS:
        return rows
    left = counted(
        len(rows) - _MOST_PROBLEMS + 1,
        "! and 1 line more: kumon-observe health says it",
        "! and {n} lines more: kumon-observe health says them",
    )
    return [*rows[: _MOST_PROBLEMS - 1], (Span(view.say(left), Status.UNKNOWN.value),)]


def _hindrances(board: Board, view: View) -> Iterator[Sentence]:
    yield from board.losses
    yield from headline.advice(board.verdict, view)
    old = board.age
    if old is not None and old > board.stale_after:
        yield _stale(old)
    elif old is not None and old < -_AHEAD:
        yield phrase("the log's times lie ahead of the clock: is its zone right (--timezone)?")
    if board.untold is not None:
        yield phrase("the incidents are not known: {why}", why=board.untold)


def _stale(old: timedelta) -> Phrase:
    return phrase("no trace for {ago}: does the app run, and does it log here?", ago=age(old))


def _coverage(board: Board, view: View, width: int) -> list[Row]:
    verdict = board.verdict
    text = coverage.line(verdict.checks, verdict.sources, verdict.coverage, board.at, view)
    rows = wrapped(text, width, "dim")
    if len(rows) <= _MOST_COVERAGE:
        return rows
    *first, (last,) = rows[:_MOST_COVERAGE]
    return [*first, cut((Span(f"{last.text:<{width}} ", last.style),), width, unicode=view.look.unicode)]
