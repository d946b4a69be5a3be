from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.processes import log, lost, run


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((), "no command was given: kumon-observe --help lists them"),
        (("helth",), "there is no command 'helth': did you mean 'health'?"),
        (("app.log",), "'app.log' is no command; to judge this log: kumon-observe health app.log"),
        (("health", "--jsn"), "there is no option '--jsn': did you mean '--json'?"),
        (("--jsn", "health"), "there is no option '--jsn': did you mean '--json'?"),
        (("health", "--limit", "x"), "--limit 'x' is no whole number from 1 up"),
        (("health", "--limit", "0"), "--limit '0' is no whole number from 1 up"),
        (("errors", "--limit", "-1"), "--limit '-1' is no whole number from 1 up"),
        (("health", "--limit"), "--limit needs a value"),
        (("health", "--json=1"), "--json takes no value"),
        (("health", "--lang", "fr"), "--lang 'fr' is no language here: write pt or en"),
        (
            ("health", "--timezone", "Mars"),
            "--timezone 'Mars' is no time zone: write America/Sao_Paulo or UTC",
        ),
        (
            ("health", "--since", "soon"),
            "--since 'soon' is no time: write 2024-01-15 10:00, 10:00, or 2h (two hours ago)",
        ),
        (("health", "-q", "-v"), "--quiet and --verbose contradict each other: give one of them"),
        (("health", ""), "a LOG is empty: give a file, a directory, a glob, or - for standard input"),
        (
            ("doctor", "app.log", " "),
            "a LOG is empty: give a file, a directory, a glob, or - for standard input",
        ),
        (("report", "-o", ""), "--output '' is empty: write --output FILE"),
        (("traces", "--conv", ""), "--conv '' is empty: write --conv CONV"),
        (("health", "--since", " "), "--since ' ' is empty: write --since WHEN"),
        (
            ("explain", ""),
            "CONV is empty: give the id as the log has it, or the masked one that a verdict shows",
        ),
        (("explain",), "CONV is missing: see kumon-observe explain --help"),
        (("config",), "config needs one more word: config show or config check"),
        (("config", "shwo"), "there is no command 'shwo': did you mean 'show'?"),
        (("plugins", "nwe"), "there is no command 'nwe': did you mean 'new'?"),
        (("plugins", "new", "--kind", "check"), "NAME is missing: see kumon-observe plugins new --help"),
        (("plugins", "new", "x"), "--kind is missing: write --kind check, sink or layout"),
        (("plugins", "new", "x", "--kind", "chek"), "there is no kind 'chek': did you mean 'check'?"),
        (
            ("plugins", "new", "Slow_Turns", "--kind", "check"),
            (
                "the name 'Slow_Turns' cannot be used: write at most 40 letters a-z and digits, beginning "
                "with a letter, with single hyphens between words (slow-turns)"
            ),
        ),
        (
            ("plugins", "new", "kumon-x", "--kind", "sink"),
            "the name 'kumon-x' cannot be used: the package is called kumon-NAME by itself, write 'x'",
        ),
        (
            ("plugins", "new", "handoff", "--kind", "check"),
            "the name 'handoff' is taken by kumon-observe itself: choose another",
        ),
        (("init", "x"), "got unexpected extra argument (x): see kumon-observe init --help"),
    ],
)
def test_wrong_usage_is_one_line_with_a_remedy(tmp_path: Path, arguments: tuple[str, ...], said: str) -> None:
    log(tmp_path, lost())
    ran = run(*arguments, cwd=tmp_path)
    assert (ran.returncode, ran.stdout, ran.stderr) == (64, "", f"kumon-observe: {said}\n")


def test_complaints_are_in_portuguese_too(tmp_path: Path) -> None:
    for arguments, env in ((("--lang", "pt", "helth"), {}), (("helth",), {"LANG": "pt_BR.UTF-8"})):
        ran = run(*arguments, cwd=tmp_path, env=env)
        assert ran.stderr == "kumon-observe: não existe comando 'helth': quis dizer 'health'?\n"


def test_an_empty_layout_forces_none(tmp_path: Path) -> None:
    log(tmp_path, lost())
    (tmp_path / "kumon-observe.toml").write_text('layout = "basic"\n')
    assert run("health", "--layout", "", cwd=tmp_path).returncode == 2


def test_an_unknown_layout_names_the_known_ones(tmp_path: Path) -> None:
    log(tmp_path, lost())
    ran = run("health", "--layout", "jsn", cwd=tmp_path)
    assert ran.returncode == 64
    assert ran.stderr.startswith("kumon-observe: there is no layout 'jsn': ")


def test_a_window_that_ends_before_it_begins_is_refused(tmp_path: Path) -> None:
    log(tmp_path, lost())
    ran = run("health", "--since", "1h", "--until", "2h", cwd=tmp_path)
    assert ran.returncode == 64
    assert ran.stderr.startswith("kumon-observe: the window is empty")


def test_a_wrong_configuration_names_file_and_line(tmp_path: Path) -> None:
    log(tmp_path, lost())
    (tmp_path / "kumon-observe.toml").write_text("\nlimt = 7\n")
    ran = run("health", cwd=tmp_path)
    assert (ran.returncode, ran.stdout) == (78, "")
    assert ran.stderr.startswith("kumon-observe: kumon-observe.toml:2: ")
    assert "limit" in ran.stderr


def test_a_missing_configuration_file_is_named(tmp_path: Path) -> None:
    ran = run("health", "--config", "none.toml", cwd=tmp_path)
    assert ran.returncode == 78
    assert ran.stderr.startswith("kumon-observe: there is no configuration file none.toml")


def test_control_characters_of_an_argument_are_escaped_in_the_complaint(tmp_path: Path) -> None:
    assert "\x1b" not in run("\x1b[2J", cwd=tmp_path).stderr
    assert "\x1b" not in run("health", "\x1b[2J.log", cwd=tmp_path).stdout
