"""Checklists that were run, and what was acknowledged, in the database."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from kumon_observe.model.checklist import Acknowledgement, Checklist, PastChecklist
from kumon_observe.model.moments import to_datetime, to_microseconds
from kumon_observe.model.profile import Shift
from kumon_observe.model.status import Status

if TYPE_CHECKING:
    import sqlite3

KEPT: Final = timedelta(days=400)
"""For how long both are kept."""

_Row = tuple[str, str, int, str]


def acknowledge(connection: sqlite3.Connection, shift: Shift, said: Acknowledgement) -> None:
    """Keep what was *said* of an item in *shift*; what was said before stays in the history."""
    connection.execute(
        "INSERT INTO checklist_acks (profile, shift, item, by, at, comment) VALUES (?, ?, ?, ?, ?, ?)",
        (
            shift.profile.value,
            to_microseconds(shift.begin),
            said.item,
            said.by,
            to_microseconds(said.at),
            said.comment,
        ),
    )


def acknowledged(connection: sqlite3.Connection, shift: Shift) -> dict[str, Acknowledgement]:
    """The latest acknowledgement of each item in *shift*."""
    rows = connection.execute(
        "SELECT item, by, at, comment FROM checklist_acks WHERE profile = ? AND shift = ? ORDER BY id",
        (shift.profile.value, to_microseconds(shift.begin)),
    )
    return {row[0]: _said(row) for row in rows}


def acknowledged_before(connection: sqlite3.Connection, shift: Shift) -> dict[str, Acknowledgement]:
    """The latest acknowledgement of each item in the shifts of the kind before *shift*."""
    rows = connection.execute(
        "SELECT item, by, at, comment FROM checklist_acks WHERE profile = ? AND shift < ? ORDER BY id",
        (shift.profile.value, to_microseconds(shift.begin)),
    )
    return {row[0]: _said(row) for row in rows}


def last_before(connection: sqlite3.Connection, shift: Shift) -> PastChecklist | None:
    """The last run of the checklist in a shift of the kind before *shift*."""
    row = connection.execute(
        "SELECT at, status FROM checklist_results WHERE profile = ? AND shift < ? ORDER BY id DESC LIMIT 1",
        (shift.profile.value, to_microseconds(shift.begin)),
    ).fetchone()
    return None if row is None else PastChecklist(at=to_datetime(row[0]), status=Status(row[1]))


def keep(connection: sqlite3.Connection, checklist: Checklist) -> None:
    """Write what a checklist gave; the very old ones are forgotten."""
    items = {item.name: {"state": item.state.value, "found": str(item.found)} for item in checklist.items}
    connection.execute(
        "INSERT INTO checklist_results (profile, shift, at, status, items) VALUES (?, ?, ?, ?, ?)",
        (
            checklist.profile.value,
            to_microseconds(checklist.begin),
            to_microseconds(checklist.now),
            checklist.status.value,
            json.dumps(items),
        ),
    )
    oldest = (to_microseconds(checklist.now - KEPT),)
    connection.execute("DELETE FROM checklist_results WHERE at < ?", oldest)
    connection.execute("DELETE FROM checklist_acks WHERE at < ?", oldest)


def _said(row: _Row) -> Acknowledgement:
    item, by, at, comment = row
    return Acknowledgement(item=item, by=by, at=to_datetime(at), comment=comment)
