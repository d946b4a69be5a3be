"""Reads a record of several lines once more, where its text was not kept."""

from __future__ import annotations

from typing import Final

from kumon_observe.model.protocols import Explained
from kumon_observe.model.rows import Ref
from kumon_observe.parsing.explainer import Record
from kumon_observe.parsing.grammar import Malformed, parse_message
from kumon_observe.parsing.lines import NO_TRACE
from kumon_observe.parsing.options import ScanOptions
from kumon_observe.parsing.scan import Scanner
from kumon_observe.parsing.standing import Beginning, Reread

_PIECE: Final = 64 << 10
_FARTHEST: Final = 8 << 20


def goes_on(explained: Explained, record: Record) -> bool:
    """Whether a *record* goes on behind the line that was *explained*: a chunk of docker's, a cut trace."""
    if not explained.inner_ends:
        return True
    parsed = None if record.message is None else parse_message(record.message)
    return isinstance(parsed, Malformed) and parsed.incomplete


def text_at(ref: Ref, beginning: Beginning, options: ScanOptions, reread: Reread) -> str | None:
    """The message of the record of several lines at *ref*, ``None`` if it turns out to be none.

    *beginning* is what is known of its source, *reread* gives its bytes.
    """
    scanner = Scanner(options)
    scanner.resume(beginning, ref.offset, ref.line - 1, NO_TRACE)
    for offset in range(ref.offset, ref.offset + _FARTHEST, _PIECE):
        piece = reread(offset, _PIECE)
        rows = scanner.feed(piece) if piece else scanner.finish()
        for row in rows:
            if row[4] == ref.offset:
                return row[6]
        for place in scanner.tally.places:
            if place.ref.offset == ref.offset:
                return place.ref.text
        if not piece:
            break
    return None
