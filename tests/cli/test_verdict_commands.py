from __future__ import annotations

import json
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from kumon_observe.model.schema import load_schema
from tests.cli.processes import log, lost, run
from tests.scenarios import Story

CHECKS = ("handoff", "instances", "delivery", "consistency")


def test_a_loss_is_critical_and_says_so_first(tmp_path: Path) -> None:
    log(tmp_path, lost())
    ran = run("health", cwd=tmp_path)
    assert (ran.returncode, ran.stderr) == (2, "")
    assert ran.stdout.startswith("CRITICAL: ROLL BACK NOW\n")
    assert "  kumon-observe explain ana\n" in ran.stdout


def test_the_exit_code_is_that_of_the_status(tmp_path: Path) -> None:
    log(tmp_path, Story().others(30), "good.log")
    log(tmp_path, Story().others(30).turn("ana", 3, 1), "partial.log")
    log(tmp_path, Story().noise(10), "noise.log")
    codes = [
        run("handoff", name, cwd=tmp_path).returncode for name in ("good.log", "partial.log", "noise.log")
    ]
    assert codes == [0, 1, 3]


def test_pseudonyms_that_cannot_be_kept_are_told(tmp_path: Path) -> None:
    (tmp_path / "in the way").write_text("")
    (tmp_path / "kumon-observe.toml").write_text('state_dir = "in the way/state"\n')
    log(tmp_path, Story().others(30).turn("conv_5511900000001", 2, 0))
    ran = run("health", cwd=tmp_path)
    told = "pseudonyms hold for this run alone: in the way/state cannot be written"
    assert told in " ".join(ran.stdout.split())
    assert "kumon-observe explain" not in ran.stdout
    assert told in run("health", "--json", cwd=tmp_path).stdout


@pytest.mark.parametrize("check", CHECKS)
def test_each_check_can_be_asked_alone(tmp_path: Path, check: str) -> None:
    log(tmp_path, Story().others(30))
    ran = run(check, "--json", cwd=tmp_path)
    answer = json.loads(ran.stdout)
    assert ran.returncode == 0
    assert answer["command"] == check
    assert [found["name"] for found in answer["checks"]] == [check]


@pytest.mark.parametrize(
    "arguments",
    [
        ("health",),
        ("delivery",),
        ("report",),
        ("failures",),
        ("traces",),
        ("errors",),
        ("explain", "ana"),
        ("performance",),
        ("plugins",),
        ("plugins", "new", "slow-turns", "--kind", "check"),
        ("doctor",),
        ("config", "show"),
        ("config", "check"),
        ("init",),
        ("schedule", "show"),
        ("checklist", "morning"),
        ("checklist", "night"),
        ("checklist", "ack", "on-call", "--by", "Ana", "--profile", "night"),
    ],
)
def test_json_is_one_object_of_its_schema_and_nothing_else(
    tmp_path: Path, arguments: tuple[str, ...]
) -> None:
    log(tmp_path, lost())
    ran = run(*arguments, "--json", cwd=tmp_path, env={"LANG": "pt_BR.UTF-8"})
    document = json.loads(ran.stdout)
    assert ran.stdout.count("\n") == 1
    name = document["schema"].split("/")[1]
    Draft202012Validator(load_schema(name)).validate(document)
    assert ran.stderr == ""


def test_options_stand_before_or_after_the_command_and_the_log(tmp_path: Path) -> None:
    log(tmp_path, lost(), "a.log")
    wanted = run("health", "a.log", "--quiet", "--lang", "pt", cwd=tmp_path).stdout
    assert wanted.startswith("CRÍTICO: FAÇA ROLLBACK AGORA - ")
    assert run("--quiet", "--lang", "pt", "health", "a.log", cwd=tmp_path).stdout == wanted
    assert run("--lang=pt", "health", "-q", "a.log", cwd=tmp_path).stdout == wanted
    assert run("--lang", "en", "health", "-q", "--lang", "pt", "a.log", cwd=tmp_path).stdout == wanted


def test_the_log_is_the_configured_source_else_app_log(tmp_path: Path) -> None:
    log(tmp_path, lost(), "app.log")
    log(tmp_path, Story().others(30), "other.log")
    assert run("handoff", cwd=tmp_path).returncode == 2
    (tmp_path / "kumon-observe.toml").write_text('sources = ["other.log"]\n')
    assert run("handoff", cwd=tmp_path).returncode == 0
    assert run("handoff", "app.log", cwd=tmp_path).returncode == 2


def test_standard_input_is_a_log(tmp_path: Path) -> None:
    path = log(tmp_path, lost())
    with path.open() as stdin:
        ran = run("health", "-", cwd=tmp_path, stdin=stdin)
    assert ran.returncode == 2
    assert "-:" in ran.stdout


def test_a_missing_log_is_unknown_and_named(tmp_path: Path) -> None:
    ran = run("health", "nothing.log", cwd=tmp_path)
    assert ran.returncode == 3
    assert ran.stdout.startswith("UNKNOWN: cannot tell\n")
    assert "  - nothing.log: it does not exist: check the path\n" in ran.stdout


def test_limit_bounds_the_findings_and_counts_the_rest(tmp_path: Path) -> None:
    story = Story().others(25)
    for number in range(5):
        story.turn(f"ana-{number}", 1, 0)
    log(tmp_path, story)
    ran = run("handoff", "--limit", "2", cwd=tmp_path)
    assert ran.stdout.count("planned 1, delivered 0") == 2
    assert "  and 3 more\n" in ran.stdout
    check = json.loads(run("handoff", "--json", "--limit", "2", cwd=tmp_path).stdout)["checks"][0]
    assert (len(check["violations"]), check["omitted"], check["value"]) == (2, 3, 5)


def test_a_window_judges_that_part_alone(tmp_path: Path) -> None:
    story = Story().others(25).at(3600).turn("ana", 1, 0)
    log(tmp_path, story)
    assert run("handoff", "--until", "2025-01-15 11:00", cwd=tmp_path).returncode == 0
    assert run("handoff", "--since", "2025-01-15T11:00Z", cwd=tmp_path).returncode == 2


def test_a_moment_is_in_the_zone_asked_for(tmp_path: Path) -> None:
    log(tmp_path, Story().others(25).at(3600).turn("ana", 1, 0), layout="iso")
    zone = ("--timezone", "America/Sao_Paulo")
    until = ("--until", "2025-01-15 08:00")
    assert run("handoff", *zone, *until, cwd=tmp_path).returncode == 0
    shown = run("handoff", *zone, cwd=tmp_path, env={"COLUMNS": "100"}).stdout
    assert "between 2025-01-15 07:00 and 08:00; times are America/Sao_Paulo" in shown


def test_times_of_the_log_that_name_no_zone_are_in_the_zone_asked_for(tmp_path: Path) -> None:
    log(tmp_path, lost(), layout="dash")
    zone = ("--timezone", "America/Sao_Paulo")
    source = json.loads(run("handoff", *zone, "--json", cwd=tmp_path).stdout)["input"]["sources"][0]
    assert source["from"].startswith("2025-01-15T13:00:00")
    assert "between 2025-01-15 10:00:" in run("handoff", *zone, cwd=tmp_path).stdout


def test_phones_are_masked_unless_asked_for(tmp_path: Path) -> None:
    log(tmp_path, Story().others(25).turn("conv_5551900000014_20250115_100000", 1, 0))
    masked = run("health", "--verbose", cwd=tmp_path).stdout
    assert "5551900000014" not in masked
    assert "conv_***14~" in masked
    raw = run("health", "--verbose", "--show-personal-data", cwd=tmp_path).stdout
    assert "conv_5551900000014_20250115_100000" in raw


def test_what_the_verdict_offers_to_copy_works(tmp_path: Path) -> None:
    log(tmp_path, Story().others(25).turn("conv_5551900000014_20250115_100000", 1, 0))
    offered = run("health", cwd=tmp_path).stdout.splitlines()[-1].split()
    assert offered[:2] == ["kumon-observe", "explain"]
    ran = run("explain", offered[2].strip("'"), cwd=tmp_path)
    assert ran.returncode == 2
    assert "=> CRITICAL handoff: planned 1, delivered 0" in ran.stdout


def test_rotated_siblings_are_read_when_asked(tmp_path: Path) -> None:
    log(tmp_path, Story().others(25).turn("ana", 1, 0), "app.log.1")
    log(tmp_path, Story().at(3600).others(25), "app.log")
    assert run("handoff", cwd=tmp_path).returncode == 0
    assert run("handoff", "--rotated", cwd=tmp_path).returncode == 2


def test_a_layout_can_be_forced(tmp_path: Path) -> None:
    log(tmp_path, lost())
    assert run("handoff", "--layout", "json", cwd=tmp_path).returncode == 2
    assert run("handoff", "--layout", "syslog", cwd=tmp_path).returncode == 3


def test_options_whose_machinery_is_to_come_are_taken_and_checked(tmp_path: Path) -> None:
    log(tmp_path, lost())
    assert run("health", "--jobs", "2", "--full", "--no-progress", cwd=tmp_path).returncode == 2
    assert run("health", "--jobs", "0", cwd=tmp_path).returncode == 64
