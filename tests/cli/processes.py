"""Runs the command line in surroundings that a pipe and a file cannot give: a terminal, a closed stream."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
from pathlib import Path
from typing import Any

from tests.scenarios import Story

COMMAND = [sys.executable, "-m", "kumon_observe"]
_SRC = str(Path(__file__).resolve().parents[2] / "src")


def environment(home: Path, **changes: str) -> dict[str, str]:
    """An environment in English and UTC whose state lies in *home*; an empty value removes a variable."""
    kept = {
        name: value for name, value in os.environ.items() if not name.startswith(("KUMON_", "XDG_", "LC_"))
    }
    kept.pop("NO_COLOR", None)
    kept.pop("COLUMNS", None)
    found = os.pathsep.join([_SRC, *filter(None, [os.environ.get("PYTHONPATH")])])
    own = {
        "HOME": str(home),
        "XDG_STATE_HOME": str(home),
        "PYTHONPATH": found,
        "LANG": "C.UTF-8",
        "TZ": "UTC",
    }
    together = {**kept, **own, "TERM": "xterm", **changes}
    return {name: value for name, value in together.items() if value}


def log(folder: Path, story: Story, name: str = "app.log", layout: str = "json") -> Path:
    """*story* as a log file."""
    path = folder / name
    path.write_bytes(story.render(layout))
    return path


def lost() -> Story:
    """Twenty-five healthy turns and one lost hand-off."""
    return Story().others(25).turn("ana", 2, 0)


def run(*arguments: str, cwd: Path, **options: Any) -> subprocess.CompletedProcess[str]:
    """Run to its end; ``env`` changes variables, the rest goes to :func:`subprocess.run`."""
    env = environment(cwd / "home", **options.pop("env", {}))
    (cwd / "home").mkdir(exist_ok=True)
    options.setdefault("capture_output", "stdout" not in options and "stderr" not in options)
    options.setdefault("stdin", subprocess.DEVNULL)
    return subprocess.run(
        [*COMMAND, *arguments],
        cwd=cwd,
        env=env,
        text=True,
        encoding="utf-8",
        check=False,
        timeout=60,
        **options,
    )


def on_terminal(*arguments: str, cwd: Path, columns: int = 80, **env: str) -> str:
    """What a person sees on a terminal of *columns*."""
    ours, theirs = terminal(columns)
    with subprocess.Popen(
        [*COMMAND, *arguments],
        cwd=cwd,
        env=environment(cwd, **env),
        stdin=subprocess.DEVNULL,
        stdout=theirs,
        stderr=subprocess.STDOUT,
    ):
        os.close(theirs)
        return written_to(ours)


def errors_on_terminal(*arguments: str, cwd: Path, columns: int = 80, **env: str) -> tuple[str, str]:
    """What goes into a file as standard output, and what a person sees of standard error on a terminal."""
    ours, theirs = terminal(columns)
    with (
        (cwd / "stdout").open("wb") as answer,
        subprocess.Popen(
            [*COMMAND, *arguments],
            cwd=cwd,
            env=environment(cwd, **env),
            stdin=subprocess.DEVNULL,
            stdout=answer,
            stderr=theirs,
        ),
    ):
        os.close(theirs)
        seen = written_to(ours)
    return (cwd / "stdout").read_text(encoding="utf-8"), seen


def terminal(columns: int) -> tuple[int, int]:
    """A new terminal of *columns*: the side that sees, and the side that is written to."""
    import fcntl
    import struct
    import termios

    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
    return ours, theirs


def written_to(ours: int) -> str:
    """Everything that is written to a terminal until its other side is closed."""
    seen = b""
    while block := _read(ours):
        seen += block
    os.close(ours)
    return seen.decode().replace("\r\n", "\n")


def left_on_screen(seen: str) -> str:
    """What stands on the screen in the end, where lines were written over each other."""
    return "\n".join(_overwritten(line) for line in seen.split("\n"))


def _overwritten(line: str) -> str:
    shown = ""
    for text in line.split("\r"):
        shown = text + shown[len(text) :]
    return shown.rstrip()


def _read(terminal: int) -> bytes:
    try:
        return os.read(terminal, 65536)
    except OSError:
        return b""
