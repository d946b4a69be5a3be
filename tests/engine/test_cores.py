"""How many cores read a large file: with two a thread reads ahead, or else processes divide it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from kumon_observe.config.settings import Settings
from kumon_observe.engine import parts, sources
from kumon_observe.engine.analyze import analyze
from kumon_observe.engine.workers import Worker
from kumon_observe.parsing.scan import Scanner
from tests.scans import pure_scan
from tests.scenarios import Story


@pytest.fixture
def log(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "app.log"
    path.write_bytes(Story().others(200).turn("ana", 2, 0).others(200, "later").render("dash"))
    monkeypatch.setattr(parts, "PART", 20_000)
    monkeypatch.setattr(sources, "_LEAST_DIVIDED", 0)
    return path


def used(log: Path, jobs: int, monkeypatch: pytest.MonkeyPatch) -> tuple[int, bool]:
    """How many processes were begun for the file, and whether its scan was told to read ahead."""
    begun: list[Worker] = []
    ahead: list[bool] = []
    begin, look_back = Worker.begin, Scanner.look_back

    def noted(*task: Any) -> Worker:
        begun.append(begin(*task))
        return begun[-1]

    def looked(scanner: Scanner, descriptor: int) -> None:
        ahead.append(scanner.ahead)
        look_back(scanner, descriptor)

    monkeypatch.setattr(Worker, "begin", noted)
    monkeypatch.setattr(Scanner, "look_back", looked)
    verdict = analyze(str(log), jobs=jobs, settings=Settings(state_dir=str(log.parent)))
    assert verdict.check("handoff").counts["violations"] == 1
    return len(begun), any(ahead)


@pytest.mark.parametrize(("jobs", "expected"), [(1, (0, False)), (2, (0, True)), (3, (3, False))])
def test_the_compiled_scan(
    log: Path, monkeypatch: pytest.MonkeyPatch, jobs: int, expected: tuple[int, bool]
) -> None:
    assert used(log, jobs, monkeypatch) == expected


def test_the_scan_in_python_is_divided_between_two(log: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pure_scan():
        assert used(log, 2, monkeypatch) == (2, False)
