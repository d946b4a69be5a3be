"""What a verdict means for the person on call: the demand, what broke, and since when."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime

from kumon_observe.model.evidence import CheckResult, Sentence, Violation
from kumon_observe.model.phrase import Phrase, counted, phrase
from kumon_observe.model.status import Action, Status
from kumon_observe.model.verdict import Coverage, SourceReport, Verdict
from kumon_observe.present.view import View

_BROKEN = {
    ("handoff", Status.CRITICAL): phrase("Replies were lost between planner and delivery"),
    ("handoff", Status.WARNING): phrase("Replies may not have reached delivery"),
    ("instances", Status.CRITICAL): phrase("A wrong WhatsApp instance is in use"),
    ("delivery", Status.WARNING): phrase("Too few messages reach WhatsApp"),
    ("consistency", Status.WARNING): phrase("Planner and delivery do not share one state"),
}
_GRAVE = (Status.CRITICAL, Status.WARNING)


def demand(status: Status, action: Action) -> Phrase:
    """What to do now, in as few words as possible."""
    if status is Status.OK:
        return phrase("nothing to do")
    if status is Status.UNKNOWN:
        return phrase("cannot tell")
    return phrase("ROLL BACK NOW") if action is Action.ROLLBACK else phrase("investigate, no rollback")


def judging(verdict: Verdict) -> list[CheckResult]:
    """The checks that decide the verdict, in their order."""
    return [check for check in verdict.checks if check.status is verdict.status]


def broken(verdict: Verdict, view: View) -> Iterator[Sentence]:
    """One sentence for each check that decided the verdict: what, how often, since when."""
    if verdict.status not in _GRAVE:
        return
    for check in judging(verdict):
        plain = phrase("{check}: {summary}", check=check.name, summary=check.summary)
        what = _BROKEN.get((check.name, check.status), plain)
        yield _since(what, check, view, verdict)


def _since(what: Phrase, check: CheckResult, view: View, verdict: Verdict) -> Sentence:
    found = check.violations or check.warnings
    first, last = _bounds(found)
    n = len(found) + (check.omitted if check.violations else 0)
    if first is None or last is None:
        return phrase("{what}, {n} times.", what=what, n=n) if n > 1 else phrase("{what}.", what=what)
    began = view.clock(first, view.day(verdict.generated_at))
    if n == 1:
        return phrase("{what}, at {first}.", what=what, first=began)
    if check.omitted or first == last:
        return phrase("{what}, {n} times since {first}.", what=what, n=n, first=began)
    ended = view.clock(last, view.day(first))
    return phrase("{what}, {n} times since {first}, last {last}.", what=what, n=n, first=began, last=ended)


def not_judged(verdict: Verdict) -> Iterator[Sentence]:
    """Names the checks that could not answer, whose silence is no good news."""
    names = ", ".join(check.name for check in verdict.checks if check.status is Status.UNKNOWN)
    good = ", ".join(check.name for check in verdict.checks if check.status is Status.OK)
    if not names or verdict.status is Status.OK:
        return
    if verdict.status is not Status.UNKNOWN:
        yield phrase("Not judged: {names}.", names=names)
    elif good:
        yield phrase("Good: {good}. Not judged: {names}.", good=good, names=names)
    else:
        yield phrase("Nothing is proved, neither good nor bad.")


def advice(verdict: Verdict, view: View) -> list[Sentence]:
    """What has to be done before an ``unknown`` can become an answer, as far as it is known."""
    if verdict.status is not Status.UNKNOWN:
        return []
    if not verdict.sources:
        return [phrase("name a log: kumon-observe health LOG")]
    steps: list[Sentence] = [
        phrase("{source}: {what}", source=source.name, what=source.error)
        for source in verdict.sources
        if source.error is not None
    ]
    if not any(source.traces for source in verdict.sources):
        steps += _without_traces(verdict.sources)
    elif verdict.coverage == Coverage():
        steps += _outside_window(verdict, view)
    return steps


def _outside_window(verdict: Verdict, view: View) -> Iterator[Sentence]:
    firsts = [source.first for source in verdict.sources if source.first is not None]
    lasts = [source.last for source in verdict.sources if source.last is not None]
    window = view.window(min(firsts, default=None), max(lasts, default=None), verdict.generated_at)
    if window is not None:
        yield phrase("no trace lies in the time asked for; the log has records {window}", window=window)


def missing(verdict: Verdict, view: View) -> list[tuple[str, str]]:
    """Why each check of an ``unknown`` verdict could not answer: the checks' names, and their reason."""
    if verdict.status is not Status.UNKNOWN:
        return []
    names: dict[str, list[str]] = {}
    for check in judging(verdict):
        for reason in check.reasons:
            names.setdefault(view.say(reason), []).append(check.name)
    return [(", ".join(who), reason) for reason, who in names.items()]


def _without_traces(sources: Iterable[SourceReport]) -> Iterator[Sentence]:
    lines = sum(source.lines for source in sources)
    if lines:
        yield counted(
            lines,
            "the only line read holds no trace: is this the app's log, and does it log at level INFO?",
            "none of the {n} lines read holds a trace: is this the app's log, and does it log at level INFO?",
        )
        yield phrase("if its form is unusual, force it with --layout (kumon-observe plugins lists them)")
    elif all(source.size == 0 for source in sources):
        yield phrase("an empty log proves nothing: wait until the app has written to it, or name another")


def _bounds(found: Iterable[Violation]) -> tuple[datetime | None, datetime | None]:
    times = [violation.at for violation in found if violation.at is not None]
    return (min(times), max(times)) if times else (None, None)


def status_line(verdict: Verdict, view: View) -> str:
    """The verdict in one line, as monitoring shows it: status, demand, what broke or what is missing."""
    said = [view.say(sentence) for sentence in broken(verdict, view)]
    if verdict.status is Status.UNKNOWN:
        steps = [view.say(step) for step in advice(verdict, view)]
        said = (steps or [reason for _, reason in missing(verdict, view)])[:1]
    elif verdict.status is Status.OK:
        said = [view.say(check.summary) for check in verdict.checks]
    head = f"{view.status(verdict.status).text}: {view.say(demand(verdict.status, verdict.action))}"
    return " - ".join([head, *filter(None, ["; ".join(text.rstrip(".") for text in said)])])
