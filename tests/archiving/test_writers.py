"""Who writes to the log meanwhile loses nothing, or is told that nothing was cut."""

from __future__ import annotations

import fcntl
import gzip
import logging
import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from kumon_observe.archiving import cutting
from kumon_observe.model.status import Status
from tests.archiving.logs import SRC, Log, lines, place, writing
from tests.shell import uncovered


def test_every_line_of_a_writer_at_full_speed_is_in_an_archive_or_the_log(tmp_path: Path) -> None:
    with place(tmp_path, collapses=True) as folder:
        log = Log(folder)
        log.path.write_bytes(lines(0, 1000))
        with writing(log.path, 1000) as end:
            done = [log.archived() for _ in range(15)]
        assert {each.status for each in done} == {Status.OK}
        assert len(log.archives()) == 15
        assert log.whole() == lines(0, end[0])


def test_several_writers_at_once_lose_nothing(tmp_path: Path) -> None:
    with place(tmp_path, collapses=True) as folder:
        log = Log(folder)
        with writing(log.path, 0) as first:
            other = Log(folder / "other")
            other.folder.mkdir()
            other.path.symlink_to(log.path)
            with writing(other.path, 5_000_000_000) as second:
                for _ in range(6):
                    log.archived()
        found = log.whole().splitlines(keepends=True)
        assert b"".join(line for line in found if line < b"5") == lines(0, first[0])
        assert b"".join(line for line in found if line >= b"5") == lines(5_000_000_000, second[0])


def test_a_handler_of_logging_goes_on(tmp_path: Path) -> None:
    with place(tmp_path, collapses=True) as folder:
        log = Log(folder)
        handler = logging.FileHandler(log.path)
        logger = logging.Logger("app")
        logger.addHandler(handler)
        for number in range(900):
            logger.info("line %d of the log", number)
        log.archived()
        logger.info("the last line")
        handler.close()
        assert log.path.read_bytes().strip() == b"the last line"


def test_who_opens_the_log_while_it_is_moved_waits_and_loses_nothing(tmp_path: Path) -> None:
    with place(tmp_path, collapses=False) as folder:
        log = Log(folder)
        log.path.write_bytes(lines(0, 3000))

        def write() -> None:
            with log.path.open("ab") as file:
                file.write(b"opened meanwhile\n")

        opener = threading.Thread(target=write)

        def step(name: str) -> None:
            if name == "moved":
                opener.start()
                opener.join(0.2)
                assert opener.is_alive()

        done = log.archived(step=step)
        opener.join()
        assert done.status is Status.OK
        assert log.whole() == lines(0, 3000) + b"opened meanwhile\n"


def test_a_log_in_use_on_a_filesystem_that_cannot_cut_it_is_left_alone(tmp_path: Path) -> None:
    with place(tmp_path, collapses=False) as folder:
        log = Log(folder)
        log.path.write_bytes(lines(0, 3000))
        with log.path.open("ab"):
            done = log.archived()
        assert done.status is Status.WARNING
        assert str(done.sentence) == (
            "somebody has it open, and its filesystem cannot cut a log in use: "
            "archive it while nobody has, or keep it on ext4 or XFS"
        )
        assert log.path.read_bytes() == lines(0, 3000)
        assert log.archives() == []


def test_a_log_that_is_opened_after_the_copy_there_is_left_alone_too(tmp_path: Path) -> None:
    with place(tmp_path, collapses=False) as folder:
        log = Log(folder)
        log.path.write_bytes(lines(0, 3000))
        opened = []

        def step(name: str) -> None:
            if name == "verified":
                opened.append(log.path.open("ab"))

        done = log.archived(step=step)
        opened[0].close()
        assert "somebody has it open" in str(done.sentence)
        assert log.path.read_bytes() == lines(0, 3000)
        assert log.is_settled()
        assert log.archives() == []


def test_who_writes_without_appending_is_named_and_nothing_is_cut(tmp_path: Path) -> None:
    log = Log(tmp_path)
    log.path.write_bytes(lines(0, 3000))
    program = "import sys; f = open(sys.argv[1], 'r+'); print('ready', flush=True); sys.stdin.read()"
    with subprocess.Popen(
        [sys.executable, "-c", program, str(log.path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as writer:
        assert writer.stdout is not None
        writer.stdout.readline()
        done = log.archived()
        writer.communicate()
    assert done.status is Status.WARNING
    assert f"process {writer.pid} (python" in str(done.sentence)
    assert "writes to it without appending, and would leave a hole" in str(done.sentence)
    assert log.path.read_bytes() == lines(0, 3000)


def test_a_hole_tells_of_such_a_writer_too(tmp_path: Path) -> None:
    with place(tmp_path, collapses=True) as folder:
        log = Log(folder)
        with log.path.open("wb") as file:
            file.seek(1 << 20)
            file.write(lines(0, 300))
        done = log.archived()
        assert "it has a hole, as somebody leaves who writes without appending" in str(done.sentence)
        assert log.path.stat().st_size == (1 << 20) + len(lines(0, 300))


def test_a_cut_that_the_filesystem_refuses_in_the_end_is_undone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with place(tmp_path, collapses=True) as folder:
        log = Log(folder)
        log.path.write_bytes(lines(0, 3000))

        def refuse(_descriptor: int, _cut: int) -> None:
            raise OSError(22, "Invalid argument")

        monkeypatch.setattr(cutting, "collapse", refuse)
        with log.path.open("ab"):
            done = log.archived()
        assert str(done.sentence) == "it cannot be cut, and is as it was: Invalid argument"
        assert log.path.read_bytes() == lines(0, 3000)
        assert log.archives() == []
        assert log.is_settled()


def test_a_second_run_says_which_process_archives(tmp_path: Path) -> None:
    log = Log(tmp_path)
    log.path.write_bytes(lines(0, 3000))
    said = []

    def step(name: str) -> None:
        if name == "begun":
            program = (
                "import sys; from kumon_observe.archiving.archive import archive; "
                "done = archive(sys.argv[1]); print(done.status, done.sentence)"
            )
            ran = subprocess.run(
                [sys.executable, "-c", program, str(log.path)],
                env={**uncovered(), "PYTHONPATH": SRC},
                capture_output=True,
                text=True,
                check=True,
            )
            said.append(ran.stdout)

    assert log.archived(step=step).status is Status.OK
    assert said == [f"warning process {os.getpid()} archives it right now: wait until that has ended\n"]
    assert len(log.archives()) == 1


def test_a_holder_that_cannot_be_seen_is_told_as_another_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    log = Log(tmp_path)
    log.path.write_bytes(lines(0, 3000))
    monkeypatch.setattr("kumon_observe.archiving.writers._PROC", tmp_path / "none")
    with log.path.open("rb") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        assert str(log.archived().sentence) == "another run archives it right now: wait until that has ended"


def test_somebody_else_who_truncates_meanwhile_is_told_and_nothing_is_cut(tmp_path: Path) -> None:
    log = Log(tmp_path)
    log.path.write_bytes(lines(0, 3000))

    def step(name: str) -> None:
        if name == "begun":
            os.truncate(log.path, 5000)

    done = log.archived(step=step)
    assert str(done.sentence) == ("it became shorter meanwhile: somebody else truncates it, and two must not")
    assert log.path.read_bytes() == lines(0, 3000)[:5000]
    assert log.archives() == []
    assert log.is_settled()


def test_a_log_that_is_changed_between_copy_and_comparison_is_not_cut(tmp_path: Path) -> None:
    log = Log(tmp_path)
    log.path.write_bytes(lines(0, 3000))

    def step(name: str) -> None:
        if name == "copied":
            with log.path.open("r+b") as file:
                file.write(b"X")

    done = log.archived(step=step)
    assert "what was archived is not what it begins with" in str(done.sentence)
    assert log.archives() == []
    assert log.is_settled()


def test_the_archive_is_exactly_what_was_cut(tmp_path: Path) -> None:
    log = Log(tmp_path)
    log.path.write_bytes(lines(0, 3000) + b"rest")
    done = log.archived()
    assert done.archive is not None
    assert gzip.decompress(Path(done.archive).read_bytes()) == lines(0, 3000)
    assert done.cut == len(lines(0, 3000))
    assert log.path.read_bytes().endswith(b" \nrest") or log.path.read_bytes().endswith(b"\t\nrest")
