from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pytest

from kumon_observe.config.settings import PluginSettings, Settings
from kumon_observe.engine.doctor import diagnose
from kumon_observe.engine.extras import Extras
from kumon_observe.model.setup import Health, SetupFinding
from kumon_observe.plugins.registry import Registry
from tests.plugins.examples import Checks

TRACE = "INFO:app.core.x:OUTBOX_TRACE|phase=planner|conv=c1|idem=k1|count=1\n"


def examined(
    folder: Path, *sources: str, registry: Registry | None = None, config: str = ""
) -> list[SetupFinding]:
    (folder / "kumon-observe.toml").write_text(config or f'state_dir = "{folder / "state"}"\n')
    return list(diagnose(sources, environ={}, cwd=folder, registry=registry))


def about(topic: str, findings: Iterable[SetupFinding]) -> list[tuple[Health, str, str]]:
    return [(f.health, str(f.sentence), str(f.remedy)) for f in findings if f.topic == topic]


def test_a_good_set_up_has_no_problem(tmp_path: Path) -> None:
    log = tmp_path / "app.log"
    log.write_text(TRACE * 2)
    findings = examined(tmp_path, str(log))
    assert not [finding for finding in findings if finding.health is Health.PROBLEM]
    assert about("sources", findings) == [(Health.OK, f"{log}: 2 traces, layouts basic", "")]
    assert about("config", findings) == [(Health.OK, "kumon-observe.toml is in force", "")]
    assert about("state", findings) == [(Health.OK, f"the state folder is {tmp_path / 'state'}", "")]
    assert about("time zones", findings) == [(Health.OK, "time zone data is present", "")]
    assert about("python", findings)[0][1].startswith("Python 3.")


def test_each_log_that_gives_nothing_is_named(tmp_path: Path) -> None:
    quiet, stranger = tmp_path / "quiet.log", tmp_path / "stranger.log"
    quiet.write_text("INFO:app.core.x:hello\n")
    stranger.write_text(TRACE.replace("app.core.x", "root"))
    findings = about("sources", examined(tmp_path, str(quiet), str(stranger), str(tmp_path / "missing.log")))
    assert (Health.WARNING, f"{quiet}: no trace in 1 line") in [found[:2] for found in findings]
    assert (
        Health.WARNING,
        f"{stranger}: 1 trace comes from a logger that is not trusted",
        "if the app writes them, add its logger to trusted_loggers (app.*, kumon_observe.*)",
    ) in findings
    assert (Health.PROBLEM, f"{tmp_path / 'missing.log'}: it does not exist: check the path", "") in findings


def test_the_configured_sources_are_looked_at_without_others(tmp_path: Path) -> None:
    log = tmp_path / "configured.log"
    log.write_text(TRACE)
    config = f'sources = ["{log}"]\nstate_dir = "{tmp_path}"\n'
    assert about("sources", examined(tmp_path, config=config)) == [
        (Health.OK, f"{log}: 1 trace, layouts basic", "")
    ]


def test_no_log_at_all_is_a_warning_with_the_remedy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert about("sources", examined(tmp_path)) == [
        (
            Health.WARNING,
            "no log is named, and there is no app.log here",
            "name one on the command line, or under sources",
        )
    ]


def test_a_layout_that_nobody_knows_is_a_problem_of_the_sources(tmp_path: Path) -> None:
    log = tmp_path / "app.log"
    log.write_text(TRACE)
    config = f'layout = "jason"\nstate_dir = "{tmp_path}"\n'
    ((health, sentence, _),) = about("sources", examined(tmp_path, str(log), config=config))
    assert health is Health.PROBLEM
    assert "jason" in sentence


def test_every_problem_of_the_configuration_is_told_and_the_rest_looked_at(tmp_path: Path) -> None:
    findings = examined(tmp_path, str(tmp_path), config='limt = 1\nlang = "de"\n')
    assert [sentence for _, sentence, _ in about("config", findings)] == [
        "kumon-observe.toml:1: limt is no option: did you mean limit?",
        "kumon-observe.toml:2: lang needs one of '', 'en', 'pt', not 'de'",
    ]
    assert about("sources", findings)


def test_without_a_file_the_defaults_are_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    findings = diagnose([str(tmp_path)], environ={}, cwd=tmp_path)
    assert about("config", findings) == [(Health.OK, "no configuration file: the defaults are in force", "")]


def test_plugins_are_told_with_what_is_wrong_about_them(tmp_path: Path) -> None:
    def fail() -> object:
        raise RuntimeError("no luck")

    settings = Settings(plugins=PluginSettings(disabled=("nobody", "off")))
    extra = [Checks("broken", fail), Checks("off", fail)]
    registry = Registry.load(settings, extra=extra, entry_points=False)
    told = about("plugins", examined(tmp_path, str(tmp_path), registry=registry))
    assert told[0][0] is Health.OK
    assert told[0][1].startswith("plugin builtin gives layout ")
    assert told[1:] == [
        (
            Health.PROBLEM,
            "plugin broken: kumon_register_checks: RuntimeError: no luck",
            "update or remove it (given by the program), or disable it under [plugins]",
        ),
        (
            Health.WARNING,
            "plugins.disabled names nobody, and no plugin is called so",
            "see kumon-observe plugins for the names",
        ),
    ]


@pytest.mark.parametrize("place", ["file", "file/below"])
def test_a_state_folder_that_cannot_be_is_told(tmp_path: Path, place: str) -> None:
    (tmp_path / "file").write_text("")
    findings = examined(tmp_path, str(tmp_path), config=f'state_dir = "{tmp_path / place}"\n')
    ((health, sentence, remedy),) = about("state", findings)
    assert health is Health.WARNING
    assert sentence == f"the state folder {tmp_path / place} cannot be written"
    assert remedy.startswith("make it writable, or set state_dir")


def test_looking_at_the_state_folder_leaves_nothing_in_it(tmp_path: Path) -> None:
    state = tmp_path / "state"
    state.mkdir()
    findings = examined(tmp_path, "")
    assert about("state", findings)[0][0] is Health.OK
    assert [path.name for path in state.iterdir() if path.name != "pseudonym.key"] == []


def test_extras_are_told_by_what_is_installed() -> None:
    extras = Extras.of(
        [
            "attrs>=23.2",
            "pluggy>=1.5; extra == 'good'",
            'attrs>=23; python_version < "4" and extra == "good"',
            "attrs; extra == 'half'",
            "no-such-package-here[x]>=1; extra == 'half'",
            "no-such-package-here; extra == 'all'",
            "kumon-observe[good]; extra == 'most'",
        ]
    )
    assert extras == Extras(present=("good",), absent=("half",))
