"""The lists of the live screen: open incidents, and the last traces."""

from __future__ import annotations

from typing import Final

from kumon_observe.model.board import Board
from kumon_observe.model.incident import Incident, IncidentState
from kumon_observe.model.listing import ListedRecord
from kumon_observe.model.phrase import counted, phrase
from kumon_observe.model.severities import SEVERITIES
from kumon_observe.model.status import Severity, Status
from kumon_observe.present.findings import left_out
from kumon_observe.present.page import Span, cells, visible
from kumon_observe.present.rows import Row, apart, filled, wide
from kumon_observe.present.view import View

_STYLES: Final = {
    Severity.INFO: "",
    Severity.MODERATE: Status.WARNING.value,
    Severity.HIGH: Status.WARNING.value,
    Severity.CRITICAL: Status.CRITICAL.value,
}
_LONGEST_NAME: Final = 16
_IDS: Final = ("state_id", "outbox_id")
_AFTER: Final = {"conv": 1, "idem": 2, "level": 3}
_AFTER_SENDS: Final = {**_AFTER, "instance": 4, "phone": 5}


def incident_rows(board: Board, view: View, width: int, most: int) -> list[Row]:
    """A heading, and at most *most* open incidents, the gravest and oldest first."""
    if board.untold is not None:
        return [(Span(view.say(phrase("INCIDENTS: not known")), Status.UNKNOWN.value),)]
    ordered = sorted(board.incidents, key=lambda one: (_is_pending(one), _urgency(one), one.since))
    if not ordered:
        return [(Span(view.say(phrase("INCIDENTS")), "bold"), Span(f"  {view.say(phrase('none open'))}"))]
    open_ones = counted(len(ordered), "1 open", "{n} open")
    rows: list[Row] = [(Span(view.say(phrase("INCIDENTS")), "bold"), Span(f"  {view.say(open_ones)}"))]
    shown = ordered if len(ordered) <= most else ordered[: max(0, most - 1)]
    rows += [_incident(one, board, view, width) for one in shown]
    if len(shown) < len(ordered) and most > 0:
        rows.append((Span(f"  {view.say(left_out(len(ordered) - len(shown)))}"),))
    return rows


def _incident(incident: Incident, board: Board, view: View, width: int) -> Row:
    words = max(cells(view.say(word)) for word in SEVERITIES.values())
    style = "dim" if _is_pending(incident) else _STYLES[incident.severity]
    what = incident.result.summary if incident.result is not None else incident.check
    today = view.day(incident.since) == view.day(board.at)
    since = view.local(incident.since).strftime("%H:%M" if today else "%Y-%m-%d")
    left = (
        filled(view.say(SEVERITIES[incident.severity]), words, style, unicode=view.look.unicode),
        Span(f"  {incident.id}  ", "bold"),
        Span(f"{incident.rule}: {view.say(what)}"),
    )
    who = _who(incident, view)
    right: Row = (Span(view.say(phrase("since {since}", since=since)), "dim"), Span("  "), who)
    if width - wide(right) <= wide(left[:2]) + cells(incident.rule):
        right = (who,)
    return apart(left, right, width, unicode=view.look.unicode)


def _who(incident: Incident, view: View) -> Span:
    if _is_pending(incident):
        return Span(view.say(phrase("not yet told")), "dim")
    if incident.state is IncidentState.ACKNOWLEDGED:
        name = visible(incident.by)[:_LONGEST_NAME]
        told = phrase("{name} has it", name=name) if name else phrase("somebody has it")
        return Span(view.say(told))
    return Span(view.say(phrase("nobody has it")), Status.WARNING.value)


def _is_pending(incident: Incident) -> bool:
    return incident.state is IncidentState.PENDING


def _urgency(incident: Incident) -> int:
    return -list(Severity).index(incident.severity)


def trace_rows(board: Board, view: View, width: int, most: int) -> list[Row]:
    """A heading and the last traces, at most *most*, the newest at the end; nothing without room."""
    if most < 1:
        return []
    rows: list[Row] = [(Span(view.say(phrase("LAST TRACES")), "bold"),)]
    if not board.records:
        return [(*rows[0], Span(f"  {view.say(phrase('none'))}"))]
    shown = board.records[-most:]
    names = {record.source for record in shown}
    column = max(map(cells, names)) if len(board.verdict.sources) > 1 else 0
    return rows + [_trace(record, board, view, min(column, _LONGEST_NAME)) for record in shown]


def _trace(record: ListedRecord, board: Board, view: View, column: int) -> Row:
    spans = []
    if record.at is not None:
        spans.append(Span(f"{view.clock(record.at, view.day(board.newest))}  ", "dim"))
    if column:
        spans += [filled(record.source, column, "dim", unicode=view.look.unicode), Span("  ")]
    return (*spans, Span(_telling(record.text), _style(record)))


def _telling(text: str) -> str:
    """A trace with what a person looks for first, and without unknown values and the ids of objects."""
    head, *fields = text.split("\n", 1)[0].split("|")
    after = _AFTER_SENDS if head.startswith("DELIVERY") else _AFTER
    telling = [one for one in fields if not one.endswith("=unknown") and _name(one) not in _IDS]
    return "|".join([head, *sorted(telling, key=lambda one: after.get(_name(one), 0))])


def _name(field: str) -> str:
    return field.partition("=")[0]


def _style(record: ListedRecord) -> str:
    """Guards and failed sends stand out."""
    if record.kind.endswith("_GUARD"):
        return Status.CRITICAL.value
    failed = "|status=failed|" in record.text or record.text.startswith("DELIVERY|send_failed|")
    return Status.WARNING.value if failed else ""
