"""Incidents and silences in the database, by the connection of a transaction."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from kumon_observe.model.document.stored import result_from, result_to
from kumon_observe.model.incident import Incident, IncidentState, Silence
from kumon_observe.model.moments import to_datetime, to_microseconds
from kumon_observe.model.status import Severity

if TYPE_CHECKING:
    import sqlite3

_MOMENTS: Final = ("since", "broken", "fired", "ended", "told", "grew", "waits")
_PLAIN: Final = (
    "id",
    "rule",
    "check",
    "found",
    "level",
    "by",
    "comment",
    "flapping",
    "messages",
    "untold",
)
_ALPHABET: Final = "23456789abcdefghjkmnpqrstuvwxyz"
"""Letters and digits that nobody mistakes for one another."""

_SHORTEST: Final = 4


def open_incident(connection: sqlite3.Connection, rule: str) -> Incident | None:
    """The incident of *rule* that is not over, if there is one."""
    row = connection.execute("SELECT value FROM incidents WHERE open AND rule = ?", (rule,)).fetchone()
    return None if row is None else _incident(row[0])


def open_incidents(connection: sqlite3.Connection) -> list[Incident]:
    """All that are not over, oldest first."""
    rows = connection.execute("SELECT value FROM incidents WHERE open ORDER BY broken, rule")
    return [_incident(value) for (value,) in rows]


def is_any_open(connection: sqlite3.Connection) -> bool:
    """Whether anything is not over."""
    return connection.execute("SELECT 1 FROM incidents WHERE open LIMIT 1").fetchone() is not None


def ended_incidents(connection: sqlite3.Connection, most: int) -> list[Incident]:
    """The last *most* that are over, the latest first."""
    rows = connection.execute(
        "SELECT value FROM incidents WHERE NOT open ORDER BY ended DESC, rowid DESC LIMIT ?", (most,)
    )
    return [_incident(value) for (value,) in rows]


def incidents_by_prefix(connection: sqlite3.Connection, prefix: str) -> list[Incident]:
    """Those whose id begins with *prefix*: the open ones if there are any, else those that are over."""
    rows = connection.execute(
        "SELECT open, value FROM incidents WHERE substr(id, 1, ?) = ? ORDER BY broken, id",
        (len(prefix), prefix),
    ).fetchall()
    still = [value for is_open, value in rows if is_open]
    return [_incident(value) for value in still or [value for _, value in rows]]


def keep_incident(connection: sqlite3.Connection, incident: Incident) -> None:
    """Write *incident* as it is now."""
    connection.execute(
        "INSERT INTO incidents (id, rule, open, broken, ended, value) VALUES (?, ?, ?, ?, ?, ?) "
        "ON CONFLICT (id) DO UPDATE SET open = excluded.open, broken = excluded.broken, "
        "ended = excluded.ended, value = excluded.value",
        (
            incident.id,
            incident.rule,
            incident.is_open,
            to_microseconds(incident.broken),
            None if incident.ended is None else to_microseconds(incident.ended),
            _text(incident),
        ),
    )


def drop_incident(connection: sqlite3.Connection, incident: Incident) -> None:
    """Forget *incident*: it was never more than pending."""
    connection.execute("DELETE FROM incidents WHERE id = ?", (incident.id,))


def forget_ended(connection: sqlite3.Connection, before: datetime) -> None:
    """Forget what was over *before* then."""
    moment = to_microseconds(before)
    connection.execute("DELETE FROM incidents WHERE NOT open AND ended < ?", (moment,))
    connection.execute("DELETE FROM silences WHERE until < ?", (moment,))


def new_id(connection: sqlite3.Connection, *parts: object) -> str:
    """An id that no incident and no silence has; the same *parts* give the same id as long as it is free."""
    import hashlib

    text = "|".join(map(str, parts))
    number = int.from_bytes(hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=24).digest())
    name = ""
    while True:
        number, letter = divmod(number, len(_ALPHABET))
        name += _ALPHABET[letter]
        if len(name) >= _SHORTEST and not _is_taken(connection, name):
            return name


def _is_taken(connection: sqlite3.Connection, name: str) -> bool:
    row = connection.execute(
        "SELECT 1 FROM incidents WHERE id = ? UNION ALL SELECT 1 FROM silences WHERE id = ?", (name, name)
    ).fetchone()
    return row is not None


def silences(connection: sqlite3.Connection, now: datetime) -> list[Silence]:
    """Those that have not ended at *now*, the first to end first."""
    rows = connection.execute(
        "SELECT value FROM silences WHERE until > ? ORDER BY until, id", (to_microseconds(now),)
    )
    return [_silence(value) for (value,) in rows]


def keep_silence(connection: sqlite3.Connection, silence: Silence) -> None:
    """Write *silence* as it is now."""
    value = {
        "id": silence.id,
        "rule": silence.rule,
        "since": to_microseconds(silence.since),
        "by": silence.by,
        "comment": silence.comment,
        "until": to_microseconds(silence.until),
    }
    connection.execute(
        "INSERT OR REPLACE INTO silences (id, until, value) VALUES (?, ?, ?)",
        (silence.id, value["until"], json.dumps(value)),
    )


def rule_record(connection: sqlite3.Connection, rule: str) -> str | None:
    """What was kept of *rule*."""
    row = connection.execute("SELECT value FROM rules WHERE name = ?", (rule,)).fetchone()
    return None if row is None else str(row[0])


def keep_rule_record(connection: sqlite3.Connection, rule: str, value: str) -> None:
    """Keep *value* of *rule*."""
    connection.execute("INSERT OR REPLACE INTO rules (name, value) VALUES (?, ?)", (rule, value))


def known(connection: sqlite3.Connection, rule: str, identities: Collection[str]) -> set[str]:
    """Those of *identities* that were found by *rule* before."""
    found: set[str] = set()
    for part in _parts(list(identities)):
        marks = ", ".join("?" * len(part))
        rows = connection.execute(
            f"SELECT identity FROM findings WHERE rule = ? AND identity IN ({marks})",  # noqa: S608 - marks alone
            (rule, *part),
        )
        found.update(identity for (identity,) in rows)
    return found


def remember(connection: sqlite3.Connection, rule: str, identities: Collection[str], most: int) -> None:
    """Note *identities* as found by *rule*, and forget its oldest beyond *most*."""
    connection.executemany(
        "INSERT INTO findings (rule, identity) VALUES (?, ?) ON CONFLICT DO NOTHING",
        [(rule, identity) for identity in identities],
    )
    connection.execute(
        "DELETE FROM findings WHERE rule = ?1 AND number <= "
        "(SELECT number FROM findings WHERE rule = ?1 ORDER BY number DESC LIMIT 1 OFFSET ?2)",
        (rule, most),
    )


def _parts(identities: list[str]) -> Iterator[list[str]]:
    for start in range(0, len(identities), 500):
        yield identities[start : start + 500]


def _text(incident: Incident) -> str:
    value: dict[str, Any] = {name: getattr(incident, name) for name in _PLAIN}
    for name in _MOMENTS:
        moment = getattr(incident, name)
        value[name] = None if moment is None else to_microseconds(moment)
    value["severity"] = str(incident.severity)
    value["state"] = str(incident.state)
    value["result"] = None if incident.result is None else result_to(incident.result)
    return json.dumps(value)


def _incident(text: str) -> Incident:
    value: dict[str, Any] = json.loads(text)
    for name in _MOMENTS:
        value[name] = None if value[name] is None else to_datetime(value[name])
    value["severity"] = Severity(value["severity"])
    value["state"] = IncidentState(value["state"])
    value["result"] = None if value["result"] is None else result_from(value["result"])
    return Incident(**value)


def _silence(text: str) -> Silence:
    value: dict[str, Any] = json.loads(text)
    for name in ("since", "until"):
        value[name] = to_datetime(value[name])
    return Silence(**value)
