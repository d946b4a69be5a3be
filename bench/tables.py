"""Tables: aligned for the screen, with bars for Markdown."""

from __future__ import annotations

import math
from collections.abc import Sequence

from attrs import frozen

from bench.race import Result, Row
from bench.sizes import shown


@frozen
class Table:
    """A heading, one title a column, and rows of text; the first column is to the left, the others right."""

    heading: str
    titles: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    def on_screen(self) -> str:
        """The table with its columns aligned; the last one may be as long as it likes."""
        columns = list(zip(self.titles, *self.rows, strict=True))
        widths = [max(map(len, column)) for column in columns[:-1]]
        lines = [self._aligned(row, widths) for row in (self.titles, *self.rows)]
        return "\n".join([self.heading, "", *lines, ""])

    @staticmethod
    def _aligned(row: Sequence[str], widths: Sequence[int]) -> str:
        cells = [
            cell.ljust(width) if number == 0 else cell.rjust(width)
            for number, (cell, width) in enumerate(zip(row, widths, strict=False))
        ]
        return "  ".join([*cells, row[-1]]).rstrip()

    def as_markdown(self) -> str:
        """The table below its heading of the third level."""
        rule = ("---", *("---:" for _ in self.titles[1:-1]), "---")
        body = "\n".join(_bars(row) for row in (self.titles, rule, *self.rows))
        return f"### {self.heading}\n\n{body}\n"


def _bars(row: Sequence[str]) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |"


def mebibytes(size: int) -> str:
    """Memory, in whole MiB; nothing if none was seen."""
    return f"{math.ceil(size / 2**20)} MiB" if size else ""


def seconds(value: float) -> str:
    """A time with three figures that count."""
    return f"{value:.2f} s" if value >= 1 else f"{value * 1000:.0f} ms"


def race_table(result: Result, *, only_reads: bool = False) -> Table:
    """Who was how fast on one log: those who answer, or those who only read."""
    known = result.log.known
    heading = (
        f"{result.log.kind}: {shown(known.size)}, {known.traces / known.lines:.0%} traces "
        f"({known.traces:,} of {known.lines:,} lines)"
    )
    titles = ("", "wall", "CPU", "memory", "resident", "MB/s", "times ours", "")

    def cells(row: Row) -> tuple[str, ...]:
        if not row.wall:
            return (row.name, "", "", "", "", "", "", row.note)
        return (
            row.name,
            seconds(row.wall),
            seconds(row.cpu),
            mebibytes(row.memory.proportional),
            mebibytes(row.memory.resident),
            f"{known.size / row.wall / 1e6:.0f}",
            f"{row.wall / result.base:.2f}" if result.base else "",
            row.note,
        )

    rows = tuple(cells(row) for row in result.rows if row.only_reads == only_reads)
    return Table(heading, titles, rows)
