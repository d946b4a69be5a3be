"""Reads a moment as people type it: ``2024-01-15 10:00``, ``10:00``, ``2h``."""

from __future__ import annotations

from datetime import datetime, time, timedelta, tzinfo

from kumon_observe.cli.errors import CommandLineError
from kumon_observe.model.lengths import is_length, length_of
from kumon_observe.model.phrase import phrase

_LONGEST = timedelta(days=3650)


def moment(name: str, text: str, now: datetime, zone: tzinfo | None) -> datetime:
    """The moment that *text* means, for the option *name*.

    A duration lies that long before *now*; a time of day alone is its latest passing before *now*; what
    names no zone is in *zone* (``None``: the machine's).

    Raises:
        CommandLineError: *text* is no such thing.
    """
    text = text.strip()
    try:
        if is_length(text):
            return now - length_of(text)
        if text[2:3] == ":" and "-" not in text:
            return _latest(time.fromisoformat(text), now, zone)
        found = datetime.fromisoformat(text)
        return found if found.tzinfo is not None else _placed(found, zone)
    except (ValueError, OverflowError, OSError):
        raise CommandLineError(
            phrase(
                "{name} {text!r} is no time: write 2024-01-15 10:00, 10:00, or 2h (two hours ago)",
                name=name,
                text=text,
            )
        ) from None


def length(name: str, text: str) -> timedelta:
    """How long *text* (``30min``, ``2h``, ``1d``) is, for the option *name*.

    Raises:
        CommandLineError: *text* is no such thing, or nothing at all.
    """
    try:
        found = length_of(text)
    except ValueError:
        found = timedelta()
    if not timedelta() < found <= _LONGEST:
        raise CommandLineError(
            phrase("{name} {text!r} is no length of time: write 30min, 2h or 1d", name=name, text=text)
        )
    return found


def _latest(of_day: time, now: datetime, zone: tzinfo | None) -> datetime:
    if of_day.tzinfo is not None:
        raise ValueError("a time of day is the user's own")
    today = now.astimezone(zone).date()
    found = _placed(datetime.combine(today, of_day), zone)
    return found if found <= now else _placed(datetime.combine(today - timedelta(days=1), of_day), zone)


def _placed(naive: datetime, zone: tzinfo | None) -> datetime:
    return naive.astimezone() if zone is None else naive.replace(tzinfo=zone)
