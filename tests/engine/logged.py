"""Hands the records of a story to a :class:`Live`, as a handler inside the app does."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from kumon_observe.config.settings import Settings
from kumon_observe.engine.live import Live, LiveRecord
from tests.scenarios import Said, Story

LATER = datetime(2025, 1, 16, tzinfo=UTC)
"""When the answers are made, which must not matter."""


def record(said: Said, process: str = "7") -> LiveRecord:
    """What the app's ``logging`` had of it."""
    return LiveRecord(said.at.timestamp(), said.logger, said.level, said.message, process)


def records(story: Story | Iterable[Said]) -> list[LiveRecord]:
    """All that the app logged in *story*."""
    return [record(said) for said in (story.records if isinstance(story, Story) else story)]


def live(folder: Path, **options: Any) -> Live:
    """A judge that keeps its key in *folder* and has seen nothing."""
    settings = options.pop("settings", None) or Settings(state_dir=str(folder / "state"))
    return Live(settings=settings, clock=lambda: LATER, **options)


def told(folder: Path, story: Story, **options: Any) -> Live:
    """The same, which took all of *story*."""
    judge = live(folder, **options)
    judge.take(records(story))
    return judge
