from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

import kumon_observe
from kumon_observe.config.load import load_settings
from kumon_observe.config.options import dotted, options
from kumon_observe.config.settings import Settings
from kumon_observe.model.setup import Origin
from kumon_observe.model.threshold import Threshold
from tests.config.files import load, write


def test_without_any_source_the_defaults_are_in_force(tmp_path: Path) -> None:
    loaded = load(tmp_path)
    assert loaded.settings == Settings()
    assert loaded.file is None
    assert set(loaded.origins) == {dotted(path) for path in options()}
    assert set(loaded.origins.values()) == {Origin()}


def test_later_sources_beat_earlier_ones_and_each_value_knows_its_own(tmp_path: Path) -> None:
    write(tmp_path, 'lang = "en"\nlimit = 1\n\n[checks.handoff]\ngrace = 10\nmax_open = 11\n')
    environ = {"KUMON_OBSERVE_LIMIT": "2", "KUMON_OBSERVE_CHECKS__HANDOFF__GRACE": "20"}
    loaded = load_settings(environ=environ, flags={"limit": 3, "layout": None}, cwd=tmp_path)
    settings, origins = loaded.settings, loaded.origins
    assert (settings.lang, str(origins["lang"])) == ("en", "kumon-observe.toml:1")
    assert (settings.limit, str(origins["limit"])) == (3, "command line")
    assert (settings.checks.handoff.grace, str(origins["checks.handoff.grace"])) == (
        20.0,
        "KUMON_OBSERVE_CHECKS__HANDOFF__GRACE",
    )
    assert origins["checks.handoff.max_open"] == Origin(kind="file", file="kumon-observe.toml", line=6)
    assert str(origins["layout"]) == "default"
    assert loaded.file == "kumon-observe.toml"


def test_every_type_of_option_can_be_written_in_the_file(tmp_path: Path) -> None:
    text = """
sources = ["a.log", "logs/*.gz"]
timezone = "America/Sao_Paulo"
max_record = 4096
[checks]
delivery = { threshold = ">= 99.5%", grace = 30 }
[checks.instances]
digits_invalid = false
"""
    settings = load(tmp_path, text).settings
    assert settings.sources == ("a.log", "logs/*.gz")
    assert (settings.timezone, settings.max_record) == ("America/Sao_Paulo", 4096)
    assert settings.checks.delivery.threshold == Threshold.parse(">= 99.5%")
    assert settings.checks.delivery.grace == 30.0
    assert settings.checks.instances.digits_invalid is False


@pytest.mark.parametrize("word", ["false", "No", "off", "0"])
def test_every_type_of_option_can_be_given_by_the_environment(tmp_path: Path, word: str) -> None:
    settings = load(
        tmp_path,
        KUMON_OBSERVE_SOURCES="a.log, b.log,",
        KUMON_OBSERVE_CHECKS__INSTANCES__DIGITS_INVALID=word,
        KUMON_OBSERVE_CHECKS__DELIVERY__THRESHOLD=">= 90%",
        KUMON_OBSERVE_CHECKS__DELIVERY__GRACE="1.5",
        KUMON_OBSERVE_LANG="",
        UNRELATED="x",
    ).settings
    assert settings.sources == ("a.log", "b.log")
    assert settings.checks.instances.digits_invalid is False
    assert settings.checks.delivery.threshold == Threshold.parse(">= 90%")
    assert settings.checks.delivery.grace == 1.5


def test_what_kubernetes_says_of_a_service_with_our_name_is_no_option(tmp_path: Path) -> None:
    links = {
        "KUMON_OBSERVE_SERVICE_HOST": "10.0.0.1",
        "KUMON_OBSERVE_SERVICE_PORT": "8080",
        "KUMON_OBSERVE_SERVICE_PORT_HTTP": "8080",
        "KUMON_OBSERVE_PORT": "tcp://10.0.0.1:8080",
        "KUMON_OBSERVE_PORT_8080_TCP": "tcp://10.0.0.1:8080",
        "KUMON_OBSERVE_PORT_8080_TCP_ADDR": "10.0.0.1",
    }
    assert load(tmp_path, **links).settings == Settings()


def test_flags_may_be_text_or_values(tmp_path: Path) -> None:
    flags = {
        "limit": "5",
        "sources": ["a.log"],
        "checks.delivery.threshold": ">= 90%",
        "checks.consistency.threshold": Threshold(min=0.5),
    }
    settings = load_settings(environ={}, flags=flags, cwd=tmp_path).settings
    assert (settings.limit, settings.sources) == (5, ("a.log",))
    assert settings.checks.delivery.threshold == Threshold.parse(">= 90%")
    assert settings.checks.consistency.threshold == Threshold(min=0.5)


def test_only_the_first_file_found_is_used(tmp_path: Path) -> None:
    project = write(tmp_path, '[project]\nname = "x"\n\n[tool.kumon-observe]\nlimit = 4\n', "pyproject.toml")
    assert load(tmp_path).settings.limit == 4
    assert str(load(tmp_path).origins["limit"]) == "pyproject.toml:5"
    write(tmp_path, 'lang = "pt"')
    assert load(tmp_path).settings == Settings(lang="pt")
    named = write(tmp_path, "limit = 2", "other.toml")
    assert load(tmp_path, KUMON_OBSERVE_CONFIG="other.toml").settings == Settings(limit=2)
    environ = {"KUMON_OBSERVE_CONFIG": "other.toml"}
    assert load_settings(project, environ, cwd=tmp_path).settings == Settings(limit=4)
    assert load_settings(named, {}, cwd=tmp_path).file == str(named)


def test_a_project_file_without_our_table_is_none_of_ours(tmp_path: Path) -> None:
    write(tmp_path, "this is = = no TOML", "pyproject.toml")
    assert load(tmp_path).file is None
    write(tmp_path, '[project]\nname = "kumon-observe"\n', "pyproject.toml")
    assert load(tmp_path).file is None


def test_a_byte_order_mark_of_an_editor_is_no_fault(tmp_path: Path) -> None:
    (tmp_path / "kumon-observe.toml").write_bytes(b"\xef\xbb\xbflimit = 7\r\n")
    assert load(tmp_path).settings.limit == 7


def test_a_name_in_braces_stands_for_the_environment(tmp_path: Path) -> None:
    text = 'sources = ["${HERE}/app.log", "$${HERE}", "$HERE"]\nstate_dir = "${HERE}/${THERE}"\n'
    loaded = load(tmp_path, text, HERE="/srv", THERE="state")
    assert loaded.settings.sources == ("/srv/app.log", "${HERE}", "$HERE")
    assert loaded.settings.state_dir == "/srv/state"
    assert loaded.written == {
        "sources": ["${HERE}/app.log", "$${HERE}", "$HERE"],
        "state_dir": "${HERE}/${THERE}",
    }


NO_CATTRS = """\
import sys
sys.modules["cattrs"] = None
from pathlib import Path
from kumon_observe.config.load import load_settings
from kumon_observe.model.errors import MissingExtraError
folder, *variable = sys.argv[1:]
environ = dict([variable]) if variable else {}
try:
    print(load_settings(environ=environ, flags={"limit": 3}, cwd=Path(folder)).settings.limit)
except MissingExtraError as error:
    print(error)
"""


def test_without_cattrs_the_defaults_and_flags_work_and_a_file_asks_for_the_extra(tmp_path: Path) -> None:
    source = Path(kumon_observe.__file__ or "").parents[1]

    def run(*arguments: str) -> str:
        command = [sys.executable, "-c", NO_CATTRS, str(tmp_path), *arguments]
        environ = {**os.environ, "PYTHONPATH": str(source)}
        return subprocess.run(command, capture_output=True, text=True, check=True, env=environ).stdout.strip()

    needed = "reading a configuration needs an extra: install kumon-observe[config]"
    assert run() == "3"
    assert run("KUMON_OBSERVE_LANG", "pt") == needed
    assert run("SLACK_WEBHOOK_URL", "https://hooks.example.org/x") == "3"
    write(tmp_path, "# nothing in force\n[checks]\n")
    assert run() == needed
