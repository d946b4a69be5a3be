"""``watch`` as a process: it tells at once, ends in time, goes on where it stood, and is not there twice."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest

from kumon_observe.cli import exits
from kumon_observe.monitor.lock import Lock, WatchIsRunning
from tests.commands import kumon_observe
from tests.monitor.processes import until_alive, watching, write
from tests.scenarios import Story


def test_a_loss_is_printed_when_it_is_written(tmp_path: Path) -> None:
    write(tmp_path, Story().turn("ana").records)
    with watching(tmp_path) as watch:
        until_alive(tmp_path)
        write(tmp_path, Story().at(60).turn("bia", 1, 0).records)
        alert = watch.alert()
        assert (alert["rule"], alert["news"], alert["found"]) == ("handoff", "fired", 1)
        assert alert["action"] == "rollback"
        assert alert["result"]["violations"][0]["evidence"][0]["source"] == "app.log"
        assert watch.end(signal.SIGTERM) == 0
        assert watch.alerts.empty()


def test_it_ends_in_time_and_goes_on_where_it_stood(tmp_path: Path) -> None:
    write(tmp_path, Story().turn("ana", 1, 0).records)
    with watching(tmp_path) as watch:
        assert watch.alert()["found"] == 1
        begun = time.monotonic()
        assert watch.end(signal.SIGTERM) == 0
        assert time.monotonic() - begun < 5
    write(tmp_path, Story().at(60).turn("bia", 1, 0).records)
    with watching(tmp_path, config="[alerting]\nquiet_between = 0.0\n") as watch:
        alert = watch.alert()
        assert (alert["news"], alert["found"]) == ("grew", 2)


def test_ctrl_c_ends_it_with_130(tmp_path: Path) -> None:
    write(tmp_path, Story().turn("ana").records)
    with watching(tmp_path) as watch:
        until_alive(tmp_path)
        assert watch.end(signal.SIGINT) == exits.INTERRUPTED


@pytest.mark.parametrize("how", ["rename", "truncate", "delete"])
def test_a_rotation_hides_no_loss(tmp_path: Path, how: str) -> None:
    write(tmp_path, Story().turn("ana").records)
    log = tmp_path / "app.log"
    with watching(tmp_path) as watch:
        until_alive(tmp_path)
        if how == "rename":
            log.rename(tmp_path / "app.log.1")
        elif how == "delete":
            log.unlink()
        else:
            os.truncate(log, 0)
        write(tmp_path, Story().at(60).turn("bia", 1, 0).records)
        assert watch.alert()["found"] == 1


def test_a_log_that_does_not_exist_yet_is_waited_for(tmp_path: Path) -> None:
    with watching(tmp_path) as watch:
        assert "app.log" in watch.word("it does not exist: check the path")
        write(tmp_path, Story().turn("bia", 1, 0).records)
        assert watch.alert()["found"] == 1
        until_alive(tmp_path)


def test_what_is_piped_into_it_is_watched_to_its_end(tmp_path: Path) -> None:
    with watching(tmp_path, "-", stdin=subprocess.PIPE) as watch:
        assert watch.popen.stdin is not None
        watch.popen.stdin.write(Story().turn("ana").turn("bia", 1, 0).turn("carla").render("json"))
        watch.popen.stdin.flush()
        assert watch.alert()["found"] == 1
        watch.popen.stdin.close()
        assert watch.alert()["schema"] == "kumon-observe/verdict/1"
        assert watch.popen.wait(20) == 2


def test_a_second_watch_is_refused_and_can_take_the_place_of_the_first(tmp_path: Path) -> None:
    write(tmp_path, Story().turn("ana", 1, 0).records)
    with watching(tmp_path) as first:
        assert first.alert()["found"] == 1
        with watching(tmp_path) as second:
            assert f"process {first.popen.pid}" in second.word("another watch runs on this state")
            assert second.popen.wait(20) == exits.TEMPORARY
        with watching(tmp_path, "--quiet") as second:  # as cron starts one each minute
            assert (second.popen.wait(20), second.said.empty()) == (exits.TEMPORARY, True)
        with watching(tmp_path, "--takeover") as second:
            assert first.popen.wait(20) == 0
            first.word("another watch takes this one's place")
            write(tmp_path, Story().at(60).turn("bia", 1, 0).records)
            time.sleep(0.5)
            assert second.end(signal.SIGTERM) == 0
            assert second.alerts.empty()


def test_a_new_configuration_is_read_and_a_wrong_one_is_refused(tmp_path: Path) -> None:
    write(tmp_path, Story().turn("ana").records)
    with watching(tmp_path) as watch:
        until_alive(tmp_path)
        (tmp_path / "kumon-observe.toml").write_text("[checks.handoff]\ngrase = 1\n")
        watch.popen.send_signal(signal.SIGHUP)
        assert "did you mean checks.handoff.grace?" in watch.word("the old one stays")
        (tmp_path / "kumon-observe.toml").write_text('[rules.handoff]\nseverity = "high"\n')
        watch.popen.send_signal(signal.SIGHUP)
        watch.word("the configuration was read anew")
        write(tmp_path, Story().at(60).turn("bia", 1, 0).records)
        assert watch.alert()["severity"] == "high"


def test_killed_while_losses_come_it_tells_of_each_and_of_few_twice(tmp_path: Path) -> None:
    sink = '[sinks.log]\npath = "alerts.log"\nform = "json"\n'
    config = f"[alerting]\nquiet_between = 0.0\n[watch]\nsave = 0.2\n{sink}"
    write(tmp_path, Story().turn("ana").records)
    kills = 12
    for number in range(kills):
        with watching(tmp_path, config=config) as watch:
            write(tmp_path, Story().at(60 * (number + 1)).turn(f"c{number}", 1, 0).records)
            time.sleep(0.25 + 0.05 * number)
            watch.end(signal.SIGKILL)
    (tmp_path / "state" / "heartbeat").unlink(missing_ok=True)
    with watching(tmp_path, config=config) as watch:
        until_alive(tmp_path)
        time.sleep(1.5)
        assert watch.end(signal.SIGTERM) == 0
    told = [json.loads(line) for line in (tmp_path / "alerts.log").read_text().splitlines()]
    assert max(alert["found"] for alert in told) == kills
    assert {alert["incident"] for alert in told} == {told[0]["incident"]}
    keys = [alert["key"] for alert in told]
    assert len(keys) - len(set(keys)) <= kills


@pytest.mark.parametrize(
    ("story", "code", "printed"),
    [
        (Story().others(3), 0, "OK"),
        (Story().turn("ana", 1, 0).others(3), 2, "CRITICAL: ROLL BACK NOW"),
    ],
)
def test_once_judges_tells_and_ends_with_the_verdict(
    tmp_path: Path, story: Story, code: int, printed: str
) -> None:
    write(tmp_path, story.records)
    run = kumon_observe("watch", "--once", cwd=tmp_path)
    assert run.returncode == code
    assert run.stdout.splitlines()[-1].startswith(printed)


def test_a_signal_in_its_first_moments_neither_kills_it_nor_is_lost(tmp_path: Path) -> None:
    write(tmp_path, Story().turn("ana", 1, 0).records)
    with watching(tmp_path) as watch:
        listens = Path(f"/proc/{watch.popen.pid}/status")
        while not catches(listens, signal.SIGHUP):
            time.sleep(0.001)
        watch.popen.send_signal(signal.SIGHUP)
        watch.word("the configuration was read anew")
        assert watch.alert()["found"] == 1


def catches(status: Path, number: int) -> bool:
    """Whether a process has a handler of its own for the signal *number*."""
    (caught,) = (line.split()[1] for line in status.read_text().splitlines() if line.startswith("SigCgt"))
    return bool(int(caught, 16) >> (number - 1) & 1)


def test_every_log_that_is_missing_is_named(tmp_path: Path) -> None:
    with watching(tmp_path, "a.log", "b.log") as watch:
        watch.word("a.log: it does not exist")
        watch.word("b.log: it does not exist")


def test_it_says_what_it_does_when_it_begins(tmp_path: Path) -> None:
    write(tmp_path, Story().turn("ana").records)
    with watching(tmp_path) as watch:
        assert watch.word("watching").endswith("watching app.log; alerts go to stdout\n")


def test_a_state_that_cannot_be_written_from_the_start_is_said_and_losses_are_told(tmp_path: Path) -> None:
    (tmp_path / "state").touch()
    write(tmp_path, Story().turn("ana", 1, 0).records)
    with watching(tmp_path, config="[alerting]\nquiet_between = 0.0\n") as watch:
        assert watch.alert()["found"] == 1
        watch.word("no lock keeps a second watch from this state")
        write(tmp_path, Story().at(60).turn("bia", 1, 0).records)
        assert watch.alert()["found"] == 2
        assert watch.end(signal.SIGTERM) == 0


def test_a_new_state_folder_is_locked_too_and_one_that_is_held_is_refused(tmp_path: Path) -> None:
    write(tmp_path, Story().turn("ana").records)
    first, second = tmp_path / "first", tmp_path / "second"
    config = 'state_dir = "{}"\n'
    with watching(tmp_path, config=config.format(first), state="") as watch:
        watch.word("watching")
        held = Lock(second)
        held.take(datetime.now(UTC))
        (tmp_path / "kumon-observe.toml").write_text(config.format(second))
        watch.popen.send_signal(signal.SIGHUP)
        watch.word("the old one stays: another watch runs on this state")
        held.release()
        watch.popen.send_signal(signal.SIGHUP)
        watch.word("the configuration was read anew")
        with pytest.raises(WatchIsRunning):
            held.take(datetime.now(UTC))
        Lock(first).take(datetime.now(UTC))


def test_once_says_what_is_wrong_and_answers_4_for_a_critical_alert_that_nobody_took(tmp_path: Path) -> None:
    write(tmp_path, Story().turn("ana", 1, 0).others(3).records)
    (tmp_path / "kumon-observe.toml").write_text('[sinks.webhook]\nurl = "http://127.0.0.1:9/"\n')
    run = kumon_observe("watch", "--once", cwd=tmp_path)
    assert run.returncode == exits.UNDELIVERED
    run = kumon_observe("watch", "--once", "gone.log", cwd=tmp_path)
    assert "gone.log: it does not exist: check the path" in run.stderr
