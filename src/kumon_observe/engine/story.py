"""Divides a conversation's records into turns and says of each what the checks found."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from attrs import define

from kumon_observe.engine.run import Run
from kumon_observe.model import rows
from kumon_observe.model.evidence import Sentence, Violation
from kumon_observe.model.listing import ExplainedTurn, Finding, ListedRecord
from kumon_observe.model.phrase import phrase
from kumon_observe.model.rows import PlainRow, turn_of
from kumon_observe.model.status import Status


@define(eq=False)
class Entry:
    """One record of the conversation: a trace with its ``row``, or a context message without."""

    at: int | None
    source: int
    offset: int
    row: PlainRow | None
    shown: ListedRecord


About = tuple[str, tuple[Violation, Status]]
"""A check's name, one of its findings about the conversation, and how grave it is."""


def tell(run: Run, entries: Sequence[Entry], about: Iterable[About]) -> tuple[ExplainedTurn, ...]:
    """The turns that *entries* (in log order) make, with the findings *about* them."""
    found = list(about)
    return tuple(_explained(run, turn, found) for turn in _divided(entries))


def _divided(entries: Sequence[Entry]) -> list[list[Entry]]:
    """A turn begins with the first planner trace after anything that comes later in a turn."""
    turns: list[list[Entry]] = [[]]
    turn = turns[0]
    past_planning = False
    for entry in entries:
        planner = entry.row is not None and entry.row[0] == rows.PLANNER
        if planner and (past_planning or _another_pass(turn, entry)):
            turn = []
            turns.append(turn)
        elif entry.row is not None and entry.row[0] == rows.DELIVERY:
            turn = _planned_in(turns, entry.row) or turn
        if entry.row is not None:
            past_planning = not planner
        turn.append(entry)
    return [turn for turn in turns if turn]


def _planned_in(turns: Sequence[list[Entry]], delivery: PlainRow) -> list[Entry] | None:
    """The latest turn whose planner traces name the turn, or the outbox, of *delivery*: turns may overlap."""
    for turn in reversed(turns):
        for entry in turn:
            row = entry.row
            if row is not None and row[0] == rows.PLANNER and _shares(row, delivery):
                return turn
    return None


def _shares(planner: PlainRow, delivery: PlainRow) -> bool:
    """Whether both are of one turn, if both say of which they are; else of one outbox."""
    ids = turn_of(planner), turn_of(delivery)
    if None not in ids:
        return ids[0] == ids[1]
    return planner[12] is not None and planner[12] == delivery[12]


def _another_pass(turn: Sequence[Entry], entry: Entry) -> bool:
    """Whether a planner trace stands in another outbox, or turn, than the planner traces before it."""
    told = {turn_of(other.row) for other in (*turn, entry) if other.row is not None} - {None}
    if len(told) > 1:
        return True
    outbox = entry.row[12] if entry.row is not None else None
    before = {other.row[12] for other in turn if other.row is not None and other.row[12] is not None}
    return outbox is not None and bool(before) and outbox not in before


def _explained(run: Run, turn: Sequence[Entry], about: Iterable[About]) -> ExplainedTurn:
    places = {(entry.source, entry.offset) for entry in turn}
    findings = []
    for check, (violation, status) in about:
        ref = violation.evidence[0].ref if violation.evidence else None
        if ref is not None and (ref.source, ref.offset) in places:
            findings.append(Finding(check=check, status=status, sentence=_sentence(run, check, violation)))
    told = {finding.check for finding in findings}
    traces = [entry.row for entry in turn if entry.row is not None]
    findings += [finding for finding in _unremarkable(traces) if finding.check not in told]
    return ExplainedTurn(records=tuple(entry.shown for entry in turn), findings=tuple(findings))


def _unremarkable(traces: Sequence[PlainRow]) -> list[Finding]:
    """What there is to say of a turn that no check complained about."""
    found = []
    planned = [row[10] for row in traces if row[0] == rows.PLANNER]
    delivered = [row[10] for row in traces if row[0] == rows.DELIVERY]
    arrived = sum(row[0] == rows.TURN_RESULT for row in traces)
    if planned and (delivered or arrived):
        sentence = phrase(
            "planned {planned}, delivered {delivered}",
            planned=planned[-1],
            delivered=delivered[0] if delivered else arrived,
        )
        found.append(Finding(check="handoff", status=Status.OK, sentence=sentence))
    elif planned and planned[-1]:
        sentence = phrase("planned {planned}, no delivery trace yet", planned=planned[-1])
        found.append(Finding(check="handoff", status=Status.UNKNOWN, sentence=sentence))
    results = [row[10] is True or row[10] == "sent" for row in traces if _is_result(row)]
    if results:
        sentence = phrase("{success} of {total} sends succeeded", success=sum(results), total=len(results))
        status = Status.OK if all(results) else Status.WARNING
        found.append(Finding(check="delivery", status=status, sentence=sentence))
    elif any(row[0] == rows.SEND for row in traces):
        sentence = phrase("sent, and no result was logged")
        found.append(Finding(check="delivery", status=Status.UNKNOWN, sentence=sentence))
    return found


def _is_result(row: PlainRow) -> bool:
    return row[0] == rows.RESULT or (row[0] == rows.TURN_RESULT and row[10] != "dedup_hit")


def _sentence(run: Run, check: str, violation: Violation) -> Sentence:
    details = violation.details
    if check == "handoff" and details.get("type") == "undelivered":
        return phrase(
            "planned {planned}, and no delivery followed within the grace", planned=details["planned"]
        )
    if check == "handoff":
        by = tuple(phrase(_BY[name]) for name in details.get("by", ()))
        lost = phrase(
            "planned {planned}, delivered {delivered}",
            planned=details["planned"],
            delivered=details.get("delivered", 0),
        )
        return phrase("{lost} (shown by {by})", lost=lost, by=by) if by else lost
    if check == "instances":
        value = run.masks.value(str(details["value"]))
        if details["guarded"]:
            return phrase("wrong instance '{value}', seen {n} times", value=value, n=details["repeats"])
        return phrase(
            "wrong instance '{value}', seen {n} times and not stopped by the app's guard",
            value=value,
            n=details["repeats"],
        )
    if check == "consistency":
        return phrase("planner and delivery differ in {ids}", ids=", ".join(details["differs"]))
    return phrase("found something: {details}", details=run.masks.detail(details))


_BY = {"traces": "its traces", "guard": "the app's guard"}
