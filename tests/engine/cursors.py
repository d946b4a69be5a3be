"""A log on disk that is judged with a cursor and without."""

from __future__ import annotations

import zlib
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from sqlite3 import connect
from typing import Any

from attrs import evolve, frozen

from kumon_observe.config.settings import CheckSettings, DeliverySettings, HandoffSettings, Settings
from kumon_observe.engine.analyze import analyze
from kumon_observe.engine.cursor import Cursor
from kumon_observe.model.document import verdict_to
from kumon_observe.parsing.head import HEAD_BYTES
from kumon_observe.state.database import FILE
from tests.scenarios import Story

LATER = datetime(2025, 1, 16, tzinfo=UTC)
HEAD = Story().noise(HEAD_BYTES // 60)
TIGHT = CheckSettings(
    handoff=HandoffSettings(max_open=4, keep_open=4000), delivery=DeliverySettings(max_open=4)
)


@frozen
class Log:
    """The log ``app.log`` in *folder*, written in *layout*."""

    folder: Path
    layout: str = "json"
    settings: Settings = Settings()

    @property
    def path(self) -> Path:
        return self.folder / "app.log"

    @property
    def state(self) -> Path:
        return self.folder / "state"

    def begin(self) -> Log:
        """Enough noise to be the head of the log."""
        self.path.write_bytes(HEAD.render(self.layout))
        return self

    def append(self, what: Story | bytes) -> None:
        with self.path.open("ab") as file:
            file.write(what if isinstance(what, bytes) else what.render(self.layout))

    def judged(self, cursor: Cursor | None, **options: Any) -> dict[str, Any]:
        """The verdict as JSON has it."""
        settings = evolve(options.pop("settings", self.settings), state_dir=str(self.state))
        options = {"clock": lambda: LATER, "show_personal_data": True, "settings": settings, **options}
        sources = options.pop("sources", str(self.path))
        return verdict_to(analyze(sources, cursor=cursor, **options))

    def run(self, *, jobs: int = 1, **options: Any) -> Cursor:
        """Judge it with a cursor, in *jobs* processes; see that the answer is the one without, in one."""
        cursor = Cursor(self.state, lambda: LATER, least=0)
        found = self.judged(cursor, jobs=jobs, **options)
        assert found == self.judged(None, **options)
        return cursor

    def values(self) -> list[bytes]:
        """All that is saved, unpacked."""
        with closing(connect(self.state / FILE)) as database:
            return [zlib.decompress(value) for (value,) in database.execute("SELECT value FROM cursors")]


def notes(cursor: Cursor) -> str:
    return " / ".join(map(str, cursor.notes))


def later(seconds: float = 3600) -> Story:
    """A story that begins *seconds* after the usual start."""
    return Story().at(seconds)


def healthy(count: int, seconds: float = 3600) -> Story:
    return later(seconds).others(count)
