"""``backtest`` at the command line: the screens, the JSON and the exit codes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.processes import log, run
from tests.scenarios import Story

RULES = """\
[[scenario]]
name = "a reply is lost"
log = "lost.log"
after = "6m"
alarms = ["handoff"]

[[scenario]]
name = "all is well, whatever the label of this scenario may say"
log = "well.log"
alarms = ["instances"]
"""
LOST = Story().others(5).turn("bia", 1, 0)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    log(tmp_path, LOST, "lost.log")
    log(tmp_path, Story().others(5), "well.log")
    (tmp_path / "rules.toml").write_text(RULES)
    (tmp_path / "good.toml").write_text(RULES.replace('["instances"]', "[]"))
    return tmp_path


def test_a_replay_tells_what_would_have_been_told_to_whom(folder: Path) -> None:
    ran = run("backtest", "--after", "6m", "--verbose", "lost.log", cwd=folder)
    assert ran.stderr == ""
    assert ran.stdout.startswith(
        """\
1 incident, 3 notifications

CRITICAL  handoff  fired 10:00:01, still open 6 min later
          1 lost hand-off in 6 turns
          10:00:01  fired  to stdout
          10:02:01  escalated, level 1  to stdout
          10:05:01  escalated, level 2  to stdout

judged 6 turns between 2025-01-15 10:00:00 and 10:00:00; times are UTC
"""
    )
    assert ran.returncode == 2
    brief = run("backtest", "lost.log", cwd=folder).stdout
    assert "          told: stdout (1)\n" in brief
    assert run("backtest", "-q", "lost.log", cwd=folder).stdout == "1 incident, 1 notification\n"


def test_a_replay_of_nothing_says_so_once(folder: Path) -> None:
    ran = run("backtest", "none.log", cwd=folder)
    assert ran.returncode == 3
    assert ran.stdout == (
        "0 incidents, 0 notifications\n"
        "  - no trace has a time, so there is nothing to replay\n"
        "  - none.log: it does not exist: check the path\n"
        "\nno trace was read\n"
    )


def test_a_replay_as_json(folder: Path) -> None:
    ran = run("backtest", "--json", "lost.log", cwd=folder)
    found = json.loads(ran.stdout)
    assert (found["schema"], found["reasons"], ran.returncode) == ("kumon-observe/backtest/1", [], 2)
    assert [(one["rule"], one["fired"]) for one in found["incidents"]] == [
        ("handoff", "2025-01-15T10:00:01Z")
    ]
    assert [(one["sink"], one["alert"]["news"]) for one in found["sent"]] == [("stdout", "fired")]


def test_the_table_over_scenarios_within_sixty_columns(folder: Path) -> None:
    ran = run("backtest", "--scenarios", "rules.toml", cwd=folder, env={"COLUMNS": "60"})
    assert (ran.returncode, ran.stderr) == (1, "")
    assert (
        ran.stdout
        == """\
1 of 2 scenarios failed

ok      a reply is lost
FAILED  all is well, whatever the label of this scenario may
        say
        - instances should fire and did not

  right alarms        1
  false alarms        0
  missed              1
  rightly silent     14

  accuracy           93.8%  (>= 95%: 15 / 16)
  false positives     0.0%  (< 1%: 0 / 1)
"""
    )


def test_the_table_in_portuguese(folder: Path) -> None:
    ran = run("backtest", "--scenarios", "rules.toml", "--lang", "pt", cwd=folder, env={"COLUMNS": "60"})
    lines = ran.stdout.splitlines()
    assert lines[0] == "1 de 2 cenários falhou"
    assert lines[3].startswith("FALHOU  all is well")
    assert lines[5] == "        - instances devia disparar e não disparou"
    assert lines[-2] == "  acurácia            93.8%  (>= 95%: 15 / 16)"
    assert max(map(len, lines)) <= 60


def test_scenarios_that_pass(folder: Path) -> None:
    ran = run("backtest", "--scenarios", "good.toml", "-q", cwd=folder)
    assert (ran.stdout, ran.returncode) == ("all 2 scenarios passed\n", 0)


def test_scenarios_as_json(folder: Path) -> None:
    ran = run("backtest", "--scenarios", "rules.toml", "--json", cwd=folder)
    found = json.loads(ran.stdout)
    assert (found["schema"], found["passed"], ran.returncode) == ("kumon-observe/rules-test/1", False, 1)
    assert (found["accuracy"], found["false_positives"]) == ([15, 16], [0, 1])
    assert [one["fired"] for one in found["scenarios"]] == [["handoff"], []]
    assert [one["news"] for one in found["scenarios"][0]["sent"]] == ["fired", "escalated", "escalated"]
    assert found["scenarios"][1]["faults"] == ["instances should fire and did not"]


def test_a_rule_of_the_configuration_is_what_is_tried(folder: Path) -> None:
    (folder / "kumon-observe.toml").write_text("[rules.handoff]\nenabled = false\n")
    ran = run("backtest", "lost.log", cwd=folder)
    assert ran.stdout.startswith("0 incidents, 0 notifications\n")
    ran = run("backtest", "--scenarios", "good.toml", cwd=folder)
    assert ran.returncode == 64
    assert ran.stderr.startswith(
        "kumon-observe: good.toml: scenario 'a reply is lost' names the rule 'handoff': those in force are "
    )


@pytest.mark.parametrize("more", [["lost.log"], ["--after", "5m"]])
def test_what_scenarios_say_themselves_cannot_be_said_beside_them(folder: Path, more: list[str]) -> None:
    ran = run("backtest", "--scenarios", "good.toml", *more, cwd=folder)
    assert ran.returncode == 64
    assert (
        "--scenarios tries a file that names its own logs and times: leave LOG and --after out" in ran.stderr
    )


def test_a_time_that_is_none_is_named(folder: Path) -> None:
    ran = run("backtest", "--after", "soon", "lost.log", cwd=folder)
    assert ran.returncode == 64
    assert "--after 'soon' is no length of time: write 30min, 2h or 1d" in ran.stderr
