"""History and cursors go on across an archive: the verdict over both parts is the one before."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from kumon_observe.archiving.archive import archive
from kumon_observe.engine.analyze import analyze
from kumon_observe.engine.cursor import Cursor
from kumon_observe.model.document import verdict_to
from tests.archiving.logs import NIGHT
from tests.scenarios import LAYOUTS, Story

STORY = Story().others(200).turn("ana", 2, 0).others(50).turn("bia", 1, 1)
NEXT = Story().at(3600).others(40).turn("caio", 3, 0)


def judged(log: Path, cursor: Cursor | None = None) -> Any:
    verdict = verdict_to(analyze(str(log), rotated=True, cursor=cursor, clock=lambda: NIGHT))
    for check in verdict["checks"]:
        for violation in check["violations"]:
            violation["evidence"] = [each["text"] for each in violation["evidence"]]
    return verdict["status"], verdict["checks"], verdict["reasons"]


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("in_use", [True, False], ids=["in-use", "alone"])
def test_the_verdict_over_archive_and_log_is_the_one_before(
    tmp_path: Path, layout: str, in_use: bool
) -> None:
    log = tmp_path / "app.log"
    log.write_bytes(STORY.render(layout) + NEXT.render(layout)[:-40])
    before = judged(log)
    with log.open("ab") if in_use else (tmp_path / "nothing").open("ab"):
        done = archive(log, clock=lambda: NIGHT)
    assert done.archive is not None, done.sentence
    assert judged(log) == before


def test_the_cursor_of_the_log_notices_the_cut(tmp_path: Path) -> None:
    log = tmp_path / "app.log"
    log.write_bytes(Story().noise(6000).render("json") + STORY.render("json"))
    state = tmp_path / "state"
    judged_with(log, state)
    with log.open("ab") as file:
        archive(log, clock=lambda: NIGHT)
        file.write(Story().at(3600).noise(6000).render("json") + NEXT.render("json"))
    cursor, found = judged_with(log, state)
    assert "all of it was read" in " / ".join(map(str, cursor.notes))
    assert cursor.begun_at == 0
    assert found == verdict_to(analyze(str(log), clock=lambda: NIGHT))


def judged_with(log: Path, state: Path) -> tuple[Cursor, Any]:
    cursor = Cursor(state, lambda: NIGHT + timedelta(hours=1), least=0)
    return cursor, verdict_to(analyze(str(log), cursor=cursor, clock=lambda: NIGHT))
