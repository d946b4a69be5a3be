"""The dashboard as a person meets it: on a terminal, in a pipe, and at its end."""

from __future__ import annotations

import fcntl
import json
import os
import re
import select
import signal
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from kumon_observe.cli import exits
from kumon_observe.present.page import cells
from tests.cli.processes import COMMAND, environment, log, lost, run, terminal
from tests.scenarios import Story

_SEQUENCE = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")
_PATIENCE = 30.0
_TAKES_THE_TERMINAL = (
    "import fcntl, os, sys, termios; os.setsid(); fcntl.ioctl(0, termios.TIOCSCTTY, 0); "
    "os.execv(sys.executable, [sys.executable, *sys.argv[1:]])"
)
_CONTROLLED = [sys.executable, "-c", _TAKES_THE_TERMINAL]
"""Makes standard input the terminal that Ctrl-C comes from, for the interpreter that comes after it."""


class Person:
    """Somebody at a terminal, who sees what the dashboard shows and may press keys."""

    def __init__(self, folder: Path, *arguments: str, columns: int = 80, **env: str) -> None:
        self.seen = ""
        self._ours, theirs = terminal(columns)
        self._terminal = os.dup(theirs)
        self.before = self.settings()
        self.process = subprocess.Popen(
            [*_CONTROLLED, *COMMAND[1:], "dashboard", *arguments],
            cwd=folder,
            env=environment(folder, **env),
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
        )
        os.close(theirs)

    def settings(self) -> list[Any]:
        """How the terminal is set up."""
        return termios.tcgetattr(self._terminal)

    def sees(self, text: str) -> str:
        """Wait until *text* stands in what came since the last call; what came."""
        begun, end = len(self.seen), time.monotonic() + _PATIENCE
        while text not in self.seen[begun:]:
            assert time.monotonic() < end, f"{text!r} never came; there was {self.seen[begun:]!r}"
            if select.select([self._ours], [], [], 0.1)[0]:
                with suppress(OSError):
                    self.seen += os.read(self._ours, 65536).decode(errors="replace")
        return self.seen[begun:]

    def presses(self, keys: bytes) -> None:
        """Press *keys*."""
        os.write(self._ours, keys)

    def resizes(self, columns: int, rows: int) -> None:
        """Make the terminal larger or smaller."""
        fcntl.ioctl(self._terminal, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    def ends(self) -> int:
        """How the dashboard ended, once it has."""
        end = time.monotonic() + _PATIENCE
        while self.process.poll() is None and time.monotonic() < end:
            self._drain()
        code = self.process.wait(timeout=1)
        self._drain()
        return code

    def leaves(self) -> None:
        """Whatever happened, nothing stays."""
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        os.close(self._terminal)
        os.close(self._ours)

    def _drain(self) -> None:
        while select.select([self._ours], [], [], 0.05)[0]:
            try:
                self.seen += os.read(self._ours, 65536).decode(errors="replace")
            except OSError:
                return


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    log(tmp_path, lost())
    return tmp_path


@pytest.fixture
def people() -> Iterator[list[Person]]:
    found: list[Person] = []
    yield found
    for person in found:
        person.leaves()


def is_as_before(person: Person) -> bool:
    """Whether the terminal is set up as before, shows its own screen, and its cursor."""
    shown = person.seen.rindex("\x1b[?1049l") > person.seen.rindex("\x1b[?1049h")
    return person.settings() == person.before and shown and person.seen.rindex("\x1b[?25h") > 0


@pytest.mark.parametrize(
    ("how", "code"),
    [("q", 0), ("ctrl-c", exits.INTERRUPTED), ("sigint", exits.INTERRUPTED), ("sigterm", 143)],
)
def test_it_ends_and_leaves_the_terminal_as_it_was(
    folder: Path, people: list[Person], how: str, code: int
) -> None:
    person = Person(folder)
    people.append(person)
    person.sees("q or Ctrl-C ends")
    assert person.settings() != person.before
    if how == "q":
        person.presses(b"\x1b[Axq")
    elif how == "ctrl-c":
        person.presses(b"\x03")
    else:
        person.process.send_signal(signal.SIGINT if how == "sigint" else signal.SIGTERM)
    assert person.ends() == code
    assert is_as_before(person)
    assert "Traceback" not in person.seen


def test_what_is_written_is_shown_at_the_next_refresh(folder: Path, people: list[Person]) -> None:
    person = Person(folder, "--every", "1")
    people.append(person)
    assert "CRITICAL" in person.sees("26 turns")
    with (folder / "app.log").open("ab") as file:
        file.write(Story().at(60).turn("bia").render("json"))
    person.sees("27 turns")


def test_the_time_of_the_refresh_moves(folder: Path, people: list[Person]) -> None:
    person = Person(folder, "--every", "1")
    people.append(person)
    person.sees("ends")
    person.sees("ends")
    person.sees("ends")
    assert len(set(re.findall(r"\d\d:\d\d:\d\d(?=\x1b|\s*\r)", person.seen))) > 1


def test_a_terminal_that_changes_its_size_is_filled_anew(folder: Path, people: list[Person]) -> None:
    person = Person(folder, "--every", "60")
    people.append(person)
    assert "max 0" in person.sees("ends")
    person.sees("ends")
    person.resizes(60, 24)
    narrow = person.sees("ends")
    assert "max 0" not in narrow
    assert "≤0" in narrow


@pytest.mark.parametrize(("arguments", "coloured"), [((), True), (("--no-color",), False)])
def test_colour_is_a_matter_of_taste(
    folder: Path, people: list[Person], arguments: tuple[str, ...], coloured: bool
) -> None:
    person = Person(folder, *arguments)
    people.append(person)
    shown = person.sees("ends")
    assert bool(re.search(r"\x1b\[[0-9;]*m", shown)) is coloured


def test_it_speaks_portuguese(folder: Path, people: list[Person]) -> None:
    person = Person(folder, "--lang", "pt")
    people.append(person)
    assert "FAÇA ROLLBACK AGORA" in person.sees("q ou Ctrl-C encerra")


def test_a_large_log_says_that_it_is_read(tmp_path: Path, people: list[Person]) -> None:
    log(tmp_path, Story().others(25_000))
    person = Person(tmp_path)
    people.append(person)
    reading = person.sees("reading the logs") + person.sees("app.log")
    assert "%" in reading + person.sees("MB")
    person.sees("25000 turns")


def test_the_end_of_what_is_piped_in_is_the_end(folder: Path, people: list[Person]) -> None:
    del people
    ours, theirs = terminal(80)
    with (
        (folder / "app.log").open("rb") as piped,
        subprocess.Popen(
            [*COMMAND, "dashboard", "-"],
            cwd=folder,
            env=environment(folder),
            stdin=piped,
            stdout=theirs,
            stderr=theirs,
        ) as process,
    ):
        os.close(theirs)
        seen = b""
        with suppress(OSError):
            while block := os.read(ours, 65536):
                seen += block
    os.close(ours)
    assert process.returncode == 2
    after = seen.decode().rpartition("\x1b[?1049l")[2]
    assert "ROLL BACK NOW" in after
    assert "26 turns" in after


# one plain screen


def test_in_a_pipe_it_is_one_plain_screen_with_the_exit_code_of_the_verdict(folder: Path) -> None:
    ran = run("dashboard", cwd=folder)
    assert ran.returncode == 2
    assert ran.stderr == ""
    assert "\x1b" not in ran.stdout
    assert ran.stdout.startswith("CRITICAL: ROLL BACK NOW")
    assert "q or Ctrl-C ends" not in ran.stdout
    assert all(cells(line) <= 80 for line in ran.stdout.splitlines())


@pytest.mark.parametrize(("story", "code"), [(Story().others(3), 0), (lost(), 2), (Story().noise(), 3)])
def test_once_ends_with_the_exit_code_of_the_verdict(tmp_path: Path, story: Story, code: int) -> None:
    log(tmp_path, story)
    assert run("dashboard", "--once", cwd=tmp_path).returncode == code


def test_a_missing_log_is_named(tmp_path: Path) -> None:
    ran = run("dashboard", "--once", "none.log", cwd=tmp_path)
    assert ran.returncode == 3
    assert "! none.log: it does not exist: check the path" in ran.stdout
    assert not (tmp_path / "home" / "kumon-observe").exists()


def test_a_dumb_terminal_gets_one_plain_screen(folder: Path, people: list[Person]) -> None:
    person = Person(folder, TERM="dumb")
    people.append(person)
    assert person.ends() == 2
    assert not _SEQUENCE.search(person.seen)


def test_as_json_it_is_the_verdict(folder: Path) -> None:
    ran = run("dashboard", "--json", cwd=folder)
    assert (json.loads(ran.stdout)["command"], ran.returncode) == ("dashboard", 2)


def test_quiet_it_is_the_first_line(folder: Path) -> None:
    ran = run("dashboard", "--quiet", cwd=folder)
    assert ran.stdout.startswith("CRITICAL: ROLL BACK NOW - Replies were lost")
    assert ran.stdout.count("\n") == 1


def test_the_trends_go_back_as_far_as_is_asked(folder: Path) -> None:
    assert "24 x 60 min, to" in run("dashboard", "--once", "--hours", "24", cwd=folder).stdout


def test_how_old_is_too_old_is_asked(folder: Path) -> None:
    assert "! no trace for" in run("dashboard", "--once", cwd=folder).stdout
    assert "! no trace for" not in run("dashboard", "--once", "--stale", "99999999", cwd=folder).stdout


@pytest.mark.parametrize("name", ["--since", "--until"])
def test_a_window_goes_with_one_screen_alone(folder: Path, people: list[Person], name: str) -> None:
    once = run("dashboard", "--once", name, "2h", cwd=folder)
    assert once.returncode == (3 if name == "--since" else 2)
    person = Person(folder, name, "2h")
    people.append(person)
    assert person.ends() == exits.USAGE
    assert f"kumon-observe: {name} goes with --once: a live screen shows all" in person.seen


@pytest.mark.parametrize("option", ["--every", "--hours", "--stale"])
def test_its_options_take_whole_numbers(folder: Path, option: str) -> None:
    ran = run("dashboard", option, "0", cwd=folder)
    assert ran.returncode == exits.USAGE
    assert ran.stderr == f"kumon-observe: {option} '0' is no whole number from 1 up\n"
