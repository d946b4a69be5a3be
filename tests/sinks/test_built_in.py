"""Which sinks a configuration gives, in which words they speak, and how one is told that is wrong by half."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from kumon_observe import ConfigError, PermanentSinkError
from kumon_observe.cli import exits
from kumon_observe.config.alerting import AlertingSettings
from kumon_observe.config.channels import (
    EmailSettings,
    FileSettings,
    SinkSettings,
    SlackSettings,
    StdoutSettings,
)
from kumon_observe.config.load import load_settings
from kumon_observe.config.secret_files import secret
from kumon_observe.config.settings import Settings
from kumon_observe.config.watching import ScheduleSettings
from kumon_observe.engine.doctor import diagnose, sink_faults
from kumon_observe.model.setup import Health
from kumon_observe.plugins.registry import Registry
from tests.cli.processes import run
from tests.shell import ROOT
from tests.sinks.alerts import incident
from tests.sinks.slack_server import SlackServer, serving

HALF = SinkSettings(email=EmailSettings(host="mail.example"), log=FileSettings(path="alerts.log"))
FAULT = "mail needs sinks.email.sender and sinks.email.to: add it, or take [sinks.email] away"


def registry(settings: Settings) -> Registry:
    return Registry.load(settings, entry_points=False)


def names(settings: Settings) -> list[str]:
    return [sink.name for sink in registry(settings).sinks()]


@pytest.fixture
def slack() -> Iterator[SlackServer]:
    with serving() as server:
        yield server


def test_without_a_configuration_there_is_standard_output_alone() -> None:
    assert names(Settings()) == ["stdout"]


def test_each_sink_that_has_an_address_is_there() -> None:
    sinks = SinkSettings(
        log=FileSettings(path="alerts.log"),
        slack=SlackSettings(webhook_url="https://hooks.slack.com/services/x"),
        email=EmailSettings(host="mail.example", sender="a@b.example", to=("c@d.example",)),
    )
    assert names(Settings(sinks=sinks)) == ["stdout", "log", "slack", "email"]
    assert sink_faults(registry(Settings(sinks=sinks))) == []


def test_a_table_without_an_address_is_no_sink() -> None:
    assert names(Settings(sinks=SinkSettings(log=FileSettings(form="json")))) == ["stdout"]


def test_a_sink_that_is_wrong_by_half_refuses_and_leaves_the_others_alone() -> None:
    found = registry(Settings(sinks=HALF))
    *others, broken = found.sinks()
    assert [sink.name for sink in others] == ["stdout", "log"]
    with pytest.raises(PermanentSinkError) as told:
        broken.send(incident())
    assert (broken.name, str(told.value)) == ("email", FAULT)
    assert repr(broken) == f"MisconfiguredSink('email', {FAULT!r})"
    assert sink_faults(found) == [FAULT]
    assert found.broken_checks() == []


def test_doctor_tells_where_alerts_can_go_and_what_is_wrong(tmp_path: Path) -> None:
    (tmp_path / "kumon-observe.toml").write_text(f'state_dir = "{tmp_path}"\n')
    findings = diagnose([], environ={}, cwd=tmp_path, registry=registry(Settings(sinks=HALF)))
    told = [(f.health, str(f.sentence), str(f.remedy)) for f in findings if f.topic == "sinks"]
    assert told == [
        (Health.OK, "alerts can go to stdout, log", ""),
        (Health.PROBLEM, FAULT, "until then email refuses every alert"),
    ]


def test_config_check_tells_what_is_wrong_with_a_sink(tmp_path: Path) -> None:
    ran = run("config", "check", cwd=tmp_path, env={"SLACK_WEBHOOK_URL": "hooks.slack.com/services/s3cret"})
    assert ran.returncode == exits.CONFIG
    assert ran.stderr == (
        "kumon-observe: sinks.slack.webhook_url is no address: it begins with https://hooks.slack.com/\n"
    )


def test_the_words_are_of_the_configured_language_and_zone(capsys: pytest.CaptureFixture[str]) -> None:
    (sink,) = registry(Settings(lang="pt", display_timezone="UTC")).sinks()
    sink.send(incident())
    assert capsys.readouterr().out.startswith(
        "2025-01-15 10:00:00+00:00 CRÍTICO handoff: replies are lost: 2 ha"
    )


def test_alerts_may_have_a_language_and_templates_of_their_own(capsys: pytest.CaptureFixture[str]) -> None:
    alerting = AlertingSettings(lang="en", title="$severity in $place", body="$summary since $since")
    (sink,) = registry(Settings(lang="pt", alerting=alerting)).sinks()
    sink.send(incident())
    assert capsys.readouterr().out == (
        "2025-01-15 07:00:00-03:00 CRITICAL critical in kumon-assistant production: "
        "2 lost hand-offs in 812 turns since 2025-01-15 07:00:00-03:00\n"
    )


def test_without_a_zone_of_the_screen_the_schedules_is_shown(capsys: pytest.CaptureFixture[str]) -> None:
    (sink,) = registry(Settings(schedule=ScheduleSettings(timezone="Asia/Tokyo"))).sinks()
    sink.send(incident())
    assert capsys.readouterr().out.startswith("2025-01-15 19:00:00+09:00 ")


def test_a_machine_without_time_zones_still_tells_an_alert(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    (sink,) = registry(Settings(sinks=SinkSettings(stdout=StdoutSettings()))).sinks()

    def no_zones(_name: str) -> None:
        raise ValueError

    monkeypatch.setattr("kumon_observe.config.zone.named_zone", no_zones)
    sink.send(incident())
    assert capsys.readouterr().out.startswith("2025-01-15 10:00:00+00:00 ")


def test_the_guides_variable_works_as_it_is(slack: SlackServer, tmp_path: Path) -> None:
    environ = {"SLACK_WEBHOOK_URL": slack.webhook()}
    _, sink = registry(load_settings(environ=environ, cwd=tmp_path).settings).sinks()
    sink.send(incident())
    assert len(slack.messages) == 1


def test_a_bot_goes_before_the_guides_webhook(tmp_path: Path) -> None:
    (tmp_path / "kumon-observe.toml").write_text('[sinks.slack]\ntoken = "t"\nchannel = "C0"\n')
    environ = {"SLACK_WEBHOOK_URL": "https://hooks.slack.com/general"}
    _, sink = registry(load_settings(environ=environ, cwd=tmp_path).settings).sinks()
    assert repr(sink) == "SlackSink(bot in C0)"


def test_a_wrong_name_in_a_template_is_told_with_its_place(tmp_path: Path) -> None:
    (tmp_path / "kumon-observe.toml").write_text('[alerting]\ntitle = "$tilte"\n')
    with pytest.raises(
        ConfigError, match=r"toml:2: alerting\.title names \$tilte, and there are only \$action"
    ):
        load_settings(environ={}, cwd=tmp_path)


def test_a_command_with_the_guides_variable_needs_no_extra(tmp_path: Path) -> None:
    (tmp_path / "cattrs.py").write_text("raise ImportError\n")
    (tmp_path / "app.log").write_text("INFO:app.core.x:OUTBOX_TRACE|phase=planner|conv=c1|idem=k1|count=0\n")
    path = os.pathsep.join([str(tmp_path), str(ROOT / "src")])
    env = {"SLACK_WEBHOOK_URL": "https://hooks.slack.com/x", "PYTHONPATH": path}
    ran = run("handoff", "app.log", cwd=tmp_path, env=env)
    assert (ran.returncode, ran.stderr) == (3, "")


def test_a_secret_is_taken_from_its_file(tmp_path: Path) -> None:
    file = tmp_path / "secret"
    file.write_text("\ufeffs3cret\n", encoding="utf-8")
    assert secret("sinks.slack.token", "", str(file)) == "s3cret"
    assert secret("sinks.slack.token", "given", str(file)) == "given"
    assert secret("sinks.slack.token", "", "") == ""


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (None, r"cannot be read \(No such file or directory\): correct the path, or let this user read it"),
        (b" \n", "is empty: write the secret into it"),
        (b"s3cret\xff", "is not UTF-8: write the secret alone into it"),
    ],
)
def test_a_file_that_gives_no_secret_is_told_without_it(
    tmp_path: Path, content: bytes | None, said: str
) -> None:
    file = tmp_path / "file"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(ConfigError, match=rf"sinks\.slack\.token_file: .*/file {said}") as told:
        secret("sinks.slack.token", "", str(file))
    assert "s3cret" not in str(told.value)
