from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings, strategies as st

from kumon_observe.config.load import load_settings
from kumon_observe.model.errors import ConfigError
from tests.config.files import load, write


def problems(folder: Path, text: str | None = None, **environ: str) -> tuple[str, ...]:
    with pytest.raises(ConfigError) as caught:
        load(folder, text, **environ)
    return caught.value.problems


PIECES = (
    "limit",
    "checks",
    ".handoff",
    ".grace",
    " = ",
    "1",
    '"${A}"',
    "[",
    "]",
    "{",
    "}",
    ",",
    "\n",
    "lang",
    '"x"',
)
FAULTS = [
    ('timezon = "UTC"', "kumon-observe.toml:1: timezon is no option: did you mean timezone?"),
    ("\n[checks.handof]\n", "kumon-observe.toml:2: checks.handof is no option: did you mean checks.handoff?"),
    (
        "[checks]\n# …\ngrace = 3",
        (
            "kumon-observe.toml:3: checks.grace is no option: "
            "did you mean checks.handoff.grace or checks.delivery.grace?"
        ),
    ),
    ("[plugins]\nzzz = 1", "kumon-observe.toml:2: plugins.zzz is no option: here are disabled"),
    ('limit = "5"', "kumon-observe.toml:1: limit needs a whole number, not '5'"),
    ("limit = true", "kumon-observe.toml:1: limit needs a whole number, not True"),
    ("limit = 1.0", "kumon-observe.toml:1: limit needs a whole number, not 1.0"),
    ("limit = -1", "kumon-observe.toml:1: limit must be >= 0: -1"),
    ("lang = 1", "kumon-observe.toml:1: lang needs one of '', 'en', 'pt', not 1"),
    ('lang = "de"', "kumon-observe.toml:1: lang needs one of '', 'en', 'pt', not 'de'"),
    ("layout = 1", "kumon-observe.toml:1: layout needs a text in quotes, not 1"),
    (
        'sources = "app.log"',
        "kumon-observe.toml:1: sources needs a list of texts, as in ['app.log'], not 'app.log'",
    ),
    ("sources = [1]", "kumon-observe.toml:1: sources needs a list of texts, not [1]"),
    (
        'timezone = "Sao_Paulo"',
        (
            "kumon-observe.toml:1: timezone 'Sao_Paulo' is no time zone: "
            "use a name such as 'America/Sao_Paulo' or 'UTC'"
        ),
    ),
    ("[checks.handoff]\ngrace = nan", "kumon-observe.toml:2: checks.handoff.grace needs a number, not nan"),
    (
        "[checks.handoff]\ngrace = false",
        "kumon-observe.toml:2: checks.handoff.grace needs a number, not False",
    ),
    ("checks.handoff.grace = -0.5", "kumon-observe.toml:1: checks.handoff.grace must be >= 0: -0.5"),
    ("checks = 3", "kumon-observe.toml:1: checks needs to be a table, not 3"),
    (
        '[checks.delivery]\nthreshold = "95%"',
        (
            "kumon-observe.toml:2: checks.delivery.threshold needs a threshold: "
            "'95%' is no threshold: write one as '>= 95%' or '<= 0'"
        ),
    ),
    (
        "[checks.delivery]\nthreshold = 95",
        "kumon-observe.toml:2: checks.delivery.threshold needs a threshold such as '>= 95%', not 95",
    ),
    (
        "[checks.instances]\ndigits_invalid = 1",
        "kumon-observe.toml:2: checks.instances.digits_invalid needs true or false, not 1",
    ),
    ("limit = ", "kumon-observe.toml:1: this is no TOML: Invalid value"),
    ("a = 1\n\nb = [", "kumon-observe.toml:3: this is no TOML: Invalid value"),
    (f"limit = {'1' * 5000}", "kumon-observe.toml:1: this is no TOML: Exceeds the limit"),
    ("limit = 1\nlimit = 2", "kumon-observe.toml:2: this is no TOML: Cannot overwrite a value"),
]


@pytest.mark.parametrize(("text", "problem"), FAULTS)
def test_a_fault_in_the_file_is_named_with_its_line_and_the_remedy(
    tmp_path: Path, text: str, problem: str
) -> None:
    (found,) = problems(tmp_path, text)
    assert found.startswith(problem)


def test_all_faults_are_found_at_once_in_the_files_order(tmp_path: Path) -> None:
    text = 'limit = "x"\n[checks.handoff]\ngrace = -1\nundeliverd = "warning"\n'
    found = problems(tmp_path, text, KUMON_OBSERVE_LANG="de", KUMON_OBSERVE_LIMITS="3")
    assert [problem.split(" ")[0] for problem in found] == [
        "KUMON_OBSERVE_LANG:",
        "kumon-observe.toml:1:",
        "kumon-observe.toml:3:",
        "kumon-observe.toml:4:",
        "the",
    ]
    assert found[-1] == (
        "the environment variable KUMON_OBSERVE_LIMITS sets no option: did you mean KUMON_OBSERVE_LIMIT?"
    )


def test_the_error_says_the_first_problem_and_how_many_more(tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as caught:
        load(tmp_path, 'limit = "x"\nlang = 3\n')
    assert str(caught.value) == (
        "kumon-observe.toml:1: limit needs a whole number, not 'x' "
        "(and 1 more: see kumon-observe config check)"
    )


@pytest.mark.parametrize(
    ("variable", "value", "problem"),
    [
        ("LIMIT", "many", "KUMON_OBSERVE_LIMIT: limit needs a whole number, not 'many'"),
        (
            "CHECKS__INSTANCES__DIGITS_INVALID",
            "perhaps",
            (
                "KUMON_OBSERVE_CHECKS__INSTANCES__DIGITS_INVALID: "
                "checks.instances.digits_invalid needs true or false, not 'perhaps'"
            ),
        ),
        (
            "CHECKS",
            "x",
            "the environment variable KUMON_OBSERVE_CHECKS sets no option: see kumon-observe config show",
        ),
    ],
)
def test_a_fault_in_the_environment_names_the_variable(
    tmp_path: Path, variable: str, value: str, problem: str
) -> None:
    assert problems(tmp_path, **{f"KUMON_OBSERVE_{variable}": value}) == (problem,)


@pytest.mark.parametrize(
    ("flags", "problem"),
    [
        ({"timezone": "Sao_Paulo"}, "command line: timezone 'Sao_Paulo' is no time zone: use a name"),
        ({"limit": -1}, "command line: limit must be >= 0: -1"),
        ({"limit": "x"}, "command line: limit cannot take 'x'"),
        ({"checks.delivery.threshold": "95"}, "command line: checks.delivery.threshold '95' is no threshold"),
        ({"limits": 1}, "command line: there is no option 'limits'"),
    ],
)
def test_a_fault_in_a_flag_is_named(tmp_path: Path, flags: dict[str, Any], problem: str) -> None:
    with pytest.raises(ConfigError) as caught:
        load_settings(environ={}, flags=flags, cwd=tmp_path)
    assert str(caught.value).startswith(problem)


def test_faults_in_a_project_file_are_placed_there(tmp_path: Path) -> None:
    write(
        tmp_path,
        "\n[tool.kumon-observe]\n\n[tool.kumon-observe.checks.handoff]\ngrase = 1\n",
        "pyproject.toml",
    )
    assert problems(tmp_path) == (
        "pyproject.toml:5: checks.handoff.grase is no option: did you mean checks.handoff.grace?",
    )
    write(tmp_path, "[tool]\nkumon-observe = 3\n", "pyproject.toml")
    assert problems(tmp_path) == (
        "pyproject.toml:2: tool.kumon-observe needs to be a table: write [tool.kumon-observe]",
    )


def named(folder: Path, path: str | Path, **environ: str) -> str:
    with pytest.raises(ConfigError) as caught:
        load_settings(path or None, environ, cwd=folder)
    return str(caught.value)


def test_a_named_file_has_to_be_there_and_readable(tmp_path: Path) -> None:
    remedy = "write one with kumon-observe init, or correct the path"
    assert named(tmp_path, "no.toml") == f"there is no configuration file no.toml: {remedy}"
    by_variable = named(tmp_path, "", KUMON_OBSERVE_CONFIG="no.toml")
    assert by_variable == f"there is no configuration file no.toml (named by KUMON_OBSERVE_CONFIG): {remedy}"
    assert named(tmp_path, ".") == "the configuration file . cannot be read: Is a directory"
    (tmp_path / "latin.toml").write_bytes(b'lang = "\xe9"')
    assert named(tmp_path, "latin.toml") == "latin.toml is not UTF-8 at byte 8: save it as UTF-8"
    write(tmp_path, "[tool.other]\n", "pyproject.toml")
    assert named(tmp_path, "pyproject.toml") == (
        "pyproject.toml has no table [tool.kumon-observe]: add it, or name a kumon-observe.toml"
    )
    write(tmp_path, f"a = {'[' * 5000}{']' * 5000}", "deep.toml")
    assert named(tmp_path, "deep.toml") == "deep.toml: the values are nested too deeply"


def test_a_name_in_braces_that_is_not_set_or_no_name_is_a_fault(tmp_path: Path) -> None:
    text = 'layout = "${NOWHERE}"\nlang = "${NOWHERE}"\nstate_dir = "${HOME:-/tmp}"\n'
    assert problems(tmp_path, text) == (
        "kumon-observe.toml:1: layout needs the environment variable NOWHERE, which is not set",
        "kumon-observe.toml:2: lang needs the environment variable NOWHERE, which is not set",
        "kumon-observe.toml:3: state_dir has ${HOME:-/tmp}, which names no environment variable: use ${NAME}",
    )


@pytest.mark.parametrize(
    "text",
    ['lang = "${SECRET}"', 'timezone = "a${SECRET}"', 'limit = { a = "${SECRET}" }', 'limit = ["${SECRET}"]'],
)
def test_a_value_from_the_environment_is_not_told_by_an_error(tmp_path: Path, text: str) -> None:
    (problem,) = problems(tmp_path, text, SECRET="hunter2")
    assert "hunter2" not in problem
    assert problem.endswith("has a value that it cannot take (not shown, since it may be a secret)")


def test_credentials_in_a_wrong_value_are_not_told_by_an_error(tmp_path: Path) -> None:
    (problem,) = problems(tmp_path, 'sources = [1, "https://me:hunter2@host/app.log"]')
    assert "hunter2" not in problem


@settings(deadline=None)
@given(st.binary(max_size=60) | st.lists(st.sampled_from(PIECES), max_size=12).map("".join).map(str.encode))
def test_no_file_whatever_raises_anything_else(
    tmp_path_factory: pytest.TempPathFactory, content: bytes
) -> None:
    folder = tmp_path_factory.getbasetemp()
    (folder / "any.toml").write_bytes(content)
    with suppress(ConfigError):
        load_settings("any.toml", {"A": "x"}, cwd=folder)
