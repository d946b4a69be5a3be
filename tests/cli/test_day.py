"""``schedule`` and ``checklist`` at the command line."""

from __future__ import annotations

from pathlib import Path

import pytest

from kumon_observe.config.watching import JOBS
from tests.cli.processes import log, lost, run


def test_the_schedule_shows_every_job_within_sixty_columns(tmp_path: Path) -> None:
    ran = run("schedule", "show", cwd=tmp_path, env={"COLUMNS": "60"})
    assert (ran.returncode, ran.stderr) == (0, "")
    assert max(map(len, ran.stdout.splitlines())) <= 60
    for name, job in JOBS.items():
        assert f"{name}  {job.profile}, {job.run}" in ran.stdout
    assert ran.stdout.count("next: ") == len(JOBS)
    assert run("schedule", cwd=tmp_path, env={"COLUMNS": "60"}).stdout.count("next: ") == len(JOBS)


def test_the_schedule_of_one_profile_has_its_jobs_alone(tmp_path: Path) -> None:
    text = '[jobs.night-archive]\nenabled = false\n[schedule]\ntimezone = "UTC"\n'
    (tmp_path / "kumon-observe.toml").write_text(text)
    lines = run("schedule", "--profile", "night", "--lang", "pt", cwd=tmp_path).stdout.splitlines()
    assert [line.split(" ")[0] for line in lines if line and line[0] != " "][1:] == [
        "night-health",
        "night-archive",
    ]
    assert lines[0].endswith("(UTC)")
    assert lines[-1] == "    desligada"


def test_the_history_of_runs_is_shown_and_a_state_that_cannot_be_read_is_said(tmp_path: Path) -> None:
    (tmp_path / "home" / "kumon-observe" / "state.db").mkdir(parents=True)
    ran = run("schedule", cwd=tmp_path)
    assert "state.db cannot be used: Is a directory" in " ".join(ran.stdout.split())
    assert ran.returncode == 0


def test_a_checklist_says_what_it_found_within_sixty_columns(tmp_path: Path) -> None:
    log(tmp_path, lost())
    for profile in ("morning", "afternoon", "night"):
        ran = run("checklist", profile, cwd=tmp_path, env={"COLUMNS": "60"})
        assert (ran.returncode, ran.stderr) == (2, "")
        assert ran.stdout.startswith(f"CRITICAL: {profile}, ")
        assert max(map(len, ran.stdout.splitlines())) <= 60
        assert "there is no heartbeat" in ran.stdout
    assert run("checklist", "--profile", "night", "-q", cwd=tmp_path).stdout.startswith("CRITICAL: night, ")
    assert run("checklist", cwd=tmp_path).returncode == 2


def test_who_looked_after_an_item_is_kept_and_shown(tmp_path: Path) -> None:
    log(tmp_path, lost())
    asked = run("checklist", "night", cwd=tmp_path).stdout
    assert "-> kumon-observe checklist ack on-call --profile night --by NAME" in asked
    ran = run(
        "checklist",
        "ack",
        "on-call",
        "--by",
        "Ana",
        "--comment",
        "answers",
        "--profile",
        "night",
        cwd=tmp_path,
    )
    assert (ran.returncode, ran.stdout) == (0, "on-call (night): looked after by Ana\n")
    said = run("checklist", "night", cwd=tmp_path).stdout
    assert "looked after by Ana, " in said
    assert "(answers)" in said
    assert "checklist ack on-call" not in said


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (("schedule", "--profile", "nite"), "there is no profile 'nite': did you mean 'night'?"),
        (("schedule", "shw"), "there is no command 'shw': did you mean 'show'?"),
        (("checklist", "nigt"), "there is no command 'nigt': did you mean 'night'?"),
        (("checklist", "ack"), "ITEM is missing: see kumon-observe checklist ack --help"),
        (("checklist", "ack", "on-call"), "--by is missing: say who looked after it"),
        (
            ("checklist", "ack", "oncall", "--by", "Ana", "--profile", "night"),
            "there is no item on the list of the night 'oncall': did you mean 'on-call'?",
        ),
        (("checklist", "ack", "on-call", "--by", " "), "--by ' ' is empty: write --by NAME"),
    ],
)
def test_wrong_usage_is_said_in_one_line(tmp_path: Path, arguments: tuple[str, ...], complaint: str) -> None:
    ran = run(*arguments, cwd=tmp_path)
    assert (ran.returncode, ran.stdout, ran.stderr) == (64, "", f"kumon-observe: {complaint}\n")


def test_a_phone_in_what_somebody_said_of_an_item_is_masked(tmp_path: Path) -> None:
    said = ("--by", "Ana", "--comment", "rang 5511987654321")
    ran = run("checklist", "ack", "on-call", "--profile", "night", *said, "--json", cwd=tmp_path)
    assert ran.returncode == 0
    assert "5511987654321" not in ran.stdout
    assert "rang ***21~" in ran.stdout


def test_an_acknowledgement_that_cannot_be_kept_is_said(tmp_path: Path) -> None:
    (tmp_path / "home" / "kumon-observe" / "state.db").mkdir(parents=True)
    ran = run("checklist", "ack", "on-call", "--by", "Ana", "--profile", "night", cwd=tmp_path)
    assert ran.returncode == 73
    assert "state.db cannot be used: Is a directory" in ran.stderr
