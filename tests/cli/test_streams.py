from __future__ import annotations

import os
import signal
import subprocess
from pathlib import Path

import pytest

from tests.cli.processes import COMMAND, environment, log, lost, on_terminal, run


@pytest.mark.parametrize("arguments", [("health",), ("--version",), ("--help",), ("health", "--help")])
def test_a_full_disk_is_one_line_and_74(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    log(tmp_path, lost())
    with Path("/dev/full").open("w") as full:
        ran = run(*arguments, cwd=tmp_path, stdout=full, stderr=subprocess.PIPE)
    assert ran.returncode == 74
    assert ran.stderr == "kumon-observe: cannot write to standard output: No space left on device\n"


@pytest.mark.parametrize("command", ["health", "traces", "report"])
def test_a_reader_that_has_gone_away_leaves_the_verdict_as_exit_code(tmp_path: Path, command: str) -> None:
    log(tmp_path, lost())
    reading, writing = os.pipe()
    os.close(reading)
    wanted = run(command, cwd=tmp_path).returncode
    ran = run(command, cwd=tmp_path, stdout=writing, stderr=subprocess.PIPE)
    os.close(writing)
    assert (ran.returncode, ran.stderr) == (wanted, "")


def test_a_closed_standard_output_is_said(tmp_path: Path) -> None:
    log(tmp_path, lost())
    shell = " ".join(["exec", *COMMAND, "health", ">&-"])
    ran = subprocess.run(
        ["sh", "-c", shell],
        cwd=tmp_path,
        env=environment(tmp_path),
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 74
    assert ran.stderr == "kumon-observe: cannot write to standard output: it is closed\n"


def test_everything_closed_still_exits_quietly(tmp_path: Path) -> None:
    log(tmp_path, lost())
    shell = " ".join(["exec", *COMMAND, "health", "<&-", ">&-", "2>&-"])
    ran = subprocess.run(["sh", "-c", shell], cwd=tmp_path, env=environment(tmp_path), check=False)
    assert ran.returncode == 74


def heed_ctrl_c() -> None:
    """Undo what a shell does to what it starts in the background, which CI may be."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def test_ctrl_c_ends_with_130_and_no_traceback(tmp_path: Path) -> None:
    with subprocess.Popen(
        [*COMMAND, "health", "-"],
        cwd=tmp_path,
        env=environment(tmp_path),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        preexec_fn=heed_ctrl_c,  # noqa: PLW1509 - nothing else runs in this process meanwhile
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        assert process.stderr is not None
        more_than_a_pipe_holds = log(tmp_path, lost()).read_bytes() * 300
        assert len(more_than_a_pipe_holds) > 1 << 17
        process.stdin.write(more_than_a_pipe_holds)
        process.stdin.flush()
        process.send_signal(signal.SIGINT)
        process.stdin.close()
        said = process.stderr.read()
        shown = process.stdout.read()
    assert process.returncode == 130
    assert (said, shown) == (b"", b"")


def test_an_unexpected_error_is_one_line_and_70(tmp_path: Path) -> None:
    log(tmp_path, lost())
    (tmp_path / "sitecustomize.py").write_text(
        "import kumon_observe.engine.analyze as room\n"
        "def broken(*_given, **_options): raise RuntimeError('boom\\x1b[2J')\n"
        "room.analyze = broken\n"
    )
    path = os.pathsep.join([str(tmp_path), environment(tmp_path)["PYTHONPATH"]])
    ran = run("health", cwd=tmp_path, env={"PYTHONPATH": path})
    assert (ran.returncode, ran.stdout) == (70, "")
    assert ran.stderr == (
        "kumon-observe: this is a bug: RuntimeError: boom\\x1b[2J (--verbose shows where)\n"
    )
    shown = run("health", "--verbose", cwd=tmp_path, env={"PYTHONPATH": path})
    assert "Traceback (most recent call last):" in shown.stderr


def test_colour_is_for_terminals_that_have_it(tmp_path: Path) -> None:
    log(tmp_path, lost())
    assert "\x1b[1;31mCRITICAL\x1b[0m" in on_terminal("health", cwd=tmp_path)
    assert "\x1b" not in on_terminal("health", cwd=tmp_path, NO_COLOR="1")
    assert "\x1b" not in on_terminal("health", cwd=tmp_path, TERM="dumb")
    assert "\x1b" not in on_terminal("health", "--no-color", cwd=tmp_path)
    assert "\x1b" not in run("health", cwd=tmp_path).stdout


@pytest.mark.parametrize("columns", [40, 60, 80])
def test_the_screen_fits_the_terminal(tmp_path: Path, columns: int) -> None:
    log(tmp_path, lost())
    seen = on_terminal("health", "--no-color", cwd=tmp_path, columns=columns)
    assert max(map(len, seen.splitlines())) <= columns
    assert run("health", cwd=tmp_path, env={"COLUMNS": str(columns)}).stdout == seen


def test_a_list_is_wrapped_for_people_and_whole_for_programs(tmp_path: Path) -> None:
    log(tmp_path, lost())
    assert max(map(len, on_terminal("traces", "--no-color", cwd=tmp_path, columns=60).splitlines())) <= 60
    assert max(map(len, run("traces", cwd=tmp_path).stdout.splitlines())) > 100


def test_an_output_without_accents_stays_readable(tmp_path: Path) -> None:
    log(tmp_path, lost())
    ran = run("health", "-q", "--lang", "pt", cwd=tmp_path, env={"PYTHONIOENCODING": "ascii"})
    assert ran.stdout.startswith("CRITICO: FACA ROLLBACK AGORA")


def test_the_locale_chooses_the_language_and_the_flag_beats_it(tmp_path: Path) -> None:
    log(tmp_path, lost())
    assert run("health", "-q", cwd=tmp_path, env={"LANG": "pt_BR.UTF-8"}).stdout.startswith("CRÍTICO")
    assert run("health", "-q", "--lang", "en", cwd=tmp_path, env={"LANG": "pt_BR.UTF-8"}).stdout.startswith(
        "CRITICAL"
    )
    (tmp_path / "kumon-observe.toml").write_text('lang = "pt"\n')
    assert run("health", "-q", cwd=tmp_path).stdout.startswith("CRÍTICO")
