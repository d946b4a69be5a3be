"""The plain way to read a log: every line by itself through the layouts. The scan must equal it."""

from __future__ import annotations

from kumon_observe.model.rows import PlainRow, Ref
from kumon_observe.parsing.explainer import Record
from kumon_observe.parsing.head import HEAD_BYTES, inspect
from kumon_observe.parsing.lines import LineReader
from kumon_observe.parsing.options import ScanOptions
from kumon_observe.parsing.tally import Tally
from kumon_observe.parsing.templates import Templates


class NothingLearnt(Templates):
    """Never knows a line's form."""

    def learn(self, line: str, record: Record) -> None:
        """Forget it."""


def read_line_by_line(data: bytes, options: ScanOptions) -> tuple[list[PlainRow], Tally]:
    """The rows of *data* as one source, and what reading it added up to; no line may be oversized."""
    explainer = options.explainer()
    tally = Tally()
    reader = LineReader(
        explainer,
        tally,
        trusted=options.trusted,
        sealer=options.sealer,
        limit=options.max_record,
        source=0,
        process="",
        keep_text=True,
    )
    reader.templates = NothingLearnt(explainer.microseconds)
    reader.head = data[:HEAD_BYTES]
    head = inspect(data, explainer)
    tally.recognised = head.recognised
    tally.seen_at(head.first)
    reader.plain = not head.recognised
    rows: list[PlainRow] = []
    offset = 0
    lines = data.split(b"\n")
    for number, whole in enumerate(lines, start=1):
        if whole or number < len(lines):
            raw = whole.removesuffix(b"\r")
            tally.lines += 1
            end = offset + len(whole) + 1
            rows += reader.take(raw, Ref(None, 0, number, offset, len(raw), None), end, False)
        offset += len(whole) + 1
    return rows + reader.finish(), tally
