from __future__ import annotations

import pytest

from kumon_observe.cli import errors
from kumon_observe.model.errors import ConfigError, MissingExtraError, PluginError, UsageError
from kumon_observe.present.language import Language


@pytest.mark.parametrize(
    ("error", "code", "said"),
    [
        (UsageError("name a log"), 64, "name a log"),
        (ConfigError("x.toml:1: limt is no option"), 78, "x.toml:1: limt is no option"),
        (MissingExtraError("a URL", "remote"), 69, "a URL needs an extra: install kumon-observe[remote]"),
        (PluginError("two plugins give the check handoff"), 70, "two plugins give the check handoff"),
        (ValueError(), 70, "this is a bug: ValueError: - (--verbose shows where)"),
    ],
)
def test_every_error_is_one_line_and_a_code(
    error: Exception, code: int, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert errors.report(error, Language("en"), verbose=False) == code
    assert capsys.readouterr().err == f"kumon-observe: {said}\n"


def test_a_choice_without_a_near_match_is_listed(capsys: pytest.CaptureFixture[str]) -> None:
    errors.report(errors.no_such("command", "zzz", ["show", "check"]), Language("en"), verbose=False)
    assert capsys.readouterr().err == "kumon-observe: there is no command 'zzz': use one of show, check\n"
