"""How the traces of :mod:`kumon_observe.emit` carry any text in a value, and how they say that they do.

The app's own traces have unescaped values, so a trace says ``esc=1`` where its values are escaped. That
counts only in front: nothing but fields whose values are words of the program may stand before it, so that
no text that an app was fed can say it. In an escaped value everything but visible ASCII, and each of
``"``, ``%``, ``\\`` and ``|``, is written as ``%XX`` for each byte of its UTF-8; a mere ``%`` is the empty
text.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from kumon_observe.model.fields import ESCAPED
from kumon_observe.model.patterns import LatePattern

IN_FRONT: Final = frozenset({"phase", "source", "action", "status", "level", "type"})
"""The fields that may stand before the mark."""

MARK: Final = f"{ESCAPED}=1"
UNKNOWN_WORDS: Final = frozenset({"unknown", "MISSING", "None", ""})
"""What the app writes for a conversation or idempotency key that it does not know."""

_EMPTY: Final = "%"
_UNSAFE: Final = LatePattern(r"[^!#$&-\[\]-{}~]")
_ESCAPES: Final = LatePattern(r"(?:%[0-9A-F]{2})+")
_NO_ESCAPE: Final = LatePattern(r"%(?![0-9A-F]{2})")


def escape(text: str) -> str:
    """*text* as an escaped value: visible ASCII, never empty; :func:`unescape` gives it back."""
    return _UNSAFE.sub(lambda match: _written(match[0]), text) or _EMPTY


def escape_known(text: str | None) -> str:
    """The same for a field that may be unknown (``None``): a text that reads ``unknown`` stays a text."""
    if text is None:
        return "unknown"
    return f"{_written(text[0])}{text[1:]}" if text and text in UNKNOWN_WORDS else escape(text)


def unescape(value: str) -> str:
    """The text of an escaped *value*.

    Raises:
        ValueError: it has an escape that is none.
    """
    if _EMPTY not in value:
        return value
    if value == _EMPTY:
        return ""
    if _NO_ESCAPE.search(value) is not None:
        raise ValueError("a % that begins no escape")
    return _ESCAPES.sub(lambda match: _read(match[0]), value)


def says_escaped(fields: Iterable[tuple[str, str]]) -> bool:
    """Whether the *fields* of a trace, in their order, say that its values are escaped."""
    for name, value in fields:
        if name not in IN_FRONT:
            return name == ESCAPED and value == "1"
    return False


def _written(text: str) -> str:
    return "".join(f"%{byte:02X}" for byte in text.encode("utf-8", "surrogatepass"))


def _read(escapes: str) -> str:
    return bytes.fromhex(escapes.replace("%", "")).decode("utf-8", "surrogatepass")
