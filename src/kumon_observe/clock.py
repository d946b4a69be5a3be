"""The only door to the wall clock, so that everything else can be given another one."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

Clock = Callable[[], datetime]
"""Gives the present moment as an aware datetime in UTC."""


def utc_now() -> datetime:
    """The present moment in UTC."""
    return datetime.now(UTC)
