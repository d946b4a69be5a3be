"""Says why no line of a source is a record: often a layout was forced that is not its own."""

from __future__ import annotations

from collections import Counter

from attrs import evolve

from kumon_observe.model.phrase import Phrase, phrase
from kumon_observe.parsing.grammar import is_trace
from kumon_observe.parsing.head import HEAD_BYTES, decode
from kumon_observe.parsing.options import ScanOptions
from kumon_observe.reading import LogFile


def no_record(file: LogFile, options: ScanOptions) -> Phrase:
    """Why *file*, read with *options*, holds no record, and what to do about a forced layout."""
    if not options.layout:
        return phrase("no line of it is a log record of a known layout")
    if not file.seekable:
        return phrase(
            "layout {layout} explains no line of it: give none, and every line is tried with all of them",
            layout=options.layout,
        )
    other = _own_layout(file, options)
    if other is None:
        return phrase(
            "no line of it is a log record of layout {layout}, nor of any other", layout=options.layout
        )
    return phrase(
        "layout {layout} explains no line of it, and layout {other} does: give that one, or none",
        layout=options.layout,
        other=other,
    )


def _own_layout(file: LogFile, options: ScanOptions) -> str | None:
    """The layout that explains most lines in the beginning of *file*."""
    explainer = evolve(options, layout="").explainer()
    found = Counter[str]()
    plain = False
    for raw in file.read_at(0, HEAD_BYTES).split(b"\n"):
        line = decode(raw.removesuffix(b"\r"))
        outermost = explainer.outermost(line)
        if outermost is not None:
            found[outermost[0]] += 1
        plain = plain or is_trace(line)
    if not found:
        return "plain" if plain else None
    return found.most_common(1)[0][0]
