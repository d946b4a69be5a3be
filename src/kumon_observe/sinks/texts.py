"""Texts that a parent may have written, made fit for JSON that strict readers take."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from kumon_observe.model.alert import Alert


def sound(value: Any) -> Any:
    """The JSON *value* without halves of UTF-16 pairs, which many readers of JSON refuse."""
    if isinstance(value, str):
        return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    if isinstance(value, dict):
        return {sound(key): sound(part) for key, part in value.items()}
    if isinstance(value, (list, tuple)):
        return [sound(part) for part in value]
    return value


def incident_of(alert: Alert) -> str:
    """What stays the same from the beginning of its incident to the end; the alert's key if it is of none."""
    return alert.incident or alert.key or alert.check
