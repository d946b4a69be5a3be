"""Rows of a screen whose size is fixed: spans that are cut, filled and put beside each other."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from kumon_observe.present.page import Look, Page, Span, cells, visible

Row = tuple[Span, ...]
"""One row of styled text."""


def wide(row: Iterable[Span]) -> int:
    """The columns that *row* takes."""
    return sum(cells(span.text) for span in row)


def cut(row: Iterable[Span], width: int, *, unicode: bool = True) -> Row:
    """*row* without control codes, in at most *width* columns; a mark says that something is left out."""
    shown = [Span(visible(span.text), span.style) for span in row]
    if wide(shown) <= width:
        return tuple(shown)
    mark = "…" if unicode else "~"
    left = width - cells(mark)
    kept: list[Span] = []
    for span in shown:
        text = span.text
        while text and cells(text) > left:
            text = text[:-1]
        kept.append(Span(text, span.style))
        left -= cells(text)
        if text != span.text:
            break
    return (*kept, Span(mark if width > 0 else ""))


def filled(text: str, width: int, style: str = "", *, unicode: bool = True) -> Span:
    """*text* in exactly *width* columns."""
    (span, *more) = cut((Span(text, style),), width, unicode=unicode)
    whole = span.text + "".join(one.text for one in more)
    return Span(whole + " " * (width - cells(whole)), style)


def apart(left: Sequence[Span], right: Sequence[Span], width: int, *, unicode: bool = True) -> Row:
    """*left* at the left edge, cut if need be, and *right* at the right one."""
    room = width - wide(right) - 1
    if room < 1:
        return cut(left, width, unicode=unicode)
    shown = cut(left, room, unicode=unicode)
    return (*shown, Span(" " * (width - wide(shown) - wide(right))), *right)


def wrapped(text: str, width: int, style: str = "", *, hang: int = 2) -> list[Row]:
    """*text* in as many rows as it takes."""
    page = Page(Look(width=width))
    page.line(text, hang=hang)
    return [(Span(line, style),) for line in page.text().splitlines()]


def packed(pieces: Iterable[Span], width: int, gap: str = "   ") -> list[Row]:
    """*pieces* beside each other, as many in each row as fit."""
    rows: list[list[Span]] = []
    for piece in pieces:
        if rows and wide(rows[-1]) + len(gap) + cells(piece.text) <= width:
            rows[-1] += [Span(gap), piece]
        else:
            rows.append([piece])
    return [tuple(row) for row in rows]
