"""Time zones by their name; UTC without asking the zone database, which small machines lack."""

from __future__ import annotations

from datetime import UTC, tzinfo


def named_zone(name: str) -> tzinfo:
    """The zone *name*, such as ``America/Sao_Paulo``.

    Raises:
        ValueError: there is no such zone, or the machine has no time zone data.
    """
    if name == "UTC":
        return UTC
    from zoneinfo import ZoneInfo

    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        example = "use a name such as 'America/Sao_Paulo' or 'UTC'"
        raise ValueError(f"{name!r} is no time zone: {example}") from None
