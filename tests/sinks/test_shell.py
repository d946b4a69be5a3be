"""What the shell hook runs, when, how often, and what it says of it."""

from __future__ import annotations

import json
import logging
import os
import sys
from collections.abc import Sequence
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from attrs import evolve
from hypothesis import HealthCheck, given, settings

from kumon_observe.config.channels import ShellSettings
from kumon_observe.model.alert import Alert, News
from kumon_observe.model.document import alert_to
from kumon_observe.model.errors import (
    ConfigError,
    DeclinedError,
    PermanentSinkError,
    SinkError,
    TemporarySinkError,
)
from kumon_observe.model.protocols import Sink
from kumon_observe.model.status import Action
from kumon_observe.sinks.shell import ShellSink
from kumon_observe.sinks.variables import without_secrets
from kumon_observe.testing import SinkContract, an_alert
from tests.sinks.hostile import alerts, words
from tests.sinks.scripts import hook, python, script

ONCE = "echo run >> {0}/runs; cat > {0}/alert.json; env > {0}/environ"


class TestShell(SinkContract):
    """Each alert is of an incident of its own here, since a program is run once for each."""

    secrets = ("t0ken-of-a-test",)

    @pytest.fixture(autouse=True)
    def _folder(self, tmp_path: Path) -> None:
        self.folder = tmp_path
        self.numbers = count()

    def sink(self) -> Sink:
        return hook(self.folder, script(self.folder, f"cat >> {self.folder}/alerts"), "--t0ken-of-a-test")

    def received(self) -> Sequence[str]:
        return (self.folder / "alerts").read_text().splitlines()

    def refusing(self) -> Sink:
        return hook(self.folder, "/no/such/program", "t0ken-of-a-test")

    def failing(self) -> Sink:
        (self.folder / "file").write_text("")
        return hook(self.folder / "file", script(self.folder, "true"), "t0ken-of-a-test")

    def hanging(self) -> None:
        """What does not end is killed, and is not run again."""

    def _sent(self, sink: Sink, alert: Alert) -> BaseException | None:
        return super()._sent(sink, evolve(alert, incident=f"i-{next(self.numbers)}"))


def fired(**changes: Any) -> Alert:
    return an_alert(**{"incident": "7", "key": "7/fired", **changes})


def failure(sink: Sink, alert: Alert) -> SinkError:
    with pytest.raises(SinkError) as told:
        sink.send(alert)
    return told.value


def runs(folder: Path) -> int:
    path = folder / "runs"
    return len(path.read_text().splitlines()) if path.exists() else 0


@pytest.fixture
def counting(tmp_path: Path) -> str:
    """A program that keeps how often it was run, and with what."""
    return script(tmp_path, ONCE.format(tmp_path))


def output(folder: Path) -> str:
    return (folder / "state" / "shell-output.log").read_text(errors="replace")


def test_the_program_gets_the_alert_as_json_and_as_variables(tmp_path: Path, counting: str) -> None:
    alert = fired(title="ação", place="kumon production", found=2, rule="handoff")
    hook(tmp_path, counting).send(alert)
    assert json.loads((tmp_path / "alert.json").read_text()) == alert_to(alert)
    environ = dict(line.split("=", 1) for line in (tmp_path / "environ").read_text().splitlines())
    told = {name: value for name, value in environ.items() if name.startswith("KUMON_OBSERVE_ALERT_")}
    assert told == {
        "KUMON_OBSERVE_ALERT_INCIDENT": "7",
        "KUMON_OBSERVE_ALERT_KEY": "7/fired",
        "KUMON_OBSERVE_ALERT_NEWS": "fired",
        "KUMON_OBSERVE_ALERT_CHECK": "handoff",
        "KUMON_OBSERVE_ALERT_RULE": "handoff",
        "KUMON_OBSERVE_ALERT_SEVERITY": "critical",
        "KUMON_OBSERVE_ALERT_STATUS": "critical",
        "KUMON_OBSERVE_ALERT_ACTION": "rollback",
        "KUMON_OBSERVE_ALERT_TITLE": "ação",
        "KUMON_OBSERVE_ALERT_SUMMARY": "2 lost hand-offs in 812 turns.",
        "KUMON_OBSERVE_ALERT_AT": "2025-01-15T10:00:00.123000Z",
        "KUMON_OBSERVE_ALERT_SINCE": "",
        "KUMON_OBSERVE_ALERT_FOUND": "2",
        "KUMON_OBSERVE_ALERT_LEVEL": "0",
        "KUMON_OBSERVE_ALERT_PLACE": "kumon production",
        "KUMON_OBSERVE_ALERT_LINK": "",
    }


def test_no_shell_reads_the_arguments(tmp_path: Path) -> None:
    program = script(tmp_path, f'printf "%s|" "$@" > {tmp_path}/arguments')
    hook(tmp_path, program, "$(id)", "a b", ";reboot", "*").send(fired())
    assert (tmp_path / "arguments").read_text() == "$(id)|a b|;reboot|*|"


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=30)
@given(alert=alerts())
def test_whatever_a_parent_writes_the_program_is_run(
    tmp_path_factory: pytest.TempPathFactory, alert: Alert
) -> None:
    folder = tmp_path_factory.mktemp("hostile")
    program = python(
        folder,
        "import json, os, sys\n"
        "json.loads(sys.stdin.buffer.read().decode()); values = [value for name, value in os.environ.items()"
        " if name.startswith('KUMON_OBSERVE_ALERT_')]\n"
        "assert len(values) == 16 and all(value.isprintable() for value in values)\n"
        f"open({str(folder / 'runs')!r}, 'w').write('run')",
    )
    hook(folder, program).send(evolve(alert, news=News.FIRED, by=""))
    assert runs(folder) == 1


def test_our_own_secrets_are_not_passed_on() -> None:
    kept = {
        "PATH": "/bin",
        "RAILWAY_TOKEN": "of the script",
        "KUMON_OBSERVE_CONFIG": "/etc/kumon-observe.toml",
        "KUMON_OBSERVE_STATE_DIR": "/var/lib/kumon-observe",
        "KUMON_OBSERVE_SINKS__EMAIL__PASSWORD_FILE": "/run/secrets/mail",
    }
    taken = (
        "SLACK_WEBHOOK_URL",
        "KUMON_OBSERVE_SINKS__SLACK__TOKEN",
        "KUMON_OBSERVE_SINKS__SLACK__WEBHOOK_URL",
        "KUMON_OBSERVE_SINKS__EMAIL__PASSWORD",
        "KUMON_OBSERVE_SINKS__WEBHOOK__SECRET",
        "KUMON_OBSERVE_SINKS__WEBHOOK__URL",
        "KUMON_OBSERVE_SINKS__PAGERDUTY__ROUTING_KEY",
        "KUMON_OBSERVE_SINKS__APPRISE__URLS",
        "KUMON_OBSERVE_SEALING__KEY",
        "KUMON_OBSERVE_SEALING__OLD_KEY",
    )
    assert without_secrets({**kept, **dict.fromkeys(taken, "s3cret")}) == kept


def test_the_environment_of_the_watch_reaches_the_program_without_its_secrets(
    tmp_path: Path, counting: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SLACK_WEBHOOK_URL", "https://hooks.example/s3cret")
    monkeypatch.setenv("OF_THE_SCRIPT", "yes")
    hook(tmp_path, counting).send(fired())
    text = (tmp_path / "environ").read_text()
    assert "OF_THE_SCRIPT=yes" in text
    assert "s3cret" not in text


@pytest.mark.parametrize("news", [News.FIRED, News.GREW, News.ESCALATED])
def test_it_is_run_once_for_an_incident_however_often_it_is_told_of(
    tmp_path: Path, counting: str, news: News
) -> None:
    sink = hook(tmp_path, counting)
    sink.send(fired(news=news))
    sink.send(fired(news=news))
    sink.send(fired(news=News.GREW, key="7/grew"))
    sink.send(fired(news=News.ESCALATED, key="7/escalated"))
    assert runs(tmp_path) == 1
    sink.send(fired(incident="8", key="8/fired"))
    assert runs(tmp_path) == 2


def test_it_is_not_run_again_after_a_restart(tmp_path: Path, counting: str) -> None:
    hook(tmp_path, counting).send(fired())
    hook(tmp_path, counting).send(fired())
    assert runs(tmp_path) == 1


@pytest.mark.parametrize("news", [News.REPEATED, News.ACKNOWLEDGED, News.FLAPPING, News.RESOLVED, News.TEST])
def test_news_that_begins_nothing_runs_nothing(tmp_path: Path, counting: str, news: News) -> None:
    hook(tmp_path, counting).send(fired(news=news, by="ana"))
    assert runs(tmp_path) == 0


def test_a_test_says_that_the_program_is_there(tmp_path: Path, counting: str) -> None:
    hook(tmp_path, counting).send(fired(news=News.TEST))
    assert output(tmp_path) == (
        f"== 2025-01-15T10:00:00Z incident 7: {counting}: a test: it is there, and was not run\n"
    )


def test_an_incident_that_somebody_took_is_left_to_that_person(tmp_path: Path, counting: str) -> None:
    error = failure(hook(tmp_path, counting), fired(news=News.GREW, by="ana"))
    assert isinstance(error, DeclinedError)
    assert str(error) == f"{counting} was not run: ana has acknowledged the incident"
    assert runs(tmp_path) == 0


def test_a_rollback_needs_to_be_allowed(
    tmp_path: Path, counting: str, caplog: pytest.LogCaptureFixture
) -> None:
    error = failure(hook(tmp_path, counting, rollback=False), fired())
    assert isinstance(error, DeclinedError)
    said = "the alert demands a rollback, which sinks.shell.rollback does not allow"
    assert str(error) == f"{counting} was not run: {said}"
    assert runs(tmp_path) == 0
    assert said in caplog.text
    assert said in output(tmp_path)


def test_what_demands_no_rollback_needs_no_leave(tmp_path: Path, counting: str) -> None:
    hook(tmp_path, counting, rollback=False).send(fired(action=Action.INVESTIGATE))
    assert runs(tmp_path) == 1


def test_a_rollback_waits_for_evidence(tmp_path: Path, counting: str) -> None:
    error = failure(hook(tmp_path, counting, evidence="corroborated"), fired())
    assert isinstance(error, DeclinedError)
    assert str(error) == (
        f"{counting} was not run: the alert demands a rollback, and the alert carries no evidence"
    )
    hook(tmp_path, counting, evidence="any").send(fired(news=News.GREW, key="7/grew"))
    assert runs(tmp_path) == 1


def test_a_dry_run_says_what_would_be_run(tmp_path: Path, counting: str) -> None:
    error = failure(hook(tmp_path, counting, "--now", dry_run=True), fired())
    assert isinstance(error, DeclinedError)
    assert str(error) == (
        f"{counting} was not run: this is a dry run (sinks.shell.dry_run) of {counting} --now"
    )
    assert runs(tmp_path) == 0
    hook(tmp_path, counting).send(fired())
    assert runs(tmp_path) == 1


def test_output_is_kept_with_incident_and_time(tmp_path: Path) -> None:
    program = script(tmp_path, "echo out; echo err >&2; printf end")
    hook(tmp_path, program).send(fired())
    assert output(tmp_path) == (
        f"== 2025-01-15T10:00:00Z incident 7: {program}: begun\n"
        "out\nerr\nend\n"
        f"== 2025-01-15T10:00:00Z incident 7: {program}: ended well\n"
    )


def test_output_can_go_to_a_file_of_ones_own(tmp_path: Path) -> None:
    program = script(tmp_path, "echo out")
    hook(tmp_path, program, output=str(tmp_path / "logs" / "hook.log")).send(fired())
    assert "out\n" in (tmp_path / "logs" / "hook.log").read_text()
    assert not (tmp_path / "state" / "shell-output.log").exists()


def test_output_that_cannot_be_kept_is_logged_and_changes_nothing(
    tmp_path: Path, counting: str, caplog: pytest.LogCaptureFixture
) -> None:
    hook(tmp_path, counting, output=str(tmp_path)).send(fired())
    assert runs(tmp_path) == 1
    assert f"the output of the shell hook cannot be kept in {tmp_path}: Is a directory" in caplog.text


def test_a_file_of_output_that_has_grown_is_put_aside(tmp_path: Path, counting: str) -> None:
    kept = tmp_path / "hook.log"
    kept.write_bytes(b"x" * ((10 << 20) + 1))
    hook(tmp_path, counting, output=str(kept)).send(fired())
    assert kept.stat().st_size < 1000
    assert (tmp_path / "hook.log.1").stat().st_size == (10 << 20) + 1


def test_a_failure_says_the_last_lines(tmp_path: Path) -> None:
    program = script(tmp_path, "seq 1 9; printf '\\033[2Jno such release\\n' >&2; exit 3")
    sink = hook(tmp_path, program)
    error = failure(sink, fired())
    assert isinstance(error, PermanentSinkError)
    said = f"{program} ended with exit status 3: 6 / 7 / 8 / 9 / [2Jno such release"
    assert str(error) == said
    assert str(failure(sink, fired())) == said
    sink.send(fired(news=News.GREW, key="7/grew"))


def test_a_failure_without_a_word_is_said_to_be_one(tmp_path: Path) -> None:
    program = script(tmp_path, "kill -9 $$")
    assert str(failure(hook(tmp_path, program), fired())) == (
        f"{program} was ended by signal 9: it wrote nothing"
    )


def test_what_was_not_found_is_said(tmp_path: Path) -> None:
    for name in ("/no/such/program", "no-such-program-anywhere"):
        error = failure(hook(tmp_path, name), fired())
        assert isinstance(error, PermanentSinkError)
        assert str(error) == f"{name} was not found: correct sinks.shell.command"


def test_what_may_not_be_run_is_said(tmp_path: Path) -> None:
    program = script(tmp_path, "true")
    os.chmod(program, 0o644)  # noqa: PTH101
    sink = hook(tmp_path, program)
    said = f"{program} cannot be run: make it executable (chmod +x {program})"
    assert (sink.fault, str(failure(sink, fired()))) == (said, said)
    os.chmod(program, 0o755)  # noqa: PTH101
    sink.send(fired())


def test_a_script_that_names_no_interpreter_is_said_and_can_be_repaired(tmp_path: Path) -> None:
    program = script(tmp_path, "true")
    Path(program).write_bytes(b"\x00\x01no program")
    error = failure(hook(tmp_path, program), fired())
    assert isinstance(error, PermanentSinkError)
    assert str(error) == (
        f"{program} cannot be started (Exec format error): correct sinks.shell.command; "
        "a script needs a first line such as #!/bin/sh"
    )
    script(tmp_path, ONCE.format(tmp_path))
    hook(tmp_path, program).send(fired())
    assert runs(tmp_path) == 1


def test_without_a_mark_on_the_disk_nothing_is_run(tmp_path: Path, counting: str) -> None:
    (tmp_path / "state").write_text("no folder")
    error = failure(hook(tmp_path, counting), fired())
    assert isinstance(error, TemporarySinkError)
    assert str(error) == (
        f"{counting} was not run: that it is run cannot be kept in the state folder (Not a directory)"
    )
    assert runs(tmp_path) == 0


@pytest.mark.parametrize("command", [(), ("",), ("a\0b",)])
def test_what_is_no_command_is_said_at_the_start(tmp_path: Path, command: tuple[str, ...]) -> None:
    with pytest.raises(ConfigError) as told:
        ShellSink.of(ShellSettings(command=command, rollback=True), tmp_path, words)
    assert str(told.value) == (
        'sinks.shell.command: write the program and its arguments, as in ["/opt/recover.sh"]'
    )


def test_without_a_command_there_is_none(tmp_path: Path) -> None:
    assert ShellSink.of(ShellSettings(timeout=3), tmp_path, words) is None


def test_what_is_run_is_logged(tmp_path: Path, counting: str, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING):
        hook(tmp_path, counting).send(fired())
    assert [record.message.rpartition(": ")[2] for record in caplog.records] == ["begun", "ended well"]


def test_the_program_may_call_us(tmp_path: Path) -> None:
    program = script(tmp_path, f"{sys.executable} -m kumon_observe config show; exit $?")
    hook(tmp_path, program).send(fired())
    assert "ended well" in output(tmp_path)
