"""A verdict on one screen: the demand first, then each check, the evidence, and what was read."""

from __future__ import annotations

from collections import Counter

from kumon_observe.model.evidence import CheckResult
from kumon_observe.model.phrase import Phrase, phrase
from kumon_observe.model.privacy import MASK, is_unkept
from kumon_observe.model.status import Status
from kumon_observe.model.verdict import Coverage, Verdict
from kumon_observe.present import coverage, facts, figures, findings, headline
from kumon_observe.present.page import Page, Span
from kumon_observe.present.view import View

_WIDE = 64
_ONE_CHECK_SHOWN = 20


def render(verdict: Verdict, view: View) -> str:
    """The whole screen; with ``quiet`` its status line alone."""
    if view.quiet:
        page = Page()
        page.verbatim(headline.status_line(verdict, view))
        return page.text()
    page = view.page()
    said = _head(page, verdict, view)
    page.blank()
    for check in verdict.checks:
        _row(page, check, view, verdict)
    said |= _sections(page, verdict, view, said)
    coverage.write(
        page,
        view,
        verdict.sources,
        verdict.coverage,
        verdict.generated_at,
        checks=verdict.checks,
        said=said,
    )
    _next_step(page, verdict, view)
    return page.text()


def _head(page: Page, verdict: Verdict, view: View) -> set[str]:
    """Write the verdict, the demand and what broke; gives the sentences written."""
    said: set[str] = set()
    status = view.status(verdict.status)
    page.line(status, Span(f": {view.say(headline.demand(verdict.status, verdict.action))}", "bold"), hang=2)
    for sentence in headline.broken(verdict, view):
        page.line(view.say(sentence))
    for sentence in headline.not_judged(verdict):
        page.line(view.say(sentence))
    steps = headline.advice(verdict, view)
    if steps:
        page.line(view.say(phrase("To be able to tell:")))
    for step in steps:
        said.add(view.say(step))
        page.line(f"- {view.say(step)}", indent=2, hang=4)
    reasons = [] if steps else headline.missing(verdict, view)
    if reasons:
        page.line(view.say(phrase("What is missing:")))
    for names, reason in reasons:
        said.add(reason)
        page.line(f"- {names}: {reason}", indent=2, hang=4)
    return said


def _row(page: Page, check: CheckResult, view: View, verdict: Verdict) -> None:
    """One check: status, name, value against its limit, summary; on two lines where there is no room."""
    limit = view.say(figures.limit(check.threshold))
    measured = f"{figures.value(check)} ({limit})" if limit else figures.value(check)
    width = view.look.width
    status = view.status(check.status, view.status_width())
    if width is not None and width < _WIDE:
        page.line(view.status(check.status), " ", Span(check.name, "bold"), f"  {measured}")
        page.line(view.say(check.summary), indent=2)
        return
    names = max(len(result.name) for result in verdict.checks)
    values = max(_measured_width(result, view) for result in verdict.checks)
    lead = f"{check.name.ljust(names)}  {measured.ljust(values)}  "
    hang = len(status.text) + 2 + len(lead)
    page.line(status, "  ", lead, view.say(check.summary), hang=hang)


def _measured_width(check: CheckResult, view: View) -> int:
    limit = view.say(figures.limit(check.threshold))
    return len(figures.value(check)) + (len(limit) + 3 if limit else 0)


def _sections(page: Page, verdict: Verdict, view: View, said: set[str]) -> set[str]:
    """Write each check's findings and reasons, gravest check first; gives the sentences written."""
    written: set[str] = set()
    shared = _shared_reasons(verdict, view) - said
    if headline.advice(verdict, view) and verdict.coverage == Coverage() and not view.verbose:
        return written
    page.blank()
    for check in sorted(verdict.checks, key=lambda result: result.status, reverse=True):
        more = len(verdict.checks) == 1 or view.verbose
        sentences = (*check.reasons, *facts.sentences(check, all_of_them=more))
        own = [text for text in map(view.say, sentences) if text not in shared | said | written]
        _section(page, check, verdict, view, own)
        written |= set(own)
    of_sources = {view.say(line) for source in verdict.sources for line in coverage.source_lines(source)}
    for reason in sorted(shared - of_sources):
        page.line(reason, hang=2)
    return written | (shared - of_sources)


def _section(page: Page, check: CheckResult, verdict: Verdict, view: View, reasons: list[str]) -> None:
    if not check.violations and not check.warnings and not check.omitted:
        if reasons:
            page.line(Span(check.name, check.status.value), ": ", "; ".join(reasons), hang=2)
        return
    page.line(Span(check.name, check.status.value), ":")
    setting = findings.Setting.of(verdict, view)
    left = findings.write(page, check, view, most=_most(verdict, view), setting=setting)
    if left:
        page.line(view.say(findings.left_out(left)), indent=2)
    for reason in reasons:
        page.line(f"- {reason}", indent=2, hang=4)


def _most(verdict: Verdict, view: View) -> int:
    """How many findings of a check are shown."""
    if view.shown is not None:
        return view.shown
    if len(verdict.checks) == 1 or view.verbose:
        return _ONE_CHECK_SHOWN
    return findings.SHOWN


def _shared_reasons(verdict: Verdict, view: View) -> set[str]:
    """Reasons of the run as a whole: those that stand with several checks.

    What stands with the verdict alone (records that were ignored) is what the coverage line says.
    """
    times = Counter(
        text for check in verdict.checks for text in {view.say(reason) for reason in check.reasons}
    )
    return {text for text, n in times.items() if n > 1}


def _next_step(page: Page, verdict: Verdict, view: View) -> None:
    """The command that shows the gravest finding in full, ready to be copied."""
    unkept = next((reason for reason in verdict.reasons if is_unkept(reason)), None)
    for check in headline.judging(verdict):
        convs = [finding.key.conv for finding in (*check.violations, *check.warnings) if finding.key.conv]
        if unkept and convs and MASK in convs[0]:
            page.blank()
            page.line(view.say(unkept))
            return
        if convs:
            _offer(page, view, phrase("Turn by turn:"), "explain", convs[0])
            return
        if (
            check.name == "delivery"
            and check.status is not Status.OK
            and figures.number(check.counts, "failed")
        ):
            _offer(page, view, phrase("The failed deliveries:"), "failures")
            return


def _offer(page: Page, view: View, what: Phrase, command: str, *words: str) -> None:
    named = [*words, *view.logs]
    if any(name.startswith("-") and name != "-" for name in named):
        named.insert(0, "--")
    page.blank()
    page.line(view.say(what))
    page.verbatim("  " + " ".join(quoted(word) for word in ("kumon-observe", command, *named)))


def quoted(word: str) -> str:
    """*word* as a shell reads it."""
    if word and all(c.isalnum() or c in "-_./:@%+=," for c in word):
        return word
    return "'" + word.replace("'", "'\"'\"'") + "'"
