from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from kumon_observe.config.load import load_settings
from kumon_observe.config.options import described
from kumon_observe.config.secrets import masked
from kumon_observe.config.show import check, report


def shown(folder: Path, text: str, **environ: str) -> dict[str, Any]:
    (folder / "kumon-observe.toml").write_text(text)
    loaded = load_settings(environ=environ, cwd=folder)
    return {value.key: value.value for value in report(loaded).values}


@pytest.mark.parametrize(
    "key",
    ["webhook_file", "token", "slack_token", "password", "db_password", "client_secret", "key", "api_key"],
)
def test_a_secret_is_masked_by_its_key(key: str) -> None:
    assert masked(("sinks", key), "hunter2") == "***"
    assert masked(("sinks", key), "") == ""


@pytest.mark.parametrize("key", ["keys", "tokens_seen", "monkey", "profile"])
def test_a_key_that_only_sounds_like_one_is_shown(key: str) -> None:
    assert masked(("sinks", key), "x") == "x"


def test_every_option_that_its_class_hides_is_masked_and_no_file_of_certificates() -> None:
    hidden = [path for path, field in described().items() if not field.repr]
    assert ("sinks", "webhook", "url") in hidden
    assert {str(masked(path, "hunter2")) for path in hidden} == {"***"}
    shown = ("sinks.email.ca_file", "sinks.log.path", "sinks.alertmanager.url", "sinks.pagerduty.url")
    for key in (*shown, "sinks.shell.command", "schedule.reports"):
        assert masked(tuple(key.split(".")), "x") == "x"
    assert masked(("sinks", "alertmanager", "url"), "http://me:hunter2@host") == "***"


def test_a_url_with_credentials_is_masked_wherever_it_stands() -> None:
    urls = ("https://me:hunter2@host/app.log", "https://host/a@b", "app.log", "postgresql://me@host/db")
    assert masked(("sources",), urls) == ["***", "https://host/a@b", "app.log", "***"]


def test_what_came_through_the_environment_is_shown_as_the_file_has_it(tmp_path: Path) -> None:
    values = shown(tmp_path, 'layout = "${FORM}"\nsources = ["${LOG}"]\n', FORM="json", LOG="hunter2.log")
    assert (values["layout"], values["sources"]) == ("${FORM}", ["${LOG}"])


def test_a_variable_that_beats_the_file_is_shown_itself(tmp_path: Path) -> None:
    values = shown(tmp_path, 'layout = "${FORM}"\n', FORM="json", KUMON_OBSERVE_LAYOUT="dash")
    assert values["layout"] == "dash"


def test_thresholds_are_shown_as_they_are_written(tmp_path: Path) -> None:
    values = shown(tmp_path, '[checks.delivery]\nthreshold = ">=99.50%"\n')
    assert values["checks.delivery.threshold"] == ">= 99.5%"
    assert values["checks.consistency.threshold"] == ">= 100%"


def test_checking_gives_the_problems_instead_of_raising(tmp_path: Path) -> None:
    (tmp_path / "kumon-observe.toml").write_text("limit = 1\nlimt = 1\n")
    found = check(environ={}, cwd=tmp_path)
    assert found.problems == ("kumon-observe.toml:2: limt is no option: did you mean limit?",)
    assert found.values == ()
    (tmp_path / "good.toml").write_text("limit = 1\n")
    good = check("good.toml", environ={}, cwd=tmp_path)
    assert (good.problems, good.file, good.values[0].key) == ((), "good.toml", "sources")
