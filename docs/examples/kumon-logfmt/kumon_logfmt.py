"""A layout: ``time=2025-01-15T10:00:00Z level=info logger=app.core.x msg="OUTBOX_TRACE|…"``."""

from __future__ import annotations

import json
import re
from datetime import datetime

from kumon_observe import Explained, hookimpl

FIELD = re.compile(r'([a-z_.]++)=("(?:[^"\\]|\\.)*+"|[^\s"=]*+)(?: |\Z)')


class Logfmt:
    """Fields in any order, quoted where they hold a space, a quote or ``=``; with ``time`` and ``msg``."""

    name = "logfmt"

    def explain(self, record: str) -> Explained | None:
        fields: dict[str, str] = {}
        place = 0
        while place < len(record):
            field = FIELD.match(record, place)
            if field is None:
                return None
            fields[field[1]] = field[2]
            place = field.end()
        try:
            return explained({name: unquoted(value) for name, value in fields.items()})
        except ValueError:
            return None


def unquoted(value: str) -> str:
    """What *value* says; raises ``ValueError`` for an escape that is none."""
    return str(json.loads(value, strict=False)) if value.startswith('"') else value


def explained(fields: dict[str, str]) -> Explained | None:
    if "msg" not in fields or "time" not in fields:
        return None
    return Explained(
        message=fields["msg"],
        at=datetime.fromisoformat(fields["time"]),
        precise="." in fields["time"],
        level=fields.get("level", "").upper() or None,
        logger=fields.get("logger"),
    )


@hookimpl
def kumon_register_parsers() -> list[Logfmt]:
    return [Logfmt()]
