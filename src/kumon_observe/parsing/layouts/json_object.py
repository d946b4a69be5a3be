"""A record that is one JSON object: decoded once for the layouts that ask, and of one of their forms only."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any, Final, Literal, NamedTuple

from kumon_observe.parsing.times import Moment, read_epoch, read_iso

if TYPE_CHECKING:
    from json import JSONDecoder

MESSAGE_KEYS: Final = ("message", "msg", "event")
LOGGER_KEYS: Final = ("logger", "logger_name", "name")

Form = Literal["docker", "railway", "json"]

_DOCKER_MEMBERS: Final = frozenset({"log", "stream", "time", "attrs"})
_ESCAPE = re.compile(r"\\(.)", re.DOTALL)


class JsonObject(NamedTuple):
    """The members of a record and the layout that it can only be of."""

    form: Form
    members: Mapping[str, Any]


class _Ambiguous(dict[str, Any]):
    """An object with a name that stands twice."""


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    return members if len(members) == len(pairs) else _Ambiguous(pairs)


@cache
def _decoder() -> JSONDecoder:
    from json import JSONDecoder

    return JSONDecoder(object_pairs_hook=_object, strict=False)


@lru_cache(maxsize=1)
def read_object(record: str) -> JsonObject | None:
    """The object that *record* is as a whole; ``None`` for anything else.

    An object with the same name twice is refused: log writers that build JSON from a template without
    escaping let a message add names of its own.
    """
    text = record.rstrip()
    if text[:1] != "{" or text[-1:] != "}":
        return None
    members = _decode(text)
    if members is None and "\\x" in text:
        members = _decode(_ESCAPE.sub(_doubled, text))
    if type(members) is not dict:
        return None
    return JsonObject(_form(members), members)


def _decode(text: str) -> Any:
    try:
        members, end = _decoder().raw_decode(text)
    except (ValueError, RecursionError):
        return None
    return members if end == len(text) else None


def _doubled(escape: re.Match[str]) -> str:
    r"""``\xff``, which stands for a byte that is not UTF-8 and is no escape of JSON, made one that is."""
    return r"\\x" if escape[1] == "x" else escape[0]


def _form(members: Mapping[str, Any]) -> Form:
    if (
        isinstance(members.get("log"), str)
        and ("stream" in members or "time" in members)
        and _DOCKER_MEMBERS.issuperset(members)
    ):
        return "docker"
    if (
        isinstance(members.get("attributes"), dict | list)
        and all(isinstance(members.get(key), str) for key in ("message", "severity", "timestamp"))
        and not any(key in members for key in LOGGER_KEYS)
    ):
        return "railway"
    return "json"


def read_moment(value: object) -> Moment | None:
    """The moment that a JSON *value* stands for: an ISO text, or a number of seconds or milliseconds."""
    if isinstance(value, str):
        return read_iso(value)
    if isinstance(value, int | float) and not isinstance(value, bool):
        return read_epoch(value)
    return None
