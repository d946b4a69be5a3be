"""Single values in JSON: times, thresholds, sentences, and whatever a check puts into its details."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from enum import Enum
from fractions import Fraction
from typing import Any, TypeAlias

from kumon_observe.model.threshold import Threshold

JsonObject: TypeAlias = dict[str, Any]
"""A JSON object."""


def to_text(document: JsonObject, *, indent: int | None = None) -> str:
    """*document* as JSON text: one line unless *indent* is given, ASCII alone."""
    return json.dumps(document, indent=indent, allow_nan=False)


def time_to(moment: datetime | None) -> str | None:
    """*moment* in UTC as ISO 8601 with ``Z``; a fraction only where it has one."""
    if moment is None:
        return None
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")


def time_from(text: str | None) -> datetime | None:
    """The moment that :func:`time_to` wrote.

    Raises:
        ValueError: *text* is no time, or names no zone.
    """
    if text is None:
        return None
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError(f"the time {text!r} names no zone")
    return moment.astimezone(UTC)


def number_to(value: float | Fraction | None) -> int | float | None:
    """*value* as JSON has numbers: whole ones as integers, what is not finite as ``None``."""
    if isinstance(value, Fraction):
        return value.numerator if value.denominator == 1 else float(value)
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value


def threshold_to(threshold: Threshold | None) -> JsonObject | None:
    """``{"min": 0.95}``, ``{"max": 0}`` or both."""
    if threshold is None:
        return None
    limits = {"min": number_to(threshold.min), "max": number_to(threshold.max)}
    return {name: limit for name, limit in limits.items() if limit is not None}


def threshold_from(limits: JsonObject | None) -> Threshold | None:
    """The threshold that :func:`threshold_to` wrote."""
    return None if limits is None else Threshold(min=limits.get("min"), max=limits.get("max"))


def plain(value: Any) -> Any:
    """*value* in the types that JSON has; what has no such form becomes its text."""
    if value is None or isinstance(value, (bool, int, str)):
        return value
    if isinstance(value, (float, Fraction)):
        return number_to(value)
    if isinstance(value, datetime):
        return time_to(value)
    if isinstance(value, Enum):
        return plain(value.value)
    if isinstance(value, Threshold):
        return threshold_to(value)
    if isinstance(value, Mapping):
        return {str(key): plain(part) for key, part in value.items()}
    if isinstance(value, Iterable) and not isinstance(value, (bytes, bytearray)):
        return [plain(part) for part in value]
    return str(value)
