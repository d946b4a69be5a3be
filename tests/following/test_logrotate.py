"""logrotate itself rotates a log under a constant writer, and no trace is lost or comes twice."""

from __future__ import annotations

import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

from kumon_observe.engine.following import Following

LOGROTATE = shutil.which("logrotate", path="/usr/sbin:/usr/bin:/sbin:/bin") or "logrotate"
LINES = 24_000
WRITER = """
import logging, logging.handlers, sys, time
path, lines, mode = sys.argv[1], int(sys.argv[2]), sys.argv[3]
kind = logging.FileHandler if mode == "copytruncate" else logging.handlers.WatchedFileHandler
handler = kind(path)
handler.setFormatter(logging.Formatter("%(asctime)s - %(name)s - %(levelname)s - %(message)s"))
log = logging.getLogger("app.x")
log.addHandler(handler)
log.setLevel(logging.INFO)
begun = time.monotonic()
for number in range(lines):
    log.info("OUTBOX_TRACE|phase=planner|conv=c%d|idem=unknown|state_id=1|outbox_id=2|count=1", number)
    if number % 100 == 99:
        if mode == "copytruncate" and number % 2000 == 1999:
            print("pausing", flush=True)  # logrotate loses what is written between its copy and its cut
            sys.stdin.readline()
        wait = begun + (number + 1) / 10_000 - time.monotonic()
        if wait > 0:
            time.sleep(wait)
"""


def configuration(folder: Path, *words: str) -> list[str]:
    """The command that rotates the log in *folder* now."""
    options = "\n    ".join(("rotate 50", "missingok", "notifempty", *words))
    path = folder / "logrotate.conf"
    path.write_text(f"{folder}/app.log {{\n    {options}\n}}\n")
    path.chmod(0o600)
    return [LOGROTATE, "--force", "--state", str(folder / "state"), str(path)]


def conversations(following: Following) -> list[str]:
    return [row[8] or "" for row in following.poll()]


@pytest.mark.parametrize(
    "words",
    [
        ("create",),
        ("create", "compress"),
        ("create", "compress", "delaycompress"),
        ("create", "dateext", "dateformat -%Y%m%d-%s"),
        ("copytruncate",),
        ("copytruncate", "compress"),
        ("copytruncate", "compress", "delaycompress"),
    ],
    ids=" ".join,
)
def test_no_trace_is_lost_or_doubled_by_logrotate(tmp_path: Path, words: tuple[str, ...]) -> None:
    tmp_path.chmod(0o700)
    log = tmp_path / "app.log"
    log.touch()
    rotate = configuration(tmp_path, *words)
    following = Following(str(log))
    following.poll()
    found: list[str] = []
    rotations = 0
    pause = 1.05 if "dateext" in words else 0.2  # its names tell the second
    due = time.monotonic() + pause
    with subprocess.Popen(
        [sys.executable, "-c", WRITER, str(log), str(LINES), words[0]],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as writer:
        assert writer.stdin is not None
        assert writer.stdout is not None
        while writer.poll() is None:
            if words[0] == "copytruncate":
                if writer.stdout.readline():
                    subprocess.run(rotate, check=True, timeout=20)
                    writer.stdin.write("\n")
                    writer.stdin.flush()
                    rotations += 1
            elif time.monotonic() > due:
                subprocess.run(rotate, check=True, timeout=20)
                rotations += 1
                due = time.monotonic() + pause
            if rotations % 3 != 1:  # now and then two rotations lie between two looks
                found += conversations(following)
                following.wait(0.02)
    assert writer.returncode == 0
    for _ in range(3):
        found += conversations(following)
    assert rotations >= 2
    assert following.losses() == []
    assert found == [f"c{number}" for number in range(LINES)]
    following.close()


def test_a_watch_that_was_down_catches_up_over_compressed_rotations(tmp_path: Path) -> None:
    tmp_path.chmod(0o700)
    log = tmp_path / "app.log"
    rotate = configuration(tmp_path, "create", "compress")
    line = (
        "2025-01-15 10:00:{:02d},{:03d} - app.x - INFO - OUTBOX_TRACE|phase=planner|conv=c{}|idem=k|count=1\n"
    )
    number = 0

    def write(count: int) -> None:
        nonlocal number
        with log.open("a") as file:
            for _ in range(count):
                file.write(line.format(number // 1000, number % 1000, number))
                number += 1

    write(1500)
    following = Following(str(log))
    found = [row[8] for row in following.poll()]
    saved = following.saved()
    following.close()
    write(10)
    for _ in range(4):
        subprocess.run(rotate, check=True, timeout=20)
        write(700)
    again = Following(str(log))
    again.restore(saved)
    found += [row[8] for row in again.poll()]
    assert found == [f"c{n}" for n in range(number)]
    assert again.losses() == []
    again.close()
