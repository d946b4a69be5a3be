"""A run that is killed loses nothing, wherever it is: the next one finishes or undoes what it left."""

from __future__ import annotations

import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest

from kumon_observe.archiving import ledger
from kumon_observe.model.status import Status
from tests.archiving.logs import IN_MEMORY, SRC, STEPS, Log, killed_at, lines, place, writing
from tests.shell import uncovered

BY_COLLAPSING = [step for step in STEPS if step != "moved"]


@pytest.mark.parametrize("later", [b"", lines(3000, 3100)], ids=["quiet", "written-on"])
@pytest.mark.parametrize("rest", [b"", b"an unfinished li"], ids=["whole", "unfinished"])
@pytest.mark.parametrize("step", STEPS)
def test_killed_while_nobody_else_has_the_log_open(
    tmp_path: Path, step: str, rest: bytes, later: bytes
) -> None:
    with place(tmp_path, collapses=False) as folder:
        log = Log(folder)
        log.path.write_bytes(lines(0, 3000) + rest)
        assert killed_at(log, step) == -9
        with log.path.open("ab") as file:
            file.write(later)
        done = log.archived()
        assert done.status is Status.OK, done.sentence
        assert log.whole() == lines(0, 3000) + rest + later
        assert log.is_settled()


@pytest.mark.parametrize("step", BY_COLLAPSING)
def test_killed_while_somebody_appends(tmp_path: Path, step: str) -> None:
    with place(tmp_path, collapses=True) as folder:
        log = Log(folder)
        log.path.write_bytes(lines(0, 3000))
        with log.path.open("ab") as file:
            assert killed_at(log, step) == -9
            file.write(lines(3000, 3100))
            file.flush()
            done = log.archived()
            assert done.status is Status.OK, done.sentence
            file.write(lines(3100, 3200))
        assert log.whole() == lines(0, 3200)
        assert log.is_settled()


@pytest.mark.parametrize("step", ["named", "marked", "moved"])
def test_killed_alone_and_gone_on_with_while_somebody_has_it_open_is_as_before(
    tmp_path: Path, step: str
) -> None:
    with place(tmp_path, collapses=False) as folder:
        log = Log(folder)
        log.path.write_bytes(lines(0, 3000) + b"an unfinished li")
        assert killed_at(log, step) == -9
        with log.path.open("ab") as file:
            file.write(b"ne\n")
            file.flush()
            done = log.archived()
        assert "somebody has it open" in str(done.sentence)
        assert log.path.read_bytes() == lines(0, 3000) + b"an unfinished line\n"
        assert log.archives() == []
        assert log.is_settled()


def test_killed_at_any_instant_while_somebody_writes_at_full_speed(tmp_path: Path) -> None:
    program = "from kumon_observe.archiving.archive import archive; archive({!r})"
    with place(tmp_path, collapses=True) as folder:
        log = Log(folder)
        log.path.write_bytes(lines(0, 20_000))
        with writing(log.path, 20_000) as end:
            for number in range(12):
                with suppress(subprocess.TimeoutExpired):  # by which it is killed
                    subprocess.run(
                        [sys.executable, "-c", program.format(str(log.path))],
                        env={**uncovered(), "PYTHONPATH": SRC},
                        timeout=0.12 + number * 0.03,
                        check=False,
                    )
            log.archived()
        log.archived()
        assert log.whole() == lines(0, end[0])
        assert log.is_settled()


def test_a_second_crash_during_the_repair_loses_nothing_either(tmp_path: Path) -> None:
    log = Log(tmp_path)
    log.path.write_bytes(lines(0, 3000))
    assert killed_at(log, "ready") == -9
    assert killed_at(log, "marked") == -9
    assert killed_at(log, "cut") == -9
    log.archived()
    assert log.whole() == lines(0, 3000)
    assert log.is_settled()


def test_what_was_done_is_said(tmp_path: Path) -> None:
    log = Log(tmp_path)
    log.path.write_bytes(lines(0, 3000))
    killed_at(log, "copied")
    assert [str(note) for note in log.archived().notes] == [
        "a run before broke off and was undone: nothing had been cut"
    ]
    with log.path.open("ab") as file:
        file.write(lines(3000, 6000))
    killed_at(log, "marked")
    assert [str(note) for note in log.archived(days=1).notes] == [
        "a run before broke off and was finished: app-20250115-020001.log.gz"
    ]


def test_a_log_that_was_rotated_since_is_left_alone(tmp_path: Path) -> None:
    log = Log(tmp_path)
    log.path.write_bytes(lines(0, 3000))
    killed_at(log, "named")
    log.path.rename(tmp_path / "app.log.1")
    log.path.write_bytes(lines(3000, 3010))
    log.archived()
    assert log.path.read_bytes() == lines(3000, 3010)
    assert len(log.archives()) == 1


def test_a_damaged_archive_of_a_broken_run_is_told_and_nothing_is_touched(tmp_path: Path) -> None:
    log = Log(tmp_path)
    log.path.write_bytes(lines(0, 3000))
    killed_at(log, "named")
    [made] = log.archives()
    made.write_bytes(made.read_bytes()[:-100])
    done = log.archived()
    assert done.status is Status.WARNING
    assert f"{made}, which a run made that broke off, is damaged: move it away" in str(done.sentence)
    assert log.path.read_bytes() == lines(0, 3000)


def test_a_damaged_ledger_is_told(tmp_path: Path) -> None:
    log = Log(tmp_path)
    log.path.write_bytes(lines(0, 3000))
    path = ledger.path_of(tmp_path, log.path)
    path.write_text('{"form": 1')
    done = log.archived()
    assert str(done.sentence) == (
        f"{path}, which tells what was archived, is damaged or of a newer release: "
        "look at the archives there, then remove it"
    )
    assert log.archives() == []


def test_the_memory_filesystem_is_there() -> None:
    assert IN_MEMORY.is_dir()
