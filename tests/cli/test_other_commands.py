from __future__ import annotations

import json
import os
import subprocess
import tomllib
from pathlib import Path

import pytest

from tests.cli.processes import log, lost, run
from tests.scenarios import APP, Story


def refused() -> Story:
    return Story().others(25).turn("ana", ok=False).at(3600).turn("bia", ok=False).turn("ana")


def test_failures_lists_the_refused_deliveries(tmp_path: Path) -> None:
    log(tmp_path, refused())
    lines = run("failures", cwd=tmp_path).stdout.splitlines()
    assert [line.split("|conv=")[1].split("|")[0] for line in lines if "status=failed" in line] == [
        "ana",
        "bia",
    ]
    assert "status=failed" in lines[0]
    assert lines[0].startswith("2025-01-15 10:00:0")


def test_traces_are_filtered_by_kind_and_conversation(tmp_path: Path) -> None:
    log(tmp_path, refused())
    ran = run("traces", "--kind", "outbox_trace, DELIVERY_TRACE", "--conv", "ana", "--quiet", cwd=tmp_path)
    lines = ran.stdout.splitlines()
    assert len(lines) == 10
    assert all("|conv=ana|" in line for line in lines)
    assert {line.split("  ")[2].split("|")[0] for line in lines} == {"OUTBOX_TRACE", "DELIVERY_TRACE"}


def test_a_list_keeps_the_last_records_and_counts_the_others(tmp_path: Path) -> None:
    log(tmp_path, lost())
    ran = run("traces", "--limit", "3", cwd=tmp_path)
    assert "the last 3 of " in ran.stdout
    assert len(json.loads(run("traces", "--limit", "3", "--json", cwd=tmp_path).stdout)["records"]) == 3


def test_errors_keep_a_traceback_whole(tmp_path: Path) -> None:
    story = Story().others(3).says("node failed", level="ERROR").raw("Traceback (most recent call last):")
    story.raw('  File "planner.py", line 1, in plan').raw("ValueError: no reply").others(3)
    log(tmp_path, story, layout="dash")
    ran = run("errors", cwd=tmp_path)
    assert "node failed\n    Traceback (most recent call last):\n      File" in ran.stdout
    assert "\n    ValueError: no reply\n" in ran.stdout


def test_errors_show_the_level_of_guards(tmp_path: Path) -> None:
    log(
        tmp_path,
        Story().turn("ana").guard("ana").instance_guard("bia", "default").says("LOCK|x", level="ERROR"),
    )
    lines = run("errors", "--quiet", cwd=tmp_path).stdout.splitlines()
    assert [line.split("  ")[1] for line in lines] == ["ERROR"] * 3
    records = json.loads(run("errors", "--json", cwd=tmp_path).stdout)["records"]
    assert [(record["kind"], record["level"], record["logger"]) for record in records] == [
        ("OUTBOX_GUARD", "ERROR", APP),
        ("INSTANCE_GUARD", "ERROR", APP),
        ("LOCK", "ERROR", APP),
    ]


def test_explain_shows_the_level_of_a_context_message_only_if_it_is_grave(tmp_path: Path) -> None:
    log(tmp_path, Story().turn("ana").says("LOCK|held|conv=ana").says("LOCK|lost|conv=ana", level="WARNING"))
    lines = run("explain", "ana", cwd=tmp_path).stdout.splitlines()
    assert [line.split("  ")[2] for line in lines if "LOCK|" in line] == ["app.log:7", "WARNING"]


def test_explain_matches_the_conversation_exactly(tmp_path: Path) -> None:
    log(tmp_path, Story().others(25).turn("conv_12", 1, 0).turn("conv_1"))
    ran = run("explain", "conv_1", cwd=tmp_path)
    assert ran.returncode == 0
    assert "conv_12" not in ran.stdout
    missing = run("explain", "conv", cwd=tmp_path)
    assert missing.returncode == 3
    assert "this conversation was not seen" in missing.stdout


def test_performance_honours_its_window(tmp_path: Path) -> None:
    log(tmp_path, refused())
    ran = run("performance", "--since", "2025-01-15 11:00", "--until", "2025-01-15 12:00", cwd=tmp_path)
    assert "2 results, 1 failed" in ran.stdout
    assert "from 2025-01-15 11:00 to 12:00 (UTC)" in ran.stdout
    answer = json.loads(run("performance", "--json", cwd=tmp_path).stdout)
    assert [hour["hour"] for hour in answer["by_hour"]] == ["2025-01-15T10:00:00Z", "2025-01-15T11:00:00Z"]


def test_plugins_lists_the_built_in_ones(tmp_path: Path) -> None:
    ran = run("plugins", cwd=tmp_path)
    assert ran.returncode == 0
    assert "check: handoff, instances, delivery, consistency" in ran.stdout


def test_report_is_markdown_on_standard_output(tmp_path: Path) -> None:
    log(tmp_path, lost())
    ran = run("report", cwd=tmp_path)
    assert ran.returncode == 2
    assert ran.stdout.startswith("# kumon-observe: CRITICAL\n\n**CRITICAL: ROLL BACK NOW**\n")


@pytest.mark.parametrize("name", ["report.md", "REPORT.MD", "report.json"])
def test_report_writes_a_file_and_says_so(tmp_path: Path, name: str) -> None:
    log(tmp_path, lost())
    (tmp_path / name).write_text("an older report")
    ran = run("report", "--output", name, cwd=tmp_path)
    assert ran.stdout.splitlines()[-1] == f"report written to {name}"
    text = (tmp_path / name).read_text()
    if name.endswith("json"):
        assert json.loads(text)["command"] == "report"
    else:
        assert text.startswith("# kumon-observe: CRITICAL")
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(["app.log", "home", name])


def test_report_follows_a_link_and_keeps_the_mode(tmp_path: Path) -> None:
    log(tmp_path, lost())
    real = tmp_path / "real.md"
    real.write_text("old")
    real.chmod(0o640)
    (tmp_path / "link.md").symlink_to(real)
    run("report", "-o", "link.md", cwd=tmp_path)
    assert (tmp_path / "link.md").is_symlink()
    assert real.read_text().startswith("# kumon-observe")
    assert real.stat().st_mode & 0o777 == 0o640


@pytest.mark.parametrize(
    ("name", "said", "code"),
    [
        ("x.html", "this release writes no HTML report: give x.html the ending .md or .json", 64),
        ("x.txt", "x.txt says no form: give it the ending .md or .json", 64),
        ("none/x.md", "cannot write none/x.md: No such file or directory", 73),
    ],
)
def test_a_report_that_cannot_be_written_is_refused_in_one_line(
    tmp_path: Path, name: str, said: str, code: int
) -> None:
    log(tmp_path, lost())
    ran = run("report", "--output", name, cwd=tmp_path)
    assert (ran.returncode, ran.stdout, ran.stderr) == (code, "", f"kumon-observe: {said}\n")


def test_init_writes_a_configuration_that_check_accepts_and_never_replaces_one(tmp_path: Path) -> None:
    assert run("init", cwd=tmp_path).returncode == 0
    file = tmp_path / "kumon-observe.toml"
    tomllib.loads(file.read_text())
    assert run("config", "check", cwd=tmp_path).returncode == 0
    file.write_text("limit = 7\n")
    again = run("init", cwd=tmp_path)
    assert again.returncode == 73
    assert again.stderr == "kumon-observe: kumon-observe.toml exists already: --force replaces it\n"
    assert file.read_text() == "limit = 7\n"
    assert run("init", "--force", "--quiet", cwd=tmp_path).stdout == ""
    assert file.read_text() != "limit = 7\n"


def test_init_writes_where_it_is_told(tmp_path: Path) -> None:
    assert run("init", "--config", "mine.toml", cwd=tmp_path).returncode == 0
    assert run("config", "check", "--config", "mine.toml", cwd=tmp_path).returncode == 0
    assert not (tmp_path / "kumon-observe.toml").exists()


def test_config_show_says_where_each_value_comes_from(tmp_path: Path) -> None:
    (tmp_path / "kumon-observe.toml").write_text("# mine\nlimit = 7\n")
    ran = run(
        "config", "show", "--layout", "json", cwd=tmp_path, env={"KUMON_OBSERVE_CHECKS__HANDOFF__GRACE": "30"}
    )
    shown = {
        line.split(" = ")[0]: line.split("  # ")[-1] for line in ran.stdout.splitlines() if "  # " in line
    }
    assert shown["limit"] == "kumon-observe.toml:2"
    assert shown["layout"] == "command line"
    assert shown["checks.handoff.grace"] == "KUMON_OBSERVE_CHECKS__HANDOFF__GRACE"
    assert shown["timezone"] == "default"


def test_config_check_names_every_problem(tmp_path: Path) -> None:
    (tmp_path / "kumon-observe.toml").write_text("limt = 7\ntimezone = 'Mars'\n")
    ran = run("config", "check", cwd=tmp_path)
    assert (ran.returncode, ran.stdout) == (78, "")
    lines = ran.stderr.splitlines()
    assert len(lines) == 2
    assert all(line.startswith("kumon-observe: kumon-observe.toml:") for line in lines)
    assert json.loads(run("config", "check", "--json", cwd=tmp_path).stdout)["valid"] is False


def test_doctor_finds_what_is_wrong(tmp_path: Path) -> None:
    log(tmp_path, lost())
    assert run("doctor", cwd=tmp_path).returncode == 0
    (tmp_path / "kumon-observe.toml").write_text("limt = 7\n")
    ran = run("doctor", "--quiet", cwd=tmp_path)
    assert ran.returncode == 2
    assert ran.stdout.startswith("problem  config: kumon-observe.toml:1: ")


def test_a_report_goes_into_a_pipe_directly(tmp_path: Path) -> None:
    log(tmp_path, lost())
    os.mkfifo(tmp_path / "pipe.md")
    with subprocess.Popen(["cat", "pipe.md"], cwd=tmp_path, stdout=subprocess.PIPE, text=True) as reader:
        assert run("report", "-o", "pipe.md", cwd=tmp_path).returncode == 2
        text, _ = reader.communicate(timeout=60)
    assert text.startswith("# kumon-observe: CRITICAL")


def test_init_that_cannot_write_says_so(tmp_path: Path) -> None:
    ran = run("init", "--config", "none/mine.toml", cwd=tmp_path)
    assert (ran.returncode, ran.stderr) == (
        73,
        "kumon-observe: cannot write none/mine.toml: No such file or directory\n",
    )
