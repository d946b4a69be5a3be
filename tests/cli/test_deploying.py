"""``init --systemd``, ``--cron`` and ``--compose``: what is written, read by those whom it is for."""

from __future__ import annotations

import configparser
import getpass
import shlex
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from attrs import evolve
from cronsim import CronSim

from kumon_observe import __version__
from kumon_observe.clock import utc_now
from kumon_observe.model.deployment import Deployment
from kumon_observe.present.deploying import compose, cron, systemd
from tests.commands import kumon_observe

PLAIN = Deployment(
    program=("/usr/bin/kumon-observe",),
    folder="/srv/app",
    config="/etc/kumon-observe.toml",
    logs=("/var/log/kumon/app.log",),
    read=("/var/log/kumon",),
    written=(),
    state="/srv/state",
    state_is_chosen=True,
    heartbeat="/srv/state/heartbeat",
    user="kumon",
    uid=990,
    gid=991,
    release="1.2.3",
)
ODD = '/srv/100% of $HOME/it\'s "here"'


def odd() -> Deployment:
    return Deployment(
        program=(f"{ODD}/bin/kumon-observe",),
        folder=ODD,
        config=f"{ODD}/k.toml",
        logs=(f"{ODD}/app.log",),
        read=(ODD,),
        written=(),
        state=f"{ODD}/state",
        state_is_chosen=True,
        heartbeat=f"{ODD}/state/heartbeat",
        user="kumon",
        uid=990,
        gid=991,
        release="1.2.3",
    )


def read_unit(text: str) -> configparser.ConfigParser:
    parser = configparser.ConfigParser(interpolation=None, strict=False)
    parser.optionxform = str  # type: ignore[assignment,method-assign]
    parser.read_string(text)
    return parser


def test_the_unit_runs_the_watch_with_the_real_paths() -> None:
    service = read_unit(systemd.unit(PLAIN))["Service"]
    assert service["ExecStart"] == (
        "/usr/bin/kumon-observe watch --config /etc/kumon-observe.toml /var/log/kumon/app.log"
    )
    assert service["Type"] == "notify"
    assert service["WatchdogSec"] == "60"
    assert service["User"] == "kumon"
    assert service["WorkingDirectory"] == "/srv/app"
    assert service["Environment"] == "KUMON_OBSERVE_STATE_DIR=/srv/state"
    assert service["ReadOnlyPaths"] == "-/var/log/kumon"
    assert service["ReadWritePaths"] == "-/srv/state"
    assert service["ProtectSystem"] == "strict"
    assert service["NoNewPrivileges"] == "yes"
    assert "StateDirectory" not in service


def test_without_a_chosen_place_the_state_lies_in_the_units_own_folder() -> None:
    service = read_unit(systemd.unit(evolve(PLAIN, state_is_chosen=False)))["Service"]
    assert service["StateDirectory"] == "kumon-observe"
    assert service["Environment"] == "KUMON_OBSERVE_STATE_DIR=/var/lib/kumon-observe"


def test_homes_and_temporary_folders_are_open_only_where_the_watch_needs_them() -> None:
    plain = read_unit(systemd.unit(PLAIN))["Service"]
    assert (plain["ProtectHome"], plain["PrivateTmp"]) == ("yes", "yes")
    open_to = read_unit(systemd.unit(evolve(PLAIN, read=("/home/ana/logs", "/tmp/logs"))))["Service"]
    assert (open_to["ProtectHome"], open_to["PrivateTmp"]) == ("read-only", "no")


def verified(unit: str, folder: Path) -> subprocess.CompletedProcess[str]:
    path = folder / systemd.FILE
    path.write_text(unit)
    return subprocess.run(
        ["systemd-analyze", "verify", "--man=no", str(path)], capture_output=True, text=True, check=False
    )


def with_program(watch: Deployment, folder: Path, user: str = "root") -> Deployment:
    """*watch* with a program that is there, since systemd looks, and an account that is."""
    program = folder / "kumon-observe"
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    return evolve(watch, program=(str(program),), user=user)


@pytest.mark.parametrize("watch", [PLAIN, odd()], ids=["plain", "odd"])
def test_systemd_takes_the_unit(tmp_path: Path, watch: Deployment) -> None:
    ran = verified(systemd.unit(with_program(watch, tmp_path)), tmp_path)
    assert (ran.returncode, ran.stdout + ran.stderr) == (0, "")


def test_systemd_calls_its_bounds_safe(tmp_path: Path) -> None:
    (tmp_path / systemd.FILE).write_text(systemd.unit(with_program(PLAIN, tmp_path, user="nobody")))
    ran = subprocess.run(
        ["systemd-analyze", "security", "--offline=true", "--threshold=25", tmp_path / systemd.FILE],
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stdout


def test_what_systemd_would_replace_in_a_path_is_written_as_itself() -> None:
    service = read_unit(systemd.unit(odd()))["Service"]
    word = '/srv/100%% of $HOME/it\'s \\"here\\"'
    assert f'"{word.replace("$", "$$")}/app.log"' in service["ExecStart"]
    assert service["ReadWritePaths"] == f'"-{word}/state"'


def job(text: str) -> str:
    """The one line of a crontab that is a job."""
    [line] = [each for each in text.splitlines() if each.startswith("*")]
    return line


def test_cron_starts_the_watch_each_minute() -> None:
    line = job(cron.lines(PLAIN))
    assert line == (
        "* * * * * cd /srv/app && /usr/bin/kumon-observe watch --config /etc/kumon-observe.toml "
        "/var/log/kumon/app.log --quiet 2>&1 | logger -t kumon-observe"
    )
    at = utc_now()
    assert (next(CronSim(" ".join(line.split()[:5]), at)) - at).total_seconds() <= 60
    assert "KUMON_OBSERVE_STATE_DIR=/srv/state\n" in cron.lines(PLAIN)


def test_percent_signs_are_escaped_for_cron_and_reach_the_shell_as_they_are() -> None:
    command = job(cron.lines(odd())).split(maxsplit=5)[5]
    assert "%" not in command.replace("\\%", "")
    words = shlex.split(command.replace("\\%", "%"))
    assert words[:2] == ["cd", ODD]
    assert words[3:8] == [f"{ODD}/bin/kumon-observe", "watch", "--config", f"{ODD}/k.toml", f"{ODD}/app.log"]


def compose_service(watch: Deployment) -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load(compose.service(watch))["services"]["kumon-observe"]
    return found


def test_the_compose_service_is_bounded() -> None:
    service = compose_service(PLAIN)
    assert service["command"] == [
        "kumon-observe", "watch", "--config", "/etc/kumon-observe.toml", "/var/log/kumon/app.log",
    ]  # fmt: skip
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert service["tmpfs"] == ["/tmp"]
    assert service["user"] == "990:991"
    assert [(each["source"], each["target"], each["read_only"]) for each in service["volumes"]] == [
        ("/srv/state", "/var/lib/kumon-observe", False),
        ("/var/log/kumon", "/var/log/kumon", True),
        ("/etc/kumon-observe.toml", "/etc/kumon-observe.toml", True),
    ]
    assert 'RUN pip install --no-cache-dir "kumon-observe[' in service["build"]["dockerfile_inline"]
    assert "==1.2.3" in service["build"]["dockerfile_inline"]


def test_its_health_is_the_age_of_the_heartbeat(tmp_path: Path) -> None:
    [how, command] = compose_service(PLAIN)["healthcheck"]["test"]
    assert how == "CMD-SHELL"
    shell = command.replace("$$", "$")
    assert "/var/lib/kumon-observe/heartbeat" in shell
    here = shell.replace("/var/lib/kumon-observe", str(tmp_path))
    assert subprocess.run(here, shell=True, check=False, stderr=subprocess.DEVNULL).returncode == 1
    (tmp_path / "heartbeat").touch()
    assert subprocess.run(here, shell=True, check=False).returncode == 0


def test_dollars_in_paths_are_no_variables_for_compose() -> None:
    service = compose_service(odd())
    assert service["command"][-1].replace("$$", "$") == f"{ODD}/app.log"
    assert "$$HOME" in service["command"][-1]


@pytest.mark.parametrize(
    ("kind", "name"),
    [("systemd", systemd.FILE), ("cron", cron.FILE), ("compose", compose.FILE)],
)
def test_init_writes_what_is_in_force_and_replaces_nothing(tmp_path: Path, kind: str, name: str) -> None:
    (tmp_path / "logs").mkdir()
    (tmp_path / "logs" / "app.log").touch()
    (tmp_path / "kumon-observe.toml").write_text('sources = ["logs/app.log"]\nstate_dir = "state"\n')
    ran = kumon_observe("init", f"--{kind}", cwd=tmp_path)
    assert (ran.returncode, ran.stdout) == (0, f"{name} written: its first lines say where it goes\n")
    text = (tmp_path / name).read_text()
    assert text.startswith(f"# {name}, written by kumon-observe {__version__} init\n")
    for path in ("logs/app.log", "kumon-observe.toml", "state"):
        assert str(tmp_path / path) in text
    again = kumon_observe("init", f"--{kind}", cwd=tmp_path)
    assert again.returncode == 73
    assert again.stderr == f"kumon-observe: {name} exists already: --force replaces it\n"
    assert kumon_observe("init", f"--{kind}", "--force", "--quiet", cwd=tmp_path).returncode == 0


def test_absolute_sources_of_the_configuration_are_left_to_it(tmp_path: Path) -> None:
    (tmp_path / "kumon-observe.toml").write_text(f'sources = ["{tmp_path}/*.log"]\n')
    ran = kumon_observe("init", "--systemd", "--output", "-", cwd=tmp_path)
    service = read_unit(ran.stdout)["Service"]
    assert service["ExecStart"].endswith(f" watch --config {tmp_path}/kumon-observe.toml")
    assert service["ReadWritePaths"] == f"-{tmp_path}"


def test_whatever_the_configuration_has_written_may_be_written(tmp_path: Path) -> None:
    (tmp_path / "kumon-observe.toml").write_text(
        f"""
        sources = ["/var/log/kumon/app.log"]
        state_dir = "state"
        [jobs.night-archive]
        enabled = false
        [watch]
        heartbeat = "beats/kumon"
        [schedule]
        reports = "/srv/reports"
        [sinks.log]
        path = "{tmp_path}/alerts/%Y/%m%d.log"
        [sinks.shell]
        command = ["/opt/recover.sh"]
        output = "state/recover.log"
        """
    )
    service = kumon_observe("init", "--systemd", "--output", "-", cwd=tmp_path).stdout
    written = [line.partition("=-")[2] for line in service.splitlines() if line.startswith("ReadWritePaths")]
    assert written == ["/srv/reports", f"{tmp_path}/alerts", f"{tmp_path}/beats", f"{tmp_path}/state"]
    composed = kumon_observe("init", "--compose", "--output", "-", cwd=tmp_path).stdout
    inside = yaml.safe_load(composed)["services"]["kumon-observe"]
    assert f"{tmp_path}/beats/kumon" in inside["healthcheck"]["test"][1]
    assert {one["source"]: one["read_only"] for one in inside["volumes"]}[f"{tmp_path}/alerts"] is False


def test_what_came_from_the_environment_is_named_and_not_told(tmp_path: Path) -> None:
    ran = kumon_observe(
        "init", "--cron", "-o", "-", cwd=tmp_path, env={"KUMON_OBSERVE_TIMEZONE": "America/Sao_Paulo"}
    )
    assert "#   KUMON_OBSERVE_TIMEZONE\n" in ran.stdout
    assert "Sao_Paulo" not in ran.stdout
    assert f"# For the crontab of {getpass.getuser()}: (crontab -l; cat kumon-observe.cron)" in ran.stdout


def test_two_kinds_at_once_are_refused(tmp_path: Path) -> None:
    ran = kumon_observe("init", "--systemd", "--cron", cwd=tmp_path)
    assert ran.returncode == 64
    assert "--systemd and --cron are two files: write one after the other" in ran.stderr


def test_the_configuration_is_not_named_with_output(tmp_path: Path) -> None:
    ran = kumon_observe("init", "--output", "x.toml", cwd=tmp_path)
    assert ran.returncode == 64
    assert "name the configuration with --config FILE" in ran.stderr


def test_a_path_that_no_service_can_be_given_is_refused(tmp_path: Path) -> None:
    folder = tmp_path / "two\nlines"
    folder.mkdir()
    ran = kumon_observe("init", "--systemd", cwd=folder)
    assert ran.returncode == 78
    assert "has a sign that no service can be given: rename it" in ran.stderr


def test_the_program_is_that_of_this_release(tmp_path: Path) -> None:
    ran = kumon_observe("init", "--cron", "-o", "-", cwd=tmp_path)
    words = shlex.split(job(ran.stdout))
    assert Path(words[8]).parent == Path(sys.executable).parent
