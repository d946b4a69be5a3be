"""One JSON object a record, as structured formatters write it: ``{"timestamp":…,"level":…,"message":…}``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from kumon_observe.model.protocols import Explained
from kumon_observe.parsing.ansi import trimmed, without_codes
from kumon_observe.parsing.grammar import is_trace
from kumon_observe.parsing.layouts.json_object import LOGGER_KEYS, MESSAGE_KEYS, read_moment, read_object
from kumon_observe.parsing.layouts.prefix import LEVELS
from kumon_observe.parsing.times import Moment

_TIME_KEYS: Final = ("timestamp", "time", "ts", "asctime", "@timestamp")
_LEVEL_KEYS: Final = ("level", "levelname", "severity")


class JsonLayout:
    """The ``json`` layout: a message, and a time or a known level, under any of their usual names."""

    name = "json"

    def explain(self, record: str) -> Explained | None:
        """What the object says; ``None`` for any other text and for docker's and Railway's objects."""
        if record[:1] != "{":
            return None
        found = read_object(record)
        if found is None or found.form != "json":
            return None
        members = found.members
        message, moment, level = _message(members), _moment(members), _level(members)
        if message is None or (moment is None and level not in LEVELS):
            return None
        return Explained(
            message=trimmed(message),
            at=moment.at if moment else None,
            precise=moment.precise if moment else False,
            level=level,
            logger=_logger(members),
        )


def _message(members: Mapping[str, Any]) -> str | None:
    """The message; of several candidates one that is no trace.

    structlog puts the message under ``event`` and whatever the app adds beside it: a parent's text
    logged as ``message=`` must not become the record's message.
    """
    candidates = [text for key in MESSAGE_KEYS if isinstance(text := members.get(key), str)]
    if len(candidates) > 1:
        return next((text for text in candidates if not is_trace(trimmed(text))), candidates[0])
    return candidates[0] if candidates else None


def _moment(members: Mapping[str, Any]) -> Moment | None:
    for key in _TIME_KEYS:
        if key in members and (moment := read_moment(members[key])) is not None:
            return moment
    return None


def _level(members: Mapping[str, Any]) -> str | None:
    for key in _LEVEL_KEYS:
        if isinstance(text := members.get(key), str):
            return without_codes(text).strip().upper()
    return None


def _logger(members: Mapping[str, Any]) -> str | None:
    for key in LOGGER_KEYS:
        if isinstance(text := members.get(key), str) and text:
            return text
    return None
