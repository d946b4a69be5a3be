"""A long reading shows itself on a terminal, and leaves nothing behind."""

from __future__ import annotations

import io
import json
import os
import re
import sys
from pathlib import Path

import pytest

from kumon_observe.cli import output
from kumon_observe.cli.progress import Display, Estimate, watcher
from kumon_observe.present.language import Language
from tests.cli.processes import (
    environment,
    errors_on_terminal,
    left_on_screen,
    log,
    lost,
    on_terminal,
    run,
    terminal,
    written_to,
)

MB = 1_000_000
SLOW = """\
import itertools, time
ticks = itertools.count()
time.monotonic = lambda: next(ticks) * 0.3
"""
ESTIMATE = r"kumon-observe: reading [0-9.]+ MB takes about \d+ s, at [0-9.]+ [kM]B/s so far\n"


class Clock:
    """A clock that a test sets."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


class Screen:
    """A terminal in the place of standard error."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, columns: int = 80, encoding: str = "utf-8") -> None:
        self._seen, self._written = terminal(columns)
        self._stream = os.fdopen(self._written, "w", encoding=encoding)
        monkeypatch.setattr(sys, "stderr", self._stream)

    def close(self) -> str:
        """Everything that was written."""
        output.passing.erase()
        self._stream.close()
        return written_to(self._seen)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def slow(tmp_path: Path) -> str:
    """A folder with a log of many blocks, and a Python path on which each takes 0.3 seconds to read."""
    path = log(tmp_path, lost())
    path.write_bytes(path.read_bytes() * 4_200)
    assert path.stat().st_size > 10 << 22
    site = tmp_path / "site"
    site.mkdir()
    (site / "sitecustomize.py").write_text(SLOW)
    return os.pathsep.join([str(site), environment(tmp_path)["PYTHONPATH"]])


def test_what_takes_no_second_shows_nothing(clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    screen = Screen(monkeypatch)
    display = Display(Language("en"), clock)
    for done in range(1, 10):
        clock.now += 0.1
        display("app.log", done * MB, 10 * MB)
    assert screen.close() == ""


def test_after_a_second_it_shows_file_bytes_rate_and_time_left(
    clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    screen = Screen(monkeypatch)
    display = Display(Language("en"), clock)
    display("app.log", 0, 450 * MB)
    clock.now += 1.5
    display("app.log", 150 * MB, 450 * MB)
    (line,) = filter(None, screen.close().split("\r")[:2])
    assert re.fullmatch(r"app\.log  █+░+  33%  150\.0 MB of 450\.0 MB  100\.0 MB/s  3 s left", line)


def test_it_is_drawn_no_more_often_than_a_person_reads(clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    screen = Screen(monkeypatch)
    display = Display(Language("en"), clock)
    for done in range(2000):
        clock.now += 0.001
        display("app.log", done * MB, 4000 * MB)
    assert screen.close().count("app.log") == 6


def test_it_takes_itself_away(clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    screen = Screen(monkeypatch, columns=60)
    display = Display(Language("pt"), clock)
    clock.now += 2
    display("a-log-with-a-long-name.log", MB, 3 * MB)
    clock.now += 2
    display("app.log", 2 * MB, 3 * MB)
    output.complain("something else")
    seen = screen.close()
    assert "faltam" in seen
    assert left_on_screen(seen) == "kumon-observe: something else\n"
    assert all(len(drawn) < 60 for drawn in seen.split("\r"))


def test_a_terminal_without_block_characters_gets_others(
    clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    screen = Screen(monkeypatch, encoding="ascii")
    display = Display(Language("en"), clock)
    clock.now += 2
    display("app.log", MB, 2 * MB)
    assert "app.log  ############------------  50%" in screen.close()


def test_the_rate_does_not_count_the_wait_for_the_first_byte(
    clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    screen = Screen(monkeypatch)
    display = Display(Language("en"), clock)
    clock.now += 60
    display("-", MB, None)
    clock.now += 1
    display("-", 11 * MB, None)
    assert left_on_screen(screen.close().split("\r")[-3]) == "-  11.0 MB  10.0 MB/s"


def said(monkeypatch: pytest.MonkeyPatch, clock: Clock, *parts: tuple[float, int, int | None]) -> str:
    stream = io.StringIO()
    monkeypatch.setattr(sys, "stderr", stream)
    estimate = Estimate(Language("en"), clock)
    for seconds, done, total in parts:
        clock.now += seconds
        estimate("app.log", done * MB, None if total is None else total * MB)
    return stream.getvalue()


def test_an_estimate_rests_on_what_was_measured_and_is_said_once(
    clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    parts = [(5.0, 0, 450), (0.2, 40, 450), (0.3, 150, 450), (1.0, 450, 450)]
    assert said(monkeypatch, clock, *parts) == (
        "kumon-observe: reading 450.0 MB takes about 2 s, at 300.0 MB/s so far\n"
    )


@pytest.mark.parametrize(
    "parts",
    [
        [(0.0, 0, 100), (0.5, 90, 100)],
        [(0.0, 0, None), (0.5, 90, None), (3.0, 900, None)],
        [(0.0, 0, 100), (0.1, 100, 100)],
    ],
    ids=["it ends soon", "nobody knows the end", "it has ended"],
)
def test_there_is_no_estimate_of_what_is_short_or_endless(
    clock: Clock, monkeypatch: pytest.MonkeyPatch, parts: list[tuple[float, int, int | None]]
) -> None:
    assert said(monkeypatch, clock, *parts) == ""


def test_where_nobody_looks_there_is_nobody_to_tell(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stderr", None)
    assert watcher(Language("en"), verbose=False) is None
    output.passing.show("nothing to write to")
    output.passing.erase()


def test_a_long_reading_shows_itself_and_leaves_the_answer_alone(tmp_path: Path, slow: str) -> None:
    quick = run("health", "--no-color", cwd=tmp_path).stdout
    seen = on_terminal("health", "--no-color", cwd=tmp_path, PYTHONPATH=slow)
    assert re.search(r"app\.log  \S+  \d+%  [0-9.]+ MB of [0-9.]+ MB  [0-9.]+ [kM]B/s  \d+ s left", seen)
    assert left_on_screen(seen) == quick


@pytest.mark.parametrize("columns", [40, 60, 80])
def test_the_line_fits_the_terminal(tmp_path: Path, slow: str, columns: int) -> None:
    _, seen = errors_on_terminal("health", cwd=tmp_path, columns=columns, PYTHONPATH=slow)
    drawn = [line for line in seen.split("\r") if "%" in line]
    assert drawn
    assert max(map(len, drawn)) < columns
    assert "app.log" in drawn[0]
    assert "left" in drawn[-1]


def test_it_does_not_touch_what_a_program_reads(tmp_path: Path, slow: str) -> None:
    answer, seen = errors_on_terminal("health", "--json", cwd=tmp_path, PYTHONPATH=slow)
    assert json.loads(answer)["status"] == "critical"
    assert "%" in seen
    assert left_on_screen(seen) == ""


@pytest.mark.parametrize("flag", ["--quiet", "--no-progress"])
def test_who_wants_none_sees_none(tmp_path: Path, slow: str, flag: str) -> None:
    assert errors_on_terminal("health", flag, cwd=tmp_path, PYTHONPATH=slow)[1] == ""


def test_nothing_is_shown_when_piped_but_the_estimate_that_was_asked_for(tmp_path: Path, slow: str) -> None:
    assert run("health", cwd=tmp_path, env={"PYTHONPATH": slow}).stderr == ""
    assert re.fullmatch(
        ESTIMATE, run("health", "--verbose", "--full", cwd=tmp_path, env={"PYTHONPATH": slow}).stderr
    )
    assert run("health", "--verbose", "--no-progress", cwd=tmp_path, env={"PYTHONPATH": slow}).stderr == ""


def test_a_terminal_shows_both_if_asked(tmp_path: Path, slow: str) -> None:
    _, seen = errors_on_terminal("health", "--verbose", cwd=tmp_path, PYTHONPATH=slow)
    assert "%" in seen
    assert re.fullmatch(ESTIMATE, left_on_screen(seen))
