"""What the rules would have done: the incidents of a replay, and the table over labelled scenarios."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Final

from kumon_observe.model.alert import Alert, News
from kumon_observe.model.backtest import Accuracy, Backtest, RulesTest, Scenario, Sent
from kumon_observe.model.evidence import Sentence
from kumon_observe.model.incident import Incident
from kumon_observe.model.phrase import Phrase, counted, phrase
from kumon_observe.model.status import Severity
from kumon_observe.model.threshold import Threshold, percentage
from kumon_observe.present import coverage
from kumon_observe.present.page import Page, Span
from kumon_observe.present.view import View

_COLOURS: Final = {
    Severity.CRITICAL: "critical",
    Severity.HIGH: "warning",
    Severity.MODERATE: "warning",
    Severity.INFO: "",
}
_NEWS: Final = {
    News.FIRED: phrase("fired"),
    News.GREW: phrase("grew"),
    News.REPEATED: phrase("repeated"),
    News.ESCALATED: phrase("escalated"),
    News.ACKNOWLEDGED: phrase("acknowledged"),
    News.FLAPPING: phrase("flapping"),
    News.RESOLVED: phrase("resolved"),
    News.TEST: phrase("test"),
}
_ACCURATE: Final = Threshold(min="0.95", percent=True)
_FALSE: Final = Threshold(max="0.01", percent=True)


def render(backtest: Backtest, view: View) -> str:
    """The whole screen; with ``quiet`` its first line alone, with ``verbose`` all notifications."""
    page = view.page()
    fired = [incident for incident in backtest.incidents if incident.fired is not None]
    page.line(Span(view.say(_totals(len(fired), len(backtest.sent))), "bold"), hang=2)
    if view.quiet:
        return page.text()
    for reason in backtest.reasons:
        page.line(f"- {view.say(reason)}", indent=2, hang=4)
    today = view.only_day(backtest.begins, backtest.ends, backtest.verdict.generated_at)
    for incident in fired:
        page.blank()
        _incident(page, view, incident, backtest, today)
    coverage.write(
        page,
        view,
        backtest.verdict.sources,
        backtest.verdict.coverage,
        backtest.verdict.generated_at,
        checks=backtest.verdict.checks,
        said=[view.say(reason) for reason in backtest.reasons],
    )
    return page.text()


def render_test(tested: RulesTest, view: View) -> str:
    """The table over scenarios; with ``quiet`` its first line alone."""
    page = view.page()
    bad = sum(bool(tried.faults) for tried in tested.scenarios)
    if bad:
        sentence = counted(
            bad, "1 of {of} scenarios failed", "{n} of {of} scenarios failed", of=len(tested.scenarios)
        )
        page.line(Span(view.say(sentence), "critical"))
    else:
        n = len(tested.scenarios)
        page.line(Span(view.say(counted(n, "1 scenario passed", "all {n} scenarios passed")), "ok"))
    if view.quiet:
        return page.text()
    page.blank()
    for tried in tested.scenarios:
        _tried(page, view, tried)
    page.blank()
    _accuracy(page, view, tested.accuracy)
    return page.text()


def _totals(incidents: int, notifications: int) -> Phrase:
    return phrase(
        "{incidents}, {notifications}",
        incidents=counted(incidents, "1 incident", "{n} incidents"),
        notifications=counted(notifications, "1 notification", "{n} notifications"),
    )


def _incident(page: Page, view: View, incident: Incident, backtest: Backtest, today: date | None) -> None:
    severity = str(incident.severity).upper()
    page.line(
        Span(severity.ljust(8), _COLOURS[incident.severity]),
        "  ",
        Span(incident.rule, "bold"),
        "  ",
        view.say(_course(incident, backtest.ends, view, today)),
        hang=10,
    )
    if incident.result is not None:
        page.line(view.say(incident.result.summary), indent=10)
    sent = [one for one in backtest.sent if one.alert.incident == incident.id]
    for line in _notifications(sent, view, today) if view.verbose else [_summary(sent)]:
        page.line(view.say(line), indent=10, hang=12)


def _course(incident: Incident, ends: datetime | None, view: View, today: date | None) -> Phrase:
    fired = incident.fired or incident.broken
    begun = view.clock(fired, today)
    if incident.ended is not None:
        return phrase(
            "fired {begun}, over {ended} (after {lasted})",
            begun=begun,
            ended=view.clock(incident.ended, today),
            lasted=_lasted(incident.ended - fired),
        )
    lasted = _lasted((ends or fired) - fired)
    return phrase("fired {begun}, still open {lasted} later", begun=begun, lasted=lasted)


def _lasted(time: timedelta) -> str:
    """``45 s``, ``12 min`` or ``3 h 05 min``."""
    seconds = int(time.total_seconds())
    if seconds < 60:
        return f"{seconds} s"
    minutes = seconds // 60
    return f"{minutes} min" if minutes < 60 else f"{minutes // 60} h {minutes % 60:02} min"


def _summary(sent: Iterable[Sent]) -> Sentence:
    """How many were sent to whom."""
    counts: dict[str, int] = {}
    for one in sent:
        counts[one.sink] = counts.get(one.sink, 0) + 1
    if not counts:
        return phrase("nobody would have been told")
    told = ", ".join(f"{sink} ({n})" for sink, n in counts.items())
    return phrase("told: {sinks}", sinks=told)


def _notifications(sent: Iterable[Sent], view: View, today: date | None) -> list[Sentence]:
    """A line for each thing that was told, with all who were."""
    told: dict[str, tuple[Sent, list[str]]] = {}
    for one in sent:
        told.setdefault(one.alert.key, (one, []))[1].append(one.sink)
    return [
        phrase(
            "{at}  {news}  to {sinks}",
            at=view.clock(one.at, today),
            news=_news(one.alert),
            sinks=", ".join(sinks),
        )
        for one, sinks in told.values()
    ]


def _news(alert: Alert) -> Phrase:
    if alert.news is News.ESCALATED:
        return phrase("escalated, level {level}", level=alert.level)
    return _NEWS[alert.news]


def _tried(page: Page, view: View, tried: Scenario) -> None:
    word = view.say(phrase("FAILED")) if tried.faults else "ok"
    page.line(Span(word.ljust(8), "critical" if tried.faults else "ok"), tried.name, hang=8)
    for fault in tried.faults:
        page.line(f"- {view.say(fault)}", indent=8, hang=10)


def _accuracy(page: Page, view: View, accuracy: Accuracy) -> None:
    rows: list[tuple[Sentence, int]] = [
        (phrase("right alarms"), accuracy.right_alarms),
        (phrase("false alarms"), accuracy.false_alarms),
        (phrase("missed"), accuracy.missed),
        (phrase("rightly silent"), accuracy.right_silences),
    ]
    names = [view.say(name) for name, _ in rows]
    width = max(map(len, names))
    for name, (_, n) in zip(names, rows, strict=True):
        page.line(f"{name:<{width}}  {n:>5}", indent=2)
    page.blank()
    for label, (part, whole), goal, limit, met in (
        (phrase("accuracy"), accuracy.accuracy, ">= 95%", _ACCURATE, accuracy.is_accurate),
        (phrase("false positives"), accuracy.false_positives, "< 1%", _FALSE, accuracy.is_believable),
    ):
        share = percentage(part, whole, limit)
        page.line(
            f"{view.say(label):<{max(width, 15)}}  ",
            Span(f"{share:>7}", "ok" if met else "critical"),
            f"  ({goal}: {part} / {whole})",
            indent=2,
        )
