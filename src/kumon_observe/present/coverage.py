"""What was read to reach an answer, and what was wrong with it: silence must not read as health."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime

from kumon_observe.model.evidence import CheckResult, Sentence
from kumon_observe.model.phrase import Phrase, counted, phrase
from kumon_observe.model.verdict import Coverage, Problem, SourceReport
from kumon_observe.present import figures
from kumon_observe.present.page import Page, Span
from kumon_observe.present.view import View

_IGNORED = {
    "malformed": ("1 malformed trace ignored", "{n} malformed traces ignored"),
    "embedded": ("1 quoted trace ignored", "{n} quoted traces ignored"),
    "untrusted": ("1 trace of an untrusted logger ignored", "{n} traces of untrusted loggers ignored"),
    "unsealed": ("1 unsealed trace ignored", "{n} unsealed traces ignored"),
    "undecodable": ("1 record is not UTF-8", "{n} records are not UTF-8"),
    "truncated": ("1 source is cut off", "{n} sources are cut off"),
    "oversized": ("1 oversized record ignored", "{n} oversized records ignored"),
}
_FOUND = {
    "malformed": ("1 malformed trace, at {place}", "{n} malformed traces, first at {place}"),
    "embedded": ("1 quoted trace, at {place}", "{n} quoted traces, first at {place}"),
    "untrusted": (
        "1 trace of an untrusted logger, at {place}",
        "{n} traces of untrusted loggers, first at {place}",
    ),
    "unsealed": ("1 unsealed trace, at {place}", "{n} unsealed traces, first at {place}"),
    "undecodable": (
        "1 record that is not UTF-8, at {place}",
        "{n} records that are not UTF-8, first at {place}",
    ),
    "truncated": ("cut off at {place}", "cut off at {place}"),
    "oversized": ("1 oversized record, at {place}", "{n} oversized records, first at {place}"),
}


def judged(checks: Iterable[CheckResult], traces: int) -> Phrase:
    """What was judged, in the unit of the first check that saw something."""
    for check in checks:
        if turns := figures.number(check.counts, "turns"):
            return counted(turns, "judged 1 turn", "judged {n} turns")
        if results := figures.number(check.counts, "success") + figures.number(check.counts, "failed"):
            return counted(results, "judged 1 result", "judged {n} results")
        if pairs := figures.number(check.counts, "pairs"):
            return counted(pairs, "judged 1 pair", "judged {n} pairs")
        if seen := figures.number(check.counts, "seen"):
            return counted(seen, "judged 1 instance", "judged {n} instances")
    if not traces:
        return phrase("no trace was read")
    return counted(traces, "read 1 trace", "read {n} traces")


def line(
    checks: Iterable[CheckResult],
    sources: tuple[SourceReport, ...],
    coverage: Coverage,
    now: datetime,
    view: View,
) -> str:
    """``judged 812 turns between 10:00 and 11:00; 3 malformed traces ignored; times are UTC``."""
    traces = sum(source.traces for source in sources)
    if traces and coverage == Coverage():
        base = counted(traces, "judged none of 1 trace", "judged none of {n} traces")
    else:
        base = judged(checks, traces)
    window = view.window(coverage.first, coverage.last, now)
    said = [view.say(base if window is None else phrase("{judged} {window}", judged=base, window=window))]
    said += map(view.say, _ignored(sources))
    if window is not None:
        said.append(view.say(phrase("times are {zone}", zone=view.zone_name(coverage.last))))
    elif coverage != Coverage():
        said.append(view.say(phrase("the traces have no times")))
    return "; ".join(said)


def _ignored(sources: tuple[SourceReport, ...]) -> Iterator[Sentence]:
    for kind, forms in _IGNORED.items():
        n = sum(source.problems.get(kind, 0) for source in sources)
        if n:
            yield counted(n, *forms)


def source_lines(source: SourceReport) -> Iterator[Sentence]:
    """What was lost or skipped of one source, each as a sentence that names it."""
    if source.error is not None:
        yield phrase("{source}: {what}", source=source.name, what=source.error)
    for note in source.notes:
        yield phrase("{source}: {what}", source=source.name, what=note)
    for kind, forms in _FOUND.items():
        n = source.problems.get(kind, 0)
        places = [problem for problem in source.places if problem.kind == kind]
        if n and places:
            yield phrase(
                "{source}: {what}", source=source.name, what=counted(n, *forms, place=_place(places[0]))
            )


def _place(problem: Problem) -> Phrase:
    evidence = problem.evidence
    if not problem.reason:
        return phrase("line {line}", line=evidence.line)
    return phrase("line {line} ({reason})", line=evidence.line, reason=problem.reason)


def source_figures(source: SourceReport, view: View, now: datetime) -> Sentence:
    """How much of one source was read."""
    layouts = ", ".join(f"{name} {n}" for name, n in source.layouts.items()) or "-"
    lines = counted(source.lines, "1 line", "{n} lines")
    traces = counted(source.traces, "1 trace", "{n} traces")
    read = phrase(
        "{source}: read {size}, {lines}, {traces}; layouts: {layouts}",
        source=source.name,
        size=figures.size(source.read),
        lines=lines,
        traces=traces,
        layouts=layouts,
    )
    window = view.window(source.first, source.last, now)
    return read if window is None else phrase("{read}; {window}", read=read, window=window)


def write(
    page: Page,
    view: View,
    sources: tuple[SourceReport, ...],
    coverage: Coverage,
    now: datetime,
    *,
    checks: Iterable[CheckResult] = (),
    said: Iterable[str] = (),
) -> None:
    """Write the coverage line, then each source's problems that *said* does not hold already."""
    page.blank()
    page.line(line(checks, sources, coverage, now, view), hang=2)
    known = set(said)
    for source in sources:
        for sentence in source_lines(source):
            text = view.say(sentence)
            if text not in known:
                known.add(text)
                page.line(Span(text, "warning" if source.error is not None else ""), hang=2)
        if view.verbose:
            page.line(Span(view.say(source_figures(source, view, now)), "dim"), hang=2)
    if view.verbose:
        page.line(Span(view.say(_kinds(coverage)), "dim"), hang=2)


def _kinds(coverage: Coverage) -> Sentence:
    return phrase(
        "traces by kind: outbox {outbox}, instance {instance}, delivery {delivery}, guards {guards}",
        outbox=coverage.outbox,
        instance=coverage.instance,
        delivery=coverage.delivery,
        guards=coverage.guards,
    )
