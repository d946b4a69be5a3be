"""Whether everything that was planned in a conversation reached its parent."""

from __future__ import annotations

from kumon_observe.model import rows
from kumon_observe.model.listing import ExplainedTurn, Explanation
from kumon_observe.model.status import Status
from kumon_observe.parsing.grammar import Trace, parse_message


def undelivered(explanation: Explanation) -> str:
    """Why not; ``""`` if every turn reached delivery in full and its last send succeeded."""
    conv = explanation.conv
    if not explanation.turns:
        return f"no trace of conversation {conv} was seen: nothing shows that it was delivered"
    sent = False
    for number, turn in enumerate(explanation.turns, start=1):
        for finding in turn.findings:
            if finding.check != "delivery" and finding.status is not Status.OK:
                return f"conversation {conv}, turn {number}: {finding.sentence}{_records(turn)}"
        arrived = _last_send(turn)
        if arrived is False:
            return f"conversation {conv}, turn {number}: the last send did not succeed{_records(turn)}"
        sent = sent or arrived is True
    if not sent:
        return f"conversation {conv}: nothing was sent{_records(explanation.turns[-1])}"
    return ""


def _last_send(turn: ExplainedTurn) -> bool | None:
    """How the last send ended, ``None`` without any; one without a result did not succeed."""
    last: bool | None = None
    for record in turn.records:
        trace = parse_message(record.text)
        if not isinstance(trace, Trace):
            continue
        if trace.kind == rows.SEND:
            last = False
        elif trace.kind == rows.RESULT:
            last = bool(trace.a)
        elif trace.kind == rows.TURN_RESULT:
            last = trace.a != "send_failed"
    return last


def _records(turn: ExplainedTurn) -> str:
    return "".join(f"\n    {record.text}" for record in turn.records)
