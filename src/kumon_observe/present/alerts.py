"""Incidents on a screen: the open ones first, with who has them and what is to be typed."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Final

from kumon_observe.model.ages import age
from kumon_observe.model.alerts import Alerts, ShownIncident, Tried, Undelivered
from kumon_observe.model.incident import Incident, IncidentState, Silence
from kumon_observe.model.phrase import Phrase, counted, phrase
from kumon_observe.model.severities import SEVERITIES
from kumon_observe.model.status import Severity
from kumon_observe.present.page import Page, Span
from kumon_observe.present.view import View

_STYLES: Final = {
    Severity.INFO: "dim",
    Severity.MODERATE: "warning",
    Severity.HIGH: "critical",
    Severity.CRITICAL: "critical",
}
_STATES: Final = {
    IncidentState.PENDING: phrase("pending"),
    IncidentState.FIRING: phrase("firing"),
    IncidentState.ACKNOWLEDGED: phrase("acknowledged"),
    IncidentState.RESOLVED: phrase("over"),
}
_INDENT: Final = 2


def alerts(found: Alerts, view: View) -> str:
    """Everything that ``alerts list`` shows; with ``quiet`` its first line."""
    page, now = view.page(), found.generated_at
    still = [shown for shown in found.incidents if shown.incident.is_open]
    over = [shown for shown in found.incidents if not shown.incident.is_open]
    page.line(_headline(still, found.dead, view))
    if view.quiet:
        return page.text()
    for shown in still:
        page.blank()
        _incident(page, shown, now, view)
    if over:
        page.blank()
        page.line(Span(view.say(phrase("Over")), "bold"))
    for shown in over:
        _ended(page, shown, now, view)
    if found.silences:
        page.blank()
        page.line(Span(view.say(phrase("Silenced")), "bold"))
    for silence in found.silences:
        _silence(page, silence, now, view)
    for title, sort, style in (
        (phrase("Could not be delivered"), found.dead, "critical"),
        (phrase("Still to be delivered"), found.waiting, "warning"),
        (phrase("Left alone on purpose"), found.declined, ""),
    ):
        if sort:
            page.blank()
            _messages(page, title, sort, now, view, style)
            if sort is found.dead:
                page.line("kumon-observe alerts resend", indent=_INDENT)
    return page.text()


def incident(shown: ShownIncident, now: datetime, view: View) -> str:
    """One incident, after something was done about it."""
    page = view.page()
    if shown.incident.is_open:
        _incident(page, shown, now, view)
    else:
        _ended(page, shown, now, view)
    return page.text()


def silence(made: Silence, now: datetime, view: View) -> str:
    """One silence, after it was made or ended."""
    page = view.page()
    _silence(page, made, now, view)
    return page.text()


def messages(title: Phrase, found: tuple[Undelivered, ...], now: datetime, view: View) -> str:
    """Messages, after something was done about them: what that is says *title*."""
    page = view.page()
    if found:
        _messages(page, title, found, now, view, "bold")
    else:
        page.line(view.say(phrase("nothing is undeliverable")))
    return page.text()


def tried(found: Iterable[Tried], view: View) -> str:
    """What each sink answered to a test."""
    page = view.page()
    for one in found:
        if one.delivered:
            page.line(Span(view.say(phrase("delivered")), "ok"), f"  {one.name}")
        else:
            page.line(
                Span(view.say(phrase("failed")), "critical"), f"  {one.name}: {one.error}", hang=_INDENT
            )
    return page.text()


def _headline(still: list[ShownIncident], dead: tuple[Undelivered, ...], view: View) -> Span:
    if not still:
        said, style = phrase("no open incident"), "ok"
    else:
        said = counted(len(still), "1 open incident", "{n} open incidents")
        style = _STYLES[max(s.incident.severity for s in still)]
    if dead:
        undelivered = counted(len(dead), "1 message was not delivered", "{n} messages were not delivered")
        said, style = phrase("{what}, {undelivered}", what=said, undelivered=undelivered), "critical"
    return Span(view.say(said), style)


def _incident(page: Page, shown: ShownIncident, now: datetime, view: View) -> None:
    one = shown.incident
    word = view.say(SEVERITIES[one.severity])
    if one.severity is Severity.CRITICAL:
        word = word.upper()
    rest = f"  {view.say(_state(one))}  {age(now - one.since)}  {one.rule}"
    page.line(Span(one.id, "bold"), "  ", Span(word, _STYLES[one.severity]), rest, hang=_INDENT)
    page.line(view.say(shown.what), indent=_INDENT)
    if one.result is not None:
        page.line(view.say(one.result.summary), indent=_INDENT)
    if one.found:
        found = counted(one.found, "1 finding", "{n} findings")
        page.line(view.say(found), indent=_INDENT)
    if one.flapping:
        page.line(view.say(phrase("it comes and goes")), indent=_INDENT)
    if shown.silenced is not None:
        until = view.clock(shown.silenced, view.day(now), seconds=False)
        page.line(view.say(phrase("silenced until {until}", until=until)), indent=_INDENT)
    if shown.behind:
        page.line(view.say(phrase("told with {id}, which is graver", id=shown.behind)), indent=_INDENT)
    for line in _todo(one):
        page.line(view.say(line), indent=_INDENT, hang=_INDENT + 2)


def _state(one: Incident) -> Phrase:
    state = _STATES[one.state]
    return phrase("{state} (level {level})", state=state, level=one.level) if one.level else state


def _todo(one: Incident) -> Iterable[Phrase]:
    if one.state is IncidentState.FIRING:
        yield phrase("nobody has it: {command}", command=f"kumon-observe alerts ack {one.id}")
    elif one.state is IncidentState.ACKNOWLEDGED:
        yield _who(phrase("{by} has it", by=one.by), one.comment)


def _ended(page: Page, shown: ShownIncident, now: datetime, view: View) -> None:
    one = shown.incident
    ago = age(now - (one.ended or one.since))
    lasted = age((one.ended or one.since) - one.since)
    said = phrase("{what}: {age} ago, lasted {lasted}", what=shown.what, age=ago, lasted=lasted)
    page.line(Span(one.id, "bold"), f"  {view.say(said)}", hang=_INDENT)
    if one.by:
        page.line(view.say(_who(phrase("ended by {by}", by=one.by), one.comment)), indent=_INDENT)


def _silence(page: Page, one: Silence, now: datetime, view: View) -> None:
    until = view.clock(one.until, view.day(now), seconds=False)
    what = one.rule or view.say(phrase("all but critical rules"))
    said = phrase("{what} until {until}, by {by}", what=what, until=until, by=one.by)
    page.line(Span(one.id, "bold"), f"  {view.say(_who(said, one.comment))}", hang=_INDENT)


def _who(said: Phrase, comment: str) -> Phrase:
    return phrase("{said}: {comment}", said=said, comment=comment) if comment else said


def _messages(
    page: Page, title: Phrase, found: tuple[Undelivered, ...], now: datetime, view: View, style: str
) -> None:
    page.line(Span(view.say(title), style))
    most = view.shown or (None if view.verbose else 10)
    for one in found[:most]:
        tries = counted(one.attempts, "1 attempt", "{n} attempts")
        said = phrase(
            "{sink}: {title}, {age} ago, {tries}",
            sink=one.sink,
            title=one.title,
            age=age(now - one.since),
            tries=tries,
        )
        page.line(f"#{one.number}  {view.say(said)}", hang=_INDENT)
        if one.error:
            page.line(view.say(one.error), indent=_INDENT)
    rest = len(found[most:]) if most is not None else 0
    if rest:
        page.line(view.say(counted(rest, "and 1 more", "and {n} more")), indent=_INDENT)
