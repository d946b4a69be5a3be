"""However a log fares, and whenever it is looked at: its rows are those of reading all of it once."""

from __future__ import annotations

import json
from contextlib import nullcontext
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from attrs import define, evolve, field
from hypothesis import given, settings, strategies as st

from kumon_observe.engine import following
from kumon_observe.engine.following import Following
from kumon_observe.model.rows import PlainRow
from kumon_observe.parsing.choice import scanner_of
from tests.following.life import Life, Ticking
from tests.laws.test_folding import a_story
from tests.scans import pure_scan
from tests.scenarios import Story, rendered

LAYOUTS = ("json", "dash", "iso", "docker")
Step = tuple[str, Any]
KINDS = (
    *("append", "append", "append", "cut line", "look", "look", "glance", "glance", "save", "kill", "stop"),
    *("rename", "rename without create", "copytruncate", "compress", "big", "wait"),
    *("truncate", "delete"),
)


@st.composite
def a_life(draw: st.DrawFn) -> list[Step]:
    steps: list[Step] = [("look", None), ("save", None)]
    for _ in range(draw(st.integers(2, 16))):
        kind = draw(st.sampled_from(KINDS))
        what = draw(a_story()) if kind in ("append", "cut line") else None
        steps.append((kind, what))
    return steps


def facts(row: PlainRow) -> tuple[Any, ...]:
    """A row without the number of its generation; its place in it stays."""
    return (*row[:2], *row[3:7], *row[8:])


@define
class Watched:
    """A log that is followed, over restarts."""

    life: Life
    layout: str
    clock: Ticking = field(factory=Ticking)
    following: Following = field(init=False)
    kept: Any = None
    given: list[PlainRow] = field(factory=list)
    safe: int = 0
    rest: bytes = b""
    seconds: float = 0

    def __attrs_post_init__(self) -> None:
        self._begin()

    def _begin(self) -> None:
        self.following = Following(str(self.life.path), clock=self.clock, layout=self.layout)
        if self.kept is not None:
            self.following.restore(json.loads(self.kept))

    def _write(self, story: Story, cut: int = 0) -> None:
        self.seconds += 60
        later = timedelta(seconds=self.seconds)
        moved = [evolve(record, at=record.at + later) for record in story.records]
        data = self.rest + rendered(moved, self.layout)
        self.rest = data[len(data) - cut :]
        self.life.append(data[: len(data) - cut])

    def whole(self) -> None:
        """Writers end their lines before a rotation."""
        if self.rest:
            self.life.append(self.rest)
            self.rest = b""

    def append(self, story: Story) -> None:
        self._write(story)

    def cut_line(self, story: Story) -> None:
        self._write(story, 30)

    def big(self, _: None) -> None:
        self._write(Story().noise(900))

    def look(self, _: None) -> None:
        self.given += self.following.poll()
        while self.following.behind:
            self.given += self.following.poll()

    def glance(self, _: None) -> None:
        """One call, which may not read all."""
        self.given += self.following.poll()

    def wait(self, _: None) -> None:
        self.clock.passes(61)

    def save(self, _: None) -> None:
        """As a watch saves: the state of the checks beside it, so that a kill takes both back."""
        self.kept, self.safe = json.dumps(self.following.saved()), len(self.given)

    def kill(self, _: None) -> None:
        self.following.close()
        del self.given[self.safe :]
        self._begin()

    def stop(self, _: None) -> None:
        self.save(None)
        self.kill(None)

    def rename(self, _: None) -> None:
        self.whole()
        self.life.rename()

    def rename_without_create(self, _: None) -> None:
        self.whole()
        self.life.rename(create=False)

    def copytruncate(self, _: None) -> None:
        self.whole()
        self.life.copytruncate()

    def compress(self, _: None) -> None:
        self.life.compress()

    def truncate(self, _: None) -> None:
        """Only what was read may be truncated without a copy."""
        self.whole()
        self.look(None)
        self.save(None)
        self.life.truncate()

    def delete(self, _: None) -> None:
        self.whole()
        self.look(None)
        self.save(None)
        self.life.delete()


def read_once(life: Life, watched: Watched) -> list[PlainRow]:
    rows: list[PlainRow] = []
    for data in life.written:
        scanner = scanner_of(watched.following.run.scan_options, keep_text=True)
        rows += scanner.feed(data) + scanner.finish()
    return rows


@pytest.mark.parametrize("scan", ["compiled", "pure"])
@given(steps=a_life(), layout=st.sampled_from(LAYOUTS), most=st.sampled_from((following.MOST, 60_000, 3_000)))
@settings(max_examples=100, deadline=None)
def test_following_finds_what_one_reading_of_all_that_was_written_finds(
    scan: str, steps: list[Step], layout: str, most: int
) -> None:
    with TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        patch.setattr(following, "MOST", most)
        watched = Watched(Life(Path(folder) / "app.log"), layout)
        with pure_scan() if scan == "pure" else nullcontext():
            live(watched, steps)


def live(watched: Watched, steps: list[Step]) -> None:
    for kind, what in steps:
        getattr(watched, kind.replace(" ", "_"))(what)
    watched.whole()
    watched.look(None)
    watched.given += watched.following.finish()
    watched.following.close()
    assert list(map(facts, watched.given)) == list(map(facts, read_once(watched.life, watched)))
