"""Whatever happens to a log between runs, the verdict with the cursor is the one without."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import cast

import pytest
from hypothesis import event, given, settings, strategies as st

from kumon_observe.config.settings import Settings
from kumon_observe.engine import parts, sources
from tests.engine.cursors import TIGHT, Log, healthy
from tests.laws.test_any_bytes import SOUP
from tests.laws.test_folding import a_story
from tests.scans import pure_scan
from tests.scenarios import Story

LAYOUTS = ("json", "dash", "basic", "docker")
Step = tuple[str, object]


@st.composite
def a_life(draw: st.DrawFn) -> list[Step]:
    """What happens to a log, runs in between."""
    steps: list[Step] = [("run", None)]
    for _ in range(draw(st.integers(1, 7))):
        steps.append(_step(draw))
        if draw(st.integers(0, 2)):
            steps.append(("run", None))
    return [*steps, ("append", draw(a_story())), ("run", None)]


_KINDS = (
    *("append", "append", "append", "append", "bytes", "cut line", "cut line", "rotate", "truncate"),
    *("copytruncate", "rename back", "edit", "edit in place", "restore"),
)


def _step(draw: st.DrawFn) -> Step:
    kind = draw(st.sampled_from(_KINDS))
    match kind:
        case "append":
            return kind, draw(a_story())
        case "bytes":
            return kind, draw(SOUP)
        case "cut line":
            return kind, (draw(a_story()), draw(st.integers(1, 200)))
        case "edit" | "edit in place" | "restore":
            return kind, draw(st.integers(0, 1 << 20))
    return kind, None


class Life:
    """One log, as it fares."""

    def __init__(self, log: Log, jobs: int) -> None:
        self.log = log
        self.jobs = jobs
        self.used = 0

    @property
    def older(self) -> Path:
        return self.log.path.with_suffix(".log.1")

    def live(self, steps: list[Step]) -> None:
        for kind, what in steps:
            getattr(self, kind.replace(" ", "_"))(what)

    def run(self, _: object) -> None:
        self.used += self.log.run(jobs=self.jobs).begun_at > 0

    def append(self, story: object) -> None:
        self.log.append(story)  # type: ignore[arg-type]

    bytes = append

    def cut_line(self, what: object) -> None:
        story, length = cast("tuple[Story, int]", what)
        self.log.append(story.render(self.log.layout)[:-length])

    def rotate(self, _: object) -> None:
        self.log.path.rename(self.older)
        self.log.begin()

    def truncate(self, _: object) -> None:
        os.truncate(self.log.path, 0)

    def copytruncate(self, _: object) -> None:
        shutil.copy(self.log.path, self.older)
        os.truncate(self.log.path, 0)

    def rename_back(self, _: object) -> None:
        if self.older.exists():
            self.older.rename(self.log.path)

    def edit(self, place: object) -> None:
        """Somewhere, with another length."""
        data = self.log.path.read_bytes()
        at = place % (len(data) + 1)  # type: ignore[operator]
        self.log.path.write_bytes(data[:at] + b"1" + data[at:])

    def edit_in_place(self, place: object) -> None:
        """Somewhere, with the same length; a run follows before the file grows."""
        before = self.log.path.stat().st_mtime_ns
        data = self.log.path.read_bytes()
        at = place % (len(data) + 1)  # type: ignore[operator]
        self.log.path.write_bytes(data[:at] + b"1"[: len(data) - at] + data[at + 1 :])
        os.utime(self.log.path, ns=(before, before + 1_000_000))
        self.run(None)

    def restore(self, place: object) -> None:
        """An older state of the file comes back."""
        size = self.log.path.stat().st_size
        os.truncate(self.log.path, size - place % (size + 1))  # type: ignore[operator]


@pytest.mark.parametrize("scan", ["compiled", "pure"])
@given(
    steps=a_life(),
    layout=st.sampled_from(LAYOUTS),
    tight=st.booleans(),
    jobs=st.sampled_from((1, 1, 2)),
    size=st.sampled_from((2_000, 40_000)),
)
@settings(max_examples=120, deadline=None)
def test_the_cursor_changes_no_verdict(
    scan: str, steps: list[Step], layout: str, *, tight: bool, jobs: int, size: int
) -> None:
    with TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        patch.setattr(parts, "PART", size)
        patch.setattr(sources, "_LEAST_DIVIDED", 0)
        log = Log(Path(folder), layout, Settings(checks=TIGHT) if tight else Settings()).begin()
        log.append(healthy(3))
        life = Life(log, jobs)
        if scan == "pure":
            with pure_scan():
                life.live(steps)
        else:
            life.live(steps)
    event(f"the cursor was used {'at least once' if life.used else 'never'}")


JUDGES = """
import json, sys
from pathlib import Path
from tests.engine.cursors import Log, notes
print(json.dumps(Log(Path(sys.argv[1])).run().begun_at))
"""


def test_two_runs_at_once_agree(tmp_path: Path) -> None:
    log = Log(tmp_path).begin()
    begun: list[int] = []
    for number in range(5):
        log.append(healthy(30, 4000 + 100 * number).turn("ana", 1, 0))
        runs = [
            subprocess.Popen(
                [sys.executable, "-c", JUDGES, str(tmp_path)],
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                text=True,
            )
            for _ in range(2)
        ]
        for run in runs:
            out, told = run.communicate(timeout=60)
            assert run.returncode == 0, told
            begun.append(int(out))
    assert any(begun[2:])
