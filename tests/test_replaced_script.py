"""The shell script that this library replaces: its command names stay, its known faults are gone."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.commands import kumon_observe
from tests.scenarios import PHONE, Story

GUARD = (
    "OUTBOX_GUARD|level=CRITICAL|type=handoff_violation|planner_after=1|delivery_before=0|conv=x|idem=unknown"
)
BAD_INSTANCE = "INSTANCE_GUARD|level=CRITICAL|type=invalid_pattern|value=thread_1|conv=x|idem=unknown"


def write(folder: Path, story: Story, name: str = "app.log", layout: str = "dash") -> str:
    """The story's log as a file in the folder; gives its name."""
    (folder / name).write_bytes(story.render(layout))
    return name


@pytest.mark.parametrize(
    "command", ["handoff", "instances", "delivery", "consistency", "health", "report", "failures", "traces"]
)
def test_its_commands_keep_their_names(tmp_path: Path, command: str) -> None:
    ran = kumon_observe(command, write(tmp_path, Story().others(25)), cwd=tmp_path)
    assert ran.returncode == 0, ran.stderr
    assert ran.stdout or command == "failures"


# it took fields by their column


def test_fields_are_read_by_name_and_not_by_column(tmp_path: Path) -> None:
    story = Story().says("OUTBOX_TRACE|count=2|outbox_id=2|state_id=1|idem=k1|conv=ana|phase=planner")
    story.says("OUTBOX_TRACE|idem=k1|count=0|conv=ana|phase=delivery|outbox_id=2|state_id=1")
    story.says("DELIVERY_TRACE|conv=ana|idem=k1|http=500|instance=v|status=failed|action=result")
    ran = kumon_observe("health", "--json", write(tmp_path, story), cwd=tmp_path)
    checks = {check["name"]: check for check in json.loads(ran.stdout)["checks"]}
    assert checks["handoff"]["violations"][0]["key"] == {"conv": "ana", "idem": "k1"}
    assert checks["delivery"]["counts"]["by_http"] == {"500": 1}


@pytest.mark.parametrize("layout", ["basic", "dash", "iso", "json", "level"])
def test_the_prefix_of_a_record_shifts_no_field(tmp_path: Path, layout: str) -> None:
    ran = kumon_observe(
        "handoff", "--json", write(tmp_path, Story().turn("ana", 2, 0), layout=layout), cwd=tmp_path
    )
    (violation,) = json.loads(ran.stdout)["checks"][0]["violations"]
    assert (violation["key"]["conv"], violation["planned"], violation["delivered"]) == ("ana", 2, 0)


# it matched guards anywhere in a line


@pytest.mark.parametrize(
    "text", [GUARD, BAD_INSTANCE, "OUTBOX_GUARD|type=x|conv=y", "CRITICAL", "INSTANCE_GUARD"]
)
def test_a_guard_in_a_message_of_a_parent_alarms_nobody(tmp_path: Path, text: str) -> None:
    story = Story().others(25).echo(text).whole_echo(text)
    story.says(f"Voce disse: {text}", level="CRITICAL", logger="app.core.router.response_planner")
    ran = kumon_observe("health", write(tmp_path, story), cwd=tmp_path)
    assert ran.returncode == 0, ran.stdout


# it was green when it saw nothing


@pytest.mark.parametrize("content", [b"", b"\n\n", b"nothing to see here\n", b"INFO:app.main:started\n"])
@pytest.mark.parametrize("command", ["handoff", "instances", "delivery", "consistency", "health", "report"])
def test_a_log_without_traces_is_not_green(tmp_path: Path, command: str, content: bytes) -> None:
    (tmp_path / "app.log").write_bytes(content)
    assert kumon_observe(command, "app.log", cwd=tmp_path).returncode == 3


@pytest.mark.parametrize("command", ["handoff", "instances", "delivery", "consistency", "health", "report"])
def test_a_missing_log_is_not_green_and_is_named(tmp_path: Path, command: str) -> None:
    ran = kumon_observe(command, "no-such.log", cwd=tmp_path)
    assert ran.returncode == 3
    assert "no-such.log" in ran.stdout + ran.stderr
    assert "Traceback" not in ran.stderr


def test_nothing_on_standard_input_is_not_green(tmp_path: Path) -> None:
    assert kumon_observe("health", "-", cwd=tmp_path).returncode == 3


def test_the_default_log_is_not_green_when_it_is_missing(tmp_path: Path) -> None:
    assert kumon_observe("health", cwd=tmp_path).returncode == 3


# it rounded 94.99% to 95.0%


def test_9499_of_10000_reads_as_below_the_threshold(tmp_path: Path) -> None:
    story = Story()
    for number in range(10_000):
        story.result(f"c{number}", ok=number >= 501)
    name = write(tmp_path, story)
    ran = kumon_observe("delivery", name, cwd=tmp_path)
    assert ran.returncode == 1
    assert "94.99%" in ran.stdout
    assert "95.0%" not in ran.stdout
    check = json.loads(kumon_observe("delivery", "--json", name, cwd=tmp_path).stdout)["checks"][0]
    assert check["status"] == "warning"
    assert check["value"] < 0.95
    assert check["rate"] == [9499, 10_000]


# it ended with 0 whatever it found


@pytest.mark.parametrize(
    ("command", "story", "code"),
    [
        ("handoff", Story().turn("ana", 1, 0), 2),
        ("instances", Story().send("ana", instance="default"), 2),
        ("delivery", Story().result("ana", ok=False), 1),
        ("consistency", Story().planner("ana", state="1").delivery("ana", state="2"), 1),
        ("health", Story().turn("ana", 1, 0), 2),
        ("report", Story().turn("ana", 1, 0), 2),
    ],
)
@pytest.mark.parametrize("form", [[], ["--json"]])
def test_violations_show_in_the_exit_code(
    tmp_path: Path, command: str, story: Story, code: int, form: list[str]
) -> None:
    assert kumon_observe(command, *form, write(tmp_path, story), cwd=tmp_path).returncode == code


# it passed the file's name to a shell

NAMES = [
    "a; touch pwned;.log",
    "$(touch pwned).log",
    "`touch pwned`.log",
    "| touch pwned.log",
    "a && touch pwned.log",
    "' ; touch pwned ; '.log",
    "a\ntouch pwned\n.log",
    "--output=pwned",
    "-e touch pwned.log",
    "[a]*?.log",
]


@pytest.mark.parametrize("name", NAMES)
def test_the_name_of_a_file_is_only_a_name(tmp_path: Path, name: str) -> None:
    work = tmp_path / "work"
    work.mkdir()
    write(work, Story().others(25), name)
    ran = kumon_observe("health", "--", name, cwd=work)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert {path.name for path in work.iterdir()} <= {name, "home"}


def test_a_conversation_is_only_a_text(tmp_path: Path) -> None:
    name = write(tmp_path, Story().turn("ana", 1, 0))
    ran = kumon_observe("explain", "$(touch pwned)", name, cwd=tmp_path)
    assert not (tmp_path / "pwned").exists()
    assert PHONE not in ran.stdout
